// Tokens in a text: one a line, bare or behind "Authorization: Bearer", or one in several lines.

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/asked.hpp"
#include "input/capped_sink.hpp"
#include "input/files.hpp"
#include "input/jwt.hpp"
#include "input/shape.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kBlank = " \t\r\n\"'";

std::string_view stripped(std::string_view text) {
  return base::trimmed(text, kBlank);
}

bool skip_word(std::string_view& text, std::string_view word) {
  if (!base::equal_without_case(text.substr(0, word.size()), word)) return false;
  text = stripped(text.substr(word.size()));
  return true;
}

std::string_view token_of(std::string_view line) {
  line = stripped(line);
  if (line.starts_with("> ")) line = stripped(line.substr(2));
  skip_word(line, "authorization:");
  skip_word(line, "bearer ");
  return line;
}

bool is_token_character(char c) {
  return base::is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
}

struct Token {
  std::string_view text;
  std::uint32_t line;
};

// Begins as a token does (looks_like_jwt), and goes on behind a dot.
bool begins_as_token(std::string_view line) {
  return (line.starts_with("eyJ") || line.starts_with("eyA")) && line.find('.') != std::string_view::npos;
}

bool names_authorization(std::string_view line) {
  line = stripped(line);
  if (line.starts_with("> ")) line = stripped(line.substr(2));
  return skip_word(line, "authorization:") && skip_word(line, "bearer ");
}

// TokenText tells the lines of a text that are tokens from those that are not.
class TokenText {
 public:
  TokenText(std::string_view text, std::size_t most) {
    for (std::uint32_t line = 1; !text.empty() && tokens_.size() <= most; ++line) {
      const std::string_view whole = base::take_line(text);
      if (stripped(whole).empty()) continue;
      const bool named = names_authorization(whole);
      named_ = named_ || named;
      const std::string_view token = token_of(whole);
      if (count_++ < kMostLines) lines_.push_back({token, line});
      if (named || begins_as_token(token)) {
        tokens_.push_back({token, line});
      } else if (others_++ == 0) {
        first_other_ = line;
      }
    }
  }

