#include "mesh.hpp"

namespace gencerts {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr days kTenYears{3650};
/// CAs are a year old when leaves are issued, and outlive them.
constexpr Instant kRootsMade = kEpoch - days{365};

CertificateBuilder builder(Workshop& workshop, std::string_view serial_name) {
  return {workshop, serial_name.empty() ? workshop.recipe : serial_name};
}

/// root is what all roots have in common.
CertificateBuilder root(Workshop& workshop, std::string_view serial_name, const Octets& name,
                        std::string_view key) {
  return builder(workshop, serial_name)
      .subject(name)
      .issuer(name)
      .validity(kRootsMade, kRootsMade + kTenYears)
      .key(key)
      .signer(key)
      .key_usage({ku::kKeyCertSign})
      .ca_constraints()
      .key_ids(true, false);
}

/// end_entity is what all leaves have in common.
CertificateBuilder end_entity(Workshop& workshop, std::string_view serial_name, const Octets& issuer,
                              std::string_view signer) {
  return builder(workshop, serial_name)
      .issuer(issuer)
      .key("workload")
      .signer(signer)
      .key_usage({ku::kDigitalSignature, ku::kKeyEncipherment})
      .extended_key_usage({eku::kServerAuth, eku::kClientAuth})
      .leaf_constraints()
      .key_ids(false, true);
}

Octets web_root_name() {
  return name({{"C", "DE"}, {"O", "Example Corp"}, {"CN", "Example Root CA"}});
}
Octets web_intermediate_name() {
  return name({{"C", "DE"}, {"O", "Example Corp"}, {"CN", "Example Issuing CA"}});
}

}  // namespace

Octets empty_name() {
  return sequence("");
}
Octets istio_root_name() {
  return name({{"O", "cluster.local"}});
}
Octets plugin_root_name() {
  return name({{"O", "Istio"}, {"CN", "Root CA"}});
}
Octets plugin_intermediate_name() {
  return name({{"O", "Istio"}, {"CN", "Intermediate CA"}, {"L", "cluster1"}});
}
Octets citadel_root_name() {
  return name({{"O", "k8s.cluster.local"}});
}

CertificateBuilder istio_root(Workshop& workshop, std::string_view serial_name) {
  return root(workshop, serial_name, istio_root_name(), "root").wide_serial();
}

CertificateBuilder istio_leaf(Workshop& workshop, std::string_view serial_name) {
  return end_entity(workshop, serial_name, istio_root_name(), "root")
      .wide_serial()
      .subject(empty_name())
      .validity(kEpoch - minutes{2}, kEpoch + hours{24})
      .san({uri(kId)});
}

CertificateBuilder plugin_root(Workshop& workshop, std::string_view serial_name) {
  return root(workshop, serial_name, plugin_root_name(), "other-root")
      .key_usage({ku::kDigitalSignature, ku::kNonRepudiation, ku::kKeyEncipherment, ku::kKeyCertSign});
}

CertificateBuilder plugin_intermediate(Workshop& workshop, std::string_view serial_name) {
  return builder(workshop, serial_name)
      .subject(plugin_intermediate_name())
      .issuer(plugin_root_name())
      .validity(kEpoch - days{90}, kEpoch + days{1735})
      .key("intermediate")
      .signer("other-root")
      .key_usage({ku::kDigitalSignature, ku::kNonRepudiation, ku::kKeyEncipherment, ku::kKeyCertSign})
      .ca_constraints(0)
      .san({dns("istiod.istio-system.svc")}, false)
      .key_ids(true, true);
}

CertificateBuilder plugin_leaf(Workshop& workshop, std::string_view serial_name) {
  return istio_leaf(workshop, serial_name).issuer(plugin_intermediate_name()).signer("intermediate");
}

CertificateBuilder citadel_root(Workshop& workshop, std::string_view serial_name) {
  return root(workshop, serial_name, citadel_root_name(), "root").wide_serial();
}

CertificateBuilder citadel_leaf(Workshop& workshop, std::string_view serial_name) {
  return end_entity(workshop, serial_name, citadel_root_name(), "root")
      .wide_serial()
      .subject(name({{"O", "", tag::kPrintableString}}))
      .validity(kEpoch, kEpoch + days{90})
      .key_ids(false, false)
      .san({uri(kId)}, false);
}

CertificateBuilder web_root(Workshop& workshop, std::string_view serial_name) {
  return root(workshop, serial_name, web_root_name(), "other-root")
      .key_usage({ku::kKeyCertSign, ku::kCrlSign});
}

CertificateBuilder web_intermediate(Workshop& workshop, std::string_view serial_name) {
  return builder(workshop, serial_name)
      .subject(web_intermediate_name())
      .issuer(web_root_name())
      .validity(kEpoch - days{90}, kEpoch + days{1735})
      .key("intermediate")
      .signer("other-root")
      .key_usage({ku::kKeyCertSign, ku::kCrlSign})
      .ca_constraints(0)
      .key_ids(true, true);
}

CertificateBuilder serving_leaf(Workshop& workshop, std::string_view serial_name) {
  return end_entity(workshop, serial_name, web_intermediate_name(), "intermediate")
      .subject(name({{"CN", "shop.example.com"}}))
      .validity(kEpoch - days{10}, kEpoch + days{80})
      .extended_key_usage({eku::kServerAuth})
      .san({dns("shop.example.com"), dns("*.shop.example.com")}, false);
}

CertificateBuilder ec_root(Workshop& workshop, std::string_view serial_name) {
  return istio_root(workshop, serial_name).key("p256-root").signer("p256-root");
}

CertificateBuilder ec_leaf(Workshop& workshop, std::string_view serial_name) {
  return istio_leaf(workshop, serial_name).key("p256").signer("p256-root").key_usage({ku::kDigitalSignature});
}

Octets the_root(Workshop& workshop) {
  return istio_root(workshop, "pki/root").build();
}

Octets the_new_root(Workshop& workshop) {
  return istio_root(workshop, "pki/root-new").key("other-root").signer("other-root").build();
}

Octets the_renewed_root(Workshop& workshop) {
  return istio_root(workshop, "pki/root-renewed")
      .validity(kEpoch - days{1}, kEpoch - days{1} + kTenYears)
      .build();
}

Octets the_leaf(Workshop& workshop) {
  return istio_leaf(workshop, "workload/healthy").build();
}
Octets the_plugin_root(Workshop& workshop) {
  return plugin_root(workshop, "pki/plugin-root").build();
}
Octets the_intermediate(Workshop& workshop) {
  return plugin_intermediate(workshop, "pki/intermediate").build();
}
Octets the_web_root(Workshop& workshop) {
  return web_root(workshop, "pki/web-root").build();
}
Octets the_web_intermediate(Workshop& workshop) {
  return web_intermediate(workshop, "pki/web-intermediate").build();
}

}  // namespace gencerts
