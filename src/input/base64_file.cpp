#include <fmt/format.h>
#include <algorithm>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/base64_text.hpp"
#include "input/files.hpp"
#include "input/foreign.hpp"
#include "input/key_opener.hpp"
#include "input/loss.hpp"
#include "input/parts.hpp"
#include "input/pem_file.hpp"
#include "input/pkcs12.hpp"
#include "input/shape.hpp"

namespace meshcert::input {
namespace {

// Lines of wrapped base64 are no longer: 64 columns in PEM, 76 in MIME and base64(1).
constexpr std::size_t kWrapped = 76;
// What the first octets show: enough for each of the shapes below.
constexpr std::size_t kHead = 64;
// Shorter texts are words, not base64.
constexpr std::size_t kLeast = 16;

// The base64 of "-----BEGIN".
constexpr std::string_view kPemInBase64 = "LS0tLS1CRUdJT";

bool is_base64(char c) {
  return base::is_alphanumeric(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

// string_view::find_first_of takes ten times as long, and a line may be all there is.
std::size_t find_white(std::string_view text, std::size_t from) {
  return static_cast<std::size_t>(
      std::find_if(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), base::is_white) -
      text.begin());
}

std::string_view stripped(std::string_view text) {
  return base::trimmed(base::without_mark(text), " \t\n\v\f\r\"'");
}

// A first line of base64 that begins what we read, or base64 of it once more.
bool begins_something(std::string_view head, int layers = 2) {
  if (head.starts_with(kPemInBase64)) return true;
  const auto octets = decode_proto_base64(head.substr(0, head.size() / 4 * 4));
  if (!octets || octets->empty()) return false;
  if (looks_like_der(*octets) || looks_like_pkcs7(*octets)) return true;
  return layers > 1 && begins_something(as_text(*octets), layers - 1);
}

// Base64 of a private key or of a PKCS#12, which only the whole of it tells.
bool holds_key_alone(std::string_view text) {
  if (!text.starts_with('M')) return false;  // of a SEQUENCE
  auto octets = decode_proto_base64(text);
  if (!octets) return false;
  const base::SecretOctets whole(std::move(*octets));
  return is_der_private_key(whole.reveal()) || is_pkcs12(whole.reveal());
}

// A first line of base64 that begins a text, such as comments before PEM.
bool begins_text(std::string_view head) {
  const auto octets = decode_proto_base64(head.substr(0, head.size() / 4 * 4));
  return octets && std::ranges::all_of(*octets, [](std::uint8_t octet) {
           return octet >= ' ' || octet == '\t' || octet == '\n' || octet == '\r';
         });
}

struct Value {
  std::string_view text;
  std::uint32_t line;
};

class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  // The next run of characters without white space; empty at the end.
  std::string_view next() {
    for (; at_ < text_.size() && base::is_white(text_[at_]); ++at_) line_ += text_[at_] == '\n' ? 1 : 0;
    const std::size_t start = at_;
    at_ = find_white(text_, start);
    return text_.substr(start, at_ - start);
  }
  [[nodiscard]] std::uint32_t line() const { return line_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

// Words longer than a line can be are values of their own, as kubectl prints
// those of a list; else all lines are one value. At most `most` and one more.
std::vector<Value> split_values(std::string_view text, std::size_t most) {
  bool wrapped = true;
  Words lines(text);
  for (auto word = lines.next(); wrapped && !word.empty(); word = lines.next()) {
    wrapped = stripped(word).size() <= kWrapped;
  }
  if (wrapped) return {{stripped(text), 1}};
  std::vector<Value> values;
  Words words(text);
  for (auto word = words.next(); !word.empty() && values.size() <= most; word = words.next()) {
    values.push_back({stripped(word), words.line()});
  }
  return values;
}

class Decoder {
 public:
  Decoder(const ReadOptions& options, KeyOpener& keys, Artifact& artifact, std::string title)
      : options_(options), keys_(keys), artifact_(artifact), title_(std::move(title)) {}

  Contents run(std::string_view text) {
    if (text.size() < kLeast) return no_value(text);
    auto octets = decoded(text);
    if (!octets) return {};
    if (begins_something(as_text(*octets).substr(0, kHead), 1)) {
      if (auto twice = decode_proto_base64(as_text(*octets))) {
        add(DefectKind::double_base64, "what it decodes to is again base64", false);
        octets = std::move(twice);
      }
    }
    return read(std::move(*octets));
  }

 private:
  // A word among values: null where an object of a list has no such field.
  Contents no_value(std::string_view text) {
    const auto foreign = recognise_foreign(as_bytes(text));
    if (foreign) return {foreign->what, foreign->fix};
    add(DefectKind::malformed, "too short for a certificate", true);
    return {};
  }

  Result<std::vector<std::uint8_t>, base::Base64Error> decoded(std::string_view text) {
    auto octets = decode_proto_base64(text);
    if (!octets) {
      add(DefectKind::not_base64,
          fmt::format("{} (at offset {} of the value)", base::describe(octets.error().reason),
                      octets.error().offset),
          true);
    }
    return octets;
  }

  Contents read(std::vector<std::uint8_t>&& octets) {
    const std::string_view text = as_text(octets);
    if (is_der_private_key(octets)) return key(base::SecretOctets(std::move(octets)));
    if (is_pkcs12(octets)) return key_store(base::SecretOctets(std::move(octets)));
    if (auto foreign = recognise_foreign_octets(octets)) {
      const Foreign found = in_base64(std::move(*foreign));
      return {found.what, found.fix};
    }
    if (looks_like_der(octets))
      return append_der(keep(std::move(octets), artifact_), options_.limits, artifact_);
    if (looks_like_pkcs7(octets)) {
      return append_pkcs7_contents(keep(std::move(octets), artifact_), options_.limits, artifact_);
    }
    if (looks_like_pem(text))
      return append_pem_contents(text, {artifact_.source, false, &keys_}, options_.limits, artifact_);
    add(DefectKind::malformed, "base64, but neither of PEM nor of a DER certificate", true);
    return {};
  }

  Contents key(const base::SecretOctets& octets) {
    const Contents found = append_lone_key(octets.reveal(), keys_, options_.limits, artifact_);
    return {"base64 of " + found.what, found.fix};
  }

  Contents key_store(const base::SecretOctets& octets) {
    Contents found = append_pkcs12_contents(octets.reveal(), keys_, artifact_);
    found.what = "base64 of " + found.what;
    return found;
  }

  void add(DefectKind kind, const std::string& detail, bool lost) {
    artifact_.defects.push_back(
        Defect{kind, artifact_.source, title_.empty() ? detail : title_ + ": " + detail, lost});
  }

  const ReadOptions& options_;
  KeyOpener& keys_;
  Artifact& artifact_;
  std::string title_;
};

}  // namespace

// The first line tells in nearly all cases. PEM with comments before it begins
// like any text: then the whole has to be decoded.
bool looks_like_base64(std::string_view text) {
  text = stripped(text);
  const std::string_view start = text.substr(0, kHead);
  const std::string_view head = start.substr(0, find_white(start, 0));
  if (head.size() < kLeast || !std::ranges::all_of(head, is_base64)) return false;
  if (begins_something(head)) return true;
  const std::string_view first = stripped(text.substr(0, find_white(text, 0)));
  const std::string_view whole = first.size() > kWrapped ? first : text;
  if (holds_key_alone(whole)) return true;
  if (!begins_text(head)) return false;
  const auto octets = decode_proto_base64(whole);
  return octets && looks_like_pem(as_text(*octets));
}

void read_base64_file(const std::string& name, ByteView octets, const ReadOptions& options,
                      ArtifactSink& sink) {
  const std::size_t most = options.limits.pem_blocks;
  auto values = split_values(as_text(octets), most);
  const bool full = values.size() > most;
  if (full) values.pop_back();
  Parts parts(name, "value", values.size(), options, sink);
  KeyOpener keys(options.password);
  for (const Value& value : values) {
    Artifact artifact = parts.begin(value.line);
    const Contents contents = Decoder(options, keys, artifact, parts.title()).run(value.text);
    parts.deliver(std::move(artifact), contents);
  }
  parts.finish();
  if (!full) return;
  sink.defect(loss(
      SourceRef{name},
      fmt::format("more than {} values, the limit; raise it with --max-pem-blocks; the rest was not read",
                  most)));
}

}  // namespace meshcert::input
