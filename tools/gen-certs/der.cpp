#include "der.hpp"

#include <fmt/format.h>

#include <charconv>

namespace gencerts {
namespace {

/// base128 encodes one arc of an OBJECT IDENTIFIER (X.690 8.19.2).
Octets base128(std::uint64_t value) {
  Octets reversed(1, static_cast<char>(value & 0x7fU));
  while ((value >>= 7U) != 0) reversed.push_back(static_cast<char>(0x80U | (value & 0x7fU)));
  return {reversed.rbegin(), reversed.rend()};
}

/// big_endian writes a number in as few octets as it needs, at least one.
Octets big_endian(std::uint64_t value) {
  Octets reversed(1, static_cast<char>(value & 0xffU));
  while ((value >>= 8U) != 0) reversed.push_back(static_cast<char>(value & 0xffU));
  return {reversed.rbegin(), reversed.rend()};
}

std::uint64_t next_arc(std::string_view& dotted) {
  std::uint64_t arc = 0;
  const auto end = std::from_chars(dotted.data(), dotted.data() + dotted.size(), arc).ptr;
  dotted.remove_prefix(static_cast<std::size_t>(end - dotted.data()));
  if (!dotted.empty()) dotted.remove_prefix(1);
  return arc;
}

struct Calendar {
  explicit Calendar(Instant instant)
      : day(std::chrono::floor<std::chrono::days>(instant)),
        clock(instant - std::chrono::floor<std::chrono::days>(instant)) {}
  [[nodiscard]] int year() const { return static_cast<int>(day.year()); }
  [[nodiscard]] unsigned month() const { return static_cast<unsigned>(day.month()); }
  [[nodiscard]] unsigned day_of_month() const { return static_cast<unsigned>(day.day()); }
  /// rest is everything after the year, as UTCTime and GeneralizedTime write it.
  [[nodiscard]] std::string rest() const {
    return fmt::format("{:02}{:02}{:02}{:02}{:02}Z", month(), day_of_month(), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
  }
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<std::chrono::seconds> clock;
};

}  // namespace

Octets octet(unsigned value) {
  return Octets(1, static_cast<char>(value));
}

Octets length(std::size_t size, unsigned padding) {
  if (size < 0x80 && padding == 0) return octet(static_cast<unsigned>(size));
  const Octets digits = Octets(padding, '\0') + big_endian(size);
  return octet(static_cast<unsigned>(0x80U | digits.size())) + digits;
}

Octets tlv(std::uint8_t tag, std::string_view contents) {
  return octet(tag) + length(contents.size()) + Octets(contents);
}

Octets sequence(std::string_view contents) {
  return tlv(tag::kSequence, contents);
}
Octets boolean(bool value) {
  return tlv(tag::kBoolean, octet(value ? 0xffU : 0U));
}
Octets integer_of(std::string_view contents) {
  return tlv(tag::kInteger, contents);
}
Octets octet_string(std::string_view contents) {
  return tlv(tag::kOctetString, contents);
}
Octets bit_string(std::string_view contents) {
  return tlv(tag::kBitString, octet(0) + Octets(contents));
}

Octets integer(std::uint64_t value) {
  const Octets digits = big_endian(value);
  const bool looks_negative = (static_cast<unsigned char>(digits.front()) & 0x80U) != 0;
  return integer_of(Octets(looks_negative ? 1 : 0, '\0') + digits);
}

Octets named_bits(std::initializer_list<unsigned> bits) {
  Octets contents;
  unsigned last = 0;
  for (const unsigned bit : bits) {
    if (contents.size() <= bit / 8) contents.resize(bit / 8 + 1);
    contents[bit / 8] =
        static_cast<char>(static_cast<unsigned char>(contents[bit / 8]) | (0x80U >> (bit % 8)));
    last = std::max(last, bit);
  }
  const unsigned unused = bits.size() == 0 ? 0 : 7 - last % 8;
  return tlv(tag::kBitString, octet(unused) + contents);
}

Octets oid(std::string_view dotted) {
  const auto first = next_arc(dotted);
  Octets contents = base128(first * 40 + next_arc(dotted));
  while (!dotted.empty()) contents += base128(next_arc(dotted));
  return tlv(tag::kOid, contents);
}

Octets generalized_time(Instant instant) {
  const Calendar calendar(instant);
  return tlv(tag::kGeneralizedTime, fmt::format("{:04}{}", calendar.year(), calendar.rest()));
}

Octets time(Instant instant) {
  const Calendar calendar(instant);
  if (calendar.year() < 1950 || calendar.year() > 2049) return generalized_time(instant);
  return tlv(tag::kUtcTime, fmt::format("{:02}{}", calendar.year() % 100, calendar.rest()));
}

std::string to_rfc3339(Instant instant) {
  const Calendar c(instant);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year(), c.month(), c.day_of_month(),
                     c.clock.hours().count(), c.clock.minutes().count(), c.clock.seconds().count());
}

}  // namespace gencerts
