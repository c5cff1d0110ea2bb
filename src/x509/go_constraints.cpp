// Name constraints as Go reads them: parseNameConstraintsExtension of crypto/x509.

#include <algorithm>

#include "base/address.hpp"
#include "der/strings.hpp"
#include "x509/decode.hpp"
#include "x509/extension_rules.hpp"
#include "x509/go_reading.hpp"

namespace meshcert::x509 {
namespace {

using Fault = std::string_view;  // empty: none

/// domainNameValid: printable ASCII in labels of which none is empty.
bool is_domain(std::string_view name) {
  if (name.empty()) return true;
  const bool printable = std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f; });
  return printable && !name.starts_with('.') && !name.ends_with('.') &&
         name.find("..") == std::string_view::npos;
}

bool is_domain_constraint(std::string_view name) {
  if (name == ".") return false;
  return is_domain(name.starts_with('.') ? name.substr(1) : name);
}

/// The local part of a mailbox, as parseRFC2821Mailbox takes it; of a quoted one nothing is said.
bool is_local_part(std::string_view local) {
  constexpr std::string_view kSpecial = " \t()<>[]:;,\"";
  if (local.starts_with('"')) return true;
  return !local.empty() && is_domain(local) && local.find_first_of(kSpecial) == std::string_view::npos;
}

bool is_mailbox_constraint(std::string_view name) {
  const auto at = name.starts_with('"') ? name.rfind('@') : name.find('@');
  if (at == std::string_view::npos) return is_domain_constraint(name);
  return is_local_part(name.substr(0, at)) && is_domain(name.substr(at + 1));
}

Fault text_fault(const GeneralName& name) {
  using enum GeneralName::Type;
  if (name.type != dns && name.type != email && name.type != uri) return {};
  if (!der::fits_alphabet(der::kIa5String, name.value)) return "has octets beyond ASCII";
  const std::string_view text = as_text(name.value);
  if (name.type == uri && !base::parse_address(text).empty())
    return "is an address, and a URI constraint names hosts";
  const bool taken = name.type == email ? is_mailbox_constraint(text) : is_domain_constraint(text);
  return taken ? Fault() : "is no name of a domain to Go";
}

std::string constraint_fault(const GeneralName& name) {
  if (name.type == GeneralName::Type::ip && !is_prefix_mask(name.value.subspan(name.value.size() / 2)))
    return "an IP constraint has a mask with holes";
  const Fault fault = text_fault(name);
  if (fault.empty()) return {};
  return "the " + std::string(type_name(name.type)) + " constraint \"" + std::string(as_text(name.value)) +
         "\" " + std::string(fault);
}

std::string subtrees_fault(ByteView list) {
  der::Reader subtrees(list, nullptr);
  while (!subtrees.at_end()) {
    auto fields = subtrees.enter(der::kSequence);
    const auto base = fields ? read_general_name(*fields, AddressForm::address_and_mask) : std::nullopt;
    if (!base) return {};
    if (std::string fault = constraint_fault(*base); !fault.empty()) return fault;
  }
  return {};
}

}  // namespace

std::string find_go_constraint_fault(const NameConstraints& constraints) {
  if (constraints.permitted.empty() && constraints.excluded.empty())
    return "nameConstraints has neither a permitted nor an excluded name";
  std::string fault = subtrees_fault(constraints.permitted);
  return fault.empty() ? subtrees_fault(constraints.excluded) : fault;
}

}  // namespace meshcert::x509
