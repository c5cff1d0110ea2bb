#include "base/glob.hpp"

#include <algorithm>

namespace meshcert::base {

// Iterative, so that its time is at most the product of the two lengths.
bool matches_glob(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && (glob[g] == '?' || (glob[g] == text[t] && glob[g] != '*'))) {
      ++g, ++t;
    } else if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

namespace {

std::string without_idle_parts(std::string_view path) {
  std::string text = path.starts_with('/') ? "/" : "";
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (!text.empty() && !text.ends_with('/')) text += '/';
    text += part;
  }
  return text;
}

}  // namespace

bool is_excluded(const std::vector<std::string>& globs, std::string_view path) {
  if (globs.empty()) return false;
  const std::string whole = without_idle_parts(path);
  const std::string_view name = std::string_view(whole).substr(whole.rfind('/') + 1);
  return std::ranges::any_of(globs, [&](std::string_view written) {
    const std::string glob = without_idle_parts(written);
    return matches_glob(glob, glob.find('/') == std::string::npos ? name : whole);
  });
}

bool is_within_excluded(const std::vector<std::string>& globs, std::string_view path) {
  if (globs.empty()) return false;
  for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1))
    if (is_excluded(globs, path.substr(0, end))) return true;
  return is_excluded(globs, path);
}

}  // namespace meshcert::base
