#include "crls.hpp"
#include "dumps.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

// A section of Envoy's /config_dump.
Json section(std::string_view type, Json fields) {
  Json json{{"@type", std::string("type.googleapis.com/envoy.admin.v3.") + std::string(type)}};
  json.update(fields);
  return json;
}

Json transport_socket(std::string_view context, Json common) {
  return {
      {"name", "envoy.transport_sockets.tls"},
      {"typed_config",
       {{"@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3." + std::string(context)},
        {"common_tls_context", std::move(common)}}}};
}

Json sds(std::string_view name) {
  return {{"name", name}, {"sds_config", {{"api_config_source", {{"api_type", "GRPC"}}}}}};
}

// What Istio configures for a sidecar's upstream: everything by SDS.
Json mesh_cluster() {
  Json combined{{"validation_context_sds_secret_config", sds("ROOTCA")}};
  combined["default_validation_context"]["match_subject_alt_names"] =
      Json::array({{{"exact", "spiffe://cluster.local/ns/shop/sa/reviews"}}});
  Json common{{"tls_certificate_sds_secret_configs", Json::array({sds("default")})}};
  common["combined_validation_context"] = combined;
  const Json match{{"name", "tlsMode-istio"},
                   {"transport_socket", transport_socket("UpstreamTlsContext", common)}};
  return {{"name", "outbound|9080||reviews.shop.svc.cluster.local"},
          {"transport_socket_matches", Json::array({match})}};
}

/// with_cluster is a config dump of these secrets, and a cluster with this default validation context beside
/// the roots that SDS sends by this name.
Sample with_cluster(const Dump& secrets, Json context, std::string_view roots_name,
                    std::vector<Octets> certificates) {
  const Json combined{{"default_validation_context", std::move(context)},
                      {"validation_context_sds_secret_config", sds(roots_name)}};
  const Json common{{"combined_validation_context", combined}};
  const Json cluster{{"name", "outbound|443||bank"},
                     {"transport_socket", transport_socket("UpstreamTlsContext", common)}};
  const Json configs = Json::array(
      {section("ClustersConfigDump", {{"dynamic_active_clusters", Json::array({{{"cluster", cluster}}})}}),
       section("SecretsConfigDump", snake_case(secrets.document()))});
  return bare_file(print({{"configs", configs}}), std::move(certificates));
}

/// with_default_list is a sidecar's dump in which a cluster adds CRLs to the roots that SDS sends, as Istio
/// writes caCrl of a DestinationRule.
Sample with_default_list(Workshop& w, Json list) {
  Dump dump;
  dump.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                 dynamic(root_secret(
                     "ROOTCA", inline_bytes(pem(signer_of_crls(istio_root(w, "chain/crl-root")).build()))))};
  return with_cluster(dump, {{"crl", std::move(list)}}, "ROOTCA", {the_leaf(w)});
}

/// lenient is a sidecar's dump in which a cluster's default validation context has this field.
Sample lenient(Workshop& w, Json context) {
  Dump dump;
  dump.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                 dynamic(root_secret("ROOTCA", inline_bytes(pem(the_root(w)))))};
  return with_cluster(dump, std::move(context), "ROOTCA", {the_leaf(w), the_root(w)});
}

/// leaf_crl_only is a sidecar's dump in which a cluster has Envoy look at leaves alone, beside the roots that
/// SDS sends by this name. ROOTCA comes with the CRL of the intermediate alone.
Sample leaf_crl_only(Workshop& w, std::string_view roots_name) {
  const std::vector<Octets> chain{plugin_leaf(w, "workload/healthy-chain").build(), intermediate_ca(w)};
  Json roots = root_secret("ROOTCA", inline_bytes(pem(plugin_root_ca(w))));
  roots["validationContext"]["crl"] = inline_bytes(crl_block(w, of_intermediate()));
  Dump dump;
  dump.active = {dynamic(chain_secret("default", inline_bytes(pem(chain)))), dynamic(std::move(roots))};
  return with_cluster(dump, {{"only_verify_leaf_cert_crl", true}}, roots_name,
                      {chain[0], chain[1], plugin_root_ca(w)});
}

// An upstream whose root stands in the cluster itself.
Json inline_cluster(const Octets& root) {
  const Json common{{"validation_context", {{"trusted_ca", inline_string(pem(root))}}}};
  return {{"name", "payments.example.com"},
          {"transport_socket", transport_socket("UpstreamTlsContext", common)}};
}

Json inline_listener(const Octets& leaf) {
  const Json certificate{{"certificate_chain", inline_bytes(pem(leaf))},
                         {"private_key", {{"inline_bytes", "W3JlZGFjdGVkXQ=="}}}};
  const Json common{{"tls_certificates", Json::array({certificate})}};
  const Json chain{{"transport_socket", transport_socket("DownstreamTlsContext", common)}};
  return {
      {"name", "0.0.0.0_8443"},
      {"active_state", {{"listener", {{"name", "0.0.0.0_8443"}, {"filter_chains", Json::array({chain})}}}}}};
}

