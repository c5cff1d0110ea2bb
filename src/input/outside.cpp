#include "input/outside.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.hpp"
#include "base/lines.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kLeastBase64 = 60;
// What is looked for in a line that is nearly BEGIN stands in its beginning.
constexpr std::size_t kBoundary = 120;

constexpr std::array<std::string_view, 6> kDumpKeys = {
    "dynamicActiveSecrets", "dynamic_active_secrets", "certChain", "inlineBytes", "inline_bytes", "caBundle"};

bool is_base64(char c) {
  return base::is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
}

// JSON has its keys in quotes, anywhere; YAML at the beginning of a line or item.
bool is_key(std::string_view line, std::size_t at, std::size_t size) {
  const std::string_view before = line.substr(0, at);
  std::string_view after = line.substr(at + size);
  const bool quoted = before.ends_with('"') && after.starts_with('"');
  if (quoted) after.remove_prefix(1);
  const bool alone = before.substr(0, 64).find_first_not_of(" \t-") == std::string_view::npos && at < 64;
  return (quoted || alone) && base::trimmed_front(after.substr(0, 64)).starts_with(':');
}

bool has_key(std::string_view line, std::string_view key) {
  for (std::size_t at = line.find(key); at != std::string_view::npos; at = line.find(key, at + key.size())) {
    if (is_key(line, at, key.size())) return true;
  }
  return false;
}

// Dashes of typography, the minus sign, and the space that does not break, all in
// UTF-8, become what they are taken for; letters become capitals.
std::string plain(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view rest = line.substr(i);
    const bool dash =
        rest.size() > 2 && rest.starts_with("\xE2\x80") && rest[2] >= '\x90' && rest[2] <= '\x95';
    const bool minus = rest.starts_with("\xE2\x88\x92");
    const bool no_break = rest.starts_with("\xC2\xA0");
    const char c = dash || minus ? '-' : no_break || line[i] == '\t' || line[i] == '_' ? ' ' : line[i];
    text += base::to_upper(c);
    i += dash || minus ? 2U : no_break ? 1U : 0U;
  }
  return text;
}

bool is_encoded(std::string_view line) {
  return line.find("BEGIN%20CERT") != std::string_view::npos ||
         line.find("BEGIN+CERT") != std::string_view::npos;
}

bool is_base64_line(std::string_view line) {
  line = base::trimmed_front(line, " \t>\"'");
  return line.size() >= kLeastBase64 && std::ranges::all_of(line.substr(0, kLeastBase64), is_base64);
}

// A line of base64 that begins as each certificate does.
bool is_body(std::string_view line) {
  return base::trimmed_front(line, " \t>\"'").starts_with("MII") && is_base64_line(line);
}

enum Kind : std::uint8_t { kOctets, kDump, kBase64, kNearly, kNone };
constexpr std::string_view kApart = "give each as an input of its own: meshcert inspect FILE FILE";
struct KindRow {
  DefectKind kind;
  std::string_view what, fix;
};
constexpr std::array kKinds = {
    KindRow{
        DefectKind::malformed,
        "outside of the PEM blocks stand octets that are no text, which were not read: PEM in UTF-16 as "
        "PowerShell's >> appends it, or an archive",
        "give what was appended as an input of its own (UTF-16 alone is read); unpack an archive first: tar "
        "-xf FILE"},
    KindRow{DefectKind::malformed, "outside of the PEM blocks stands a dump, which was not read", kApart},
    KindRow{
        DefectKind::malformed,
        "outside of the PEM blocks stands base64 of a certificate or key, which was not read",
        "decode base64 of PEM with base64 -d, put BEGIN and END lines around that of DER, or give it as an "
        "input of its own"},
    KindRow{
        DefectKind::broken_pem_block,
        "this is nearly a BEGIN line, but not read as one: its dashes, blanks or letters are others",
        "write it as -----BEGIN CERTIFICATE----- with five dashes on either side, and the END line alike"},
};

Kind kind_of(std::string_view line) {
  if (is_nearly_begin(line)) return kNearly;
  if (has_dump_key(line)) return kDump;
  const bool pem = line.find("LS0tLS1CRUdJTi") != std::string_view::npos;
  return pem || is_body(line) ? kBase64 : kNone;
}

class Search {
 public:
  void gap(const PemGap& gap) {
    const std::string_view text = gap.text;
    // NUL octets alone only fill up.
    const bool octets = text.find('\0') != std::string_view::npos &&
                        text.find_first_not_of(std::string_view("\0 \t\r\n", 5)) != std::string_view::npos;
    if (octets) return note(kOctets, gap.line);
    const char newline = text.find('\n') == std::string_view::npos ? '\r' : '\n';
    std::uint32_t number = gap.line;
    std::uint32_t nearly = 0;  // the line above that is nearly BEGIN
    for (std::string_view rest = text; !rest.empty(); ++number) {
      const std::string_view line = base::take_line(rest, newline);
      if (nearly != 0 && is_base64_line(line)) {
        note(kNearly, nearly);
        continue;  // its body
      }
      const Kind kind = kind_of(line);
      nearly = kind == kNearly ? number : 0;
      // Without a body such a line is an ornament.
      if (kind != kNearly || line.size() > kBoundary) note(kind, number);
    }
  }
  [[nodiscard]] std::vector<Outsider> found() && { return std::move(found_); }

 private:
  void note(Kind kind, std::uint32_t line) {
    if (kind == kNone || met_[kind]) return;
    met_[kind] = true;
    found_.push_back({kKinds[kind].kind, line, kKinds[kind].what, kKinds[kind].fix});
  }

  std::array<bool, kKinds.size()> met_{};
  std::vector<Outsider> found_;
};

}  // namespace

bool has_dump_key(std::string_view line) {
  return std::ranges::any_of(kDumpKeys, [line](std::string_view key) { return has_key(line, key); });
}

// In prose the words have no dashes around them, or more words between.
bool is_nearly_begin(std::string_view line) {
  if (is_encoded(line)) return true;
  const std::string text = plain(line.substr(0, kBoundary));
  const std::size_t begin = text.find("BEGIN");
  if (begin == std::string::npos) return false;
  const std::string_view label = base::trimmed_front(std::string_view(text).substr(begin + 5), " ");
  if (!label.starts_with("CERT")) return false;
  std::string_view after = label.substr(std::min(label.find_first_of(" -"), label.size()));
  after = base::trimmed_front(after, " ");
  std::string_view before = std::string_view(text).substr(0, begin);
  while (before.ends_with(' ')) before.remove_suffix(1);
  return before.ends_with("--") && after.starts_with("--");
}

std::vector<Outsider> find_outsiders(std::span<const PemGap> gaps) {
  Search search;
  for (const PemGap& gap : gaps) search.gap(gap);
  return std::move(search).found();
}

}  // namespace meshcert::input
