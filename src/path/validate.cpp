#include "path/validate.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/hex.hpp"
#include "base/words.hpp"
#include "path/constraint_verifiers.hpp"
#include "path/crl_scope.hpp"
#include "path/name_constraints.hpp"
#include "path/policies.hpp"
#include "path/purpose.hpp"
#include "path/strength.hpp"
#include "path/verifiers.hpp"
#include "x509/extension_rules.hpp"
#include "x509/key_fault.hpp"
#include "x509/name_match.hpp"
#include "x509/period.hpp"
#include "x509/refusers.hpp"
#include "x509/titles.hpp"

namespace meshcert::path {
namespace {

/// What a leaf presents, for a message; the first few.
std::string names_of(const Certificate& leaf) {
  const auto& names = leaf.extensions.subject_alt_name;
  if (!names) return "no subjectAltName";
  return base::some_of(names->names, "", 4, [](const GeneralName& name) {
    return std::string(type_name(name.type)) + " " + to_string(name);
  });
}

class Validator {
 public:
  Validator(std::span<const Certificate* const> path, PathEnd end, const Settings& settings)
      : path_(path), end_(end), settings_(settings) {}

  std::vector<Fault> validate(x509::SignatureVerifier& signatures) {
    for (std::size_t i = 0; i < path_.size(); ++i) check_certificate(i);
    for (std::size_t i = 0; i + 1 < path_.size(); ++i) check_link(at(i), at(i + 1), i, signatures, faults_);
    check_algorithms();
    for (std::size_t i = 1; i < path_.size(); ++i) check_issuer(i);
    check_path_lengths();
    check_leaf();
    check_name_constraints();
    const bool anchor_counts = end_ == PathEnd::nothing || settings_.anchor.policies;
    for (auto& fault : check_policies(path_, settings_.policies, anchor_counts))
      fault.malformed ? report(FaultKind::malformed_extension, fault.certificate, std::move(fault.found))
                      : report(FaultKind::policy_violated, fault.certificate, std::move(fault.found),
                               std::move(fault.required));
    return std::move(faults_);
  }

  /// Of one certificate that is to stand above others.
  bool may_sign() {
    check_certificate(0);
    check_issuer(0);
    return is_sound(faults_);
  }

 private:
  [[nodiscard]] const Certificate& at(std::size_t index) const { return *path_[index]; }
  [[nodiscard]] bool is_anchor(std::size_t index) const {
    return end_ != PathEnd::nothing && index + 1 == path_.size();
  }
  [[nodiscard]] bool is_stated(std::size_t index) const {
    return end_ == PathEnd::stated_anchor && is_anchor(index);
  }
  [[nodiscard]] bool is_issuing_anchor(std::size_t index) const { return is_anchor(index) && index > 0; }

  void report(FaultKind kind, std::size_t index, std::string found = {}, std::string required = {}) {
    faults_.push_back({kind, index, std::move(found), std::move(required)});
  }

  void check_certificate(std::size_t index) {
    const Certificate& certificate = at(index);
    if (settings_.anchor.dates || !is_issuing_anchor(index)) check_dates(certificate, index);
    if (const auto fault = x509::find_key_fault(certificate.key); !fault.found.empty())
      report(FaultKind::unusable_key, index, std::string(fault.found), std::string(fault.required));
    check_strength(certificate, index, is_anchor(index), settings_, faults_);
    if (const auto names = malformed_extensions(certificate.extensions); !names.empty())
      report(FaultKind::malformed_extension, index, base::join(names));
    if (const auto names = x509::wrongly_critical(certificate.extensions); !names.empty())
      report(FaultKind::malformed_extension, index, base::join(names) + " critical");
    check_encoding(certificate, index);
    if (certificate.extensions.unknown_critical > 0)
      report(FaultKind::unknown_critical_extension, index,
             base::join(unknown_critical_extensions(certificate.extensions)));
  }

  // The key of a leaf signs the handshake; of a path without an anchor it is not asked.
  void check_algorithms() {
    if (!settings_.mesh_algorithms) return check_curves();
    if (end_ != PathEnd::nothing && verifiers_of(at(0).key) == kNoVerifier)
      report(FaultKind::unsupported_algorithm, 0, "a key of " + key_words(at(0).key),
             std::string(kVerifiedByAll));
    for (std::size_t i = 0; i + 1 < path_.size(); ++i)
      if (verifiers_of_link(at(i), at(i + 1).key) == kNoVerifier)
        faults_.push_back(unsupported_link(at(i), at(i + 1).key, i));
  }

  // RFC 5480 2.1.1: "specifiedCurve ... MUST NOT be used in PKIX".
  void check_curves() {
    for (std::size_t i = 0; i < path_.size(); ++i)
      if (at(i).key.curve == Curve::explicit_parameters)
        report(FaultKind::unsupported_algorithm, i, "a key of " + key_words(at(i).key), "a named curve");
  }

