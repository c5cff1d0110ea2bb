#include "write.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

namespace gencerts {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// strays are files under certs/ that neither a recipe nor the table of keys knows.
std::set<std::string> strays(const fs::path& certs, const Files& files) {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(certs)) {
    const std::string path = entry.path().lexically_relative(certs).generic_string();
    if (!entry.is_directory() && !files.contains(path)) found.insert(path);
  }
  for (const std::string& name : Keys::file_names()) found.erase("keys/" + name);
  return found;
}

}  // namespace

void write_files(const fs::path& certs, const Files& files) {
  for (const auto& [path, text] : files) {
    const fs::path target = certs / path;
    if (fs::exists(target) && read_file(target) == text) continue;
    fs::create_directories(target.parent_path());
    std::ofstream out(target, std::ios::binary);
    out << text;
    require(out.flush().good(), fmt::format("cannot write {}", target.string()));
    fmt::print("wrote {}\n", path);
  }
  for (const std::string& path : strays(certs, files)) fmt::print("no recipe makes {}: remove it\n", path);
}

int check_files(const fs::path& certs, const Files& files) {
  int faults = 0;
  const auto fault = [&](std::string_view path, std::string_view what) {
    fmt::print(stderr, "gen-certs: {}: {}\n", path, what);
    ++faults;
  };
  for (const auto& [path, text] : files) {
    if (!fs::exists(certs / path))
      fault(path, "missing; run gen-certs");
    else if (read_file(certs / path) != text)
      fault(path, "is not what its recipe makes; run gen-certs");
  }
  for (const std::string& path : strays(certs, files)) fault(path, "no recipe makes it");
  return faults;
}

}  // namespace gencerts
