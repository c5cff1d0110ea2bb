#include "meshcert/der_defects.hpp"

#include <bit>

namespace meshcert {
namespace {

constexpr auto kCount = static_cast<std::size_t>(DerDefect::count_);

/// In the order of the enumeration.
constexpr std::array<std::string_view, kCount> kDescriptions = {
    "a BER indefinite length",
    "a length encoded in more octets than it needs",
    "a tag encoded in more octets than it needs",
    "an INTEGER with a redundant leading octet",
    "a BOOLEAN that is neither 00 nor FF",
    "a DEFAULT value that is encoded",
    "cA FALSE that is encoded although it is the DEFAULT",
    "a BIT STRING with padding bits set",
    "a list of named bits with trailing zero bits",
    "a time that is not in the form of RFC 5280 4.1.2.5",
    "members of a SET that are out of order",
    "a string in constructed encoding",
    "an extension that occurs twice",
    "an empty SEQUENCE or SET where at least one member is required",
    "fields that the version does not have, or no such version",
    "signature algorithms inside and outside that differ",
    "a string with characters outside its alphabet",
    "octets left over after a value",
};

}  // namespace

void DerDefects::add(DerDefect defect, std::size_t offset) {
  if (has(defect)) return;
  bits_ |= 1U << static_cast<unsigned>(defect);
  offsets_[static_cast<std::size_t>(defect)] = static_cast<std::uint32_t>(offset);
}

std::vector<DerDefect> DerDefects::list() const {
  std::vector<DerDefect> defects;
  for (std::uint32_t rest = bits_; rest != 0; rest &= rest - 1)
    defects.push_back(static_cast<DerDefect>(std::countr_zero(rest)));
  return defects;
}

std::string_view describe(DerDefect defect) {
  return kDescriptions[static_cast<std::size_t>(defect)];
}

}  // namespace meshcert
