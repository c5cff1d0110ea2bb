#pragma once

#include <string>

#include "tests/support/source_tree.hpp"

namespace meshcert::testing {

/// blocks_of is the PEM of a sample without the text above it.
inline std::string blocks_of(const std::string& path) {
  const std::string text = read_source(path);
  return text.substr(text.find("-----BEGIN"));
}

}  // namespace meshcert::testing
