// tar, zip and compressed files, by libarchive. Nothing an archive says of itself is
// believed: sizes are counted as octets come, names are text.

#include "input/archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "base/glob.hpp"
#include "input/archive_library.hpp"
#include "input/joined_source.hpp"
#include "input/loss.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kWindow = 64 * 1024;
constexpr std::size_t kHeldWhole = std::size_t{1} << 20;      // a file that another thread can read
constexpr std::uint64_t kAnyRatio = std::uint64_t{64} << 20;  // what may come of any archive, however small

// Budget is what the archives of one input may still cost.
struct Budget {
  const Limits& limits;
  std::uint64_t packed = 0, unpacked = 0;
  std::size_t entries = 0;

  // A sentence when there is too much of it.
  [[nodiscard]] std::optional<std::string> exceeded() const {
    if (unpacked > limits.archive_bytes)
      return fmt::format("the archive unpacks to more than {} octets, the limit; raise it with --max-archive",
                         limits.archive_bytes);
    if (unpacked > kAnyRatio && unpacked / limits.archive_ratio > packed)
      return fmt::format("the archive unpacks to more than {} times its size: it looks made to fill a disk",
                         limits.archive_ratio);
    if (entries > limits.archive_entries)
      return fmt::format("the archive has more than {} files, the limit; raise it with --max-archive-entries",
                         limits.archive_entries);
    return std::nullopt;
  }
};

// Opened is one archive of libarchive, and the source under it.
class Opened {
 public:
  Opened(const ArchiveLibrary& library, ByteSource& source, std::uint64_t* packed)
      : library_(library), source_(source), packed_(packed), archive_(library.archive_read_new()) {
    library_.archive_read_support_filter_gzip(archive_);
    library_.archive_read_support_filter_zstd(archive_);
    library_.archive_read_support_filter_xz(archive_);
    library_.archive_read_support_filter_bzip2(archive_);
    library_.archive_read_support_format_tar(archive_);
    library_.archive_read_support_format_zip_streamable(archive_);
    library_.archive_read_support_format_raw(archive_);
    good_ = library_.archive_read_open(archive_, this, nullptr, &read_more, nullptr) == ARCHIVE_OK;
  }
  ~Opened() { library_.archive_read_free(archive_); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  // next: the next entry; false at the end or after a failure.
  bool next() {
    if (!good_) return false;
    const int status = library_.archive_read_next_header(archive_, &entry_);
    good_ = status == ARCHIVE_OK || status == ARCHIVE_WARN;
    failed_ = !good_ && status != ARCHIVE_EOF;
    return good_;
  }

  // A compressed file that is no archive has one entry without a name of its own.
  [[nodiscard]] bool is_file_alone() const { return library_.archive_format(archive_) == ARCHIVE_FORMAT_RAW; }
  [[nodiscard]] bool is_regular() const {
    return is_file_alone() || library_.archive_entry_filetype(entry_) == AE_IFREG;
  }
  [[nodiscard]] std::string name() const {
    const char* name = library_.archive_entry_pathname(entry_);
    if (name == nullptr) name = library_.archive_entry_pathname_utf8(entry_);
    return name == nullptr ? "(a name that cannot be shown)" : name;
  }

  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) {
    const la_ssize_t got = library_.archive_read_data(archive_, into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    // What is wrong with one entry may leave the next whole; what is fatal is met again there.
    return fail(error());
  }

  // failed: it ended before its end.
  [[nodiscard]] bool failed() const { return failed_ || (!good_ && entry_ == nullptr); }
  [[nodiscard]] std::string error() const {
    const char* text = library_.archive_error_string(archive_);
    return source_error_.empty() ? (text == nullptr ? "the archive is damaged" : text) : source_error_;
  }

 private:
  static la_ssize_t read_more(archive*, void* self, const void** buffer) {
    auto& opened = *static_cast<Opened*>(self);
    const auto got = opened.source_.read(opened.window_);
    if (!got) {
      opened.source_error_ = got.error();
      return -1;
    }
    if (opened.packed_ != nullptr) *opened.packed_ += *got;
    *buffer = opened.window_.data();
    return static_cast<la_ssize_t>(*got);
  }

  const ArchiveLibrary& library_;
  ByteSource& source_;
  std::uint64_t* packed_;
  archive* archive_;
  archive_entry* entry_ = nullptr;
  std::array<std::uint8_t, kWindow> window_{};
  std::string source_error_;
  bool good_ = false, failed_ = false;
};

// EntrySource reads one entry, and stops where the budget ends.
class EntrySource final : public ByteSource {
 public:
  EntrySource(Opened& archive, Budget& budget) : archive_(archive), budget_(budget) {}
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    if (auto sentence = budget_.exceeded()) return fail(std::move(*sentence));
    const auto got = archive_.read(into);
    if (got) budget_.unpacked += *got;
    return got;
  }

 private:
  Opened& archive_;
  Budget& budget_;
};