  void check_encoding(const Certificate& certificate, std::size_t index) {
    for (const DerDefect defect : certificate.defects.list()) {
      const x509::Refusers refusers = x509::refusers_of(certificate, defect);
      if (defect == DerDefect::algorithm_mismatch)
        report(FaultKind::algorithm_mismatch, index);
      else if (refusers.path_refuses)
        report(FaultKind::not_strict_der, index, std::string(meshcert::describe(defect)),
               std::string(refusers.who));
    }
  }

  // RFC 5280 6.1.3 (a)(2)
  void check_dates(const Certificate& certificate, std::size_t index) {
    if (x509::has_ended(certificate.not_after, settings_.at, settings_.skew))
      report(FaultKind::expired, index, to_rfc3339(certificate.not_after), to_rfc3339(settings_.at));
    if (!x509::has_begun(certificate.not_before, settings_.at, settings_.skew))
      report(FaultKind::not_yet_valid, index, to_rfc3339(certificate.not_before), to_rfc3339(settings_.at));
  }

  // RFC 5280 6.1.4 (k), (n)
  void check_issuer(std::size_t index) {
    const Certificate& issuer = at(index);
    const bool anchor = is_anchor(index);
    const bool old_root = anchor && issuer.version < 3;  // has no extensions to say so
    if (!issuer.is_ca() && !old_root && (!anchor || settings_.anchor.basic_constraints))
      report(FaultKind::issuer_not_ca, index,
             issuer.extensions.basic_constraints ? "basicConstraints cA FALSE" : "no basicConstraints",
             "basicConstraints cA TRUE");
    if (anchor && !settings_.anchor.constraints) return;
    const auto& usage = issuer.extensions.key_usage;
    if (usage && !usage->has(KeyUsage::key_cert_sign))
      report(FaultKind::cannot_sign, index, usage_words(*usage), "keyCertSign");
    if (!is_stated(index)) check_issuer_usage(issuer, index, settings_, faults_);
  }

  // RFC 5280 6.1.4 (l), (m): self-issued certificates do not count.
  void check_path_lengths() {
    std::size_t below = 0, between = 0;
    for (std::size_t i = 1; i < path_.size(); ++i) {
      const auto& basic = at(i).extensions.basic_constraints;
      const bool counts = !is_anchor(i) || settings_.anchor.constraints;
      if (counts && basic && basic->path_length && below > *basic->path_length)
        report(FaultKind::path_length_exceeded, i, std::to_string(below),
               std::to_string(*basic->path_length));
      if (!is_anchor(i)) ++between;
      if (!is_self_issued(i)) ++below;
    }
    if (settings_.max_intermediates && between > *settings_.max_intermediates)
      report(FaultKind::too_deep, path_.size() - 1, std::to_string(between),
             std::to_string(*settings_.max_intermediates));
  }

  void check_leaf() {
    if (!is_stated(0) && settings_.leaf_usage) check_leaf_usage(at(0), settings_, faults_);
    if (settings_.purpose == Purpose::ca && !at(0).is_ca())
      report(FaultKind::not_a_ca, 0,
             at(0).extensions.basic_constraints ? "basicConstraints cA FALSE" : "no basicConstraints",
             "basicConstraints cA TRUE");
    for (const auto& names : settings_.names) check_names(names);
  }

  void check_names(const std::vector<PeerName>& names) {
    if (std::ranges::any_of(names, [this](const PeerName& name) { return has_name(at(0), name); })) return;
    report(FaultKind::name_mismatch, 0, names_of(at(0)),
           base::join_with(names, " or ", [](const PeerName& name) { return to_string(name); }));
  }

  // RFC 5280 6.1.3 (b), (c): a self-issued certificate is subject only as the leaf.
  void check_name_constraints() {
    std::size_t budget = settings_.budget.name_comparisons;
    for (std::size_t i = path_.size(); i-- > 1;) {
      const auto& extension = at(i).extensions.name_constraints;
      if (!extension || (is_anchor(i) && !settings_.anchor.constraints)) continue;
      const ConstraintSet constraints(*extension);
      if (!constraints.unsupported().empty())
        report(FaultKind::unsupported_name_constraint, i, constraints.unsupported());
      for (std::size_t below = 0; below < i; ++below) {
        if (below > 0 && is_self_issued(below)) continue;
        const auto fault = constraints.check(at(below), below == 0, budget);
        if (fault) report_constraint(*fault, below, i);
        if (fault && fault->kind == NameConstraintFault::Kind::exhausted) return;
      }
    }
  }

