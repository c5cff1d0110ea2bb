#include "meshcert/glob.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "base/glob.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {
namespace {

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

/// Expansion follows one pattern through the directories.
class Expansion {
 public:
  Expansion(Env& env, const std::vector<std::string>& exclude) : env_(env), exclude_(exclude) {}

  [[nodiscard]] std::vector<std::string> of(std::string_view pattern) {
    const bool absolute = pattern.starts_with('/');
    written_ = pattern.substr(0, pattern.find_first_of("*?")).rfind('/') + 1;
    follow(absolute ? "/" : "", pattern);
    std::ranges::sort(found_);
    const auto again = std::ranges::unique(found_);
    found_.erase(again.begin(), again.end());
    return std::move(found_);
  }

  /// excluded: something matched, and was left out.
  [[nodiscard]] bool excluded() const { return excluded_; }

 private:
  // Not of what stands before the first wildcard.
  bool leave_out(const std::string& path) {
    if (path.size() <= written_ || !base::is_excluded(exclude_, path)) return false;
    excluded_ = true;
    return true;
  }

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
    if (!facts || leave_out(path)) return;
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
      if (leave_out(below + name) || !walked_.insert(facts->identity).second) continue;
      deeper(below + name + "/", further);
    }
  }

  std::vector<std::string> names(const std::string& below) {
    const std::string directory = below.size() > 1 ? below.substr(0, below.size() - 1) : below;
    auto listed = env_.list_directory(directory.empty() ? "." : directory);
    return listed ? std::move(*listed) : std::vector<std::string>{};
  }

  Env& env_;
  const std::vector<std::string>& exclude_;
  std::size_t written_ = 0;
  bool excluded_ = false;
  std::vector<std::string> found_;
  std::set<std::string> walked_;
};

std::vector<std::string> expand_globs(const std::vector<std::string>& inputs, Env& env,
                                      const std::vector<std::string>& exclude) {
  std::vector<std::string> expanded;
  for (const std::string& input : inputs) {
    if (input == "-" || !is_pattern(input) || env.look_at(input)) {
      expanded.push_back(input);
      continue;
    }
    Expansion expansion(env, exclude);
    std::vector<std::string> found = expansion.of(input);
    if (found.empty() && !expansion.excluded()) found.push_back(input);
    std::ranges::move(found, std::back_inserter(expanded));
  }
  return expanded;
}

}  // namespace

std::vector<std::string> inputs_to_read(const std::vector<std::string>& inputs, Env& env,
                                        const std::vector<std::string>& exclude) {
  if (inputs.empty() && env.stdin_is_terminal())
    throw UsageError{"no INPUT: name a file, a directory or '-', or pipe something in"};
  if (std::ranges::count(inputs, "-") > 1) throw UsageError{"'-' is given twice, but stdin can be read once"};
  return inputs.empty() ? std::vector<std::string>{"-"} : expand_globs(inputs, env, exclude);
}

}  // namespace meshcert::cli
