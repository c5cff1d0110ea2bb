// The size rules of docs/design.md: a function fits on a screen, a file in one
// sitting. What is above 300 lines is listed below with its reason.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>

#include "tests/support/source_tree.hpp"

using meshcert::testing::blank_out;
using meshcert::testing::read_tree;
using meshcert::testing::SourceFile;
using meshcert::testing::trimmed;

namespace {

constexpr std::size_t kFunctionLines = 60;
constexpr std::size_t kFileLines = 500;
constexpr std::size_t kHeaderLines = 200;
constexpr std::size_t kAskWhy = 300;

/// Files above kAskWhy lines, each with the reason why it is one room.
const std::map<std::string, std::string>& long_files() {
  static const std::map<std::string, std::string> reasons = {
      {"src/checks/chain.cpp", "the findings of the family, and their words"},
      {"src/checks/usage.cpp", "the findings of the family, and their words"},
      {"src/checks/chain_judge.cpp", "one judge, whose rules share a chain, its walk and its path"},
      {"src/checks/probe.cpp", "its findings, half of it their words and the advice by stage"},
      {"src/checks/secret_uses.cpp", "what becomes of a Secret in use, a small function for each rule"},
      {"src/path/revocation.cpp", "RFC 5280 6.3.3, a small function for each of its steps"},
      {"src/checks/root.cpp", "its findings, half of it their words"},
      {"src/checks/xfcc.cpp", "its findings, half of it their words"},
      {"src/input/pem_text.cpp", "one account of a text's blocks, a small function for each kind"},
      {"src/input/kubernetes_data.cpp",
       "one reader of the values of an object, a small function for each kind"},
      {"src/input/envoy_material.cpp",
       "what a secret or a TLS context of Envoy holds, a small function for each field"},
      {"src/input/read_input.cpp", "one way from octets to the reader of their format"},
      {"src/input/yaml_reader.cpp", "one stack of open values, from libyaml's events to parts"},
      {"src/input/json_splitter.cpp", "one walk, whose steps share the window, the frame and the failure"},
      {"tests/cli/shards_test.cpp",
       "every way in which merged lines could differ from a run over the inputs"},
      {"tests/cli/probe_test.cpp", "every way in which a server can behave, in one place"},
      {"src/report/text.cpp", "one decode, a small function for each kind of thing in it"},
      {"tools/gen-certs/recipes_chain.cpp", "one table of chains, a few lines for each"},
      {"tools/gen-certs/recipes_crl.cpp", "one CA, and a list of it for each finding"},
      {"tools/gen-certs/recipes_webhook.cpp",
       "one injector of istiod's, and a change around it for each finding"},
      {"tools/gen-certs/recipes_gateway.cpp", "one cluster, and a change to it for each finding"},
      {"tests/unit/checks/gateway_test.cpp", "gateways made of a few lines, which share the words for them"},
      {"tests/unit/input/files_test.cpp", "every form of a file in one place, mostly tables"},
  };
  return reasons;
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

struct Function {
  std::string head;
  std::size_t line;
  std::size_t lines;
};

enum class Scope { open, function, other };  // open: a namespace or a class, where functions live

/// Finds the functions of a source text: outermost braces, below namespaces and
/// classes, whose head ends like a function's. Lambdas count with their function.
class FunctionFinder {
 public:
  explicit FunctionFinder(const std::string& text) {
    for (const char c : without_directives(blank_out(text))) step(c);
  }
  std::vector<Function> found;

 private:
  struct Level {
    Scope scope;
    std::string head;
    std::size_t line;
  };

  static std::string without_directives(const std::string& code) {
    static const std::regex directive(R"(\n[ \t]*#(?:\\\n|[^\n])*)");
    return std::regex_replace("\n" + code, directive, "\n").substr(1);
  }

  /// Reduces a head to what tells its kind: parentheses with all they hold
  /// become "@", defaults of template parameters and operator signs go.
  static std::string reduced(std::string head) {
    static const std::regex noise(R"(operator\s*(\(\)|[^\w\s(]+)|=\s*[\w:]+(?=\s*[,>]))");
    static const std::regex parentheses(R"(\([^()]*\))");
    head = std::regex_replace(head, noise, "");
    for (std::string before; before != head;) {
      before = head;
      head = std::regex_replace(head, parentheses, "@");
    }
    return trimmed(head);
  }

  static Scope scope_of(const std::string& head) {
    static const std::regex named(R"((.*\s)?(namespace|class|struct|union|enum)\b[^@=]*)");
    static const std::regex callable(R"([^=]*@(\s*:[^:].*@|[\w\s&]*(->.*)?))");
    const auto text = reduced(head);
    if (std::regex_match(text, named)) return Scope::open;
    return std::regex_match(text, callable) ? Scope::function : Scope::other;
  }

  bool in_open_scope() const { return levels_.empty() || levels_.back().scope == Scope::open; }

  void step(char c) {
    if (c == '\n') ++line_;
    if (c == '{') return open();
    if (c == '}') return close();
    if (!in_open_scope()) return;
    if (c == ';') return head_.clear();
    if (head_.empty() && std::isspace(static_cast<unsigned char>(c)) != 0) return;
    if (head_.empty()) head_line_ = line_;
    head_ += c == '\n' ? ' ' : c;
    if (head_ == "public:" || head_ == "private:" || head_ == "protected:") head_.clear();
  }

  void open() {
    levels_.push_back({in_open_scope() ? scope_of(head_) : Scope::other, head_, head_line_});
    if (levels_.back().scope == Scope::open) head_.clear();
  }

  void close() {
    if (levels_.empty()) return;
    const auto level = levels_.back();
    levels_.pop_back();
    if (level.scope == Scope::function) found.push_back({level.head, level.line, line_ - level.line + 1});
    // A braced member initialiser belongs to a head that goes on after it.
    if (in_open_scope()) head_ = level.scope == Scope::other ? level.head + "()" : "";
  }

  std::vector<Level> levels_;
  std::string head_;
  std::size_t line_ = 1;
  std::size_t head_line_ = 1;
};

std::vector<Function> functions_of(const std::string& text) {
  return FunctionFinder(text).found;
}

}  // namespace

TEST_CASE("functions are found and measured") {
  const auto functions = functions_of(R"(
#define MACRO(x) {
namespace a::b {
struct Row { int n = {}; };
enum class Kind : int { one, two };
constexpr Row kRows[] = {{1}, {2}};
int one(const char* s) { return s[0] == '{'; }
class Thing : public Row {
 public:
  Thing(int n) : n_{n}, m_(2) {
    if (n) {
    }
  }
  bool operator==(const Thing&) const {
    return true;
  }
  auto third() const -> int {
    auto f = [](int x) {
      return x;
    };
    return f(R"x(})x");
  }
 private:
  int n_;
};
template <class T, class E = int>
int fourth(int n = 4) {
  return n;
}
TEST_CASE("five") {

}
}
)");
  std::string lines;
  for (const auto& function : functions) lines += std::to_string(function.lines) + " ";
  CHECK(lines == "1 4 3 6 4 3 ");
}

TEST_CASE("no function is longer than a screen") {
  std::size_t counted = 0;
  for (const auto& file : read_tree({"include", "src", "tools"}, {".hpp", ".cpp"})) {
    for (const auto& function : functions_of(file.text)) {
      ++counted;
      if (function.lines <= kFunctionLines) continue;
      FAIL_CHECK(file.path << ":" << function.line << ": " << function.lines << " lines, at most "
                           << kFunctionLines << ": " << trimmed(function.head).substr(0, 80));
    }
  }
  CHECK(counted > 100);
}

TEST_CASE("no file is longer than a sitting") {
  for (const auto& file : read_tree({"include", "src", "tools", "tests"}, {".hpp", ".cpp"})) {
    CAPTURE(file.path);
    const auto lines = line_count(file.text);
    const bool is_public = file.path.starts_with("include/");
    CHECK(lines <= (is_public ? kHeaderLines : kFileLines));
    if (lines > kAskWhy)
      CHECK_MESSAGE(long_files().contains(file.path), lines << " lines and no reason given");
  }
}

TEST_CASE("no reason outlives its long file") {
  for (const auto& [path, reason] : long_files()) {
    CAPTURE(path);
    CHECK(line_count(meshcert::testing::read_source(path)) > kAskWhy);
    CHECK_FALSE(reason.empty());
  }
}
