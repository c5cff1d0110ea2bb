#include "path/policies.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "base/words.hpp"
#include "der/reader.hpp"
#include "x509/extension_rules.hpp"
#include "x509/extensions.hpp"
#include "x509/name_match.hpp"
#include "x509/oids.hpp"

namespace meshcert::path {
namespace {

using PolicyId = std::string_view;  // contents octets of an OID
using PolicySet = std::set<PolicyId>;

const PolicyId kAny = as_text(x509::kAnyPolicy.octets());

constexpr std::string_view kUnreadable = "a policy extension that cannot be read";

/// What a certificate says of policies, beside its dates and names.
struct PolicyExtensions {
  std::string_view unusable;  ///< why; "" when they can be used
  std::optional<PolicySet> policies;
  std::vector<std::pair<PolicyId, PolicyId>> mappings;  ///< of the issuer's domain, of the subject's
  std::optional<std::uint64_t> require_explicit, inhibit_mapping, inhibit_any;
};

void read_policies(der::Reader value, PolicyExtensions& out) {
  out.policies.emplace();
  const auto list = value.read(der::kSequence);
  const auto oids = list ? x509::policy_oids(list->contents) : std::nullopt;
  if (!oids || oids->empty()) {
    out.unusable = kUnreadable;
    return;
  }
  out.policies->insert(oids->begin(), oids->end());
  // RFC 5280 4.2.1.4: a policy may not stand there twice.
  if (out.policies->size() != oids->size()) out.unusable = "certificatePolicies names one policy twice";
}

void read_mappings(der::Reader value, PolicyExtensions& out) {
  auto list = value.enter(der::kSequence);
  if (!list || list->at_end()) out.unusable = kUnreadable;
  while (list && !list->at_end()) {
    auto mapping = list->enter(der::kSequence);
    const auto issuer = mapping ? mapping->read_object_identifier() : std::nullopt;
    const auto subject = issuer ? mapping->read_object_identifier() : std::nullopt;
    if (!subject) {
      out.unusable = kUnreadable;
      return;
    }
    out.mappings.emplace_back(as_text(*issuer), as_text(*subject));
  }
}

std::optional<std::uint64_t> read_count(der::Reader& fields, der::Tag tag, PolicyExtensions& out) {
  const auto integer = fields.read_integer(tag);
  const auto count = integer ? der::unsigned_value(*integer) : std::nullopt;
  if (!count) out.unusable = kUnreadable;
  return count;
}

void read_constraints(der::Reader value, PolicyExtensions& out) {
  auto fields = value.enter(der::kSequence);
  if (!fields || fields->at_end()) out.unusable = kUnreadable;
  if (!fields) return;
  if (fields->next_is(der::context(0))) out.require_explicit = read_count(*fields, der::context(0), out);
  if (fields->next_is(der::context(1))) out.inhibit_mapping = read_count(*fields, der::context(1), out);
  if (!fields->at_end()) out.unusable = kUnreadable;
}

PolicyExtensions read_policy_extensions(const Certificate& certificate) {
  PolicyExtensions out;
  x509::for_each_extension(certificate.extensions, [&out](const x509::RawExtension& raw) {
    der::Reader value(raw.value, nullptr);
    if (x509::kCertificatePolicies == raw.oid) read_policies(value, out);
    if (x509::kPolicyMappings == raw.oid) read_mappings(value, out);
    if (x509::kPolicyConstraints == raw.oid) read_constraints(value, out);
    if (x509::kInhibitAnyPolicy == raw.oid) out.inhibit_any = read_count(value, der::kInteger, out);
  });
  return out;
}

/// Level is the valid policies at one depth: each with the policies of the level
/// above that it came from (none: from anyPolicy), in the subject's domain.
struct Level {
  std::map<PolicyId, PolicySet> nodes;
  bool has_any = false;
  [[nodiscard]] bool empty() const { return nodes.empty() && !has_any; }
};

class PolicyWalk {
 public:
  PolicyWalk(const PolicyRules& rules, std::size_t length)
      : rules_(rules),
        explicit_policy_(rules.require_explicit ? 0 : length + 1),
        inhibit_any_(rules.inhibit_any ? 0 : length + 1),
        mapping_(rules.inhibit_mapping ? 0 : length + 1) {
    levels_.emplace_back();
    levels_.back().has_any = true;
  }

  /// Returns what is wrong, or "".
  std::string process(const Certificate& certificate, bool is_leaf, bool is_anchor) {
    const PolicyExtensions extensions = read_policy_extensions(certificate);
    if (!extensions.unusable.empty()) return unusable(extensions.unusable);
    const bool self_issued = x509::is_self_issued(certificate);
    const bool any_counts = inhibit_any_ > 0 || (!is_leaf && self_issued);
    for (const auto& [issuer, subject] : extensions.mappings)
      if (issuer == kAny || subject == kAny) return unusable("a policy mapping of anyPolicy");
    // RFC 5937 3.2: an anchor that names no policies limits none.
    if (extensions.policies || !is_anchor) take_policies(extensions, any_counts);
    if (explicit_policy_ == 0 && levels_.back().empty()) return words_of(extensions);
    return is_leaf ? finish(extensions) : prepare_next(extensions, self_issued);
  }

  [[nodiscard]] bool met_unusable() const { return met_unusable_; }

 private:
  std::string unusable(std::string_view why) {
    met_unusable_ = true;
    return std::string(why);
  }

