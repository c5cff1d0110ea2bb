#include "input/log_origin.hpp"

#include <doctest/doctest.h>

#include <string_view>

using meshcert::input::log_origin;

TEST_CASE("the pod that a line names before its text") {
  struct Row {
    std::string_view line, pod;
  };
  const Row rows[] = {
      {"[pod/web-1/istio-proxy] 2024-01-01T06:00:00Z info", "[pod/web-1/istio-proxy]"},
      {"web-1 istio-proxy 2024-01-01T06:00:00Z info", "web-1 istio-proxy"},
      {"shop web-1 istio-proxy 2024-01-01T06:00:00Z info", "shop web-1 istio-proxy"},
      {"shop web 2024-01-01T06:00:00Z info", ""},
      {"2024-01-01T06:00:00Z {app=\"a\", pod=\"web-1\"} text", "web-1"},
      {R"({"pod": "web-1", "log": "text"})", "web-1"},
      {R"({"kubernetes": {"pod": {"name": "web-1"}}, "message": "text"})", "web-1"},
      {R"({"attributes":[{"key":"k8s.pod.name","value":{"stringValue":"web-1"}}]})", "web-1"},
      {R"({"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]})", ""},
      {R"({"pod": {"uid": 5}})", ""},
      {"2024-01-01T06:00:00Z\tinfo\tpod: \"web-1\"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    CHECK(log_origin(row.line) == row.pod);
  }
}
