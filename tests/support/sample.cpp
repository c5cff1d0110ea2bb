#include "tests/support/sample.hpp"

#include <doctest/doctest.h>

#include "tests/support/source_tree.hpp"

namespace meshcert::testing {

std::string sample(const std::string& path) {
  return read_source("certs/" + path);
}

std::string pem_of(const std::string& path) {
  const std::string text = sample(path);
  const std::size_t start = text.find("-----BEGIN");
  REQUIRE(start != std::string::npos);
  return text.substr(start);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string tlv(char tag, const std::string& contents) {
  const auto size = contents.size();
  const std::string length{'\x82', static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)};
  return tag + (size < 128 ? std::string(1, static_cast<char>(size)) : length) + contents;
}

}  // namespace meshcert::testing
