// Items of the API server's lists, which state no kind.
#include <doctest/doctest.h>

#include "base/base64.hpp"
#include "meshcert/kubernetes.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

/// kind_of is that of the one item of a list; "" where it is passed over.
std::string kind_of(const std::string& rest) {
  Collector found;
  const std::string text =
      R"({"kind":"SomeList","apiVersion":"g/v1","items":[{"metadata":{"name":"a"},)" + rest + "}]}";
  read_input("f.json", as_bytes(text), {}, found);
  return found.objects.empty() ? "" : found.objects.front()->kind;
}

std::string spec(const std::string& fields) {
  return kind_of(R"("spec":{)" + fields + "}");
}

std::string webhooks(const std::string& fields) {
  return kind_of(R"("webhooks":[{"name":"n","clientConfig":{"service":{"name":"s","namespace":"n")" + fields +
                 "}]");
}

}  // namespace

TEST_CASE("kubernetes guess: by fields that one kind alone has") {
  CHECK(kind_of(R"("type":"Opaque","data":{"a":"YQ=="})") == "Secret");
  CHECK(kind_of(R"("data":{"a":"b"})") == "ConfigMap");
  CHECK(webhooks(R"(}},"reinvocationPolicy":"Never")") == "MutatingWebhookConfiguration");
  CHECK(webhooks(R"(,"path":"/inject"}})") == "MutatingWebhookConfiguration");
  CHECK(webhooks(R"(,"path":"/validate"}})") == "ValidatingWebhookConfiguration");
  CHECK(spec(R"("servers":[])") == "Gateway");
  CHECK(spec(R"("gatewayClassName":"istio","listeners":[])") == "Gateway");
  CHECK(spec(R"("host":"a","trafficPolicy":{})") == "DestinationRule");
  CHECK(spec(R"("secretName":"a","issuerRef":{"name":"b"})") == "Certificate");
  CHECK(spec(R"("containers":[])") == "Pod");
  const std::string bundle =
      R"("vault":{"caBundle":")" + base::encode_base64(as_bytes(read_source("certs/pki/root.pem"))) + R"("})";
  CHECK(spec(bundle) == "ClusterIssuer");
  CHECK(spec(R"("ca":"none")").empty());
  CHECK(spec(R"("replicas":1,"template":{})").empty());
  CHECK(spec(R"("listeners":[])").empty());
  CHECK(kind_of(R"("webhooks":"none")").empty());
  CHECK(kind_of(R"("spec":"none")").empty());
}

TEST_CASE("kubernetes guess: both Gateways are read as what they are") {
  const auto read = [](const std::string& spec_fields) {
    Collector found;
    const std::string text = R"({"items":[{"metadata":{"name":"a"},"spec":{)" + spec_fields + "}}]}";
    read_input("f.json", as_bytes(text), {}, found);
    REQUIRE(found.objects.size() == 1);
    return found.objects.front();
  };
  CHECK(read(R"("servers":[{"port":{"name":"h","protocol":"HTTPS"},"tls":{"mode":"SIMPLE"}}])")
            ->as<IstioGateway>() != nullptr);
  CHECK(read(R"("gatewayClassName":"istio","listeners":[{"name":"h","tls":{}}])")->as<ApiGateway>() !=
        nullptr);
}

TEST_CASE("kubernetes guess: what states its kind is not guessed") {
  Collector found;
  read_input(
      "f.json",
      as_bytes(
          R"({"kind":"VirtualService","apiVersion":"g/v1","metadata":{"name":"a"},"spec":{"servers":[]}})"),
      {}, found);
  CHECK(found.objects.empty());
}

TEST_CASE("kubernetes guess: a list of others is called what it is") {
  Collector found;
  read_input(
      "f.json",
      as_bytes(R"({"kind":"DeploymentList","apiVersion":"apps/v1","items":[{"metadata":{},"spec":{}}]})"), {},
      found);
  REQUIRE(found.has(DefectKind::no_certificates));
  CHECK(found.loose.at(0).detail == "Kubernetes objects, none of which holds certificates: DeploymentList");
}
