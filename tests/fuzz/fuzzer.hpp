#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "meshcert/bytes.hpp"

/// What every fuzz target defines: run one input, abort on a broken promise.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace meshcert::fuzz {

/// require states a promise that holds for every input, in every build.
inline void require(bool promise) {
  if (!promise) std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return as_text({data, size});
}

}  // namespace meshcert::fuzz
