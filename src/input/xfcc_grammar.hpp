#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "meshcert/result.hpp"
#include "meshcert/xfcc.hpp"

namespace meshcert::input {

/// XfccElement is one element of the header: what one proxy wrote.
using XfccElement = std::vector<XfccField>;

/// parse_xfcc takes a header's value apart as Envoy does (source/extensions/formatter/
/// xfcc_value/xfcc_value.cc): a quote toggles unless an odd number of backslashes is
/// before it; "," parts elements and ";" pairs outside of quotes; a pair is cut at its
/// first "="; blanks around key and value and one pair of quotes around the value are
/// taken off; only \" and \\ are unescaped. Pairs without any character are left out.
/// Fails with the offset of a quote that is never closed. Linear.
[[nodiscard]] Result<std::vector<XfccElement>, std::size_t> parse_xfcc(std::string_view header);

/// knows_any: one of the pairs has a key that is known.
[[nodiscard]] bool knows_any(const XfccElement& element);

}  // namespace meshcert::input
