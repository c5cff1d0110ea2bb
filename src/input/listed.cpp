#include "input/listed.hpp"

#include <fmt/format.h>
#include <string>

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// Twice what RFC 5280 allows. More could be anything, a key included.
constexpr std::size_t kSerialDigits = 63;

// Lower-case digits without separators, prefix and leading zeros; nullopt when
// the text is no number. A '-' stays.
std::optional<std::string> plain_digits(std::string_view text) {
  const std::string sign = text.starts_with('-') ? "-" : "";
  text.remove_prefix(sign.size());
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::string digits;
  for (const char c : text.substr(0, 4 * kSerialDigits)) {
    if (c == ':') continue;
    if (!base::is_hex_digit(c)) return std::nullopt;
    if (digits == "0") digits.clear();
    digits += base::to_lower(c);
  }
  if (digits.empty() || digits.size() > kSerialDigits) return std::nullopt;
  return sign + digits;
}

std::string in_hex(const std::string& digits, bool decimal) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  const std::string_view number = std::string_view(digits).substr(sign);
  if (!decimal || !base::are_digits(number)) return digits;
  return digits.substr(0, sign) + base::decimal_to_hex(number);
}

// YAML writes a number where JSON has a string.
void read_serial(const Place& row, const ListedFields& names, FieldReader& fields, Listed& listed) {
  const Node::Member* member = row.node->field_member(names.serial);
  const bool number = member != nullptr && member->value.is(Kind::number);
  const auto place = number ? std::optional(Place{&member->value, child_pointer(row.pointer, member->key)})
                            : fields.field(row, names.serial, Kind::text);
  if (!place || place->node->text.empty()) return;
  if (const auto digits = plain_digits(place->node->text)) {
    listed.serial = in_hex(*digits, names.decimal_serial);
    listed.serial_text = *digits;
    return;
  }
  fields.defect(DefectKind::malformed, *place,
                fmt::format("{} is no serial number: {}", names.serial, shown(place->node->text)), false);
}

std::optional<Instant> read_time(const Place& row, std::string_view name, FieldReader& fields) {
  const auto place = fields.field(row, name, Kind::text);
  if (!place || place->node->text.empty()) return std::nullopt;
  const auto instant = parse_rfc3339(place->node->text);
  if (instant) return *instant;
  fields.defect(DefectKind::malformed, *place, explain_no_time(name, *place->node), false);
  return std::nullopt;
}

}  // namespace

Listed read_listed(const Place& row, const ListedFields& names, FieldReader& fields) {
  Listed listed;
  listed.where = fields.source(row);
  read_serial(row, names, fields, listed);
  listed.not_before = read_time(row, names.not_before, fields);
  listed.not_after = read_time(row, names.not_after, fields);
  return listed;
}

bool is_stated(const Listed& listed) {
  return !listed.serial.empty() || listed.not_before || listed.not_after || !listed.uris.empty();
}

}  // namespace meshcert::input
