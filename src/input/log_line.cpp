#include "input/log_line.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace meshcert::input {
namespace {

constexpr std::size_t npos = std::string_view::npos;
// What kubectl and container runtimes put before a line is shorter, and has no tab.
constexpr std::size_t kMostBefore = 256;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != npos;
}

bool is_prefix(std::string_view text) {
  return text.size() <= kMostBefore && !has(text, "\t") &&
         (text.empty() || text.ends_with(' ') || text.ends_with("{\"log\":\""));
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(" \\\r"); at != npos;) {
    const std::size_t end = std::min(text.find_first_of(" \\\r", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(" \\\r", end);
  }
  return words;
}

// "-" stands for what there is not.
bool is_there(std::string_view field) {
  return field.size() > 1;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Text: `[TIME] "METHOD PATH PROTOCOL" CODE FLAGS ...`. What follows the request; empty where
// the line is none of an access log. A path has no blank, so its quotes do not end it.
std::string_view behind_request(std::string_view line) {
  const std::string_view head = line.substr(0, kMostBefore);
  const std::size_t end = std::min(head.find("] \""), head.find("] \\\""));  // the files of Docker escape it
  const std::size_t begin = end == npos ? npos : head.rfind('[', end);
  if (begin == npos || !is_prefix(line.substr(0, begin)) || !is_digit(line[begin + 1])) return {};
  const std::size_t request = line.find('"', end) + 1;
  const std::size_t closed = line.find("\" ", request);
  return closed == npos ? std::string_view{} : line.substr(closed + 2);
}

// The last of what stands in quotes, and what follows it.
struct Tail {
  std::string_view quoted, behind;
};

Tail tail_of(std::string_view text) {
  const std::size_t end = text.rfind('"');
  const std::size_t begin = end == npos || end == 0 ? npos : text.rfind('"', end - 1);
  if (begin == npos) return {{}, text};
  return {text.substr(begin + 1, end - begin - 1), text.substr(end + 1)};
}

// How many of the fields in quotes Envoy fills by itself, by the number of words before the
// first: "CODE FLAGS DETAILS DETAILS" and the reason; of old versions "CODE FLAGS", Mixer's status
// and the reason; Envoy's own format has six words, and only a client's headers behind them.
std::size_t own_fields(std::size_t words) {
  return words > 4 ? 0 : words == 2 ? 2 : 1;
}

LogLine text_entry(std::string_view fields) {
  constexpr std::size_t kRemote = 3;  // behind the upstream's cluster and two local addresses
  LogLine line{LogLine::Kind::access, {}, {}};
  std::size_t quote = std::min(fields.find('"'), fields.size());
  const std::string_view head = fields.substr(0, quote);
  const auto words = words_of(head);
  line.said.push_back(head);
  if (words.size() < 2 || is_digit(words[1].front()))
    return line;  // no flags, as nginx writes it: not Envoy's
  for (std::size_t left = own_fields(words.size()); left != 0 && quote < fields.size(); --left) {
    const std::size_t end = std::min(fields.find('"', quote + 1), fields.size());
    line.said.push_back(fields.substr(quote + 1, end - quote - 1));
    quote = std::min(fields.find('"', std::min(end + 1, fields.size())), fields.size());
  }
  const Tail tail = tail_of(fields);
  const auto last = words_of(tail.behind);
  line.said.push_back(last.empty() ? tail.quoted : tail.behind);
  line.named = line.said;
  const bool of_upstream = is_there(tail.quoted) || (words.size() > 1 && has(words[1], "UF"));
  line.peer = of_upstream ? tail.quoted : last.size() > kRemote ? last[kRemote] : std::string_view{};
  return line;
}

// JSON: one object a line, whose keys the mesh's administrator chooses.

// "upstream_host", "upstreamHost" and "UPSTREAM-HOST" are one key.
std::string plain_key(std::string_view key) {
  std::string plain;
  for (const char c : key)
    if (c >= 'A' && c <= 'Z')
      plain += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || is_digit(c))
      plain += c;
  return plain;
}

// Visits the strings of an object, each with its key; a key whose value is none, with "".
template <class Visit>
void each_member(std::string_view object, Visit visit) {
  std::string key;
  for (std::size_t at = object.find('"'); at != npos;) {
    std::size_t end = at + 1;
    while (end < object.size() && object[end] != '"') end += object[end] == '\\' ? 2 : 1;
    if (end >= object.size()) return;
    const std::string_view text = object.substr(at + 1, end - at - 1);
    const std::size_t next = object.find_first_not_of(' ', end + 1);
    const bool is_key = next != npos && object[next] == ':';
    if (is_key) key = plain_key(text);
    visit(std::string_view(key), is_key ? std::string_view{} : text);
    at = object.find('"', end + 1);
  }
}

bool is_access_key(std::string_view key) {
  constexpr std::array<std::string_view, 7> kKeys = {"responsecode",
                                                     "responseflags",
                                                     "responsecodedetails",
                                                     "upstreamtransportfailurereason",
                                                     "upstreamcluster",
                                                     "downstreamremoteaddress",
                                                     "useragent"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

LogLine json_entry(std::string_view object) {
  LogLine line;
  std::string_view upstream, downstream;
  bool of_upstream = false;
  each_member(object, [&](std::string_view key, std::string_view text) {
    if (is_access_key(key)) line.kind = LogLine::Kind::access;
    const bool is_reason = key.ends_with("reason");
    if (!is_there(text)) return;
    if (is_reason || key.ends_with("details") || key.ends_with("body")) line.said.push_back(text);
    if (key.find("peer") != npos) line.named.push_back(text);
    if (key == "upstreamhost") upstream = text;
    if (key == "downstreamremoteaddress") downstream = text;
    of_upstream = of_upstream || (is_reason && key.starts_with("upstream")) ||
                  (key == "responseflags" && has(text, "UF"));
  });
  line.named.insert(line.named.end(), line.said.begin(), line.said.end());
  line.peer = of_upstream || !upstream.empty() ? upstream : downstream;
  return line;
}

// The object that the line is, behind what a container runtime puts before it.
std::string_view object_of(std::string_view line) {
  const std::size_t begin = line.substr(0, kMostBefore).find('{');
  return begin != npos && is_prefix(line.substr(0, begin)) ? line.substr(begin) : std::string_view{};
}

// Messages.

// A header in the lines behind a message of Envoy: `'KEY', 'VALUE'`.
bool is_header(std::string_view line) {
  const std::size_t begin = line.substr(0, kMostBefore).find('\'');
  if (begin == npos || !is_prefix(line.substr(0, begin))) return false;
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

LogLine read_log_line(std::string_view line) {
  if (const std::string_view fields = behind_request(line); !fields.empty()) return text_entry(fields);
  if (const std::string_view object = object_of(line); !object.empty())
    if (LogLine entry = json_entry(object); entry.kind == LogLine::Kind::access) return entry;
  if (is_header(line)) return {};
  if (has(line, "checking request: ") || has(line, "checking connection: ")) return check(line);
  return {LogLine::Kind::message, {line}, {line}};
}

}  // namespace meshcert::input
