#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshcert::input {

/// Readers recurse, so the nesting that a caller may allow (Limits::depth) is bounded too.
inline constexpr std::size_t kDeepest = 1000;

/// What is said where the limit is that.
inline constexpr std::string_view kNoDeeper = "--max-depth goes no deeper";

/// too_deep says that `what` ("the JSON is") nests beyond the limit, and what raises it, if anything does.
inline std::string too_deep(std::string_view what, std::size_t limit) {
  return std::string(what) + " nested more than " + std::to_string(limit) + " deep, the limit; " +
         std::string(limit < kDeepest ? "raise it with --max-depth" : kNoDeeper);
}

}  // namespace meshcert::input
