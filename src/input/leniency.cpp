#include "input/leniency.hpp"

#include <utility>

#include "input/envoy_material.hpp"

namespace meshcert::input {

std::shared_ptr<const Leniency> read_leniency(const Place& context, FieldReader& fields) {
  Leniency found;
  const auto note = [&](std::string_view name, std::optional<SourceRef>& where) {
    const Node::Member* member = context.node->field_member(name);
    where = fields.source(Place{&member->value, child_pointer(context.pointer, member->key)});
  };
  // An enum may be a name or, as protobuf's JSON form allows, a number.
  constexpr std::string_view kTrust = "trust_chain_verification", kExpired = "allow_expired_certificate";
  const Node* trust = context.node->field(kTrust);
  if (trust != nullptr && (trust->text == "ACCEPT_UNTRUSTED" || trust->text == "1"))
    note(kTrust, found.untrusted);
  if (is_true(*context.node, kExpired)) note(kExpired, found.expired);
  if (!found.untrusted && !found.expired) return nullptr;
  return std::make_shared<const Leniency>(std::move(found));
}

void add_leniency(const std::shared_ptr<const Leniency>& other, std::shared_ptr<const Leniency>& known) {
  if (other == nullptr || other == known) return;
  Leniency both = known == nullptr ? Leniency{} : *known;
  if (!both.untrusted) both.untrusted = other->untrusted;
  if (!both.expired) both.expired = other->expired;
  known = std::make_shared<const Leniency>(std::move(both));
}

}  // namespace meshcert::input
