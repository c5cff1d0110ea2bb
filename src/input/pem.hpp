#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/limits.hpp"

namespace meshcert::input {

/// PemFault is why what stands between two PEM lines is no block.
enum class PemFault : std::uint8_t {
  none,
  begin_unfinished,   ///< the BEGIN line does not end in five dashes
  no_end,             ///< another BEGIN, or the end of the text, comes first
  end_unfinished,     ///< the END line does not end in five dashes
  labels_differ,      ///< END names another label than BEGIN
  end_without_begin,  ///< an END line on its own; no block was begun
};

/// PemOddity is a way of writing a whole block that some readers refuse.
enum class PemOddity : std::uint8_t {
  joined,            ///< BEGIN follows the END of the block before on one line
  indented,          ///< white space before BEGIN or END
  not_alone,         ///< other text on the line of BEGIN or END
  byte_order_mark,   ///< directly before BEGIN
  literal_newlines,  ///< line breaks written as the two characters \n
  carriage_returns,  ///< the only line breaks of the text are CR
  quoted,            ///< lines begin with ">", as in mails
  count_
};

/// PemBlock is what was found from a BEGIN line on. Views the text.
struct PemBlock {
  std::string_view label;      ///< as it stands; "" is possible
  std::string_view end_label;  ///< of labels_differ and end_without_begin
  std::string_view body;       ///< between the lines, with RFC 1421 headers; empty unless there is an END
  std::uint32_t line = 0;      ///< of BEGIN, counted from 1
  PemFault fault = PemFault::none;
  std::uint8_t oddities = 0;  ///< bit n is PemOddity n; only of blocks without fault

  [[nodiscard]] bool has(PemOddity oddity) const { return (oddities >> static_cast<unsigned>(oddity)) & 1U; }
};

/// PemGap is text outside of all blocks. Views the text.
struct PemGap {
  std::string_view text;
  std::uint32_t line;  ///< where it begins, counted from 1
};

/// PemText is a whole text, accounted for: each BEGIN in it is one of `blocks`.
struct PemText {
  std::vector<PemBlock> blocks;  ///< in order
  std::vector<PemGap> gaps;      ///< before, between and after blocks, where that is not empty
  std::size_t begun = 0;         ///< BEGIN lines: all of `blocks` but END lines on their own
  bool stopped = false;          ///< limits.pem_blocks was reached: the rest was not looked at
};

/// split_pem finds every PEM block (RFC 7468, and RFC 1421 as OpenSSL writes it)
/// in a text, in one linear pass, and judges no contents. Markers are found anywhere
/// on a line.
[[nodiscard]] PemText split_pem(std::string_view text, const Limits& limits);

/// pem_base64 gives the part of a body that is base64: without RFC 1421 headers.
/// Not for bodies of a block with oddities: see plain_body.
[[nodiscard]] std::string_view pem_base64(std::string_view body);

/// is_plain: the body needs no repair before it is base64.
[[nodiscard]] bool is_plain(const PemBlock& block);

/// plain_body is the body with line breaks in place of the two characters \n (and
/// \r) or of CR, and without marks of quotation, whichever the block is written with.
[[nodiscard]] std::string plain_body(const PemBlock& block);

}  // namespace meshcert::input
