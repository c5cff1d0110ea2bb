#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

Sample leaf_valid(Workshop& w, Instant from, Instant to) {
  return pem_file({istio_leaf(w).validity(from, to).build()});
}

/// far_dates: X.509's first and last second, which Instant need not reach.
Sample far_dates(Workshop& w) {
  const Octets first = tlv(tag::kGeneralizedTime, "00010101000000Z");
  const Octets last = tlv(tag::kGeneralizedTime, "99991231235959Z");
  return pem_file({istio_leaf(w).raw_validity(first, last).build()});
}

const Recipe kRecipes[] = {
    {"validity/expired.pem", "validity.expired", "A workload certificate that expired six hours ago.",
     [](Workshop& w) { return leaf_valid(w, kEpoch - hours{24} - minutes{2}, kEpoch); }},
    {"validity/expired-intermediate.pem", "validity.expired",
     "A good leaf under an intermediate that expired an hour ago: readers of the first PEM block alone see nothing.",
     [](Workshop& w) {
       const Octets expired = plugin_intermediate(w).validity(kEpoch - days{730}, kEpoch + hours{5}).build();
       return pem_file({plugin_leaf(w, "workload/healthy-chain").build(), expired});
     }},
    {"validity/not-yet-valid.pem", "validity.not-yet-valid",
     "A workload certificate whose validity begins in six hours: a clock is wrong.",
     [](Workshop& w) { return leaf_valid(w, kEpoch + hours{12}, kEpoch + hours{36}); }},
    {"validity/critical.pem", "validity.critical", "A 90-day workload certificate with five days left.",
     [](Workshop& w) { return leaf_valid(w, kNow - days{85}, kNow + days{5}); }},
    {"validity/expiring.pem", "validity.expiring", "A 90-day workload certificate with 20 days left.",
     [](Workshop& w) { return leaf_valid(w, kNow - days{70}, kNow + days{20}); }},
    {"validity/inverted.pem", "validity.inverted",
     "A workload certificate that ends an hour before it begins.",
     [](Workshop& w) { return leaf_valid(w, kNow + hours{2}, kNow + hours{1}); }},
    {"validity/renewal-overdue.pem", "validity.renewal-overdue",
     "A 24-hour workload certificate at 60 % of its life: Istio renews at half.",
     [](Workshop& w) { return leaf_valid(w, kEpoch - minutes{2}, kEpoch + hours{24}); },
     kEpoch + hours{14} + minutes{24}},
    {"validity/healthy-before-renewal.pem", "",
     "A 24-hour workload certificate at 50 % of its life: renewal is due, not overdue.",
     [](Workshop& w) { return leaf_valid(w, kEpoch - minutes{2}, kEpoch + hours{24}); },
     kEpoch + hours{12} + minutes{2}},
    {"validity/healthy-far-dates.pem", "",
     "A workload certificate valid from year 0001 to year 9999, in GeneralizedTime: odd, lawful.", far_dates},
    {"validity/healthy-root-beyond-2050.pem", "",
     "A root whose end needs GeneralizedTime (RFC 5280 4.1.2.5: from 2050 on).",
     [](Workshop& w) { return pem_file({istio_root(w).validity(kEpoch, kEpoch + days{10000}).build()}); }},
    {"validity/root-expiring.pem", "validity.expiring", "A ten-year root with 100 days left.",
     [](Workshop& w) {
       return pem_file({istio_root(w).validity(kNow - days{3550}, kNow + days{100}).build()});
     }},
    {"validity/root-critical.pem", "validity.critical", "A ten-year root with 20 days left.",
     [](Workshop& w) {
       return pem_file({istio_root(w).validity(kNow - days{3630}, kNow + days{20}).build()});
     }},
    {"validity/root-expired.pem", "validity.expired", "A ten-year root that expired yesterday.",
     [](Workshop& w) {
       return pem_file({istio_root(w).validity(kNow - days{3651}, kNow - days{1}).build()});
     }},
};

}  // namespace

std::span<const Recipe> validity_recipes() {
  return kRecipes;
}

}  // namespace gencerts
