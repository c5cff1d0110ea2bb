#include "path/name_constraints.hpp"

#include <algorithm>
#include <bit>

#include "base/ascii.hpp"
#include "path/peer_name.hpp"
#include "path/subtree_match.hpp"
#include "x509/attributes.hpp"
#include "x509/decode.hpp"
#include "x509/extension_rules.hpp"
#include "x509/name_match.hpp"
#include "x509/oids.hpp"

namespace meshcert::path {
namespace {

using Type = GeneralName::Type;
constexpr std::size_t kTypes = 9;

std::size_t index_of(Type type) {
  return static_cast<std::size_t>(type);
}

/// A directory name stands inside an explicit tag.
std::string canonical_directory_name(ByteView value) {
  der::Reader wrapper(value, nullptr);
  const auto name = x509::read_name(wrapper);
  return name ? x509::canonical_name(*name) : std::string();
}

/// RFC 5280 4.2.1.10: "MUST NOT impose name constraints on the x400Address,
/// ediPartyName, or registeredID name forms".
bool is_constrainable(Type type) {
  return type != Type::x400_address && type != Type::edi_party_name && type != Type::registered_id;
}

std::string canonical_base(const GeneralName& base) {
  if (base.type == Type::directory_name) return canonical_directory_name(base.value);
  return base.type == Type::email ? std::string(as_text(base.value)) : base::lowered(as_text(base.value));
}

bool is_compared(Type type) {
  return type == Type::dns || type == Type::email || type == Type::uri || type == Type::ip ||
         type == Type::directory_name;
}

std::string text_of(const GeneralName& name) {
  return std::string(type_name(name.type)) + " " + to_string(name);
}

/// Address and mask are no address: told as they stand.
std::string text_of_base(const GeneralName& base) {
  if (base.type != Type::ip) return base.value.empty() ? "subtree of all names" : to_string(base);
  const std::size_t half = base.value.size() / 2;
  int bits = 0;
  for (const std::uint8_t octet : base.value.subspan(half)) bits += std::popcount(octet);
  return to_string(GeneralName{Type::ip, base.value.first(half)}) + "/" + std::to_string(bits);
}

std::vector<ByteView> values_of(const DistinguishedName& subject, const x509::Oid& wanted) {
  std::vector<ByteView> found;
  x509::for_each_attribute(subject, [&](const x509::Attribute& attribute) {
    if (wanted == attribute.type) found.push_back(attribute.value.contents);
  });
  return found;
}

/// Whether a common name has the form of a host name, so that somebody may take
/// it for one; a wildcard has.
bool looks_like_host(std::string_view name) {
  const bool wildcard = name.starts_with("*.");
  if (wildcard) name.remove_prefix(2);
  return is_dns_name(name) && name.find('.') != std::string_view::npos;
}

}  // namespace

ConstraintSet::ConstraintSet(const NameConstraints& constraints) : permitted_(kTypes), excluded_(kTypes) {
  read(constraints.permitted, permitted_);
  read(constraints.excluded, excluded_);
  for (const Subtrees* side : {&permitted_, &excluded_})
    for (const auto& subtrees : *side) size_ += subtrees.size();
}

void ConstraintSet::read(ByteView list, Subtrees& subtrees) {
  der::Reader reader(list, nullptr);
  while (auto fields = reader.enter(der::kSequence)) {
    const auto base = x509::read_general_name(*fields, x509::AddressForm::address_and_mask);
    if (!base) return;
    if (fields->next_is(der::context(0))) {
      const auto minimum = fields->read_integer(der::context(0));
      if (!minimum || der::unsigned_value(*minimum) != 0U)
        unsupported_ = "a minimum of " + text_of_base(*base);
    }
    if (!is_constrainable(base->type)) unsupported_ = "a constraint of " + std::string(type_name(base->type));
    if (!fields->at_end()) unsupported_ = "a maximum of " + text_of_base(*base);
    if (base->type == Type::ip && !x509::is_prefix_mask(base->value.subspan(base->value.size() / 2)))
      unsupported_ = "an address mask with holes";
    subtrees[index_of(base->type)].push_back({*base, canonical_base(*base)});
  }
}

/// Presented is one name of a certificate, as it is compared: in lower case where
/// case does not count, the host alone of a URI.
struct ConstraintSet::Presented {
  GeneralName name;
  std::string canonical;
  std::string_view what = {};  ///< for people, where the type does not tell
  bool utf8_mailbox = false;