  void report_constraint(const NameConstraintFault& fault, std::size_t index, std::size_t issuer) {
    using enum NameConstraintFault::Kind;
    if (fault.kind == exhausted)
      return report(FaultKind::too_many_names, index, "",
                    std::to_string(settings_.budget.name_comparisons) + " comparisons");
    report(
        fault.kind == violated ? FaultKind::name_constraint_violated : FaultKind::unsupported_name_constraint,
        index, fault.detail, "by certificate " + std::to_string(issuer));
    faults_.back().by = issuer;
    if (fault.kind == violated)
      faults_.back().refused_by =
          refusers_of(fault.type, fault.what, at(issuer).extensions.name_constraints.critical());
  }

  // Names are rendered to be compared.
  [[nodiscard]] bool is_self_issued(std::size_t index) {
    if (self_issued_.empty())
      for (const Certificate* certificate : path_) self_issued_.push_back(x509::is_self_issued(*certificate));
    return self_issued_[index];
  }

  std::span<const Certificate* const> path_;
  PathEnd end_;
  const Settings& settings_;
  std::vector<bool> self_issued_;
  std::vector<Fault> faults_;
};

/// The name that an authorityKeyIdentifier states of its issuer's issuer; "" without.
std::string stated_issuer(const AuthorityKeyId& id) {
  for (const GeneralName& name : id.issuer)
    if (name.type == GeneralName::Type::directory_name) return to_string(name);
  return "";
}

std::string serial_words(const std::string& issuer, const std::string& serial) {
  return (serial.empty() ? "" : "the serial number " + serial) +
         (serial.empty() || issuer.empty() ? "" : " ") + (issuer.empty() ? "" : "of the issuer " + issuer);
}

/// What the two state of the certificate of the issuer, where that differs; of a key id, where it agrees.
std::optional<std::pair<std::string, std::string>> serial_difference(const Extension<AuthorityKeyId>& id,
                                                                     const Certificate& issuer) {
  if (!id || (id->serial.empty() && id->issuer.empty())) return std::nullopt;
  const std::string name = stated_issuer(*id);
  const std::string serial = id->serial.empty() ? "" : serial_hex(id->serial);
  const bool other_serial = !serial.empty() && serial != serial_hex(issuer);
  const bool other_name =
      !name.empty() && !have_directory_name(id->issuer, x509::canonical_name(issuer.issuer));
  if (!other_serial && !other_name) return std::nullopt;
  return std::pair(serial_words(name, serial),
                   serial_words(to_rfc4514(issuer.issuer), serial.empty() ? "" : serial_hex(issuer)));
}

}  // namespace

bool key_ids_agree(const Certificate& certificate, const Certificate& issuer) {
  const ByteView wanted = authority_key_id_of(certificate), found = key_id_of(issuer);
  return wanted.empty() || found.empty() || std::ranges::equal(wanted, found);
}

bool identifiers_agree(const Certificate& certificate, const Certificate& issuer) {
  return key_ids_agree(certificate, issuer) &&
         !serial_difference(certificate.extensions.authority_key_id, issuer);
}

bool identifiers_agree(const Crl& crl, const Certificate& issuer) {
  const auto& id = crl.extensions.authority_key_id;
  const ByteView wanted = id ? id->key_id : ByteView{}, found = key_id_of(issuer);
  return (wanted.empty() || found.empty() || std::ranges::equal(wanted, found)) &&
         !serial_difference(id, issuer);
}

void check_link(const Certificate& certificate, const Certificate& issuer, std::size_t index,
                x509::SignatureVerifier& signatures, std::vector<Fault>& faults) {
  const auto verdict = signatures.verify(certificate, issuer.key);
  if (!(certificate.issuer == issuer.subject)) {
    auto [named, own] = x509::first_difference(certificate.issuer, issuer.subject);
    faults.push_back({FaultKind::name_encoding, index, std::move(named), std::move(own)});
  }
  if (!verdict)
    faults.push_back({FaultKind::undecided_signature, index, algorithm_name(certificate.signature_algorithm),
                      to_string(issuer.key)});
  else if (!*verdict)
    faults.push_back({FaultKind::bad_signature, index, "", title_of(issuer)});
  else if (!key_ids_agree(certificate, issuer))
    faults.push_back({FaultKind::key_id_mismatch, index,
                      "the key id " + base::to_hex(authority_key_id_of(certificate)),
                      "the key id " + base::to_hex(key_id_of(issuer))});
  else if (auto difference = serial_difference(certificate.extensions.authority_key_id, issuer))
    faults.push_back(
        {FaultKind::key_id_mismatch, index, std::move(difference->first), std::move(difference->second)});
}

bool may_sign(const Certificate& certificate, const Settings& settings) {
  const Certificate* const alone[] = {&certificate};
  return Validator(alone, PathEnd::nothing, settings).may_sign();
}

std::vector<Fault> validate(std::span<const Certificate* const> path, PathEnd end, const Settings& settings,
                            x509::SignatureVerifier& signatures) {
  return Validator(path, end, settings).validate(signatures);
}

}  // namespace meshcert::path
