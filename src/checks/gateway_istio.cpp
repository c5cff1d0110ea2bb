// Istio's Gateway (istio api networking/v1alpha3/gateway.proto; istio pkg/config/validation/validation.go).
#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "base/ascii.hpp"
#include "checks/gateway_judge.hpp"
#include "checks/gateway_kinds.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kModes =
    "PASSTHROUGH, SIMPLE, MUTUAL, AUTO_PASSTHROUGH, ISTIO_MUTUAL, OPTIONAL_MUTUAL";

// The namespaces may be said in front: "shop/www.example.com", "*/*.example.com".
std::string host_of(const std::string& host) {
  return host.substr(host.find('/') + 1);
}

class IstioJudge {
 public:
  explicit IstioJudge(References& references) : references_(references), words_(references) {}

  void judge(const KubernetesObject& object, const IstioGateway& gateway) {
    const auto& spaces = references_.spaces_of(object, gateway);
    if (references_.knows_pods() && spaces.empty() && !gateway.selector.empty())
      references_.not_given().any_pod(object, label_text(gateway.selector));
    for (const ServerTls& server : gateway.servers) {
      Use use{&object, server.where, "server " + (server.port.empty() ? "without a port" : server.port)};
      use.mode = server.mode.empty() ? "PASSTHROUGH" : server.mode;
      use.spaces = &spaces;
      std::ranges::transform(server.hosts, std::back_inserter(use.hosts), host_of);
      const bool lists = server.has_tls && !(server.redirects && named_in(server).empty());
      if (lists) references_.rows().begin(use);
      judge(use, server);
    }
  }

 private:
  void judge(const Use& use, const ServerTls& server) {
    if (!server.has_tls) {
      constexpr std::string_view kTls[] = {"HTTPS", "TLS"};
      if (is_one_of(server.protocol, kTls))
        words_.no_certificate(use, "has protocol " + server.protocol + " without TLS settings",
                              "TLS settings are required",
                              "server must have TLS settings for HTTPS/TLS protocols");
      return;
    }
    if (is_plain(server.protocol)) return plain(use, server);
    const std::string_view mode = use.mode;
    if (mode == "PASSTHROUGH" || mode == "AUTO_PASSTHROUGH") return passes(use, server);
    if (mode == "ISTIO_MUTUAL") return istio_mutual(use, server);
    if (mode != "SIMPLE" && !is_mutual(mode)) return words_.unknown_mode(use, kModes);
    terminates(use, server);
  }

  // What a server says of certificates, as it is written; "" where it says nothing.
  static std::string named_in(const ServerTls& server) {
    if (!server.credential_name.empty()) return "credentialName " + server.credential_name;
    if (!server.credential_names.empty()) return "credentialNames " + server.credential_names.front();
    if (!server.server_certificate.empty()) return "serverCertificate " + server.server_certificate;
    if (!server.private_key.empty()) return "privateKey " + server.private_key;
    if (!server.ca_certificates.empty()) return "caCertificates " + server.ca_certificates;
    return server.tls_certificates.empty() ? "" : "tlsCertificates";
  }

  // istiod reads protocols without case.
  static bool is_one_of(std::string_view protocol, std::span<const std::string_view> names) {
    return std::ranges::any_of(
        names, [protocol](std::string_view name) { return base::equal_without_case(protocol, name); });
  }

  static bool is_http(std::string_view protocol) {
    constexpr std::string_view kHttp[] = {"HTTP", "HTTP2", "GRPC", "GRPC-WEB"};
    return is_one_of(protocol, kHttp);
  }

  static bool is_plain(std::string_view protocol) {
    constexpr std::string_view kOthers[] = {"TCP", "MONGO", "REDIS", "MYSQL"};
    return is_http(protocol) || is_one_of(protocol, kOthers);
  }

  // A redirect to HTTPS is all that may stand there.
  void plain(const Use& use, const ServerTls& server) {
    const bool http = is_http(server.protocol);
    const bool passes = use.mode == "PASSTHROUGH" || use.mode == "AUTO_PASSTHROUGH";
    const bool files =
        !server.ca_certificates.empty() || !server.private_key.empty() || !server.server_certificate.empty();
    if (http && passes && !files) return this->passes(use, server);
    words_.forbids(use, "TLS settings with protocol " + server.protocol,
                   http ? "a port of plain HTTP may have httpsRedirect alone" : "such a port has none",
                   http ? "server cannot have TLS settings for plain text HTTP ports"
                        : "server cannot have TLS settings for non HTTPS/TLS ports",
                   "set protocol HTTPS or TLS, or take the TLS settings out");
  }

  void passes(const Use& use, const ServerTls& server) {
    const std::string named = named_in(server);
    if (named.empty()) return;
    words_.passes(
        use, named,
        server.mode.empty() ? "leaves mode out, which is PASSTHROUGH" : "its mode is " + server.mode,
        "set mode: SIMPLE (or MUTUAL), or take " + named.substr(0, named.find(' ')) + " out");
  }

