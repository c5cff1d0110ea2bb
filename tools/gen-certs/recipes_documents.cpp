// Documents other than Envoy's secrets in JSON: the same in YAML, ztunnel's
// certificates, Envoy's /certs, and the list that istioctl once printed.
#include <openssl/bn.h>

#include "dumps.hpp"
#include "openssl.hpp"
#include "recipe.hpp"
#include "yaml.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

Sample document(const Json& json, std::vector<Octets> certificates) {
  return bare_file(print(json), std::move(certificates));
}

/// Facts of a certificate, as tools state them beside it.
struct Stated {
  std::string decimal, hex, not_before, not_after;
};

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  require(ASN1_TIME_to_tm(time, &parts) == 1, "a time that OpenSSL does not read");
  const auto date = std::chrono::year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday;
  return to_rfc3339(std::chrono::sys_days{date} + std::chrono::hours{parts.tm_hour} +
                    std::chrono::minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec});
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Stated stated(const Octets& certificate) {
  const auto* data = reinterpret_cast<const unsigned char*>(certificate.data());
  const X509Certificate decoded(d2i_X509(nullptr, &data, static_cast<long>(certificate.size())));
  require(decoded != nullptr, "a certificate that OpenSSL does not read");
  using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
  const Number serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(decoded.get()), nullptr));
  const auto text = [&serial](char* (*print)(const BIGNUM*)) {
    char* digits = print(serial.get());
    std::string out(digits);
    OPENSSL_free(digits);
    return out;
  };
  std::string hex = lower_case(text(BN_bn2hex));
  hex.erase(0, hex.find_first_not_of('0'));
  return {text(BN_bn2dec), hex, time_text(X509_get0_notBefore(decoded.get())),
          time_text(X509_get0_notAfter(decoded.get()))};
}

/// ztunnel_pem has lines of 60 characters.
std::string ztunnel_pem(const Octets& certificate) {
  std::string out = "-----BEGIN CERTIFICATE-----\n";
  const std::string text = base64(certificate);
  for (std::size_t at = 0; at < text.size(); at += 60) out += text.substr(at, 60) + "\n";
  return out + "-----END CERTIFICATE-----\n";
}

Json ztunnel_row(const Octets& certificate) {
  const Stated facts = stated(certificate);
  return {{"pem", base64(ztunnel_pem(certificate))},
          {"serialNumber", facts.decimal},
          {"validFrom", facts.not_before},
          {"expirationTime", facts.not_after}};
}

Json identity(std::string_view name, std::string_view state, Json chain, Json roots) {
  return {
      {"identity", name}, {"state", state}, {"certChain", std::move(chain)}, {"rootCerts", std::move(roots)}};
}

Json waiting(std::string_view name, std::string_view state) {
  return identity(name, state, Json::array(), Json::array());
}

/// ztunnel_list is what a healthy node has: one identity with its chain and roots.
Json ztunnel_list(Workshop& w) {
  return Json::array({identity(kId, "Available", Json::array({ztunnel_row(the_leaf(w))}),
                               Json::array({ztunnel_row(the_root(w))}))});
}

/// ztunnel_dump is the list as ztunnel's /config_dump has it, among other things.
Json ztunnel_dump(Json list) {
  return {
      {"certificates", std::move(list)},
      {"config", {{"clusterId", "Kubernetes"}, {"proxyMode", "Shared"}}},
      {"policies", Json::array()},
      {"services", Json::array()},
      {"version", {{"version", "1.27.0"}}},
      {"workloads", Json::array({{{"name", "my-app-0"}, {"namespace", "my-ns"}, {"protocol", "HBONE"}}})}};
}

Sample healthy_ztunnel(Workshop& w) {
  Json list = ztunnel_list(w);
  list.push_back(list[0]);
  const Octets second = istio_leaf(w).san({uri("spiffe://cluster.local/ns/my-ns/sa/other")}).build();
  list[1]["identity"] = "spiffe://cluster.local/ns/my-ns/sa/other";
  list[1]["certChain"] = Json::array({ztunnel_row(second)});
  return document(ztunnel_dump(list), {the_leaf(w), the_root(w), second});
}

/// Older: PEM as it is, the root last in the chain, and the metadata spelt in
/// ways that say the same.
Sample healthy_ztunnel_list(Workshop& w) {
  Json leaf = ztunnel_row(the_leaf(w)), root = ztunnel_row(the_root(w));
  leaf["pem"] = pem(the_leaf(w));
  root["pem"] = pem(the_root(w));
  leaf["serialNumber"] = "000" + leaf["serialNumber"].get<std::string>();
  std::string hex = stated(the_root(w)).hex;
  for (char& c : hex) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  root["serialNumber"] = "0x" + hex;
  root["validFrom"] = "2023-01-01T01:00:00.482+01:00";
  Json entry{{"identity", kId}, {"state", "Available"}, {"certChain", Json::array({leaf, root})}};
  return document(Json::array({entry}), {the_leaf(w), the_root(w)});
}

