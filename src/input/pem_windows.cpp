#include <memory>

#include "base/lines.hpp"
#include "input/files.hpp"
#include "input/line_window.hpp"
#include "input/shifted_sink.hpp"
#include "input/windows.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kWindow = 256 * 1024;
constexpr std::string_view kEnd = "-----END ";

// Behind the last END line.
std::size_t behind_last_block(std::string_view text) {
  const std::size_t end = text.rfind(kEnd);
  const std::size_t newline = end == std::string_view::npos ? end : text.find('\n', end);
  if (newline != std::string_view::npos) return newline + 1;
  // The line is not whole yet: behind the one before.
  if (end == std::string_view::npos || end == 0) return 0;
  return behind_last_block(text.substr(0, end));
}

std::size_t count_certificates(std::string_view text) {
  // There is no space in base64, and five dashes on either side of each label.
  constexpr std::string_view kBegin = "-----BEGIN", kRest = " CERTIFICATE-----";
  std::size_t count = 0;
  for (std::size_t at = text.find(kRest); at != std::string_view::npos;
       at = text.find(kRest, at + kRest.size()))
    count += text.substr(0, at).ends_with(kBegin) ? 1 : 0;
  return count;
}

}  // namespace

Result<std::optional<Format>, std::string> read_pem_windows(const std::string& name, ByteSource& source,
                                                            const ReadOptions& options, ArtifactSink& sink) {
  LineWindow window(source, kWindow, options.limits.value_bytes, behind_last_block);
  std::size_t first = 0;
  for (WindowText text = window.next(); !text.empty(); text = window.next()) {
    const std::size_t certificates = count_certificates(text);
    if (!base::is_blank(text)) {
      auto shared = std::make_shared<const WindowText>(std::move(text));
      sink.later([name, shared, first, line = window.line(), options](ArtifactSink& out) {
        ShiftedSink shifted(line, first, out);
        read_pem_file(name, as_bytes(*shared), options, shifted);
      });
    }
    first += certificates;
  }
  if (window.failure()) return fail(*window.failure());
  return Format::pem;
}

}  // namespace meshcert::input
