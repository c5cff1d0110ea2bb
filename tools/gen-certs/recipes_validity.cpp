#include "dumps.hpp"
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

/// old_root has the name and key of Istio's root, and ends as told.
Octets old_root(Workshop& w, std::string_view serial_name, Instant end) {
  return istio_root(w, serial_name).validity(end - days{3650}, end).build();
}

/// spire_root is one of SPIRE's own: its names stay when its key changes.
Octets spire_root(Workshop& w, std::string_view key, Instant from, Instant to) {
  const Octets subject = name({{"C", "US"}, {"O", "SPIFFE"}});
  return istio_root(w, "validity/spire-" + std::string(key))
      .subject(subject)
      .issuer(subject)
      .san({uri("spiffe://cluster.local")}, false)
      .key(key)
      .signer(key)
      .validity(from, to)
      .build();
}

/// spire_rotation: the old root has six hours left; `signer` is the root that issued the leaf.
Sample spire_rotation(Workshop& w, std::string_view signer) {
  const Octets leaf = istio_leaf(w, "validity/spire-leaf-" + std::string(signer))
                          .issuer(name({{"C", "US"}, {"O", "SPIFFE"}}))
                          .signer(signer)
                          .validity(kNow - minutes{20}, kNow + minutes{40})
                          .build();
  return workload_dump({leaf}, {spire_root(w, "root", kNow - days{6}, kNow + hours{6}),
                                spire_root(w, "other-root", kNow - days{2}, kNow + days{5})});
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
    {"validity/healthy-long-lived-istiod.pem", "",
     "istiod's own certificate, made by hand for ten years: it has an ID and serves istiod's names.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w)
                            .validity(kEpoch, kEpoch + days{3650})
                            .san({uri("spiffe://cluster.local/ns/istio-system/sa/istiod"),
                                  dns("istiod.istio-system.svc")})
                            .build()});
     }},
    {"validity/healthy-sixty-percent-of-an-hour.pem", "",
     "A certificate of one hour, as SPIRE issues them, at 60 % of its life.",
     [](Workshop& w) { return pem_file({istio_leaf(w).validity(kEpoch, kEpoch + hours{1}).build()}); },
     kEpoch + minutes{36}},
    {"validity/far-dates.pem", "validity.long-lived-workload",
     "A workload certificate valid from year 0001 to year 9999, in GeneralizedTime: odd, lawful.", far_dates},
    {"validity/two-years.pem", "validity.long-lived-workload",
     "A workload certificate made to live two years.",
     [](Workshop& w) { return pem_file({istio_leaf(w).validity(kEpoch, kEpoch + days{730}).build()}); }},
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
    {"validity/expired-copy-sent.json", "validity.expired",
     "The chain carries an expired copy of its root; ROOTCA holds the renewed one, of the same name and key.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w), old_root(w, "validity/old-root", kEpoch - days{1})},
                            {the_renewed_root(w)});
     }},
    {"validity/critical-root-in-use.json", "validity.critical",
     "The root that issued the leaf has 20 days left; another in ROOTCA lives on and issued nothing here.",
     [](Workshop& w) {
       return workload_dump({the_leaf(w)},
                            {old_root(w, "validity/ending-root", kNow + days{20}), the_plugin_root(w)});
     }},
    {"validity/ending-root-not-in-use.json", "validity.expiring",
     "A root of ROOTCA has 20 days left; the leaf is of another, which lives on.",
     [](Workshop& w) {
       return workload_dump({plugin_leaf(w, "workload/healthy-chain").build(), the_intermediate(w)},
                            {old_root(w, "validity/ending-root", kNow + days{20}), the_plugin_root(w)});
     }},
    {"validity/healthy-spire-rotation.json", "",
     "SPIRE has rotated its root: the old one ends in hours, the leaf is of the new one.",
     [](Workshop& w) { return spire_rotation(w, "other-root"); }},
    {"validity/stuck-spire-rotation.json", "validity.critical",
     "As healthy-spire-rotation.json, but the leaf is still of the old root.",
     [](Workshop& w) { return spire_rotation(w, "root"); }},
    {"validity/outlives-issuer.pem", "validity.outlives-issuer",
     "A leaf of 90 days under an intermediate that ends in 80.",
     [](Workshop& w) {
       const Octets leaf =
           plugin_leaf(w, "validity/long-leaf").validity(kNow - days{1}, kNow + days{89}).build();
       return pem_file({leaf, plugin_intermediate(w).validity(kNow - days{20}, kNow + days{80}).build()});
     }},
    {"validity/healthy-ends-with-issuer.pem", "",
     "As outlives-issuer.pem, but the leaf ends in the same second as its issuer.",
     [](Workshop& w) {
       const Octets leaf =
           plugin_leaf(w, "validity/equal-leaf").validity(kNow - days{1}, kNow + days{300}).build();
       return pem_file({leaf, plugin_intermediate(w).validity(kNow - days{20}, kNow + days{300}).build()});
     }},
};

}  // namespace

std::span<const Recipe> validity_recipes() {
  return kRecipes;
}

}  // namespace gencerts
