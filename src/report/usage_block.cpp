#include "report/usage_block.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/escape.hpp"
#include "base/words.hpp"
#include "report/layout.hpp"
#include "report/rows.hpp"

namespace meshcert::report {
namespace {

constexpr std::size_t kColumnCount = 6;
constexpr std::size_t kGap = 2;
constexpr std::array<std::string_view, kColumnCount> kHeadings{
    "RESOURCE NAME", "IDENTITY", "KEY", "CA", "KEY USAGE", "EXTENDED KEY USAGE"};
using Cells = std::array<std::string, kColumnCount>;

template <class Names>
std::string joined(const Names& names) {
  return names.empty() ? "none" : base::join_with(names, ",");
}

/// state_words says what an extension that did not decode is.
template <class T>
std::string state_words(const Extension<T>& extension) {
  return extension.malformed() ? "malformed" : "absent";
}

std::string ca_words(const Certificate& certificate) {
  const auto& basic = certificate.extensions.basic_constraints;
  if (!certificate.is_ca()) return "no";
  return basic->path_length ? "yes, pathlen " + std::to_string(*basic->path_length) : "yes";
}

std::string key_usage_words(const Extensions& extensions) {
  const auto& usage = extensions.key_usage;
  if (!usage) return state_words(usage);
  return joined(key_usage_names(*usage)) + (usage.critical() ? " (critical)" : "");
}

std::string extended_words(const Extensions& extensions) {
  const auto& usage = extensions.extended_key_usage;
  return usage ? joined(extended_key_usage_names(*usage)) : state_words(usage);
}

Cells cells_of(const Artifact& artifact, std::size_t index) {
  const Certificate& certificate = artifact.certificates[index];
  const std::string name = artifact.resource.empty() ? artifact.name : artifact.resource;
  return {index == 0 ? base::escape_for_terminal(name) : "  [" + std::to_string(index) + "]",
          identity_of(certificate),
          to_string(certificate.key),
          ca_words(certificate),
          key_usage_words(certificate.extensions),
          extended_words(certificate.extensions)};
}

std::string wide_line(const Cells& cells, const std::array<std::size_t, kColumnCount>& widths) {
  std::string line;
  for (std::size_t i = 0; i < kColumnCount; ++i) line += padded(cells[i], widths[i] + kGap);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// In a narrow terminal each certificate is a block, and each value a line of its own.
std::string stacked(const Cells& cells, const RenderOptions& options) {
  std::string out = painted(cells[0], Paint::bold, options.color) + "\n";
  out += hanging("    ", cells[1], options.width);
  for (std::size_t i = 2; i < kColumnCount; ++i)
    out += hanging("    " + padded(kHeadings[i], kHeadings.back().size() + kGap), cells[i], options.width);
  return out;
}

}  // namespace

std::string usage_block(const Report& report, const RenderOptions& options) {
  std::vector<Cells> rows;
  for (const Artifact& artifact : report.inventory.artifacts)
    for (std::size_t i = 0; i < artifact.certificates.size(); ++i) rows.push_back(cells_of(artifact, i));
  if (rows.empty()) return {};
  std::array<std::size_t, kColumnCount> widths{};
  std::size_t total = kGap * (kColumnCount - 1);
  for (std::size_t i = 0; i < kColumnCount; ++i) {
    widths[i] = kHeadings[i].size();
    for (const Cells& cells : rows) widths[i] = std::max(widths[i], base::display_width(cells[i]));
    total += widths[i];
  }
  const bool wide = options.width == 0 || total <= options.width;
  std::string out;
  if (wide) {
    Cells heading;
    std::ranges::copy(kHeadings, heading.begin());
    out = painted(wide_line(heading, widths), Paint::dim, options.color) + "\n";
  }
  for (const Cells& cells : rows) out += wide ? wide_line(cells, widths) + "\n" : stacked(cells, options);
  return out;
}

}  // namespace meshcert::report