  static std::string istiods_word(const std::string& field) {
    constexpr std::pair<std::string_view, std::string_view> kWords[] = {
        {"serverCertificate", "server certificate"},
        {"privateKey", "private key"},
        {"caCertificates", "CA bundle"}};
    const auto* row = std::ranges::find(kWords, field, &std::pair<std::string_view, std::string_view>::first);
    return row == std::end(kWords) ? field : std::string(row->second);
  }

  // What istiod calls the mode where it asks for files.
  static std::string prefix_of(const Use& use) { return is_mutual(use.mode) ? "MUTUAL TLS" : "SIMPLE TLS"; }

  void istio_mutual(const Use& use, const ServerTls& server) {
    const std::string named = named_in(server);
    if (named.empty()) return;
    words_.forbids(
        use, named, "it presents the certificate of the workload's identity, and takes no other",
        "ISTIO_MUTUAL TLS cannot have associated " + istiods_word(named.substr(0, named.find(' '))),
        "take it out, or set mode SIMPLE or MUTUAL");
  }

  void terminates(const Use& use, const ServerTls& server) {
    const bool files = !server.server_certificate.empty() || !server.private_key.empty();
    const bool pairs = !server.tls_certificates.empty();
    const int ways = int{!server.credential_name.empty()} + int{!server.credential_names.empty()} +
                     int{files} + int{pairs};
    if (ways > 1)
      words_.forbids(use, "certificates in more than one way", "one way is required",
                     "only one of credential_name, credential_names, server_certificate/private_key, "
                     "tls_certificates should be specified",
                     "keep one of them");
    for (const auto& [size, field] : {std::pair(server.credential_names.size(), "credentialNames"),
                                      std::pair(server.tls_certificates.size(), "tlsCertificates")})
      if (size > 2)
        words_.too_many(use, size, field,
                        "the API server: Too many: " + std::to_string(size) + ": must have at most 2 items");
    judge_crl(use, server);
    std::vector<std::string> names = server.credential_names;
    if (!server.credential_name.empty()) names.insert(names.begin(), server.credential_name);
    if (names.empty()) return without_credential(use, server, files, pairs);
    references_.present(use, names);
    if (is_mutual(use.mode)) references_.verify(use, server.ca_credential_name, names.front(), "its clients");
  }

  void judge_crl(const Use& use, const ServerTls& server) {
    const bool named = !server.credential_name.empty() || !server.credential_names.empty();
    if (server.ca_crl.empty()) return;
    // validateTLSOptions is done with such a server before it looks at caCrl.
    if (named)
      references_.report(
          kValueNotRead, use,
          {{"secret", use.part},
           {"found", "caCrl " + server.ca_crl},
           {"key", "a credential"},
           {"required", "the CRL of the credential"},
           {"_effect", "nobody is refused for being in that list of revoked certificates"},
           {"_rename",
            "put the CRL into the Secret of the CA, as ca.crl beside ca.crt or crl beside cacert, and "
            "take caCrl out"}});
    else if (use.mode == "SIMPLE")
      words_.forbids(use, "caCrl " + server.ca_crl, "clients, whom it would be about, are not verified",
                     "CRL is not supported with SIMPLE TLS", "take caCrl out, or set mode MUTUAL");
  }

  void whole_pair(const Use& use, const std::string& has, const FilePair& pair) {
    if (pair.certificate.empty())
      words_.no_certificate(
          use, has + (pair.key.empty() ? " neither serverCertificate nor privateKey" : " a privateKey"),
          pair.key.empty() ? "both are required" : "a serverCertificate belongs to it",
          prefix_of(use) + " requires a server certificate");
    else if (pair.key.empty())
      words_.no_certificate(use, has + " a serverCertificate without its privateKey", "both are required",
                            prefix_of(use) + " requires a private key");
  }

  void without_credential(const Use& use, const ServerTls& server, bool files, bool pairs) {
    const std::string required = "mode " + use.mode + " needs one";
    if (!files && !pairs)
      return words_.no_certificate(use, "has mode " + use.mode, required,
                                   prefix_of(use) + " requires a server certificate");
    if (files) whole_pair(use, "has", {server.server_certificate, server.private_key});
    for (const FilePair& pair : server.tls_certificates) whole_pair(use, "has in tlsCertificates", pair);
    if (!is_mutual(use.mode) || !server.ca_certificates.empty()) return;
    // Whatever caCertCredentialName says: it goes with a credential.
    const std::string says = prefix_of(use) + " requires a client CA bundle";
    references_.report(kCaMissing, use,
                       {{"_peers", "its clients"},
                        {"mode", use.mode},
                        {"found", "caCertificates, which belongs to files, is left out"},
                        {"_effect", "istiod refuses the object"},
                        {"istiod", says},
                        {"_istiod", " (istiod: " + says + ')'},
                        {"_add_ca",
                         "set caCertificates to the file of the CA, as the gateway's pods have it; or put "
                         "the pair into a Secret, and name that as credentialName"}});
  }

  References& references_;
  GatewayWords words_;
};

}  // namespace

void judge_istio_gateway(const KubernetesObject& object, const IstioGateway& gateway,
                         References& references) {
  IstioJudge(references).judge(object, gateway);
}

}  // namespace meshcert::checks
