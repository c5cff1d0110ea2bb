#include "checks/webhook_injection.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kFromCertificate = "cert-manager.io/inject-ca-from";
constexpr std::string_view kFromApiServer = "cert-manager.io/inject-apiserver-ca";
constexpr std::string_view kFromSecret = "cert-manager.io/inject-ca-from-secret";

}  // namespace

bool Injection::is_refused() const {
  return secret != nullptr && !from_certificate &&
         secret->annotation("cert-manager.io/allow-direct-injection") != "true";
}

// Where several are there, cainjector goes by the Certificate, then the Secret.
Injection injection_of(const KubernetesObject& object, const Cluster& cluster) {
  Injection injection;
  injection.from_certificate = !object.annotation(kFromCertificate).empty();
  injection.annotation = injection.from_certificate ? kFromCertificate : kFromSecret;
  injection.source = object.annotation(injection.annotation);
  if (injection.source.empty()) {
    if (object.annotation(kFromApiServer) != "true") return {};
    injection.annotation = kFromApiServer;
    injection.from_api_server = true;
    return injection;
  }
  const std::size_t slash = injection.source.find('/');
  if (slash == std::string_view::npos) return injection;
  const std::string_view space = injection.source.substr(0, slash);
  std::string_view name = injection.source.substr(slash + 1);
  if (injection.from_certificate) {
    const KubernetesObject* keeper = cluster.find("Certificate", space, name);
    const auto* managed = keeper == nullptr ? nullptr : keeper->as<ManagedCertificate>();
    if (managed == nullptr) {
      injection.secret = cluster.kept_secret(space, name);
      return injection;
    }
    name = managed->secret_name;
  }
  injection.secret = cluster.find("Secret", space, name);
  return injection;
}

}  // namespace meshcert::checks