  [[nodiscard]] std::string shown() const {
    if (what == "subject") return "subject " + to_rfc4514(DistinguishedName{name.value});
    if (!what.empty()) return std::string(what) + " " + std::string(as_text(name.value));
    return text_of(name);
  }
  [[nodiscard]] Match match(const Subtree& subtree, Side side) const {
    switch (name.type) {
      case Type::dns:
        return match_dns(canonical, subtree.canonical, side);
      case Type::email:
        return match_email(canonical, subtree.canonical, utf8_mailbox, side);
      case Type::uri:
        return match_uri(canonical, subtree.canonical);
      case Type::ip:
        return match_ip(name.value, subtree.base.value, side);
      case Type::directory_name:
        return canonical.starts_with(subtree.canonical) ? Match::yes : Match::no;
      default:
        return Match::no;
    }
  }
};

// A wildcard that is outside itself, and stands for names inside: BoringSSL compares its letters alone.
bool ConstraintSet::stands_for_more(const Presented& name, const Subtree& subtree) {
  return name.name.type == Type::dns && name.canonical.starts_with("*.") &&
         name.match(subtree, Side::permitted) == Match::no;
}

// Where Go takes a host for what is below it, too.
bool ConstraintSet::is_below(const Presented& name, const std::vector<Subtree>& subtrees) {
  return name.name.type == Type::uri && std::ranges::any_of(subtrees, [&name](const Subtree& subtree) {
           const std::string& base = subtree.canonical;
           return !base.empty() && !base.starts_with('.') && name.canonical.ends_with("." + base);
         });
}

bool ConstraintSet::excludes_below(const Certificate& certificate) const {
  const auto& excluded = excluded_[index_of(Type::uri)];
  return !excluded.empty() && std::ranges::any_of(names_of(certificate, false), [&](const Presented& name) {
    return is_below(name, excluded);
  });
}

std::optional<NameConstraintFault> ConstraintSet::check_one(const Presented& name) const {
  using enum NameConstraintFault::Kind;
  // A mailbox in UTF-8 is an otherName, too.
  if (name.utf8_mailbox && constrains(Type::other_name))
    return NameConstraintFault{unsupported,
                               name.shown() + ", whose type, otherName, is constrained, cannot be compared",
                               Type::other_name};
  const auto& permitted = permitted_[index_of(name.name.type)];
  const auto& excluded = excluded_[index_of(name.name.type)];
  if (permitted.empty() && excluded.empty()) return std::nullopt;
  if (!is_compared(name.name.type))
    return NameConstraintFault{unsupported, name.shown() + ", whose type is constrained, cannot be compared",
                               name.name.type};
  for (const Subtree& subtree : excluded)
    if (name.match(subtree, Side::excluded) != Match::no)
      return NameConstraintFault{
          violated, name.shown() + " is within the excluded " + text_of_base(subtree.base), name.name.type,
          stands_for_more(name, subtree) ? std::string_view("wildcard") : name.what};
  const bool allowed = permitted.empty() || std::ranges::any_of(permitted, [&](const Subtree& subtree) {
                         return name.match(subtree, Side::permitted) == Match::yes;
                       });
  if (allowed) return std::nullopt;
  return NameConstraintFault{
      violated,
      name.shown() + " is outside of the permitted " + text_of_base(permitted.front().base) +
          (permitted.size() > 1 ? " and others" : ""),
      name.name.type, is_below(name, permitted) ? std::string_view("subdomain") : name.what};
}

bool has_host_in_common_name(const Certificate& leaf) {
  return leaf.extensions.subject_alt_name.absent() &&
         std::ranges::any_of(values_of(leaf.subject, x509::kCommonName),
                             [](ByteView name) { return looks_like_host(as_text(name)); });
}

bool ConstraintSet::constrains(Type type) const {
  return !permitted_[index_of(type)].empty() || !excluded_[index_of(type)].empty();
}

std::optional<NameConstraintFault> ConstraintSet::check(const Certificate& certificate, bool is_leaf,
                                                        std::size_t& budget) const {
  const std::vector<Presented> names = names_of(certificate, is_leaf);
  const std::size_t cost = names.size() * size_;
  if (budget < cost)
    return NameConstraintFault{
        NameConstraintFault::Kind::exhausted,
        std::to_string(names.size()) + " names, " + std::to_string(size_) + " constraints"};
  budget -= cost;
  for (const Presented& name : names)
    if (auto fault = check_one(name)) return fault;
  return std::nullopt;
}

std::optional<NameConstraintFault> ConstraintSet::check(const GeneralName& name, std::size_t& budget) const {
  if (budget < size_)
    return NameConstraintFault{NameConstraintFault::Kind::exhausted, std::to_string(size_) + " constraints"};
  budget -= size_;
  return check_one(present(name));
}

ConstraintSet::Presented ConstraintSet::present(const GeneralName& name) {
  const std::string_view mailbox = smtp_utf8_mailbox(name);
  if (!mailbox.empty()) return {{Type::email, as_bytes(mailbox)}, std::string(mailbox), "email", true};
  switch (name.type) {
    case Type::directory_name:
      return {name, canonical_directory_name(name.value)};
    case Type::dns:
      return {name, base::lowered(as_text(name.value))};
    case Type::uri:
      return {name, host_of(as_text(name.value))};
    default:
      return {name, std::string(as_text(name.value))};
  }
}

std::vector<ConstraintSet::Presented> ConstraintSet::names_of(const Certificate& certificate, bool is_leaf) {
  std::vector<Presented> names;
  const auto& alternative = certificate.extensions.subject_alt_name;
  if (alternative)
    for (const GeneralName& name : alternative->names) names.push_back(present(name));
  const bool has_email =
      std::ranges::any_of(names, [](const Presented& name) { return name.name.type == Type::email; });
  const DistinguishedName& subject = certificate.subject;
  if (!subject.empty())
    names.push_back({{Type::directory_name, subject.rdns}, x509::canonical_name(subject), "subject"});
  if (!has_email)
    for (const ByteView email : values_of(subject, x509::kEmailAddress))
      names.push_back({{Type::email, email}, std::string(as_text(email)), "emailAddress"});
  if (is_leaf && alternative.absent())
    for (const ByteView name : values_of(subject, x509::kCommonName))
      if (looks_like_host(as_text(name)))
        names.push_back({{Type::dns, name}, base::lowered(as_text(name)), "CN"});
  return names;
}

}  // namespace meshcert::path
