// Every value of a document, replaced by one of every other type.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/source_tree.hpp"
#include "tests/support/truncate.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<Json>& others() {
  static const std::vector<Json> values = {
      nullptr,       true, 7, -1.5, "text", "", Json::array(), Json::object(), Json::array({Json::array()}),
      Json{{"a", 1}}};
  return values;
}

void collect(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& places) {
  places.push_back(at);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) collect(value[i], at / i, places);
  if (value.is_object())
    for (const auto& [key, member] : value.items()) collect(member, at / key, places);
}

}  // namespace

// What is there no more must be told of, unless it is as good as absent: null, or empty.
TEST_CASE("wrong types in every field cost no other, and never go unsaid") {
  for (const char* path : {"certs/dumps/healthy.json", "certs/dumps/healthy-snake-case.json",
                           "certs/dumps/healthy-spire.json", "certs/dumps/healthy-ztunnel.json",
                           "certs/dumps/healthy-ztunnel-list.json", "certs/dumps/healthy-istioctl-list.json",
                           "certs/dumps/envoy-certs.json", "certs/kubernetes/healthy-list.json"}) {
    const Json sample = Json::parse(read_source(path));
    const auto certificates = fingerprints(read(path, sample.dump()));
    std::vector<Json::json_pointer> places;
    collect(sample, Json::json_pointer(), places);
    for (const auto& place : places) {
      for (const Json& other : others()) {
        if (other.type() == sample[place].type()) continue;
        Json changed = sample;
        changed[place] = other;
        const std::string text = changed.dump();
        CAPTURE(std::string(path) + " " + place.to_string() + " " + other.dump());
        const Collector part = read(path, text);
        const auto left = fingerprints(part);
        REQUIRE(std::ranges::includes(certificates, left));
        const bool absent = other.is_null() || other == "" || other.empty();
        const bool silent = part.defects().empty() && left.size() != certificates.size();
        if (!absent) CHECK_FALSE(silent);
      }
    }
  }
}
