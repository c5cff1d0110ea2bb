#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/credentials.hpp"
#include "x509/crypto.hpp"

namespace meshcert::checks {

/// place_key tells the places of findings apart: the documents of one file have the same
/// pointers, so the resource is a part of it.
[[nodiscard]] std::string place_key(const SourceRef& where, std::string_view resource);

/// places_used are the places of the values that are used along with what was taken: a
/// certificate with its key and staple, a CA with its CRL.
[[nodiscard]] std::vector<std::string> places_used(const Taken& taken);

/// SecretUses remembers which Secrets and ConfigMaps the gateways of a run use, and
/// for what: a fault of one is said once, with those who use it. It borrows.
class SecretUses {
 public:
  SecretUses(const Inventory& inventory, FindingSink& sink) : inventory_(inventory), sink_(sink) {}

  /// Role is what a user does with what it takes: presents it to its clients or to
  /// servers, or verifies them with it.
  enum class Role : std::uint8_t { server, client, verifier };
  /// Name is how istiod calls what was taken: "kubernetes://www-cert".
  struct Name {
    std::string says;
    bool is_loaded = false;  ///< by istiod itself before it is sent
  };
  void add(const Taken& taken, Role role, const std::string& user, const Name& name);

  /// judge reports what is wrong with each, and tells findings about their parts who
  /// uses them (fact used_by).
  void judge(const Cluster& cluster);

 private:
  struct Record {
    Taken taken;
    bool served = false, presented = false;
    std::vector<std::string> users;  ///< the first few
    std::size_t count = 0;
    Name name;  ///< of the first user

    [[nodiscard]] std::string text() const;
  };
  struct Ca {
    const Certificate* certificate;
    const Artifact* artifact;
  };

  void report(const FindingSpec& spec, const Record& record, std::vector<Fact> facts);
  void judge_values(const Record& record);
  void judge_keys(const Record& record, const Cluster& cluster);
  void judge_chain(const Record& record);
  void judge_purpose(const Record& record);
  [[nodiscard]] std::string missing_above(const Artifact& chain, const Certificate& top);
  [[nodiscard]] const std::vector<Ca>& cas_named(const DistinguishedName& name);
  static void tell_said(Finding& finding, const Record& record);
  void tell_users();

  const Inventory& inventory_;
  FindingSink& sink_;
  std::map<std::pair<const KubernetesObject*, std::string_view>, Record> records_;
  std::unordered_map<std::string_view, std::vector<Ca>> cas_;  ///< by subject
  bool indexed_ = false;
  x509::SignatureVerifier signatures_;
};

}  // namespace meshcert::checks
