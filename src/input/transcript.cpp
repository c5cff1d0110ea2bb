#include "input/transcript.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "base/lines.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kConnected = "CONNECTED(";
constexpr std::string_view kTakeAgain =
    "take it again: openssl s_client -connect HOST:PORT -servername NAME -showcerts </dev/null";

// Where the next line that begins with these words begins.
std::size_t find_line(std::string_view text, std::string_view words, std::size_t from) {
  for (std::size_t at = text.find(words, from); at != std::string_view::npos; at = text.find(words, at + 1)) {
    if (at == 0 || text[at - 1] == '\n') return at;
  }
  return std::string_view::npos;
}

// The same for the line that opens a transcript. Its bracket is not in base64, its
// letters are all over it.
std::size_t find_connected(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('(', from); at != std::string_view::npos; at = text.find('(', at + 1)) {
    const std::size_t end = at + 1;
    if (end < from + kConnected.size() || !text.substr(0, end).ends_with(kConnected)) continue;
    const std::size_t begin = end - kConnected.size();
    if (begin == 0 || text[begin - 1] == '\n') return begin;
  }
  return std::string_view::npos;
}

bool is_chain_entry(std::string_view line) {
  const std::size_t number = line.find_first_not_of(' ');
  if (number == std::string_view::npos) return false;
  const std::size_t after = line.find_first_not_of("0123456789", number);
  return after != number && after != std::string_view::npos && line.substr(after).starts_with(" s:");
}

// The lines " 0 s:subject" of "Certificate chain", which ends with a line "---".
std::size_t count_sent(std::string_view text) {
  std::size_t at = find_line(text, "Certificate chain", 0);
  std::size_t count = 0;
  while (at != std::string_view::npos && at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line == "---" || line == "---\r") break;
    count += is_chain_entry(line) ? 1 : 0;
    at = end + 1;
  }
  return count;
}

}  // namespace

bool is_transcript(std::string_view text) {
  return find_connected(text, 0) != std::string_view::npos;
}

std::vector<Transcript> split_transcripts(std::string_view text, std::size_t most) {
  std::vector<Transcript> pieces{{text, 1}};
  std::size_t start = 0;
  std::size_t at = find_connected(text, 0);
  if (at != std::string_view::npos && text.substr(0, at).find("-----BEGIN") == std::string_view::npos) {
    pieces.front().connected = true;
    at = find_connected(text, at + 1);
  }
  for (; at != std::string_view::npos && pieces.size() < most; at = find_connected(text, at + 1)) {
    Transcript& last = pieces.back();
    last.text = text.substr(start, at - start);
    start = at;
    pieces.push_back({text.substr(at), last.line + base::count_lines(last.text), true});
  }
  if (at != std::string_view::npos) pieces.back().connected = true;  // the last of `most` holds the rest
  return pieces;
}

void finish_transcript(const Transcript& transcript, Artifact& artifact) {
  auto& certificates = artifact.certificates;
  if (certificates.empty() || !transcript.connected) return;
  const std::size_t server = find_line(transcript.text, "Server certificate", 0);
  if (server != std::string_view::npos && certificates.size() > 1) {
    const std::uint32_t line = transcript.line + base::count_lines(transcript.text.substr(0, server));
    const bool again = std::ranges::equal(certificates.front().der, certificates.back().der);
    if (again && certificates.back().line > line) certificates.pop_back();
  }
  const bool damaged = std::ranges::any_of(artifact.defects, &Defect::lost);
  if (const std::size_t sent = count_sent(transcript.text); !damaged && sent > certificates.size()) {
    artifact.defects.push_back(Defect{
        DefectKind::external_file, artifact.source,
        fmt::format("the server sent {} certificates, the transcript shows {}", sent, certificates.size()),
        false, std::string(kTakeAgain)});
  }
}

Contents empty_transcript(std::string_view text) {
  const bool told = text.find("no peer certificate available") != std::string_view::npos;
  return {told ? "a transcript of openssl s_client: the server presented no certificate"
               : "a transcript of openssl s_client without a certificate",
          std::string(kTakeAgain)};
}

}  // namespace meshcert::input
