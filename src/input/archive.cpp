// tar, zip and compressed files, by libarchive. Nothing an archive says of itself is
// believed: sizes are counted as octets come, names are text.

#include "input/archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "base/glob.hpp"
#include "input/archive_budget.hpp"
#include "input/archive_end.hpp"
#include "input/archive_layer.hpp"
#include "input/archive_library.hpp"
#include "input/front.hpp"
#include "input/gzip.hpp"
#include "input/joined_source.hpp"
#include "input/loss.hpp"
#include "input/passed_over.hpp"
#include "input/put_back_source.hpp"
#include "input/tar_header.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kWindow = 64 * 1024;
constexpr std::size_t kMagic = 512;                       // what says what is compressed, and how
constexpr std::size_t kHeldWhole = std::size_t{1} << 20;  // a file that another thread can read

void lose(const std::string& name, std::string why, ArtifactSink& sink) {
  sink.defect(loss(SourceRef{name}, std::move(why)));
}

void read_one(const std::string& name, ByteSource& source, const ReadOptions& options, ArtifactSink& sink) {
  if (const auto read = read_found(name, source, options, sink); !read) lose(name, read.error(), sink);
}

class ArchiveReader {
 public:
  ArchiveReader(const ArchiveLibrary& library, const ReadOptions& options, ArtifactSink& sink)
      : library_(library), options_(options), sink_(sink), budget_{options.limits} {}

  void read(const std::string& name, ByteSource& source, std::size_t depth) {
    CountedSource packed(source, depth == 0 ? &budget_.packed : nullptr);
    const auto front = read_front(packed, kMagic);
    if (front.fault) return lose(name, *front.fault, sink_);
    JoinedSource whole(front.octets, packed);
    if (is_gzip(front.octets)) {
      GzipSource unpacked(whole);
      return read_unpacked(name, unpacked, depth);
    }
    if (!is_compressed(front.octets)) return read_files(name, front.octets, whole, depth);
    UnpackedSource unpacked(library_, whole);
    read_unpacked(name, unpacked, depth);
  }

  /// read_empty reads the files without octets, once it is known what lies beside them.
  void read_empty() {
    ReadOptions options = options_;
    options.exists = [names = std::make_shared<const Names>(std::move(names_))](const std::string& path) {
      return names->contains(path);
    };
    for (const std::string& name : empty_) later(name, {}, options);
  }

 private:
  using Names = std::set<std::string>;

  // libarchive takes no octets at all for no archive: of nothing, compressed, there is an empty file.
  void read_unpacked(const std::string& name, ByteSource& source, std::size_t depth) {
    unpacked_ = true;
    Front front = read_front(source, kMagic);
    if (front.octets.empty() && !front.fault) return empty_.push_back(name);
    JoinedSource whole(front.octets, source);
    read_files(name, front.octets, whole, depth);
  }

  void read_files(const std::string& name, ByteView front, ByteSource& source, std::size_t depth) {
    PutBackSource files(source);
    if (is_damaged_tar(front)) {
      lose(name,
           "the first header of the archive is damaged, and the file that it is of was passed over: its "
           "checksum is wrong",
           sink_);
      const auto found = find_header(files);
      if (!found) cut_off(name, found.error());
      if (!found || !*found) return;
    }
    std::string damage;
    read_all_entries(name, files, depth, damage);
    if (!damage.empty())
      lose(
          name,
          "the archive is damaged in the middle, and what lies there, up to the next entry, was passed over: " +
              damage,
          sink_);
  }

  // However many places are damaged, the first is told. Begun anew without an entry, it would not end.
  void read_all_entries(const std::string& name, PutBackSource& files, std::size_t depth,
                        std::string& damage) {
    for (bool first = true;; first = false) {
      const std::size_t before = budget_.entries;
      if (!read_entries(name, files, depth, damage)) return;
      if (!first && budget_.entries == before) return;
    }
  }

  // find_header reads on up to the next header of a tar, and answers whether there is one. libarchive looks
  // for one in the middle alone, and not behind a size that is none.
  Result<bool, std::string> find_header(PutBackSource& files) {
    for (;;) {
      Front record = read_front(files, kTarRecord);
      if (record.fault) return fail(std::move(*record.fault));
      if (record.octets.size() < kTarRecord) return false;
      if (is_tar_header(record.octets)) {
        files.put_back(record.octets);
        return true;
      }
      budget_.unpacked += kTarRecord;
      if (auto sentence = budget_.exceeded()) return fail(std::move(*sentence));
    }
  }

  // Answers whether reading ended before the archive did, and an entry stands behind.
  bool read_entries(const std::string& name, PutBackSource& files, std::size_t depth, std::string& damage) {
    TailSource source(files);
    ArchiveLayer archive(library_, source, Layer::files);
    while (!stopped_) {
      const auto next = archive.next();
      if (next == ArchiveLayer::Next::end) break;
      if (next == ArchiveLayer::Next::damage) {
        if (damage.empty()) damage = archive.error();
        budget_.unpacked += kTarRecord;
      } else {
        ++budget_.entries;
      }
      if (auto sentence = budget_.exceeded()) return stop(name, std::move(*sentence)), false;
      if (next == ArchiveLayer::Next::entry && archive.is_regular()) found(name, archive, depth);
    }
    if (stopped_) return false;
    if (archive.failed()) return goes_on(name, archive, files, damage);
    check_end(name, archive, source, damage.empty());
    return false;
  }

