#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "meshcert/spiffe_id.hpp"

using meshcert::is_istio_canonical;
using meshcert::IstioIdentity;
using meshcert::SpiffeId;

TEST_CASE("the three verdicts on an identity are independent") {
  struct Row {
    std::string_view uri;
    bool valid, parsable, canonical;
  };
  const std::vector<Row> rows = {
      {"spiffe://cluster.local/ns/default/sa/sleep", true, true, true},
      {"spiffe://cluster.local/ns/default/sa/sleep.v1-2", true, true, true},
      {"spiffe://td/ns/0/sa/1", true, true, true},
      {"spiffe:///ns//sa/", false, true, false},
      {"spiffe://td/ns//sa/x", false, true, false},
      {"spiffe://td/ns/x/sa/", false, true, false},
      {"spiffe://TD/ns/x/sa/y", false, true, false},
      {"spiffe://td/ns/x/sa/y?q", false, true, false},
      {"spiffe://t_d/ns/x/sa/y", true, true, false},
      {"spiffe://td./ns/x/sa/y", true, true, true},
      {"spiffe://td../ns/x/sa/y", true, true, false},
      {"spiffe://-td/ns/x/sa/y", true, true, false},
      {"spiffe://td/ns/X/sa/y", true, true, false},
      {"spiffe://td/ns/x.y/sa/y", true, true, false},
      {"spiffe://td/ns/x_y/sa/y", true, true, false},
      {"spiffe://td/ns/-x/sa/y", true, true, false},
      {"spiffe://td/ns/x-/sa/y", true, true, false},
      {"spiffe://td/ns/x/sa/Y", true, true, false},
      {"spiffe://td/ns/x/sa/y.", true, true, false},
      {"spiffe://td/ns/x/sa/.y", true, true, false},
      {"spiffe://td/ns/x/sa/y..z", true, true, false},
      {"spiffe://td/ns/x/sa/y.-z", true, true, false},
      {"spiffe://td/ns/x/sa/y_z", true, true, false},
      {"spiffe://td/ns/x/sa/y/", false, false, false},
      {"spiffe://td/ns/x/sa/y/z", true, false, false},
      {"spiffe://td/ns/x/sa", true, false, false},
      {"spiffe://td/NS/x/sa/y", true, false, false},
      {"spiffe://td/ns/x/SA/y", true, false, false},
      {"spiffe://td/sa/x/ns/y", true, false, false},
      {"spiffe://td/workload", true, false, false},
      {"spiffe://td", true, false, false},
      {"spiffe://", false, false, false},
      {"Spiffe://td/ns/x/sa/y", false, false, false},
      {"td/ns/x/sa/y", false, false, false},
      {"", false, false, false},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.uri));
    CHECK(SpiffeId::parse(row.uri).has_value() == row.valid);
    CHECK(IstioIdentity::parse(row.uri).has_value() == row.parsable);
    CHECK(is_istio_canonical(row.uri) == row.canonical);
  }
}

TEST_CASE("an identity is taken apart as it stands") {
  const auto identity = IstioIdentity::parse("spiffe://cluster.local/ns/default/sa/sleep");
  REQUIRE(identity.has_value());
  CHECK(identity->trust_domain == "cluster.local");
  CHECK(identity->namespace_name == "default");
  CHECK(identity->service_account == "sleep");
}

TEST_CASE("names are as long as Kubernetes allows") {
  const auto id = [](std::size_t namespace_bytes, std::size_t account_bytes) {
    return "spiffe://td/ns/" + std::string(namespace_bytes, 'n') + "/sa/" + std::string(account_bytes, 's');
  };
  CHECK(is_istio_canonical(id(63, 253)));
  CHECK(is_istio_canonical("spiffe://" + std::string(63, 't') + ".x/ns/n/sa/s"));
  CHECK_FALSE(is_istio_canonical("spiffe://" + std::string(64, 't') + ".x/ns/n/sa/s"));
  CHECK_FALSE(is_istio_canonical(id(64, 253)));
  CHECK_FALSE(is_istio_canonical(id(63, 254)));
}

TEST_CASE("istiod takes trust domains of either case, and no underscore") {
  for (const char* taken : {"cluster.local", "Example.Com", "OLD.example", "a-b.", "x"})
    CHECK(meshcert::is_mesh_trust_domain(taken));
  for (const char* refused : {"", "a_b", "-a", "a-", "a..b", ".a", "a@b"})
    CHECK_FALSE(meshcert::is_mesh_trust_domain(refused));
  CHECK_FALSE(meshcert::is_mesh_trust_domain(std::string(64, 'a')));
}
