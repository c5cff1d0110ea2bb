#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/escape.hpp"
#include "base/lines.hpp"
#include "base/utf16.hpp"
#include "input/archive.hpp"
#include "input/asked.hpp"
#include "input/document.hpp"
#include "input/files.hpp"
#include "input/foreign.hpp"
#include "input/joined_source.hpp"
#include "input/late_pem.hpp"
#include "input/log_file.hpp"
#include "input/preceded.hpp"
#include "input/shape.hpp"
#include "input/windows.hpp"
#include "input/withheld.hpp"
#include "input/xfcc.hpp"
#include "meshcert/input.hpp"

namespace meshcert {
namespace {

using Octets = Result<std::vector<std::uint8_t>, std::string>;
constexpr std::size_t kHead = 64 * 1024;

// The table of source formats: a new one is a file and a row. A row without a
// reader is read as a stream, and not held whole.
struct FormatRow {
  Format format;
  std::string_view name;
  void (*read)(const std::string&, ByteView, const ReadOptions&, ArtifactSink&);
};
constexpr std::array kFormats = {
    FormatRow{Format::pem, "pem", input::read_pem_file},
    FormatRow{Format::der, "der", input::read_der_file},
    FormatRow{Format::pkcs7, "pkcs7", input::read_pkcs7_file},
    FormatRow{Format::pkcs12, "pkcs12", input::read_pkcs12_file},
    FormatRow{Format::base64, "base64", input::read_base64_file},
    FormatRow{Format::envoy_secrets, "envoy-secrets", nullptr},
    FormatRow{Format::yaml, "yaml", nullptr},
    FormatRow{Format::istioctl_table, "istioctl-table", input::read_istioctl_table},
    FormatRow{Format::xfcc, "xfcc", input::read_xfcc_file},
    FormatRow{Format::jwt, "jwt", input::read_jwt_file},
    FormatRow{Format::log, "log", input::read_held_log},
    FormatRow{Format::archive, "archive", nullptr},
};

constexpr const FormatRow& row_of(Format format) {
  return *std::ranges::find(kFormats, format, &FormatRow::format);
}

void refuse(const std::string& name, DefectKind kind, std::string detail, ArtifactSink& sink) {
  sink.defect(Defect{kind, SourceRef{name}, std::move(detail), true});
}

// The commonest text of all is the error of the command that should have made
// the dump. Other text is not repeated: it might hold anything.
std::string describe_text(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const bool is_error = line.starts_with("Error") || line.starts_with("error");
  return is_error ? "only the text \"" + input::shown(line, 120) + "\"" : "it is text without PEM";
}

// A format is answered where a file holds what would be read but for other text.
std::optional<Format> refuse_unknown(const std::string& name, std::string_view text, ArtifactSink& sink) {
  if (const auto foreign = input::recognise_foreign(as_bytes(text))) {
    sink.defect(Defect{foreign->kind, SourceRef{name}, foreign->what, true, foreign->fix});
    return std::nullopt;
  }
  if (const auto found = input::find_preceded(text)) {
    const auto kind = found->format == Format::pem ? DefectKind::broken_pem_block : DefectKind::malformed;
    sink.defect(
        Defect{kind, SourceRef{name, found->line}, input::describe(*found), true, input::advise(*found)});
    return found->format;
  }
  const bool readable = base::is_valid_utf8(text) && text.find('\0') == std::string_view::npos;
  refuse(name, readable ? DefectKind::no_certificates : DefectKind::unknown_octets,
         readable ? describe_text(text) : "not PEM, DER certificates or a JSON dump", sink);
  return std::nullopt;
}

// How much room to make for what is to come, and one octet to see its end in. Behind
// what was expected, which is all of most files, there is rarely more.
std::size_t room(const ByteSource& source, std::size_t filled, std::uint64_t limit, std::size_t most) {
  constexpr std::size_t kLittle = 1024;
  const std::uint64_t expected = source.expected();
  const std::uint64_t unknown = filled == 0 ? kHead : std::max(filled, kLittle);
  const std::uint64_t guess = expected == 0 ? unknown : expected + 1;
  return filled + static_cast<std::size_t>(std::min<std::uint64_t>({guess, limit + 1 - filled, most}));
}

// Fills `octets` from the source, `most` at a time, until it ends or `enough` says
// so of what came last.
template <class Enough>
Octets read_until(ByteSource& source, std::vector<std::uint8_t> octets, std::uint64_t limit, std::size_t most,
                  Enough enough) {
  std::size_t filled = octets.size();
  while (filled <= limit) {
    octets.resize(room(source, filled, limit, most));
    const auto got = source.read(std::span(octets).subspan(filled));
    if (!got) return fail(got.error());
    filled += *got;
    if (*got == 0 || enough(as_text(ByteView(octets).subspan(filled - *got, *got)))) break;
  }
  octets.resize(filled);
  if (filled > limit)
    return fail(fmt::format("larger than {} bytes, the limit; raise it with --max-input", limit));
  return octets;
}

// All of the source, in UTF-8.
Octets read_utf16(const std::string& name, std::vector<std::uint8_t>&& head, ByteSource& source,
                  std::uint64_t limit, ArtifactSink& sink) {
  const auto octets =
      read_until(source, std::move(head), limit, SIZE_MAX, [](std::string_view) { return false; });
  if (!octets) return octets;
  const auto order = base::utf16_of(*octets);
  const auto decoded = base::to_utf8(*octets, *order);
  SourceRef where{name};
  sink.defect(Defect{
      DefectKind::unsupported_block, where,
      "the encoding, UTF-16, as PowerShell's > writes it; the text was read, but Envoy and istiod take only UTF-8",
      false, "convert it: iconv -f UTF-16 -t UTF-8 FILE, or in PowerShell | Out-File -Encoding ascii"});
  if (decoded.bad) {
    where.line = static_cast<std::uint32_t>(std::ranges::count(decoded.text, '\n')) + 1;
    sink.defect(Defect{DefectKind::malformed, where,
                       fmt::format("damaged UTF-16 at octet {}: what follows was not read", *decoded.bad),
                       true});
  }
  return std::vector<std::uint8_t>(decoded.text.begin(), decoded.text.end());
}

// Of a document that holds nothing of ours, no format is answered.
std::optional<Format> read_document(const std::string& name, Format format, ByteSource& source,
                                    const ReadOptions& options, ArtifactSink& sink) {
  input::DocumentScope scope(options);
  const bool known = format == Format::yaml ? input::read_yaml_documents(name, source, scope, sink)
                                            : input::read_json_documents(name, source, scope, sink);
  return known ? std::optional(format) : std::nullopt;
}

// Tokens and headers are asked for by name, and may stand in any document or archive.
bool is_told_by_octets(const ReadOptions& options) {
  return !options.as || input::asks_for_one_kind(options.as);
}

// Reads on until the head of an input can tell what it is: JSON at once.
Octets read_head(ByteSource& source, std::vector<std::uint8_t>&& octets, const ReadOptions& options) {
  std::size_t size = octets.size();
  if (size >= kHead || !is_told_by_octets(options) || input::looks_like_json(as_text(octets)))
    return std::move(octets);
  const auto filled = [&size](std::string_view text) { return (size += text.size()) >= kHead; };
  return read_until(source, std::move(octets), options.limits.input_bytes, kHead - size, filled);
}

// The format of what is not held whole, from its first octets; none for the others.
std::optional<Format> streamed_format(ByteView head, const ReadOptions& options) {
  if (!is_told_by_octets(options)) return row_of(*options.as).read == nullptr ? options.as : std::nullopt;
  if (input::is_archive(head)) return Format::archive;
  if (input::looks_like_json(as_text(head))) return Format::envoy_secrets;
  return input::looks_like_yaml(as_text(head)) ? std::optional(Format::yaml) : std::nullopt;
}

Result<std::optional<Format>, std::string> read_streamed(const std::string& name, Format format, bool lines,
                                                         ByteSource& whole, const ReadOptions& options,
                                                         ArtifactSink& sink) {
  if (format == Format::archive) {
    input::read_archive(name, whole, options, sink);
    return format;
  }
  if (lines) return input::read_json_lines(name, whole, options, sink);
  return read_document(name, format, whole, options, sink);
}

Result<std::optional<Format>, std::string> read_asked(const std::string& name, Format format, bool lines,
                                                      ByteSource& whole, const ReadOptions& options,
                                                      ArtifactSink& sink) {
  if (format == Format::archive) return read_streamed(name, format, lines, whole, options, sink);
  input::AskedSink asked(*options.as, sink);
  auto read = read_streamed(name, format, lines, whole, options, asked);
  if (read && !asked.finish(name)) return std::nullopt;
  return read;
}

// Logs are kept compressed, so one that is called a log may be that.
Result<std::optional<Format>, std::string> read_streamed_log(const std::string& name, ByteView head,
                                                             ByteSource& rest, const ReadOptions& options,
                                                             ArtifactSink& sink) {
  input::JoinedSource whole(head, rest);
  if (input::is_archive(head)) {
    input::read_archive(name, whole, options, sink);
    return Format::archive;
  }
  if (auto read = input::read_log(name, whole, options, sink); !read) return fail(std::move(read.error()));
  return Format::log;
}

// Octets with NUL in them that begin like nothing we read will not become it further
// on; a device or an image of a disk has no end worth waiting for.
bool is_hopeless(ByteView head, const ReadOptions& options) {
  constexpr std::uint8_t kSequence = 0x30;  // a structure may be longer than the head
  return !options.as && head.size() >= kHead && head.front() != kSequence &&
         std::ranges::find(head, 0) != head.end() && !detect(head);
}

std::optional<Format> held_format(ByteView octets, const ReadOptions& options) {
  return options.as ? options.as : detect(octets);
}

// What is to be held whole; of a PEM text that is read in windows, and of one that shows
// nothing of ours, enough to see that it is one.
Octets read_rest(ByteSource& source, std::vector<std::uint8_t>&& head, std::optional<Format> format,
                 const ReadOptions& options) {
  std::size_t filled = head.size(), most = format ? SIZE_MAX : input::kHeldText;
  if (options.in_windows && format == Format::pem) most = input::kHeldPem;
  const auto enough = [&](std::string_view more) {
    filled += more.size();
    return filled > most;
  };
  return read_until(source, std::move(head), options.limits.input_bytes, most, enough);
}

// A text of no format we know so far is not held, be it as long as it likes.
Result<std::optional<Format>, std::string> read_long_text(const std::string& name, ByteView head,
                                                          ByteSource& rest, const ReadOptions& options,
                                                          ArtifactSink& sink) {
  auto format = input::read_late_pem(name, head, rest, options, sink);
  if (!format || *format) return format;
  return refuse_unknown(name, as_text(head), sink);
}

// Answers whether the octets are of a format we know.
std::optional<Format> read_held(const std::string& name, ByteView octets, std::optional<Format> format,
                                const ReadOptions& options, ArtifactSink& sink) {
  if (!format) return refuse_unknown(name, as_text(octets), sink);
  if (*format == Format::yaml) {
    MemorySource source(octets);
    return read_document(name, Format::yaml, source, options, sink);
  }
  row_of(*format).read(name, octets, options, sink);
  return format;
}

}  // namespace

std::string_view to_string(Format format) {
  return row_of(format).name;
}

std::optional<Format> format_from_string(std::string_view word) {
  const auto row = std::ranges::find(kFormats, word, &FormatRow::name);
  return row == kFormats.end() ? std::nullopt : std::optional(row->format);
}

Result<std::optional<Format>, std::string> read_input(const std::string& name, ByteSource& source,
                                                      const ReadOptions& options, ArtifactSink& sink) {
  const std::uint64_t limit = options.limits.input_bytes;
  const auto begun = [](std::string_view text) { return !base::is_blank(text); };
  auto octets = read_until(source, {}, limit, kHead, begun);
  if (octets && base::utf16_of(*octets)) octets = read_utf16(name, std::move(*octets), source, limit, sink);
  if (!octets) return fail(std::move(octets.error()));
  if (base::is_blank(as_text(*octets))) {
    refuse(name, DefectKind::empty, octets->empty() ? "no octets" : "white space only", sink);
    return std::nullopt;
  }
  if (options.as ? *options.as == Format::log : input::looks_like_json_log(as_text(*octets)))
    return read_streamed_log(name, *octets, source, options, sink);
  octets = read_head(source, std::move(*octets), options);
  if (!octets) return fail(std::move(octets.error()));
  // A long log is told by its beginning, and not held.
  if (!options.as && octets->size() >= kHead && detect(*octets) == Format::log)
    return read_streamed_log(name, *octets, source, options, sink);
  if (const auto format = streamed_format(*octets, options)) {
    input::JoinedSource whole(*octets, source);
    const bool lines = is_told_by_octets(options) && input::looks_like_json_lines(as_text(*octets));
    if (options.as && is_told_by_octets(options))
      return read_asked(name, *format, lines, whole, options, sink);
    return read_streamed(name, *format, lines, whole, options, sink);
  }
  if (is_hopeless(*octets, options)) return refuse_unknown(name, as_text(*octets), sink);
  auto format = held_format(*octets, options);
  const std::size_t told_by = octets->size();
  octets = read_rest(source, std::move(*octets), format, options);
  if (octets && !format && octets->size() > input::kHeldText) {
    format = held_format(*octets, options);
    if (!format) return read_long_text(name, *octets, source, options, sink);
    octets = read_rest(source, std::move(*octets), format, options);
  }
  if (!octets) return fail(std::move(octets.error()));
  if (octets->size() != told_by) format = held_format(*octets, options);
  if (options.in_windows && octets->size() > input::kHeldPem && format == Format::pem) {
    input::JoinedSource whole(*octets, source);
    return input::read_pem_windows(name, whole, options, sink);
  }
  return read_held(name, *octets, format, options, sink);
}

std::optional<Format> read_input(const std::string& name, ByteView octets, const ReadOptions& options,
                                 ArtifactSink& sink) {
  MemorySource source(octets);
  const auto format = read_input(name, source, options, sink);
  if (format) return *format;
  refuse(name, DefectKind::malformed, format.error(), sink);
  return std::nullopt;
}

}  // namespace meshcert
