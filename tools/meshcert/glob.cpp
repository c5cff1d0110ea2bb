#include "meshcert/glob.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/glob.hpp"

namespace meshcert::cli {
namespace {

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

/// Expansion follows one pattern through the directories.
class Expansion {
 public:
  explicit Expansion(Env& env) : env_(env) {}

  [[nodiscard]] std::vector<std::string> of(std::string_view pattern) {
    const bool absolute = pattern.starts_with('/');
    follow(absolute ? "/" : "", pattern);
    std::ranges::sort(found_);
    const auto again = std::ranges::unique(found_);
    found_.erase(again.begin(), again.end());
    return std::move(found_);
  }

 private:
  // `below` is "" or ends in '/'.
  void follow(const std::string& below, std::string_view rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
    if (rest.empty()) return;
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    const std::string_view further = rest.substr(end);
    if (part == "**") return deeper(below, further);
    if (!is_pattern(part)) return step(below + std::string(part), further);
    for (const std::string& name : names(below))
      if (base::matches_glob(part, name) && name.starts_with('.') == part.starts_with('.'))
        step(below + name, further);
  }

  void step(const std::string& path, std::string_view further) {
    const auto facts = env_.look_at(path);
    if (!facts) return;
    if (further.find_first_not_of('/') == std::string_view::npos)
      found_.push_back(path);
    else if (facts->kind == FileFacts::Kind::directory)
      follow(path + "/", further);
  }

  // "**": here, and in every directory below; one that leads back up is met once.
  void deeper(const std::string& below, std::string_view further) {
    if (further.find_first_not_of('/') == std::string_view::npos) further = "/*";
    follow(below, further);
    for (const std::string& name : names(below)) {
      const auto facts = env_.look_at(below + name);
      if (name.starts_with('.') || !facts || facts->kind != FileFacts::Kind::directory) continue;
      if (!walked_.insert(facts->identity).second) continue;
      deeper(below + name + "/", further);
    }
  }

  std::vector<std::string> names(const std::string& below) {
    const std::string directory = below.size() > 1 ? below.substr(0, below.size() - 1) : below;
    auto listed = env_.list_directory(directory.empty() ? "." : directory);
    return listed ? std::move(*listed) : std::vector<std::string>{};
  }

  Env& env_;
  std::vector<std::string> found_;
  std::set<std::string> walked_;
};

}  // namespace

std::vector<std::string> expand_globs(const std::vector<std::string>& inputs, Env& env) {
  std::vector<std::string> expanded;
  for (const std::string& input : inputs) {
    if (input == "-" || !is_pattern(input) || env.look_at(input)) {
      expanded.push_back(input);
      continue;
    }
    std::vector<std::string> found = Expansion(env).of(input);
    if (found.empty()) found.push_back(input);
    std::ranges::move(found, std::back_inserter(expanded));
  }
  return expanded;
}

}  // namespace meshcert::cli
