#include "tests/support/source_tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace meshcert::testing {

namespace fs = std::filesystem;

namespace {

bool ends_with_any(const std::string& path, std::initializer_list<std::string_view> endings) {
  return endings.size() == 0 ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return path.ends_with(ending); });
}

/// Returns the position after the literal or comment that begins at `at`, or
/// `at` itself where none does.
std::size_t after_blank(std::string_view code, std::size_t at) {
  const auto rest = code.substr(at);
  const auto past = [&](std::string_view close, std::size_t from) {
    const auto end = code.find(close, from);
    return end == std::string_view::npos ? code.size() : end + close.size();
  };
  if (rest.starts_with("//")) return std::min(code.find('\n', at), code.size());
  if (rest.starts_with("/*")) return past("*/", at + 2);
  if (rest.starts_with("R\"")) {
    const auto open = code.find('(', at);
    return past(")" + std::string(code.substr(at + 2, open - at - 2)) + "\"", open);
  }
  const bool digit_separator = at > 0 && std::isalnum(static_cast<unsigned char>(code[at - 1])) != 0;
  if (rest[0] != '"' && (rest[0] != '\'' || digit_separator)) return at;
  for (auto end = at + 1; end < code.size(); ++end) {
    if (code[end] == '\\') {
      ++end;
    } else if (code[end] == rest[0]) {
      return end + 1;
    }
  }
  return code.size();
}

}  // namespace

std::string source_root() {
  return MESHCERT_SOURCE_DIR;
}

std::string read_source(const std::string& path) {
  std::ifstream file(fs::path(source_root()) / path, std::ios::binary);
  CHECK_MESSAGE(file.good(), "cannot read ", path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<SourceFile> read_tree(std::initializer_list<std::string_view> directories,
                                  std::initializer_list<std::string_view> endings) {
  std::vector<std::string> paths;
  for (const auto directory : directories) {
    const auto below = fs::path(source_root()) / directory;
    if (!fs::exists(below)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(below)) {
      const auto path = entry.path().lexically_relative(source_root()).generic_string();
      if (entry.is_regular_file() && ends_with_any(path, endings)) paths.push_back(path);
    }
  }
  std::ranges::sort(paths);
  std::vector<SourceFile> files;
  files.reserve(paths.size());
  for (const auto& path : paths) files.push_back({path, read_source(path)});
  return files;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::string blank_out(std::string_view code) {
  std::string out(code);
  for (std::size_t at = 0; at < code.size();) {
    const auto end = after_blank(code, at);
    for (auto i = at; i < end; ++i) {
      if (out[i] != '\n') out[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return out;
}

}  // namespace meshcert::testing