// A whole config dump: secrets, and material that stands in clusters and listeners themselves.
Sample config_dump(Workshop& w, const Octets& serving) {
  Dump dump;
  dump.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                 dynamic(root_secret("ROOTCA", inline_bytes(pem(the_root(w)))))};
  const Json fixed = snake_case(chain_secret("admin-pair", inline_string(pem(serving))));
  Json bootstrap{{"node", {{"id", "sidecar~10.96.4.17~my-app-0.my-ns~my-ns.svc.cluster.local"}}}};
  bootstrap["static_resources"] = {{"clusters", Json::array({inline_cluster(the_web_root(w))})},
                                   {"secrets", Json::array({fixed})}};
  dump.fixed = {{{"name", "admin-pair"}, {"secret", fixed}}};
  const Json clusters{{"static_clusters", Json::array({{{"cluster", inline_cluster(the_web_root(w))}}})},
                      {"dynamic_active_clusters", Json::array({{{"cluster", mesh_cluster()}}})}};
  const Json listeners{{"dynamic_listeners", Json::array({inline_listener(serving)})}};
  const Json configs = Json::array(
      {section("BootstrapConfigDump", {{"bootstrap", bootstrap}}), section("ClustersConfigDump", clusters),
       section("ListenersConfigDump", listeners), section("SecretsConfigDump", snake_case(dump.document()))});
  return bare_file(print({{"configs", configs}}), {the_leaf(w), the_root(w), serving, the_web_root(w)});
}

/// refused_listener is a dump of a proxy that refused an update of its listener for this reason.
Sample refused_listener(Workshop& w, std::string_view details) {
  Json listener{{"name", "0.0.0.0_8443"}, {"active_state", {{"listener", {{"name", "0.0.0.0_8443"}}}}}};
  listener["error_state"] = {{"details", details}, {"last_update_attempt", "2024-01-01T05:00:00.482Z"}};
  Dump dump;
  dump.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                 dynamic(root_secret("ROOTCA", inline_bytes(pem(the_root(w)))))};
  const Json configs =
      Json::array({section("ListenersConfigDump", {{"dynamic_listeners", Json::array({listener})}}),
                   section("SecretsConfigDump", snake_case(dump.document()))});
  return bare_file(print({{"configs", configs}}), {the_leaf(w), the_root(w)});
}

const Recipe kRecipes[] = {
    {"dumps/healthy-config-dump.json", "",
     "A whole /config_dump: secrets, and certificates that stand in the bootstrap, a cluster and a listener.",
     [](Workshop& w) { return config_dump(w, serving_leaf(w, "gateway/healthy").build()); }},
    {"dumps/crl-in-default-context.json", "chain.revoked",
     "A cluster's default validation context has a CRL that lists the workload's own certificate.",
     [](Workshop& w) {
       return with_default_list(w, inline_bytes(crl_block(w, that_revokes(of_root(), the_leaf(w)))));
     }},
    {"dumps/crl-file-in-default-context.json", "input.external-file",
     "A cluster's default validation context has a CRL in a file.",
     [](Workshop& w) {
       return with_default_list(w, {{"filename", "/etc/istio/ca.crl"}});
     }},
    {"dumps/leaf-crl-only-in-default-context.json", "",
     "A cluster's default validation context has Envoy look at leaves alone (only_verify_leaf_cert_crl).",
     [](Workshop& w) { return leaf_crl_only(w, "ROOTCA"); }},
    {"dumps/leaf-crl-only-of-others.json", "chain.crl-missing",
     "The same beside other roots than those that the CRL comes with.",
     [](Workshop& w) { return leaf_crl_only(w, "file-root:/etc/bank/ca.pem"); }},
    {"dumps/accepts-untrusted.json", "root.accepts-untrusted",
     "A cluster's default validation context takes peers that do not verify.",
     [](Workshop& w) {
       return lenient(w, {{"trust_chain_verification", "ACCEPT_UNTRUSTED"}});
     }},
    {"dumps/accepts-expired.json", "root.accepts-expired",
     "A cluster's default validation context takes peers whose certificates have expired.",
     [](Workshop& w) {
       return lenient(w, {{"allow_expired_certificate", true}});
     }},
    {"dumps/verifies-trust-chain.json", "", "A cluster's default validation context says what is so anyway.",
     [](Workshop& w) {
       return lenient(
           w, {{"allow_expired_certificate", false}, {"trust_chain_verification", "VERIFY_TRUST_CHAIN"}});
     }},
    {"dumps/only-file-root.json", "",
     "A workload's chain, and the CA of an upstream, which comes from a file and is not the mesh's.",
     [](Workshop& w) {
       Dump dump;
       dump.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                      dynamic(root_secret("file-root:/etc/bank/ca.pem", inline_bytes(pem(the_web_root(w)))))};
       return bare_file(print(dump.document()), {the_leaf(w), the_web_root(w)});
     }},
    {"dumps/expired-in-listener.json", "validity.expired",
     "A whole /config_dump whose listener has an expired certificate of its own, where no list of secrets shows it.",
     [](Workshop& w) {
       return config_dump(w, serving_leaf(w).validity(kEpoch - days{90}, kEpoch - days{1}).build());
     }},
    {"dumps/listener-refused.json", "secret-state.listener-refused",
     "A proxy refused an update of its listener, whose certificate has no key.",
     [](Workshop& w) { return refused_listener(w, "Failed to load incomplete private key from path: "); }},
    {"dumps/listener-refused-otherwise.json", "",
     "A proxy refused an update of its listener for a reason that is none of certificates.",
     [](Workshop& w) {
       return refused_listener(
           w,
           "error adding listener 'certificate-8443': multiple filter chains with the same matching rules are defined");
     }},
    {"dumps/cut-after-expired.json", "validity.expired",
     "A dump cut off in its second secret: the first is complete, and expired.",
     [](Workshop& w) {
       Dump dump;
       const Octets leaf = istio_leaf(w).validity(kEpoch - days{2}, kEpoch - days{1}).build();
       dump.active = {dynamic(chain_secret("default", inline_bytes(pem(leaf)))),
                      dynamic(root_secret("ROOTCA", inline_bytes(pem(the_root(w)))))};
       const std::string whole = print(dump.document());
       return bare_file(whole.substr(0, whole.size() - 400), {leaf});
     }},
};

}  // namespace

std::span<const Recipe> config_dump_recipes() {
  return kRecipes;
}

}  // namespace gencerts
