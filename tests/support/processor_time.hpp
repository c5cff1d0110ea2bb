#pragma once

#include <ctime>

namespace meshcert::testing {

/// processor_seconds is the processor time of this process so far: what others do meanwhile does not count.
[[nodiscard]] inline double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace meshcert::testing