  // Behind an entry that libarchive cannot make sense of another may stand.
  bool goes_on(const std::string& name, const ArchiveLayer& archive, PutBackSource& source,
               std::string& damage) {
    source.put_back(archive.unused());
    const auto found = archive.is_tar() ? find_header(source) : false;
    if (!found || !*found) return cut_off(name, found ? archive.error() : found.error()), false;
    if (damage.empty()) damage = archive.error();
    return true;
  }

  void check_end(const std::string& name, const ArchiveLayer& archive, TailSource& source, bool is_whole) {
    const auto end = read_to_end(source, archive.unused());
    if (!end) return cut_off(name, end.error());
    if (*end && archive.is_tar())
      lose(
          name,
          "behind the end of the archive stands more, which no tar reads: where it is another archive, give each "
          "by itself",
          sink_);
    else if (is_whole)
      check_mark(name, archive, source);
  }

  // Of a tar it is no more than a note: GNU tar, Go and Python read one without its end mark in silence, and
  // some write it so. A zip without its end nobody else opens.
  void check_mark(const std::string& name, const ArchiveLayer& archive, const TailSource& source) {
    if (archive.is_zip() && !source.has_zip_end())
      return cut_off(name, "it was cut off in its central directory, which lists the files");
    if (!archive.is_tar() || source.has_tar_end()) return;
    sink_.defect(
        Defect{DefectKind::unsupported_block, SourceRef{name},
               "what may have stood behind the last file of the archive: the tar ends without its end "
               "mark, two blocks of zeros; it was cut off there, or what wrote it left them out",
               false, "compare the list of files (tar -tf) with what should be there, or fetch it again"});
  }

  void cut_off(const std::string& name, const std::string& why) {
    lose(name, "the archive cannot be read to its end: " + why, sink_);
  }

  // A checksum of what was compressed stands behind the last of its files. Answers whether
  // anything but padding stands there.
  Result<bool, std::string> read_to_end(ByteSource& source, ByteView unused) {
    const auto is_padding = [](ByteView octets) {
      return std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0; });
    };
    bool more = !is_padding(unused);
    std::array<std::uint8_t, kWindow / 4> passed{};
    for (;;) {
      const auto got = source.read(passed);
      if (!got) return fail(got.error());
      if (*got == 0) return more;
      more = more || !is_padding(ByteView(passed).first(*got));
      budget_.unpacked += *got;
      if (auto sentence = budget_.exceeded()) return fail(std::move(*sentence));
    }
  }

  void stop(const std::string& name, std::string sentence) {
    stopped_ = true;
    lose(name, std::move(sentence), sink_);
  }

  void found(const std::string& name, ArchiveLayer& archive, std::size_t depth) {
    if (archive.is_file_alone() && !unpacked_)
      return sink_.defect(loss(SourceRef{name}, "no archive: neither a tar nor a ZIP, and not compressed",
                               "leave --as archive out: what it is is told by its octets"));
    if (archive.is_file_alone()) return entry(name, archive, depth);
    const std::string inner = archive.name();
    if (!base::is_within_excluded(options_.exclude, inner)) entry(name + "!" + inner, archive, depth);
  }

  void entry(const std::string& name, ArchiveLayer& archive, std::size_t depth) {
    EntrySource source(archive, budget_);
    Front front = read_front(source, kHeldWhole);
    if (front.fault && budget_.exceeded()) return stop(name, *front.fault);
    if (!front.octets.empty() || !front.fault) contents(name, std::move(front.octets), source, depth);
    // What came before the fault is read.
    if (front.fault) lose(name, *front.fault, sink_);
  }

  void contents(const std::string& name, std::vector<std::uint8_t>&& front, ByteSource& rest,
                std::size_t depth) {
    if (is_archive(front)) return nested(name, front, rest, depth);
    if (is_part(name)) names_.insert(name);
    if (front.empty()) return empty_.push_back(name);
    if (front.size() < kHeldWhole) return later(name, std::move(front), options_);
    JoinedSource both(front, rest);
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

  void later(const std::string& name, std::vector<std::uint8_t>&& octets, const ReadOptions& options) {
    auto shared = std::make_shared<const std::vector<std::uint8_t>>(std::move(octets));
    sink_.later([name, shared, options](ArtifactSink& sink) {
      MemorySource source(*shared);
      read_one(name, source, options, sink);
    });
  }

  const ArchiveLibrary& library_;
  const ReadOptions& options_;
  ArtifactSink& sink_;
  ArchiveBudget budget_;
  bool stopped_ = false;
  bool unpacked_ = false;  // something was compressed, and may be a file alone
  Names names_;            // of files that may promise something of others
  std::vector<std::string> empty_;
};

}  // namespace

bool is_archive(ByteView head) {
  const std::string_view text = as_text(head);
  return is_gzip(head) || is_compressed(head) || text.starts_with("PK\x03\x04") ||  // a ZIP: APPNOTE 4.3.7
         text.starts_with("PK\x05\x06") ||                                          // an empty one: 4.3.16
         has_tar_magic(head);
}

void read_archive(const std::string& name, ByteSource& source, const ReadOptions& options,
                  ArtifactSink& sink) {
  const ArchiveLibrary* library = archive_library();
  if (library == nullptr)
    return lose(name, "an archive, and libarchive, which reads it, is not installed (Debian: libarchive13)",
                sink);
  ReadOptions inside = options;
  inside.exists = nullptr;
  if (inside.as == Format::archive) inside.as = std::nullopt;
  ArchiveReader reader(*library, inside, sink);
  reader.read(name, source, 0);
  reader.read_empty();
}

}  // namespace meshcert::input
