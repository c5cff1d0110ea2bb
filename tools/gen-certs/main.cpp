#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>
#include <vector>

#include "write.hpp"

namespace {

constexpr std::string_view kUsage =
    "usage: gen-certs [--check | --new-keys] DIR\n"
    "Writes the samples of certs/ into DIR; --check compares; --new-keys makes missing keys.\n";

int run(std::string_view mode, const std::filesystem::path& certs) {
  if (mode == "--new-keys") {
    gencerts::Keys::make(certs / "keys");
    return 0;
  }
  gencerts::Workshop workshop(certs);
  const gencerts::Files files = gencerts::make_files(workshop);
  if (mode == "--check") return gencerts::check_files(certs, files) == 0 ? 0 : 1;
  gencerts::write_files(certs, files);
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string_view> arguments(argv + 1, argv + argc);
  std::string_view mode = "write";
  if (arguments.size() == 2 && (arguments[0] == "--check" || arguments[0] == "--new-keys")) {
    mode = arguments[0];
    arguments.erase(arguments.begin());
  }
  if (arguments.size() != 1 || arguments[0].starts_with("-")) {
    fmt::print(stderr, "{}", kUsage);
    return 2;
  }
  return run(mode, arguments[0]);
} catch (const std::exception& error) {
  fmt::print(stderr, "gen-certs: error: {}\n", error.what());
  return 1;
}
