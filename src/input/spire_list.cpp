#include "input/spire_list.hpp"

#include "base/lines.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kRule = "****************************************\n";
constexpr std::string_view kName = "* ";

/// Heading is the name in it, and where it begins and ends; npos where there is none.
struct Heading {
  std::string_view trust_domain = {};
  std::size_t begin = std::string_view::npos, end = 0;
  [[nodiscard]] bool found() const { return begin != std::string_view::npos; }
};

Heading find_heading(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(kRule, from); at != std::string_view::npos; at = text.find(kRule, at + 1)) {
    if (at != 0 && text[at - 1] != '\n') continue;
    std::string_view rest = text.substr(at + kRule.size());
    const std::string_view name = base::take_line(rest);
    if (name.starts_with(kName) && rest.starts_with(kRule))
      return {name.substr(kName.size()), at, text.size() - rest.size() + kRule.size()};
  }
  return {};
}

}  // namespace

bool has_spire_heading(std::string_view text) {
  return find_heading(text, 0).found();
}

std::vector<SpireBundle> split_spire_list(std::string_view text, std::size_t most) {
  std::vector<SpireBundle> bundles;
  Heading heading = find_heading(text, 0);
  if (!heading.found() || !base::is_blank(text.substr(0, heading.begin))) return bundles;
  std::uint32_t line = 1;
  std::size_t counted = 0;
  while (heading.found()) {
    const Heading next = bundles.size() + 1 < most ? find_heading(text, heading.end) : Heading{};
    line += base::count_lines(text.substr(counted, heading.end - counted));
    counted = heading.end;
    bundles.push_back({heading.trust_domain,
                       text.substr(heading.end, next.found() ? next.begin - heading.end : next.begin), line});
    heading = next;
  }
  return bundles;
}

}  // namespace meshcert::input