Sample ztunnel_states(Workshop& w) {
  Json list = ztunnel_list(w);
  list.push_back(waiting("spiffe://cluster.local/ns/my-ns/sa/new", "Initializing"));
  list.push_back(
      waiting("spiffe://cluster.local/ns/my-ns/sa/gone", "Unavailable: the identity is no longer needed"));
  list.push_back(waiting("spiffe://cluster.local/ns/my-ns/sa/refused",
                         "Unavailable: signing gRPC error (The caller does not have permission)"));
  return document(ztunnel_dump(list), {the_leaf(w), the_root(w)});
}

Sample metadata_disagrees(Workshop& w) {
  Json list = ztunnel_list(w);
  Json& leaf = list[0]["certChain"][0];
  leaf["expirationTime"] = "2034-01-02T00:00:00Z";
  Json& root = list[0]["rootCerts"][0];
  root["serialNumber"] = "1234567890";
  return document(ztunnel_dump(list), {the_leaf(w), the_root(w)});
}

Sample ztunnel_other_identity(Workshop& w) {
  Json list = ztunnel_list(w);
  list[0]["identity"] = "spiffe://cluster.local/ns/my-ns/sa/other";
  return document(ztunnel_dump(list), {the_leaf(w), the_root(w)});
}

Sample ztunnel_without_pem(Workshop& w) {
  Json list = ztunnel_list(w);
  for (const char* field : {"certChain", "rootCerts"}) list[0][field][0].erase("pem");
  return document(list, {the_leaf(w), the_root(w)});
}

/// envoy_row is a certificate as Envoy's /certs lists it.
Json envoy_row(const Octets& certificate, Json names, std::string_view left) {
  const Stated facts = stated(certificate);
  return {{"path", "<inline>"},
          {"serial_number", facts.hex},
          {"subject_alt_names", names},
          {"days_until_expiration", left},
          {"valid_from", facts.not_before},
          {"expiration_time", facts.not_after}};
}

/// envoy_certs has the same pair twice, as two TLS contexts use it.
Json envoy_certs(Workshop& w, const Octets& leaf, std::string_view days_left,
                 const Json& names = Json::array({{{"uri", kId}}})) {
  const Json context{{"ca_cert", Json::array({envoy_row(the_root(w), Json::array(), "3284")})},
                     {"cert_chain", Json::array({envoy_row(leaf, names, days_left)})}};
  return {{"certificates", Json::array({context, context})}};
}

/// listed_with has a leaf that has one more name than its identity.
Sample listed_with(Workshop& w, Octets (*name)(std::string_view), const char* type, std::string_view text) {
  const Octets leaf = istio_leaf(w).san({uri(kId), name(text)}, true).build();
  const Json names = Json::array({{{"uri", kId}}, {{type, text}}});
  return document(envoy_certs(w, leaf, "0", names), {leaf, the_root(w)});
}

/// istioctl_item is a row of the table of secrets as older istioctl printed it in JSON.
Json istioctl_item(std::string_view name, const Octets& certificate, std::string_view type) {
  const Stated facts = stated(certificate);
  return {{"resource_name", name},
          {"cert", pem(certificate)},
          {"source", ""},
          {"destination", ""},
          {"state", "ACTIVE"},
          {"trust_domain", ""},
          {"cert_valid", true},
          {"serial_number", facts.hex},
          {"not_after", facts.not_after},
          {"not_before", facts.not_before},
          {"type", type}};
}

Sample healthy_istioctl_list(Workshop& w) {
  return document(Json::array({istioctl_item("default", the_leaf(w), "Cert Chain"),
                               istioctl_item("ROOTCA", the_root(w), "CA")}),
                  {the_leaf(w), the_root(w)});
}

/// secrets are those of every sidecar: default and ROOTCA.
Json secrets(Workshop& w) {
  Dump dump;
  dump.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                 dynamic(root_secret("ROOTCA", inline_bytes(pem(the_root(w)))))};
  return dump.document();
}

Sample yaml_stream(Workshop& w) {
  const std::string two = print_yaml(secrets(w)) + "---\n" + print_yaml(ztunnel_dump(ztunnel_list(w)));
  return bare_file("---\n" + two + "---\n", {the_leaf(w), the_root(w), the_leaf(w), the_root(w)});
}

