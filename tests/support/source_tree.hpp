#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// The source tree as the tests about the project itself see it.
namespace meshcert::testing {

/// SourceFile is a file of the tree: its path below the root with "/", and its octets.
struct SourceFile {
  std::string path;
  std::string text;
};

/// source_root is the directory of the top-level CMakeLists.txt.
[[nodiscard]] std::string source_root();

/// read_source reads one file below the root; one that cannot be read fails
/// the test and is empty.
[[nodiscard]] std::string read_source(const std::string& path);

/// read_tree reads every file below the directories whose name ends with one of
/// the endings (all files when there are none), in sorted order.
[[nodiscard]] std::vector<SourceFile> read_tree(std::initializer_list<std::string_view> directories,
                                                std::initializer_list<std::string_view> endings = {});

[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);
[[nodiscard]] std::string trimmed(std::string_view text);

/// blank_out replaces comments, string and character literals by spaces, keeping
/// every line where it is, so that braces and words that are left mean code.
[[nodiscard]] std::string blank_out(std::string_view code);

}  // namespace meshcert::testing
