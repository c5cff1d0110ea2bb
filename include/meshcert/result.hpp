#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "meshcert/source_ref.hpp"

namespace meshcert {

/// Error says why reading failed: where, and one sentence a person can act on.
/// It is the answer to "could not look"; "looked, and it is wrong" is a Finding.
/// The message may carry bytes of the input; renderers escape it.
struct Error {
  SourceRef where;
  std::string message;
};

/// Result is a value or the reason there is none. Library code reports bad
/// input this way and never throws for it. Nothing else says `tl::`.
template <class T, class E = Error>
using Result = tl::expected<T, E>;

/// fail turns an error into any Result: `return fail(Error{where, "..."});`
template <class E>
[[nodiscard]] tl::unexpected<E> fail(E error) {
  return tl::unexpected<E>(std::move(error));
}

/// Reason is a sentence with static lifetime ("trust domain is missing"), for
/// parsers small enough that every failure can be named in advance.
using Reason = std::string_view;

}  // namespace meshcert
