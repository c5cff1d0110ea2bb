#include "input/archive_layer.hpp"

#include <algorithm>
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

ArchiveLayer::Next ArchiveLayer::next() {
  if (!good_) return Next::end;
  block_size_ = 0;
  at_ = 0;
  const int status = library_.archive_read_next_header(archive_, &entry_);
  if (status == ARCHIVE_RETRY) return Next::damage;
  good_ = status == ARCHIVE_OK || status == ARCHIVE_WARN;
  failed_ = !good_ && status != ARCHIVE_EOF;
  return good_ ? Next::entry : Next::end;
}

bool ArchiveLayer::is_regular() const {
  return is_file_alone() || library_.archive_entry_filetype(entry_) == AE_IFREG;
}

std::string ArchiveLayer::name() const {
  const char* name = library_.archive_entry_pathname(entry_);
  if (name == nullptr) name = library_.archive_entry_pathname_utf8(entry_);
  return name == nullptr ? "(a name that cannot be shown)" : name;
}

// By blocks: archive_read_data forgets what it has read where it meets a fault behind it.
int ArchiveLayer::fetch() {
  const void* block = nullptr;
  la_int64_t at = 0;
  const int status = library_.archive_read_data_block(archive_, &block, &block_size_, &at);
  if (status < ARCHIVE_WARN || status == ARCHIVE_EOF) block_size_ = 0;
  block_ = static_cast<const std::uint8_t*>(block);
  block_at_ = static_cast<std::uint64_t>(at);
  return status;
}

Result<std::size_t, std::string> ArchiveLayer::read(std::span<std::uint8_t> into) {
  while (block_size_ == 0) {
    const int status = fetch();
    if (status == ARCHIVE_EOF) return std::size_t{0};
    if (status < ARCHIVE_WARN) return fail(error());
  }
  std::size_t size = into.size();
  if (at_ < block_at_) {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, block_at_ - at_));
    std::ranges::fill(into.first(size), std::uint8_t{0});
  } else {
    size = std::min(size, block_size_);
    std::copy_n(block_, size, into.begin());
    block_ += size;
    block_size_ -= size;
    block_at_ += size;
  }
  at_ += size;
  return size;
}

std::string ArchiveLayer::error() const {
  if (!source_error_.empty()) return source_error_;
  const char* text = library_.archive_error_string(archive_);
  return text == nullptr ? "the archive is damaged" : text;
}

ByteView ArchiveLayer::unused() const {
  const auto used = static_cast<std::uint64_t>(library_.archive_filter_bytes(archive_, 0));
  const auto left = std::min<std::uint64_t>(given_ - std::min(used, given_), window_size_);
  return ByteView(window_).first(window_size_).last(static_cast<std::size_t>(left));
}

la_ssize_t ArchiveLayer::read_more(archive*, void* self, const void** buffer) {
  auto& layer = *static_cast<ArchiveLayer*>(self);
  const auto got = layer.source_.read(layer.window_);
  // Told of a fault, libarchive would give nothing more of what it was given before.
  if (!got) layer.source_error_ = got.error();
  layer.window_size_ = got.value_or(0);
  layer.given_ += layer.window_size_;
  *buffer = layer.window_.data();
  return static_cast<la_ssize_t>(got.value_or(0));
}

Result<std::size_t, std::string> UnpackedSource::read(std::span<std::uint8_t> into) {
  begun_ = begun_ || archive_.next() == ArchiveLayer::Next::entry;
  Result<std::size_t, std::string> got = std::size_t{0};
  if (begun_) got = archive_.read(into);
  if (got && *got == 0 && archive_.failed()) return fail(archive_.error());
  return got;
}

}  // namespace meshcert::input
