#include "input/late_pem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "base/lines.hpp"
#include "input/joined_source.hpp"
#include "input/shifted_sink.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kWindow = 256 * 1024;
constexpr std::size_t kLongest = std::string_view("-----BEGIN").size();

// Where a line of PEM begins; npos: not in this text.
std::size_t find_pem(std::string_view text) {
  for (std::size_t at = text.find("-----"); at != std::string_view::npos; at = text.find("-----", at + 1)) {
    const std::string_view from = text.substr(at);
    if (from.starts_with("-----BEGIN") || from.starts_with("-----END ")) return at;
  }
  return std::string_view::npos;
}

}  // namespace

Result<std::optional<Format>, std::string> read_late_pem(const std::string& name, ByteView head,
                                                         ByteSource& rest, const ReadOptions& options,
                                                         ArtifactSink& sink) {
  const std::uint64_t limit = options.limits.input_bytes;
  std::uint64_t seen = head.size();
  std::uint32_t line = 1 + base::count_lines(as_text(head));
  std::string text(as_text(head.last(std::min(head.size(), kLongest - 1))));
  line -= base::count_lines(text);
  for (std::size_t at = find_pem(text); at == std::string::npos; at = find_pem(text)) {
    const std::size_t behind = text.size() - std::min(text.size(), kLongest - 1);
    line += base::count_lines(std::string_view(text).substr(0, behind));
    text.erase(0, behind);
    const std::size_t kept = text.size();
    text.resize(kept + kWindow);
    const auto got = rest.read(std::span(reinterpret_cast<std::uint8_t*>(text.data()) + kept, kWindow));
    if (!got) return fail(got.error());
    if (*got == 0) return std::nullopt;
    text.resize(kept + *got);
    seen += *got;
    if (seen > limit)
      return fail(fmt::format(
          "no PEM in the first {} bytes of the text, the limit; raise it with --max-input", limit));
  }
  const std::size_t at = find_pem(text);
  line += base::count_lines(std::string_view(text).substr(0, at));
  ReadOptions as_pem = options;
  as_pem.as = Format::pem;
  JoinedSource whole(as_bytes(text).subspan(at), rest);
  ShiftedSink shifted(line, 0, sink);
  return read_input(name, whole, as_pem, shifted);
}

}  // namespace meshcert::input
