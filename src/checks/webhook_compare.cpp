#include "checks/webhook_compare.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "checks/cluster.hpp"
#include "checks/webhook_judge.hpp"

namespace meshcert::checks {
namespace {

/// Holding is one bundle among those who should all hold the same, and who has it.
struct Holding {
  const WebhookCall* first = nullptr;
  std::size_t count = 0;
  int standing = 0;  ///< 1 where it is known to be right, -1 where to be stale
};

/// Groups are told apart by whom their members call.
class Groups {
 public:
  void add(const std::string& called, const WebhookCall& call, std::size_t set) {
    Holding& holding = groups_[called][set];
    const int standing = call.proven ? 1 : call.stale ? -1 : 0;
    holding.standing = holding.first == nullptr ? standing : std::max(holding.standing, standing);
    if (holding.first == nullptr) holding.first = &call;
    ++holding.count;
  }
  void settle() {
    for (const auto& [called, group] : groups_) measures_[called] = measure_of(group);
  }
  /// measure is the first of those whose bundle is to be every member's.
  [[nodiscard]] const WebhookCall& measure(const std::string& called) const { return *measures_.at(called); }

 private:
  using Group = std::map<std::size_t, Holding>;  ///< by the number of the set

  // Of equals, the one that is met first.
  static const WebhookCall* measure_of(const Group& group) {
    const auto rank = [](const Group::value_type& entry) {
      const Holding& holding = entry.second;
      return std::tuple(-holding.standing, -static_cast<std::ptrdiff_t>(holding.count), holding.first);
    };
    return std::ranges::min_element(group, {}, rank)->second.first;
  }

  std::map<std::string, Group> groups_;
  std::map<std::string, const WebhookCall*> measures_;
};

class Comparison {
 public:
  Comparison(std::span<const WebhookCall> calls, const Policy& policy, FindingSink& sink)
      : policy_(policy), sink_(sink) {
    for (const WebhookCall& call : calls)
      if (call.is_usable() && call.in_cluster()) counted_.push_back(&call);
  }

  // Each entry is held against those of its service, and what most of these hold against what is held by
  // those that call an istiod there, of whatever configuration.
  void report() {
    for (const WebhookCall* call : counted_) services_.add(call->dns_name(), *call, number_of(*call));
    services_.settle();
    for (const WebhookCall* call : counted_)
      if (call->is_istiod() && is_like(*call, services_.measure(call->dns_name())))
        meshes_.add(call->entry->service_namespace, *call, number_of(*call));
    meshes_.settle();
    for (const WebhookCall* call : counted_) {
      const WebhookCall& measure = services_.measure(call->dns_name());
      differ(kDiffersBetweenEntries, *call, measure);
      if (call == &measure && call->is_istiod())
        differ(kDiffersBetweenRevisions, *call, meshes_.measure(call->entry->service_namespace));
    }
  }

 private:
  std::size_t number_of(const WebhookCall& call) {
    if (const auto known = known_.find(call.bundle); known != known_.end()) return known->second;
    std::set<std::string_view> ders;
    for (const Certificate& certificate : call.bundle->certificates) ders.insert(as_text(certificate.der));
    const std::size_t number = numbers_.try_emplace(std::move(ders), numbers_.size()).first->second;
    return known_[call.bundle] = number;
  }

  bool is_like(const WebhookCall& call, const WebhookCall& other) {
    return number_of(call) == number_of(other);
  }

  void differ(const FindingSpec& spec, const WebhookCall& call, const WebhookCall& measure) {
    if (is_like(call, measure)) return;
    report_call(spec, call,
                {{"other", measure.name()},
                 {"found", contents_of(*call.bundle, policy_)},
                 {"required", contents_of(*measure.bundle, policy_)},
                 {"_space", call.entry->service_namespace}},
                sink_);
  }

  const Policy& policy_;
  FindingSink& sink_;
  std::vector<const WebhookCall*> counted_;
  std::map<std::set<std::string_view>, std::size_t> numbers_;  ///< of sets of DER
  std::map<const Artifact*, std::size_t> known_;
  Groups services_, meshes_;
};

}  // namespace

void compare_calls(std::span<const WebhookCall> calls, const Policy& policy, FindingSink& sink) {
  Comparison(calls, policy, sink).report();
}

}  // namespace meshcert::checks
