#include <algorithm>
#include <array>
#include <utility>

#include "base/escape.hpp"
#include "input/envoy_secrets.hpp"
#include "input/files.hpp"
#include "input/foreign.hpp"
#include "input/node.hpp"
#include "input/shape.hpp"
#include "input/withheld.hpp"
#include "meshcert/input.hpp"

namespace meshcert {
namespace {

void read_envoy_secrets(const std::string& name, ByteView octets, const ReadOptions& options,
                        ArtifactSink& sink) {
  auto root = input::read_json(name, octets, options.limits);
  if (root) return input::read_secrets_dump(name, *root, options.limits, sink);
  sink.defect(Defect{DefectKind::malformed, root.error().where, std::move(root.error().message), true});
}

// The table of source formats: a new one is a file and a row.
struct FormatRow {
  Format format;
  std::string_view name;
  void (*read)(const std::string&, ByteView, const ReadOptions&, ArtifactSink&);
};
constexpr std::array kFormats = {
    FormatRow{Format::pem, "pem", input::read_pem_file},
    FormatRow{Format::der, "der", input::read_der_file},
    FormatRow{Format::pkcs7, "pkcs7", input::read_pkcs7_file},
    FormatRow{Format::base64, "base64", input::read_base64_file},
    FormatRow{Format::envoy_secrets, "envoy-secrets", read_envoy_secrets},
    FormatRow{Format::istioctl_table, "istioctl-table", input::read_istioctl_table},
};

void refuse(const std::string& name, DefectKind kind, std::string detail, ArtifactSink& sink) {
  sink.defect(Defect{kind, SourceRef{name, 0, "", std::nullopt}, std::move(detail), true});
}

// The commonest text of all is the error of the command that should have made
// the dump. Other text is not repeated: it might hold anything.
std::string describe_text(std::string_view text) {
  constexpr std::size_t kMost = 120;
  const std::string_view line = text.substr(0, text.find('\n'));
  const bool is_error = line.starts_with("Error") || line.starts_with("error");
  return is_error ? "only the text \"" + input::shown(line).substr(0, kMost) + "\""
                  : "it is text without PEM";
}

void refuse_unknown(const std::string& name, std::string_view text, ArtifactSink& sink) {
  if (const auto foreign = input::recognise_foreign(as_bytes(text))) {
    return sink.defect(
        Defect{foreign->kind, SourceRef{name, 0, "", std::nullopt}, foreign->what, true, foreign->fix});
  }
  const bool readable = base::is_valid_utf8(text) && text.find('\0') == std::string_view::npos;
  if (readable) return refuse(name, DefectKind::no_certificates, describe_text(text), sink);
  refuse(name, DefectKind::malformed, "not PEM, DER certificates or a JSON dump", sink);
}

// JSON of another shape is read nonetheless, to say what it is.
std::optional<Format> format_of(ByteView octets, const ReadOptions& options) {
  if (options.as) return options.as;
  if (const auto format = detect(octets)) return format;
  if (input::looks_like_json(as_text(octets))) return Format::envoy_secrets;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Format format) {
  const auto row = std::ranges::find(kFormats, format, &FormatRow::format);
  return row == kFormats.end() ? "" : row->name;
}

std::optional<Format> format_from_string(std::string_view word) {
  const auto row = std::ranges::find(kFormats, word, &FormatRow::name);
  return row == kFormats.end() ? std::nullopt : std::optional(row->format);
}

void read_input(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink) {
  const bool blank = as_text(octets).find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (blank) return refuse(name, DefectKind::empty, octets.empty() ? "no octets" : "white space only", sink);
  if (octets.size() > options.limits.input_bytes) {
    return refuse(name, DefectKind::malformed, "larger than the limit of an input", sink);
  }
  const auto format = format_of(octets, options);
  if (!format) return refuse_unknown(name, as_text(octets), sink);
  const auto row = std::ranges::find(kFormats, *format, &FormatRow::format);
  row->read(name, octets, options, sink);
}

}  // namespace meshcert
