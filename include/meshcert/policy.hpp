#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/time.hpp"

namespace meshcert {

struct Inventory;
struct SpiffeBundle;  // meshcert/spiffe_bundle.hpp

/// Profile moves severities, never codes: `istio` is the practice of the mesh,
/// `spiffe` the letter of X509-SVID (docs/findings.md).
enum class Profile : std::uint8_t { istio, spiffe };
[[nodiscard]] std::string_view to_string(Profile profile);

/// Who is expected to have issued a trust domain's root.
enum class RootAuthority : std::uint8_t { unstated, istiod, mesh_ca, spire, custom };

/// Pattern is a compiled RE2 expression; made by compile, shared, immutable.
class Pattern {
 public:
  /// compile fails with RE2's own sentence. RE2 runs in linear time.
  [[nodiscard]] static Result<Pattern, std::string> compile(const std::string& expression);
  /// matches anywhere in the text unless anchored.
  [[nodiscard]] bool matches(std::string_view text) const;
  [[nodiscard]] const std::string& expression() const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

/// IdentityExpectation: what is absent is not checked.
struct IdentityExpectation {
  std::optional<std::string> trust_domain;
  std::vector<std::string> trust_domain_aliases;
  std::optional<std::string> namespace_name;
  std::optional<std::string> service_account;
  std::optional<std::string> id;
  [[nodiscard]] bool any() const { return trust_domain || namespace_name || service_account || id; }
};

/// RootExpectation: what is absent is not checked.
struct RootExpectation {
  bool asked = false;  ///< the verb `root`: at least a root, signed by itself, is expected
  RootAuthority authority = RootAuthority::unstated;
  std::string trust_domain;  ///< "" is every one: then the authorities go by what the input states
  std::optional<Pattern> common_name;
  std::optional<Pattern> organization;
  std::vector<std::string> pins;  ///< allowed SHA-256 fingerprints, lower-case hex
  [[nodiscard]] bool any() const {
    return asked || authority != RootAuthority::unstated || common_name || organization || !pins.empty();
  }
};

/// TokenExpectation: what is absent is not checked.
struct TokenExpectation {
  std::vector<std::string> audiences;  ///< any of them will do
  std::optional<std::string> issuer;
  std::shared_ptr<const SpiffeBundle> keys;  ///< null: signatures are not verified
  std::string keys_name;                     ///< where they come from, for messages
  bool rules_asked = false;                  ///< the verb jwt: what nothing takes or verifies is told
  Seconds skew{60};                          ///< as `Policy::skew`, for tokens
};

/// WorkloadExpectation is what one entry of --expect says of the workloads that
/// its glob names.
struct WorkloadExpectation {
  std::string match;  ///< on POD.NAMESPACE; '*' is any characters, '?' is one
  IdentityExpectation identity;
};

/// Expectations is what --expect holds: what should be true, in bulk.
struct Expectations {
  std::vector<WorkloadExpectation> workloads;  ///< the first that matches counts
  std::vector<RootExpectation> roots;          ///< each for the trust domain that it names

  /// find returns the index of the entry that a workload falls under.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view workload) const;
  /// index prepares find, after `workloads` is complete.
  void index();

 private:
  std::map<std::string, std::size_t, std::less<>> literal_;  ///< entries without wildcards
  std::vector<std::size_t> globs_;
};

/// Thresholds of --warn and its kin, with their defaults.
struct Thresholds {
  Threshold warn{std::chrono::days(30), 0.33};
  Threshold critical{std::chrono::days(7), 0.10};
  Threshold warn_ca{std::chrono::days(180), 0.20};
  Threshold critical_ca{std::chrono::days(30), 0.05};
};

/// UsageRole is what `usage --role` judges certificates for.
enum class UsageRole : std::uint8_t { automatic, workload, server, client, ca };

/// ServingExpectation is what the verb `gateway` was told of Secrets that stand alone.
struct ServingExpectation {
  bool asked = false;              ///< the verb `gateway`: it is about what gateways use
  std::vector<std::string> hosts;  ///< that a server with the Secret would serve
  std::string mode;                ///< of that server, as Istio spells it; "" is SIMPLE
  [[nodiscard]] bool any() const { return !hosts.empty() || !mode.empty(); }
};

struct Verification;  // meshcert/verification.hpp

/// Policy is everything the caller decides. Nothing in it has a default that
/// reads the clock or the environment.
struct Policy {
  Instant at{};
  Seconds skew{0};  ///< widens both ends of every validity
  Profile profile = Profile::istio;
  Thresholds thresholds;
  IdentityExpectation identity;
  RootExpectation root;
  TokenExpectation token;
  std::shared_ptr<const Expectations> expectations;  ///< null without --expect
  UsageRole usage_role = UsageRole::automatic;
  std::shared_ptr<const Verification> verification;  ///< null but for what `chain` was told
  /// What `webhook --against` names: the chain that the service presents, or its
  /// CA; null without it.
  std::shared_ptr<const Inventory> webhook_against;
  bool webhook_asked = false;  ///< the verb `webhook`: a bundle that stands alone is a caBundle
  ServingExpectation serving;
  /// `bundle A B`: the certificates of the first input against those of the other.
  bool compare_bundles = false;

  /// asks_for_roots: something is expected of roots, by options or by --expect.
  [[nodiscard]] bool asks_for_roots() const {
    return root.any() || (expectations != nullptr && !expectations->roots.empty());
  }
  /// asks_for_path: the verb is `chain`, for which a chain that is held against nothing is no success.
  [[nodiscard]] bool asks_for_path() const;
  /// names_roots: --trust says what is trusted, and nothing else is.
  [[nodiscard]] bool names_roots() const;
};

}  // namespace meshcert