/// yaml_truncated ends in the inlineBytes of ROOTCA, the first secret being whole.
Sample yaml_truncated(Workshop& w) {
  const std::string whole = print_yaml(secrets(w));
  const std::size_t value = whole.rfind("inlineBytes: ") + std::string_view("inlineBytes: ").size();
  return bare_file(whole.substr(0, value + 400), {the_leaf(w)});
}

Sample alias_bomb(Workshop&) {
  std::string text = "dynamicActiveSecrets: []\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i <= 9; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
    for (int k = 1; k < 10; ++k) text += ", " + alias;
    text += "]\n";
  }
  return bare_file(text);
}

const Recipe kRecipes[] = {
    {"dumps/healthy-yaml.yaml", "", "The healthy dump as istioctl proxy-config secret -o yaml prints it.",
     [](Workshop& w) {
       return bare_file(print_yaml(secrets(w)), {the_leaf(w), the_root(w)});
     }},
    {"dumps/healthy-yaml-stream.yaml", "",
     "Two documents in one YAML stream: a sidecar's secrets, and a ztunnel's configuration.", yaml_stream},
    {"dumps/yaml-truncated.yaml", "input.broken-pem-block",
     "The healthy dump in YAML, cut off in the certificate of ROOTCA.", yaml_truncated},
    {"dumps/yaml-duplicate-key.yaml", "input.malformed",
     "The list of active secrets is there twice: readers of YAML disagree about which one counts.",
     [](Workshop& w) {
       return bare_file(print_yaml(secrets(w)) + print_yaml(secrets(w)), {the_leaf(w), the_root(w)});
     }},
    {"dumps/yaml-alias-bomb.yaml", "input.malformed",
     "Ten lines of YAML whose aliases stand for ten thousand million values.", alias_bomb},

    {"dumps/healthy-ztunnel.json", "",
     "A ztunnel's /config_dump: two identities of its node, each with its chain and the same root.",
     healthy_ztunnel},
    {"dumps/healthy-ztunnel-list.json", "",
     "What istioctl ztunnel-config certificates -o json prints of an older ztunnel: the root is the last of the "
     "chain; serial numbers and times are spelt in other ways than in the certificates.",
     healthy_ztunnel_list},
    {"dumps/ztunnel-states.json", "secret-state.error-state",
     "A ztunnel with one identity available, one that waits for its certificate, one that was refused, and one that "
     "no workload needs any more.",
     ztunnel_states},
    {"dumps/metadata-disagrees.json", "input.metadata-disagrees",
     "A ztunnel states that the leaf expires ten years later than it does, and a serial number that is not the root's.",
     metadata_disagrees},
    {"dumps/ztunnel-other-identity.json", "input.metadata-disagrees",
     "A ztunnel lists a certificate under another identity than the certificate's own.",
     ztunnel_other_identity},
    {"dumps/ztunnel-none.json", "input.unsupported-block",
     "A ztunnel on a node without workloads of the mesh: an empty list of certificates.",
     [](Workshop&) { return document(ztunnel_dump(Json::array()), {}); }},
    {"dumps/ztunnel-listed-only.json", "input.listed-only",
     "A ztunnel's list from which the PEM was taken out: only what is stated of the certificates is left.",
     ztunnel_without_pem},

    {"dumps/envoy-certs.json", "input.listed-only",
     "Envoy's /certs: serial numbers, dates and names of what two TLS contexts use, and no certificate.",
     [](Workshop& w) {
       return document(envoy_certs(w, the_leaf(w), "0"), {the_leaf(w), the_root(w)});
     }},
    {"dumps/envoy-certs-expired.json", "validity.expired",
     "Envoy's /certs with an expired leaf, of which days_until_expiration says 0, as of one that expires today.",
     [](Workshop& w) {
       const Octets leaf = istio_leaf(w).validity(kEpoch - days{40}, kEpoch - days{39}).build();
       return document(envoy_certs(w, leaf, "0"), {leaf, the_root(w)});
     }},
    {"dumps/envoy-certs-two-uris.json", "svid.multiple-uris",
     "Envoy's /certs with a leaf that has two URIs, and no certificate.",
     [](Workshop& w) { return listed_with(w, uri, "uri", "spiffe://cluster.local/ns/shop/sa/cart"); }},
    {"dumps/envoy-certs-uri-and-dns.json", "input.listed-only",
     "Envoy's /certs with a leaf that has one URI and one DNS name, as it may.",
     [](Workshop& w) { return listed_with(w, dns, "dns", "my-sa.my-ns.svc"); }},
    {"dumps/healthy-istioctl-list.json", "",
     "The list of secrets that older istioctl printed: PEM, with what its table shows beside it.",
     healthy_istioctl_list},
};

}  // namespace

std::span<const Recipe> document_recipes() {
  return kRecipes;
}

}  // namespace gencerts