  static std::string words_of(const PolicyExtensions& extensions) {
    if (!extensions.policies) return "no certificatePolicies";
    const std::string text =
        base::join(*extensions.policies, "", [](PolicyId id) { return to_dotted(as_bytes(id)); });
    return text + (text.empty() ? "no certificatePolicies" : ", not valid on this path");
  }

  // RFC 5280 6.1.3 (d), (e)
  void take_policies(const PolicyExtensions& extensions, bool any_counts) {
    Level& level = levels_.back();
    if (!extensions.policies) {
      level = Level{};
      return;
    }
    const PolicySet& policies = *extensions.policies;
    const bool had_any = level.has_any;
    if (!policies.contains(kAny) || !any_counts) {
      level.has_any = false;
      std::erase_if(level.nodes, [&](const auto& node) { return !policies.contains(node.first); });
    }
    if (!had_any) return;
    for (const PolicyId policy : policies)
      if (policy != kAny) level.nodes.try_emplace(policy);
  }

  // RFC 5280 6.1.4 (a), (b), (h) to (j)
  std::string prepare_next(const PolicyExtensions& extensions, bool self_issued) {
    map_policies(extensions);
    if (!self_issued)
      for (std::size_t* count : {&explicit_policy_, &mapping_, &inhibit_any_}) *count -= *count > 0 ? 1 : 0;
    lower(explicit_policy_, extensions.require_explicit);
    lower(mapping_, extensions.inhibit_mapping);
    lower(inhibit_any_, extensions.inhibit_any);
    return {};
  }

  static void lower(std::size_t& count, std::optional<std::uint64_t> limit) {
    if (limit && *limit < count) count = static_cast<std::size_t>(*limit);
  }

  void map_policies(const PolicyExtensions& extensions) {
    Level& level = levels_.back();
    Level next;
    next.has_any = level.has_any;
    PolicySet mapped;
    for (const auto& [issuer, subject] : extensions.mappings) {
      mapped.insert(issuer);
      if (mapping_ == 0) {
        level.nodes.erase(issuer);
      } else if (level.nodes.contains(issuer) || level.has_any) {
        level.nodes.try_emplace(issuer);
        next.nodes[subject].insert(issuer);
      }
    }
    for (const auto& [policy, parents] : level.nodes)
      if (!mapped.contains(policy)) next.nodes[policy].insert(policy);
    levels_.push_back(std::move(next));
  }

  // RFC 5280 6.1.5 (a), (b), (g)
  std::string finish(const PolicyExtensions& extensions) {
    explicit_policy_ -= explicit_policy_ > 0 ? 1 : 0;
    if (extensions.require_explicit == 0U) explicit_policy_ = 0;
    return explicit_policy_ > 0 || is_acceptable() ? std::string() : words_of(extensions);
  }

  [[nodiscard]] bool wants(PolicyId policy) const {
    return std::ranges::find(rules_.acceptable, policy) != rules_.acceptable.end();
  }

  [[nodiscard]] bool is_acceptable() const {
    const Level& last = levels_.back();
    if (last.empty()) return false;
    if (rules_.acceptable.empty() || wants(kAny) || last.has_any) return true;
    PolicySet reached;
    for (const auto& node : last.nodes) reached.insert(node.first);
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      PolicySet above;
      for (const PolicyId policy : reached) {
        const auto node = level->nodes.find(policy);
        if (node == level->nodes.end()) continue;
        if (node->second.empty() && wants(policy)) return true;
        above.insert(node->second.begin(), node->second.end());
      }
      reached = std::move(above);
    }
    return false;
  }

  const PolicyRules& rules_;
  std::size_t explicit_policy_, inhibit_any_, mapping_;
  std::vector<Level> levels_;
  bool met_unusable_ = false;
};

std::string acceptable_text(const PolicyRules& rules) {
  std::vector<std::string> names;
  for (const std::string& id : rules.acceptable)
    if (PolicyId(id) != kAny) names.push_back(to_dotted(as_bytes(id)));
  const std::string text = base::join(names);
  return text.empty() ? "any explicit policy" : text;
}

bool speaks_of_policies(const Certificate& certificate) {
  bool found = !certificate.extensions.certificate_policies.absent();
  x509::for_each_extension(certificate.extensions, [&found](const x509::RawExtension& raw) {
    found = found || x509::kPolicyMappings == raw.oid || x509::kPolicyConstraints == raw.oid ||
            x509::kInhibitAnyPolicy == raw.oid;
  });
  return found;
}

}  // namespace

std::vector<PolicyFault> check_policies(std::span<const Certificate* const> path, const PolicyRules& rules,
                                        bool anchor_counts) {
  const std::size_t size = path.size() - (anchor_counts || path.size() == 1 ? 0 : 1);
  // Without a word on policies anywhere, and none asked for, nothing can be wrong.
  if (!rules.require_explicit && std::ranges::none_of(path.first(size), [](const Certificate* certificate) {
        return speaks_of_policies(*certificate);
      }))
    return {};
  PolicyWalk walk(rules, size);
  for (std::size_t i = size; i-- > 0;)
    if (auto found = walk.process(*path[i], i == 0, anchor_counts && i > 0 && i + 1 == path.size());
        !found.empty())
      return {{i, std::move(found), acceptable_text(rules), walk.met_unusable()}};
  return {};
}

}  // namespace meshcert::path
