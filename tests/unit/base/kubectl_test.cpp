#include "base/kubectl.hpp"

#include <doctest/doctest.h>

using meshcert::base::fill_secret_command;

TEST_CASE("a Secret is filled by a command that keeps its type and its keys") {
  constexpr std::string_view kApply = " --dry-run=client -o yaml | kubectl apply -f -";
  const auto command = [&](const meshcert::base::SecretPair& pair) {
    const std::string text = fill_secret_command(pair);
    REQUIRE(text.ends_with(kApply));
    return text.substr(0, text.size() - kApply.size());
  };
  CHECK(command({"a", "b", "kubernetes.io/tls"}) ==
        "kubectl create secret tls a -n b --cert=chain.pem --key=key.pem");
  constexpr std::string_view kGeneric =
      "kubectl create secret generic a -n b --from-file=tls.crt=chain.pem --from-file=tls.key=key.pem";
  CHECK(command({"a", "b", "Opaque"}) == kGeneric);
  CHECK(command({"a", "b", ""}) == kGeneric);
  CHECK(command({"a", "b", "Opaque", "cert", "key"}) ==
        "kubectl create secret generic a -n b --from-file=cert=chain.pem --from-file=key=key.pem");
  CHECK(command({"a", "b", "istio.io/key-and-cert", "cert-chain.pem", "key.pem"}) ==
        "kubectl create secret generic a -n b --type=TYPE --from-file=cert-chain.pem=chain.pem "
        "--from-file=key.pem=key.pem");
}
