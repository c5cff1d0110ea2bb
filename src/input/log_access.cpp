#include "input/log_access.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>

namespace meshcert::input {
namespace {

constexpr std::size_t npos = std::string_view::npos;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != npos;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "-" stands for what there is not.
bool is_there(std::string_view field) {
  return field.size() > 1;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(" \r"); at != npos;) {
    const std::size_t end = std::min(text.find_first_of(" \r", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(" \r", end);
  }
  return words;
}

// Text: the request, and what follows it. A path has no blank, and ends before the protocol, so its quotes do
// not end the request.
struct Entry {
  std::string_view request, fields;
};

std::optional<Entry> entry_of(std::string_view line) {
  const std::size_t end = line.substr(0, kMostBefore).find("] \"");
  const std::size_t begin = end == npos ? npos : line.rfind('[', end);
  if (begin == npos || !is_log_prefix(line.substr(0, begin)) || !is_digit(line[begin + 1]))
    return std::nullopt;
  const std::size_t request = end + 3;
  const std::size_t path = line.find(' ', request);
  const std::size_t protocol = path == npos ? npos : line.find(' ', path + 1);
  const std::size_t closed = protocol == npos ? npos : line.find("\" ", protocol);
  if (closed == npos) return std::nullopt;
  return Entry{line.substr(request, closed - request), line.substr(closed + 2)};
}

// Text and quotes by turns: `CODE FLAGS "FIELD" 0 0 "FIELD" REST`.
struct Pieces {
  std::vector<std::string_view> plain, quoted;
};

Pieces pieces_of(std::string_view fields) {
  Pieces pieces;
  for (bool is_quoted = false;; is_quoted = !is_quoted) {
    const std::size_t end = fields.find('"');
    (is_quoted ? pieces.quoted : pieces.plain).push_back(fields.substr(0, end));
    if (end == npos) return pieces;
    fields.remove_prefix(end + 1);
  }
}

// Istio's own format: code, flags and, of late, two words of details; in quotes the status of
// Mixer, in old versions, and the reason; four numbers; five quoted fields of the client's and the
// upstream's; the upstream's cluster, three addresses and more. A client that writes quotes makes
// another number of fields of it, and a format that begins or ends in a header does not fit.
struct Istio {
  std::string_view reason, upstream, remote;
};

bool is_number_or_none(std::string_view word) {
  return word == "-" || std::ranges::all_of(word, is_digit);
}

bool is_address_or_none(std::string_view word) {
  return word == "-" || (word.find_first_of("0123456789/@") != npos && has(word, ":")) ||
         word.starts_with('/');
}

std::optional<Istio> as_istio(const Pieces& pieces, std::size_t words) {
  constexpr std::size_t kClients = 5, kNumbers = 4, kAddresses = 3;
  const std::size_t own = words == 2 ? 2 : 1;
  if ((words != 2 && words != 4) || pieces.quoted.size() != own + kClients) return std::nullopt;
  if (pieces.plain.size() != pieces.quoted.size() + 1) return std::nullopt;
  const auto numbers = words_of(pieces.plain[own]);
  if (numbers.size() != kNumbers || !std::ranges::all_of(numbers, is_number_or_none)) return std::nullopt;
  const auto last = words_of(pieces.plain.back());
  if (last.size() <= kAddresses) return std::nullopt;
  for (std::size_t i = 1; i <= kAddresses; ++i)
    if (!is_address_or_none(last[i])) return std::nullopt;
  return Istio{pieces.quoted[own - 1], pieces.quoted.back(), last[kAddresses]};
}

bool begins_as_reason(std::string_view text) {
  return text.starts_with("TLS_error:") || text.starts_with("TLS error:");
}

// Of a connection that brought no request there are no headers, and the server name, which the
// client chose, is in lower case.
void add_reasons(const Pieces& pieces, LogLine& line) {
  for (const std::string_view field : pieces.quoted)
    if (begins_as_reason(field)) line.said.push_back(field);
  for (const std::string_view plain : pieces.plain)
    for (const std::string_view word : words_of(plain))
      if (begins_as_reason(word)) line.said.push_back(word);
}

bool is_request(const std::vector<std::string_view>& words) {
  return words.size() == 3 && (words[2] == "-" || words[2].starts_with("HTTP/"));
}

// Where the words of a program of the mesh begin: `TIME<tab>info<tab>`, `TIME WARN `,
// `[TIME][17][debug]`, klog's `E0101 TIME`, Go's `TIME http:`, each with what stands before a line.

bool is_word_before(std::string_view word) {
  constexpr std::array<std::string_view, 4> kRuntime = {"stdout", "stderr", "F", "P"};
  if (std::ranges::find(kRuntime, word) != kRuntime.end() || word.starts_with("[pod/")) return true;
  if (word.starts_with('[')) word.remove_prefix(1);
  constexpr std::size_t kDate = 4, kHour = 2;
  const auto begins = [word](std::size_t digits, std::string_view marks) {
    return word.size() > digits && std::all_of(word.begin(), word.begin() + digits, is_digit) &&
           has(marks, word.substr(digits, 1));
  };
  return begins(kDate, "-/") || begins(kHour, ":");
}

bool is_level(std::string_view word) {
  constexpr std::array<std::string_view, 9> kLevels = {"trace", "debug", "info",  "warn",    "warning",
                                                       "error", "fatal", "http:", "critical"};
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return std::ranges::find(kLevels, lower) != kLevels.end();
}

bool is_klog(std::string_view word) {
  return word.size() == 5 && has("IWEF", word.substr(0, 1)) &&
         std::all_of(word.begin() + 1, word.end(), is_digit);
}

// JSON.

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

constexpr std::array<std::string_view, 7> kAccessKeys = {"responsecode",
                                                         "responseflags",
                                                         "responsecodedetails",
                                                         "upstreamtransportfailurereason",
                                                         "upstreamcluster",
                                                         "downstreamremoteaddress",
                                                         "useragent"};
// What a message of a program has, and an access log has not.
constexpr std::array<std::string_view, 8> kMessageKeys = {"msg",   "message",  "log",   "level",
                                                          "error", "severity", "scope", "klog"};

bool is_one_of(std::string_view key, std::span<const std::string_view> keys) {
  return std::ranges::find(keys, key) != keys.end();
}

}  // namespace

LogLine read_text_access(std::string_view text) {
  const auto entry = entry_of(text);
  if (!entry) return {LogLine::Kind::message, {}, {}};
  LogLine line{LogLine::Kind::access, {}, {}};
  const auto request = words_of(entry->request);
  const Pieces pieces = pieces_of(entry->fields);
  const auto words = words_of(pieces.plain.front());
  // Another format; or no flags, as nginx writes it.
  if (!is_request(request) || words.size() < 2 || is_digit(words[1].front())) return line;
  line.said.push_back(pieces.plain.front());
  const auto istio = as_istio(pieces, words.size());
  if (istio)
    line.said.push_back(istio->reason);
  else if (request[0] == "-" && request[1] == "-")
    add_reasons(pieces, line);
  line.named = line.said;
  if (!istio) return line;
  const bool of_upstream = is_there(istio->upstream) || has(words[1], "UF");
  line.peer = of_upstream ? istio->upstream : istio->remote;
  return line;
}

bool is_access_key(std::string_view key) {
  return is_one_of(plain_key(key), kAccessKeys);
}

LogLine read_json_access(std::string_view object) {
  LogLine line;
  std::string_view upstream, downstream;
  bool of_upstream = false, is_message = false;
  each_member(object, [&](std::string_view key, std::string_view text) {
    if (is_one_of(key, kAccessKeys)) line.kind = LogLine::Kind::access;
    is_message = is_message || is_one_of(key, kMessageKeys);
    const bool is_reason = key.ends_with("reason");
    if (!is_there(text) || key.starts_with("req")) return;
    if (is_reason || key.ends_with("details") || key.ends_with("body")) line.said.push_back(text);
    if (key.find("peer") != npos) line.named.push_back(text);
    if (key == "upstreamhost") upstream = text;
    if (key == "downstreamremoteaddress") downstream = text;
    of_upstream = of_upstream || (is_reason && key.starts_with("upstream")) ||
                  (key == "responseflags" && has(text, "UF"));
  });
  if (!is_message) line.kind = LogLine::Kind::access;
  line.named.insert(line.named.end(), line.said.begin(), line.said.end());
  line.peer = of_upstream || !upstream.empty() ? upstream : downstream;
  return line;
}

bool begins_as_message(std::string_view line) {
  while (!line.empty()) {
    const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    if (has(word, "][") || is_klog(word) || is_level(word)) return true;
    if (!is_word_before(word)) return false;
    line.remove_prefix(word.size());
  }
  return false;
}

bool is_other_access(std::string_view line) {
  constexpr std::array<std::string_view, 3> kProtocols = {"HTTP/1.", "HTTP/2", "HTTP/3"};
  if (has(line, "] \"HTTP\" verb=")) return true;  // the API server's, in klog's form
  return std::ranges::any_of(kProtocols, [line](std::string_view name) { return has(line, name); }) &&
         !begins_as_message(line);
}

}  // namespace meshcert::input
