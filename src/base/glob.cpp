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

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

}  // namespace

bool is_excluded(const std::vector<std::string>& globs, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::string_view whole = without_dot(path);
  return std::ranges::any_of(globs, [&](std::string_view glob) {
    glob = without_dot(glob);
    if (glob.size() > 1 && glob.ends_with('/')) glob.remove_suffix(1);
    return matches_glob(glob, glob.find('/') == std::string_view::npos ? name : whole);
  });
}

}  // namespace meshcert::base
