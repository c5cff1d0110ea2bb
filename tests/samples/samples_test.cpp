// Real files of other projects against the verdicts of samples.tsv. They are not
// part of this tree: MESHCERT_SAMPLES names the directory they were unpacked to,
// or ../shared/samples.tar.xz is unpacked into the build directory; else skipped.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>

#include "tests/support/program.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert::testing;

namespace fs = std::filesystem;

namespace {

struct Row {
  std::string file;
  std::string status;  ///< or "later"
  std::set<std::string> wanted;
  std::set<std::string> tolerated;
  std::string options;
  std::string why;
};

std::set<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::set<std::string> words;
  for (std::string word; stream >> word;) words.insert(word);
  words.erase("-");
  return words;
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> columns(1);
  for (const char c : line) {
    if (c == '\t') {
      columns.emplace_back();
    } else {
      columns.back() += c;
    }
  }
  return columns;
}

std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (const auto& line : split_lines(read_source("tests/samples/samples.tsv"))) {
    if (line.starts_with('#')) continue;
    const auto columns = columns_of(line);
    REQUIRE_MESSAGE(columns.size() == 6, line);
    rows.push_back(
        {columns[0], columns[1], words_of(columns[2]), words_of(columns[3]), columns[4], columns[5]});
  }
  return rows;
}

std::optional<std::string> unpacked(const fs::path& archive) {
  const fs::path target = fs::path(MESHCERT_BINARY_DIR) / "samples";
  if (fs::exists(target / "samples")) return (target / "samples").string();
  if (!fs::exists(archive)) return std::nullopt;
  fs::create_directories(target);
  const auto outcome = run_shell("tar -xJf '" + archive.string() + "' -C '" + target.string() + "'");
  CHECK(outcome.status == 0);
  return (target / "samples").string();
}

std::optional<std::string> directory_of_samples() {
  if (const char* given = std::getenv("MESHCERT_SAMPLES")) return given;
  const char* shared = std::getenv("MESHCERT_SHARED");
  return unpacked(fs::path(shared != nullptr ? shared : source_root() + "/../shared") / "samples.tar.xz");
}

/// The samples' directory; where there is none, says that the test is skipped.
std::optional<std::string> samples() {
  const auto directory = directory_of_samples();
  if (!directory) std::cout << "samples: skipped, no directory of samples (MESHCERT_SAMPLES)\n";
  return directory;
}

void check_row(const Row& row, const std::string& directory) {
  CAPTURE(row.file);
  CAPTURE(row.options);
  CAPTURE(row.why);
  const auto outcome =
      run_shell("meshcert inspect -o json " + row.options + " '" + directory + "/" + row.file + "'");
  CHECK(std::to_string(outcome.status) == row.status);
  std::set<std::string> found;
  for (const auto& finding : findings_in(outcome.out)) found.insert(finding.code);
  for (const auto& code : row.wanted) CHECK_MESSAGE(found.contains(code), "missing: ", code);
  for (const auto& code : found) {
    CHECK_MESSAGE((row.wanted.contains(code) || row.tolerated.contains(code)), "undeserved: ", code);
  }
}

/// The lines of base64 of a text's private keys.
std::vector<std::string> secret_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::vector<std::string> lines;
  bool in_key = false;
  for (const auto& line : split_lines(text)) {
    if (line.starts_with("-----"))
      in_key = line.starts_with("-----BEGIN") && line.find("PRIVATE KEY") != std::string::npos;
    else if (in_key && line.size() >= 16)
      lines.push_back(trimmed(line));
  }
  return lines;
}

}  // namespace

TEST_CASE("real files get the verdict they deserve") {
  const auto directory = samples();
  if (!directory) return;
  for (const auto& row : all_rows()) {
    if (row.status != "later") check_row(row, *directory);
  }
}

TEST_CASE("no real file ends in a crash or shows a private key") {
  const auto directory = samples();
  if (!directory) return;
  std::set<std::string> files;
  for (const auto& row : all_rows()) files.insert(row.file);
  for (const auto& file : files) {
    CAPTURE(file);
    const auto outcome = run_shell("meshcert inspect -o text -v '" + *directory + "/" + file + "' 2>&1");
    CHECK((outcome.status == 0 || outcome.status == 1 || outcome.status == 3));
    for (const auto& line : secret_lines(*directory + "/" + file)) {
      CHECK_MESSAGE(outcome.out.find(line) == std::string::npos, "shows a line of a private key");
    }
  }
}