// Up to `most` octets of a source; fewer where it ends.
Result<std::vector<std::uint8_t>, std::string> read_front(ByteSource& source, std::size_t most) {
  std::vector<std::uint8_t> octets;
  while (octets.size() < most) {
    const std::size_t filled = octets.size();
    octets.resize(std::min(most, std::max(2 * filled, kWindow)));
    const auto got = source.read(std::span(octets).subspan(filled));
    octets.resize(filled + (got ? *got : 0));
    if (!got) return fail(got.error());
    if (*got == 0) break;
  }
  return octets;
}

void lose(const std::string& name, std::string why, ArtifactSink& sink) {
  sink.defect(loss(SourceRef{name, 0, "", std::nullopt}, std::move(why)));
}

void read_one(const std::string& name, ByteSource& source, const ReadOptions& options, ArtifactSink& sink) {
  if (const auto read = read_found(name, source, options, sink); !read) lose(name, read.error(), sink);
}

class ArchiveReader {
 public:
  ArchiveReader(const ArchiveLibrary& library, const ReadOptions& options, ArtifactSink& sink)
      : library_(library), options_(options), sink_(sink), budget_{options.limits} {}

  void read(const std::string& name, ByteSource& source, std::size_t depth) {
    Opened archive(library_, source, depth == 0 ? &budget_.packed : nullptr);
    while (!stopped_ && archive.next()) {
      ++budget_.entries;
      if (auto sentence = budget_.exceeded()) return stop(name, std::move(*sentence));
      if (archive.is_regular()) found(name, archive, depth);
    }
    if (!stopped_ && archive.failed())
      lose(name, "the archive cannot be read to its end: " + archive.error(), sink_);
  }

 private:
  void stop(const std::string& name, std::string sentence) {
    stopped_ = true;
    lose(name, std::move(sentence), sink_);
  }

  void found(const std::string& name, Opened& archive, std::size_t depth) {
    if (archive.is_file_alone()) return entry(name, archive, depth);
    const std::string inner = archive.name();
    if (!is_excluded(inner)) entry(name + "!" + inner, archive, depth);
  }

  // With a directory goes what is in it.
  [[nodiscard]] bool is_excluded(std::string_view path) const {
    if (options_.exclude.empty()) return false;
    for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1))
      if (base::is_excluded(options_.exclude, path.substr(0, end))) return true;
    return base::is_excluded(options_.exclude, path);
  }

  void entry(const std::string& name, Opened& archive, std::size_t depth) {
    EntrySource source(archive, budget_);
    auto front = read_front(source, kHeldWhole);
    if (!front) {
      if (auto sentence = budget_.exceeded()) return stop(name, std::move(*sentence));
      return lose(name, front.error(), sink_);
    }
    const bool whole = front->size() < kHeldWhole;
    if (is_archive(*front)) return nested(name, *front, source, depth);
    if (whole) return piece(name, std::move(*front));
    JoinedSource both(*front, source);
    read_one(name, both, options_, sink_);
    if (budget_.exceeded()) stopped_ = true;
  }

  void nested(const std::string& name, ByteView front, ByteSource& rest, std::size_t depth) {
    if (depth + 1 >= options_.limits.archive_depth)
      return lose(
          name, fmt::format("an archive in {} others, which is not opened; unpack the outer one", depth + 1),
          sink_);
    JoinedSource both(front, rest);
    read(name, both, depth + 1);
  }

  void piece(const std::string& name, std::vector<std::uint8_t>&& octets) {
    auto shared = std::make_shared<const std::vector<std::uint8_t>>(std::move(octets));
    sink_.later([name, shared, options = options_](ArtifactSink& sink) {
      MemorySource source(*shared);
      read_one(name, source, options, sink);
    });
  }

  const ArchiveLibrary& library_;
  const ReadOptions& options_;
  ArtifactSink& sink_;
  Budget budget_;
  bool stopped_ = false;
};

}  // namespace

bool is_archive(ByteView head) {
  using namespace std::string_view_literals;
  const std::string_view text = as_text(head);
  constexpr std::array kMagic = {
      "\x1F\x8B\x08"sv,      // RFC 1952 2.3.1
      "\x28\xB5\x2F\xFD"sv,  // RFC 8878 3.1.1
      "\xFD"
      "7zXZ\0"sv,  // the .xz file format 2.1.1.1
      "PK\x03\x04"sv,
      "PK\x05\x06"sv,  // a ZIP, an empty one: APPNOTE 4.3.7, 4.3.16
  };
  constexpr std::size_t kTarMagic = 257;  // POSIX pax, ustar Interchange Format
  const bool bzip2 = text.starts_with("BZh") && text.size() > 4 && text.substr(4).starts_with("1AY&SY");
  return bzip2 ||
         std::ranges::any_of(kMagic, [&](std::string_view magic) { return text.starts_with(magic); }) ||
         (text.size() > kTarMagic && text.substr(kTarMagic).starts_with("ustar"));
}

void read_archive(const std::string& name, ByteSource& source, const ReadOptions& options,
                  ArtifactSink& sink) {
  const ArchiveLibrary* library = archive_library();
  if (library == nullptr)
    return lose(name, "an archive, and libarchive, which reads it, is not installed (Debian: libarchive13)",
                sink);
  ReadOptions inside = options;
  inside.exists = nullptr;
  ArchiveReader(*library, inside, sink).read(name, source, 0);
}

}  // namespace meshcert::input