  [[nodiscard]] std::vector<Token>& tokens() { return tokens_; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// first is the first line that is not blank; there is one.
  [[nodiscard]] const Token& first() const { return lines_.front(); }
  /// others: lines that are no tokens, but for other headers beside that one, as curl -v prints them.
  [[nodiscard]] std::size_t others() const { return named_ ? 0 : others_; }
  [[nodiscard]] std::uint32_t first_other() const { return first_other_; }

  /// joined is one token that was wrapped into lines, as base64 and mail do; "" where the lines are none.
  [[nodiscard]] std::string joined() const {
    std::string whole;
    if (named_ || count_ < 2 || count_ > kMostLines || !lines_.front().text.starts_with("ey")) return whole;
    for (const Token& line : lines_) {
      const bool next = line.text.starts_with("eyJ") && !whole.empty() && !whole.ends_with('.');
      if (next || !std::ranges::all_of(line.text, is_token_character)) return {};
      whole += line.text;
    }
    return std::ranges::count(whole, '.') == 2 ? whole : std::string{};
  }

 private:
  static constexpr std::size_t kMostLines = 10'000;  // that one token may be wrapped into
  bool named_ = false;
  std::vector<Token> tokens_, lines_;
  std::size_t count_ = 0, others_ = 0;
  std::uint32_t first_other_ = 0;
};

void read_token(const std::string& name, const Token& token, std::string title, const Limits& limits,
                ArtifactSink& sink) {
  const SourceRef where{name, token.line};
  auto jwt = decode_jwt(token.text, limits);
  if (!jwt)
    return sink.defect(Defect{DefectKind::malformed, where, "no token: " + jwt.error(), true,
                              "give the token whole, in its compact form: HEADER.PAYLOAD.SIGNATURE"});
  Artifact artifact;
  artifact.kind = ArtifactKind::jwt;
  artifact.name = std::move(title);
  artifact.source = where;
  artifact.jwt = std::make_shared<const Jwt>(std::move(*jwt));
  sink.artifact(std::move(artifact));
}

// One line is told what it lacks, many what they are.
void tell_of_none(const std::string& name, std::string_view text, const TokenText& read, const Limits& limits,
                  ArtifactSink& sink) {
  std::string detail = "it is PEM";
  if (!looks_like_pem(text)) {
    detail = fmt::format("none of its {} lines begins as one", read.count());
    if (read.count() == 1)
      if (const auto jwt = decode_jwt(read.first().text, limits); !jwt) detail = jwt.error();
  }
  sink.defect(none_of_kind(Format::jwt, SourceRef{name}, detail));
}

// Answers whether the text was one token in lines.
bool read_wrapped(const std::string& name, const TokenText& read, const Limits& limits, ArtifactSink& sink) {
  const std::string joined = read.joined();
  if (joined.empty() || !decode_jwt(joined, limits)) return false;
  const std::uint32_t line = read.first().line;
  sink.defect(
      Defect{DefectKind::not_base64, SourceRef{name, line, "", std::nullopt},
             fmt::format("the token is wrapped into {} lines: joined here, but who sends the file as it is "
                         "will be refused",
                         read.count()),
             false, "join the lines: tr -d ' \\t\\r\\n' < FILE"});
  read_token(name, {joined, line}, "token", limits, sink);
  return true;
}

// The lines that are neither tokens nor blank, all at once.
void tell_of_others(const std::string& name, const TokenText& read, ArtifactSink& sink) {
  if (read.others() == 0) return;
  sink.defect(Defect{DefectKind::malformed, SourceRef{name, read.first_other(), "", std::nullopt},
                     read.others() == 1
                         ? "this line is no token: it does not begin as one"
                         : fmt::format("{} lines are no tokens, of which this is the first", read.others()),
                     true, "leave tokens alone in the file, each whole and on a line of its own"});
}

}  // namespace

// The header of a token is a JSON object, so its base64url begins with "eyJ" or, with a blank
// after the brace, "eyA" and the like; writers of tokens put none there.
bool looks_like_jwt(std::string_view text) {
  text = base::without_mark(text);
  const std::string_view line = token_of(text.substr(0, text.find('\n', text.find_first_not_of(kBlank))));
  if (!line.starts_with("eyJ") || line.find('.') == std::string_view::npos) return false;
  return std::ranges::all_of(line, is_token_character);
}

void read_jwt_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink) {
  constexpr std::size_t kMost = 10'000;
  CappedSink capped(options.limits, sink);
  const std::string_view text = base::without_mark(as_text(octets));
  TokenText read(text, kMost);
  auto& tokens = read.tokens();
  if (tokens.empty() && read.joined().empty()) return tell_of_none(name, text, read, options.limits, sink);
  if (text.size() != octets.size())
    capped.defect(
        Defect{DefectKind::not_base64, SourceRef{name, 1},
               "a byte order mark stands before the token: passed over here, but who sends the file as it "
               "is will be refused",
               false, "take it off: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE"});
  if (read_wrapped(name, read, options.limits, capped)) return capped.finish();
  if (tokens.size() > kMost) {
    tokens.pop_back();
    capped.defect(Defect{DefectKind::limit_reached, SourceRef{name},
                         fmt::format("more than {} tokens in one input: the rest was not read", kMost), true,
                         "split the input: split -l 1000 FILE"});
  }
  for (std::size_t i = 0; i < tokens.size(); ++i)
    read_token(name, tokens[i], tokens.size() > 1 ? fmt::format("token {}", i + 1) : "token", options.limits,
               capped);
  tell_of_others(name, read, capped);
  capped.finish();
}

Result<Jwt, std::string> decode_token_text(std::string_view text, const Limits& limits) {
  return decode_jwt(token_of(text), limits);
}

}  // namespace meshcert::input
