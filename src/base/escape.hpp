#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshcert::base {

/// escape_for_terminal makes text of any origin safe to show. Printable code
/// points stay; what could move the cursor, hide or reorder is spelt out:
///   \x1b      C0 controls, DEL, and octets that are not UTF-8
///   \u{202e}  any other code point that leaves no mark of its own or another
///             than it seems: C1, bidi controls, zero-width and other ignorable
///             characters, white space but the plain space, line separators,
///             unassigned, private-use and non-characters
/// Lower-case hex. Backslashes before what would read like one of these are doubled,
/// so that no text passes for another; all others are left alone, since names have
/// their own (RFC 4514). The result is valid UTF-8, and is not to be escaped again.
[[nodiscard]] std::string escape_for_terminal(std::string_view text);

/// is_valid_utf8 is strict (RFC 3629): no surrogates, no overlong forms.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// to_valid_utf8 replaces each maximal ill-formed part by U+FFFD, as the Unicode
/// Standard (3.9) recommends.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

/// display_width counts the terminal columns of escaped text: East Asian wide
/// characters two, combining marks none.
[[nodiscard]] std::size_t display_width(std::string_view escaped);

/// elide_end shortens escaped text to at most `columns`, "..." for what is cut.
[[nodiscard]] std::string elide_end(std::string_view escaped, std::size_t columns);

/// elide_middle does so in the middle, where both ends tell: "spiffe://...sa/default".
[[nodiscard]] std::string elide_middle(std::string_view escaped, std::size_t columns);

}  // namespace meshcert::base
