#include "input/pem_words.hpp"

#include <fmt/format.h>
#include <array>

#include "input/pem_label.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kRewrite = "have it written anew: meshcert inspect -o pem FILE > clean.pem";
constexpr std::array kOddities = {
    OddityRow{PemOddity::joined, DefectKind::joined_pem_blocks, "BEGIN stands on the line of the END before",
              ""},
    OddityRow{PemOddity::indented, DefectKind::broken_pem_block,
              "BEGIN or END is indented: read here, but Go, OpenSSL and BoringSSL do not see the block",
              "take the indentation off: sed 's/^[[:blank:]]*//' FILE > clean.pem"},
    OddityRow{
        PemOddity::not_alone, DefectKind::broken_pem_block,
        "BEGIN or END shares its line with other text: read here, but Go, OpenSSL and BoringSSL refuse it",
        kRewrite},
    OddityRow{PemOddity::byte_order_mark, DefectKind::broken_pem_block,
              "a byte order mark stands before BEGIN: read here, but Go and BoringSSL do not see the block",
              kRewrite},
    OddityRow{
        PemOddity::literal_newlines, DefectKind::broken_pem_block,
        "line breaks are written as the two characters \\n: read here, but Go, OpenSSL and BoringSSL refuse it",
        "turn them into line breaks: printf '%b\\n' \"$(cat FILE)\" > clean.pem"},
    OddityRow{PemOddity::carriage_returns, DefectKind::broken_pem_block,
              "its lines end in CR alone: read here, but Go, OpenSSL and BoringSSL see no line and no block",
              "end them in LF: tr '\\r' '\\n' < FILE > clean.pem"},
    OddityRow{
        PemOddity::quoted, DefectKind::broken_pem_block,
        "its lines are quoted with \">\", as in a mail: read here, but Go, OpenSSL and BoringSSL do not see it",
        "take the marks off: sed 's/^[> ]*//' FILE > clean.pem"},
};

}  // namespace

std::span<const OddityRow> oddity_rows() {
  return kOddities;
}

std::string explain_fault(const PemBlock& block) {
  switch (block.fault) {
    case PemFault::none:
      return "";
    case PemFault::begin_unfinished:
      return "the BEGIN line does not end in five dashes";
    case PemFault::no_end:
      return fmt::format("no END line for BEGIN {}", shown_label(block.label));
    case PemFault::end_unfinished:
      return fmt::format("the END line of BEGIN {} does not end in five dashes", shown_label(block.label));
    case PemFault::labels_differ:
      return fmt::format("BEGIN {} is closed by END {}", shown_label(block.label),
                         shown_label(block.end_label));
    case PemFault::end_without_begin:
      return fmt::format("END {} without a BEGIN line", shown_label(block.end_label));
  }
  return "";
}

std::string explain_misspelt(std::string_view label) {
  if (label.empty()) return "the label is empty";
  return fmt::format("label {} is not {}", shown_label(label),
                     is_nearly_key(label) ? "that of a private key" : "CERTIFICATE");
}

}  // namespace meshcert::input
