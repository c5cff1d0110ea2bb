#include "input/log_line.hpp"

#include <algorithm>

#include "input/log_access.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t npos = std::string_view::npos;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != npos;
}

// A header in the lines behind a message of Envoy: `'KEY', 'VALUE'`.
bool is_header(std::string_view line) {
  const std::size_t begin = line.substr(0, kMostBefore).find('\'');
  if (begin == npos || !is_log_prefix(line.substr(0, begin))) return false;
  const std::size_t end = line.find('\'', begin + 1);
  return end != npos && line.substr(end).starts_with("', '");
}

// "checking request: requestedServerName: ..., localAddress: ..., ssl: ..., headers: ...": Envoy
// writes the server name in lower case, so that what is before "localAddress" cannot imitate it.
LogLine check(std::string_view line) {
  constexpr std::string_view kTls = "ssl: ";
  const std::string_view said =
      line.substr(0, std::min(line.find(", headers:"), line.find(", dynamicMetadata:")));
  const std::size_t local = said.find("localAddress: ");
  const std::size_t tls = said.find(kTls, local == npos ? 0 : local);
  LogLine read{LogLine::Kind::check, {said}, {}};
  if (tls != npos) read.named.push_back(said.substr(tls + kTls.size()));
  return read;
}

}  // namespace

bool is_log_prefix(std::string_view text) {
  return text.size() <= kMostBefore && !has(text, "\t") && (text.empty() || text.ends_with(' '));
}

std::string_view log_object(std::string_view line) {
  const std::size_t begin = line.substr(0, kMostBefore).find('{');
  if (begin == npos || !is_log_prefix(line.substr(0, begin)) || begins_as_message(line.substr(0, begin)))
    return {};
  return line.substr(begin);
}

LogLine read_log_line(std::string_view line) {
  if (LogLine entry = read_text_access(line); entry.kind == LogLine::Kind::access) return entry;
  if (const std::string_view object = log_object(line); !object.empty()) {
    if (LogLine entry = read_json_access(object); entry.kind == LogLine::Kind::access) return entry;
  } else if (is_other_access(line)) {
    return {LogLine::Kind::access, {}, {}};
  }
  if (is_header(line)) return {};
  if (has(line, "checking request: ") || has(line, "checking connection: ")) return check(line);
  return {LogLine::Kind::message, {line}, {line}};
}

}  // namespace meshcert::input
