// What may lie where: the top level, the characters of sources, the prose that
// opens every certificate, links that lead somewhere.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "tests/support/source_tree.hpp"

using meshcert::testing::read_source;
using meshcert::testing::read_tree;
using meshcert::testing::source_root;
using meshcert::testing::split_lines;

namespace fs = std::filesystem;

namespace {

const std::set<std::string> kTopLevel = {"CMakeLists.txt",
                                         "CMakePresets.json",
                                         "LICENSE",
                                         "README.md",
                                         "src",
                                         "include",
                                         "tools",
                                         "certs",
                                         "tests",
                                         "docs"};

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// What only one machine has: a home directory, or the directory that this
/// checkout lies in (when it is deep enough to be telling).
std::string machine_path_in(const std::string& text) {
  static const std::regex home(
      "(^|[^A-Za-z0-9_.*-])(/(home|Users)/[a-z]|/ro"
      "ot/)");
  std::smatch match;
  if (std::regex_search(text, match, home)) return match[2];
  const auto root = source_root();
  return std::ranges::count(root, '/') >= 2 && text.find(root) != std::string::npos ? root : "";
}

}  // namespace

TEST_CASE("the top level holds only what was agreed") {
  for (const auto& entry : fs::directory_iterator(source_root())) {
    const auto name = entry.path().filename().string();
    CAPTURE(name);
    CHECK((kTopLevel.contains(name) || name.starts_with(".") || name.starts_with("build")));
  }
  for (const auto& name : kTopLevel) CHECK_MESSAGE(fs::exists(fs::path(source_root()) / name), name);
}

TEST_CASE("sources are ASCII") {
  for (const auto& file : read_tree({"include", "src", "tools", "tests", ".ci"},
                                    {".hpp", ".cpp", ".def", ".cmake", ".txt", ".sh", ".case", "run"})) {
    CHECK_MESSAGE(is_ascii(file.text), file.path);
  }
}

TEST_CASE("no file names a path of somebody's machine") {
  for (const auto& file : read_tree({"include", "src", "tools", "tests", "docs", "certs", ".ci"})) {
    const auto path = machine_path_in(file.text);
    if (!path.empty()) FAIL_CHECK(file.path << " contains " << path);
  }
  CHECK(machine_path_in("open /ho"
                        "me/someone/x") != "");
  CHECK(machine_path_in("certs/root/custom.pem") == "");
}

TEST_CASE("every certificate file opens with prose") {
  std::size_t counted = 0;
  for (const auto& file : read_tree({"certs"}, {".pem"})) {
    // A sample without any block is about being empty or broken.
    if (file.text.find("-----BEGIN ") == std::string::npos) continue;
    ++counted;
    CHECK_MESSAGE(!file.text.starts_with("-----BEGIN"), file.path);
  }
  CHECK(counted > 10);
}

TEST_CASE("relative links in the documents lead to files") {
  static const std::regex link(R"(\]\(([^)#:]+)(#[^)]*)?\))");
  auto files = read_tree({"docs", "certs"}, {".md"});
  files.push_back({"README.md", read_source("README.md")});
  for (const auto& file : files) {
    for (auto it = std::sregex_iterator(file.text.begin(), file.text.end(), link);
         it != std::sregex_iterator(); ++it) {
      const auto target = fs::path(source_root()) / fs::path(file.path).parent_path() / (*it)[1].str();
      CHECK_MESSAGE(fs::exists(target), file.path << " links to " << (*it)[1].str());
    }
  }
}

TEST_CASE("the documents that others point to exist") {
  for (const std::string name :
       {"design.md", "findings.md", "inputs.md", "limits.md", "testing.md", "adding-a-check.md"}) {
    CHECK_MESSAGE(read_source("docs/" + name).size() > 200, name);
  }
}
