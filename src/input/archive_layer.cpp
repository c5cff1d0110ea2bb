#include "input/archive_layer.hpp"

#include <string_view>

namespace meshcert::input {

bool is_compressed(ByteView head) {
  using namespace std::string_view_literals;
  const std::string_view text = as_text(head);
  return text.starts_with("\x28\xB5\x2F\xFD") ||  // RFC 8878 3.1.1
         text.starts_with(
             "\xFD"
             "7zXZ\0"sv) ||  // the .xz file format 2.1.1.1
         (text.starts_with("BZh") && text.size() > 4 && text.substr(4).starts_with("1AY&SY"));
}

ArchiveLayer::ArchiveLayer(const ArchiveLibrary& library, ByteSource& source, Layer layer)
    : library_(library), source_(source), archive_(library.archive_read_new()) {
  if (layer == Layer::compression) {
    library_.archive_read_support_filter_zstd(archive_);
    library_.archive_read_support_filter_xz(archive_);
    library_.archive_read_support_filter_bzip2(archive_);
  } else {
    library_.archive_read_support_format_tar(archive_);
    library_.archive_read_support_format_zip_streamable(archive_);
  }
  library_.archive_read_support_format_raw(archive_);
  good_ = library_.archive_read_open(archive_, this, nullptr, &read_more, nullptr) == ARCHIVE_OK;
}

bool ArchiveLayer::next() {
  if (!good_) return false;
  const int status = library_.archive_read_next_header(archive_, &entry_);
  good_ = status == ARCHIVE_OK || status == ARCHIVE_WARN;
  failed_ = !good_ && status != ARCHIVE_EOF;
  return good_;
}

bool ArchiveLayer::is_regular() const {
  return is_file_alone() || library_.archive_entry_filetype(entry_) == AE_IFREG;
}

std::string ArchiveLayer::name() const {
  const char* name = library_.archive_entry_pathname(entry_);
  if (name == nullptr) name = library_.archive_entry_pathname_utf8(entry_);
  return name == nullptr ? "(a name that cannot be shown)" : name;
}

Result<std::size_t, std::string> ArchiveLayer::read(std::span<std::uint8_t> into) {
  const la_ssize_t got = library_.archive_read_data(archive_, into.data(), into.size());
  if (got >= 0) return static_cast<std::size_t>(got);
  return fail(error());
}

std::string ArchiveLayer::error() const {
  if (!source_error_.empty()) return source_error_;
  const char* text = library_.archive_error_string(archive_);
  return text == nullptr ? "the archive is damaged" : text;
}

la_ssize_t ArchiveLayer::read_more(archive*, void* self, const void** buffer) {
  auto& layer = *static_cast<ArchiveLayer*>(self);
  const auto got = layer.source_.read(layer.window_);
  // Told of a fault, libarchive would give nothing more of what it was given before.
  if (!got) layer.source_error_ = got.error();
  *buffer = layer.window_.data();
  return static_cast<la_ssize_t>(got.value_or(0));
}

Result<std::size_t, std::string> UnpackedSource::read(std::span<std::uint8_t> into) {
  begun_ = begun_ || archive_.next();
  Result<std::size_t, std::string> got = std::size_t{0};
  if (begun_) got = archive_.read(into);
  if (got && *got == 0 && archive_.failed()) return fail(archive_.error());
  return got;
}

}  // namespace meshcert::input
