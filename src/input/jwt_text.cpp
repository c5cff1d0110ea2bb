// Tokens in a text: one a line, bare or behind "Authorization: Bearer".

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/capped_sink.hpp"
#include "input/document.hpp"
#include "input/files.hpp"
#include "input/jwt.hpp"
#include "input/shape.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kBlank = " \t\r\n\"'";

std::string_view stripped(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
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

std::vector<Token> split_tokens(std::string_view text, std::size_t most) {
  std::vector<Token> tokens;
  for (std::uint32_t line = 1; !text.empty() && tokens.size() <= most; ++line) {
    const std::string_view token = token_of(base::take_line(text));
    if (!token.empty()) tokens.push_back({token, line});
  }
  return tokens;
}

void read_token(const std::string& name, const Token& token, std::string title, const Limits& limits,
                ArtifactSink& sink) {
  const SourceRef where{name, token.line, "", std::nullopt};
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
  if (looks_like_json(as_text(octets))) {
    MemorySource source(octets);
    DocumentScope scope(options);
    read_json_documents(name, source, scope, sink);
    return;
  }
  constexpr std::size_t kMost = 10'000;
  CappedSink capped(options.limits, sink);
  const std::string_view text = base::without_mark(as_text(octets));
  if (text.size() != octets.size())
    capped.defect(
        Defect{DefectKind::not_base64, SourceRef{name, 1, "", std::nullopt},
               "a byte order mark stands before the token: passed over here, but who sends the file as it "
               "is will be refused",
               false, "take it off: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE"});
  auto tokens = split_tokens(text, kMost);
  if (tokens.size() > kMost) {
    tokens.pop_back();
    capped.defect(Defect{DefectKind::limit_reached, SourceRef{name, 0, "", std::nullopt},
                         fmt::format("more than {} tokens in one input: the rest was not read", kMost), true,
                         "split the input: split -l 1000 FILE"});
  }
  for (std::size_t i = 0; i < tokens.size(); ++i)
    read_token(name, tokens[i], tokens.size() > 1 ? fmt::format("token {}", i + 1) : "token", options.limits,
               capped);
  capped.finish();
}

}  // namespace meshcert::input
