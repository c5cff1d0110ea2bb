// X-Forwarded-Client-Cert: the grammar beyond what the conformance suite shows, the forms
// that commands leave, and hostile input.
#include <doctest/doctest.h>

#include <algorithm>

#include "input/shape.hpp"
#include "input/xfcc_grammar.hpp"
#include "meshcert/xfcc.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/processor_time.hpp"
#include "tests/support/sample.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::sample;

namespace {

Collector read_as_header(std::string_view text) {
  ReadOptions options;
  options.as = Format::xfcc;
  return testing::read("x", text, options);
}

/// callers are the URIs of each artifact, joined.
std::string callers(const Collector& read) {
  std::string text;
  for (const Artifact& artifact : read.artifacts) {
    REQUIRE(artifact.xfcc != nullptr);
    text += artifact.name + ":";
    for (const std::string_view uri : artifact.xfcc->values(XfccKey::uri)) text += std::string(uri) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("a header is found in every form that commands leave") {
  for (const char* text : {
           "By=a;URI=b",
           "  By=a;URI=b \r\n",
           "x-forwarded-client-cert: By=a;URI=b",
           "X-Forwarded-Client-Cert:By=a;URI=b\r\n",
           "> x-forwarded-client-cert: By=a;URI=b",
           "accept: */*\nx-forwarded-client-cert: By=a;URI=b\nhost: c\n",
           "\"X-Forwarded-Client-Cert\": \"By=a;URI=\\\"b\\\"\", ",
           "    \"X-Forwarded-Client-Cert\": [\"By=a;URI=b\"]",
           "    \"X-Forwarded-Client-Cert\": [\n      \"By=a;URI=b\"\n",
           "'X-Forwarded-Client-Cert': 'By=a;URI=b'",
           "\"By=a;URI=\\u0062\"",
           "By=a;URI=\\\"b\\\"",
           R"({"headers": {"X-Forwarded-Client-Cert": "By=a;URI=b"}})",
           R"({"args": {}, "headers": {"x-forwarded-client-cert": ["By=a;URI=b"]}, "url": "u"})",
           R"({"X-Forwarded-Client-Cert": "By=a;URI=b"})",
       }) {
    CAPTURE(text);
    CHECK(callers(testing::read("x", text)) == "hop 1 of 1:b ");
    CHECK(callers(read_as_header(text)) == "hop 1 of 1:b ");
    CHECK_FALSE(testing::read("x", text).lost());
  }
}

TEST_CASE("each line is a header, each element a hop, each value of a list a part") {
  CHECK(callers(testing::read("x", "By=a;URI=b,By=c;URI=a\nBy=d;URI=e\n")) ==
        "header 1, hop 1 of 2:b header 1, hop 2 of 2:a header 2, hop 1 of 1:e ");
  CHECK(callers(testing::read("x", R"({"headers": {"X-Forwarded-Client-Cert": ["URI=b", "URI=c"]}})")) ==
        "hop 1 of 2:b hop 2 of 2:c ");
  const auto lines =
      testing::read("x", "a: b\nx-forwarded-client-cert: By=a\n\nX-Forwarded-Client-Cert: By=b");
  REQUIRE(lines.artifacts.size() == 2);
  CHECK(lines.artifacts[0].source.line == 2);
  CHECK(lines.artifacts[1].source.line == 4);
}

TEST_CASE("what only resembles a header is not taken for one") {
  for (const char* text :
       {"subject=CN = a\nissuer=CN = b\n", "URI=postgres://db\n", "By the way", "hash", "DNS=a\nPORT=1\n",
        "x-forwarded-client-cert", "forward x-forwarded-client-cert: always\n",
        "By=a;URI=b\nand some words\n", "HASH=abc\nBY=me\n", "uri = a\nhash = deadbeef\n",
        "HASH=0123456789abcdef0123456789abcdef01234567\n"}) {
    CAPTURE(text);
    CHECK_FALSE(input::looks_like_xfcc(text));
  }
  for (const char* text : {"URI=postgres://db;By=a\n", "By=the way\n", "Hash=a", "DNS=a;URI=b\nBy=1\n",
                           "x-forwarded-client-cert: By=always\n", "By=a;URI=b\nHash=c\n",
                           "HASH=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
                           "by=spiffe://a/b\n", "BY=me;HASH=abc\n"}) {
    CAPTURE(text);
    CHECK(input::looks_like_xfcc(text));
  }
}

TEST_CASE("a text without a known key is lost, one with is not") {
  for (const char* text :
       {"junk xfcc header", "a=b;c=d", "\"By=a", "x-forwarded-client-cert: [",
        "x-forwarded-client-cert: \"By=\\x\"", R"({"headers": {"X-Forwarded-Client-Cert": 7}})",
        R"({"headers": {"X-Forwarded-Client-Cert": []}})"}) {
    CAPTURE(text);
    const auto found = read_as_header(text);
    CHECK(found.lost());
    CHECK(found.artifacts.empty());
  }
  CHECK_FALSE(read_as_header("a=b;c=d;By=e").lost());
}

TEST_CASE("the certificates of a hop are decoded, and no key is kept") {
  const auto found = testing::read("x", sample("xfcc/healthy.txt"));
  REQUIRE(found.artifacts.size() == 2);
  CHECK(found.artifacts[0].certificates.size() == 2);
  CHECK(found.artifacts[0].kind == ArtifactKind::xfcc);
  CHECK(found.artifacts[0].xfcc->cert_sha256 == found.artifacts[0].xfcc->values(XfccKey::hash).front());
  CHECK(found.artifacts[0].xfcc->cert_sha256 == found.artifacts[0].xfcc->chain_sha256);
  CHECK(found.artifacts[1].certificates.empty());
  const auto key =
      read_as_header("By=a;Key=\"-----BEGIN PRIVATE KEY-----MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\";URI=b");
  REQUIRE(key.artifacts.size() == 1);
  for (const XfccField& field : key.artifacts[0].xfcc->fields)
    CHECK(field.value.find("MIIE") == std::string::npos);
}

TEST_CASE("a private key in Cert is told, and not kept") {
  const auto found = read_as_header(
      "Cert=\"-----BEGIN%20EC%20PRIVATE%20KEY-----%0AMHcC%0A-----END%20EC%20PRIVATE%20KEY-----%0A\";URI=b");
  REQUIRE(found.artifacts.size() == 1);
  const auto& defects = found.artifacts[0].defects;
  CHECK(std::ranges::count(defects, DefectKind::private_key_in_dump, &Defect::kind) == 1);
  CHECK(std::ranges::count(defects, true, &Defect::lost) == 1);  // and there is no certificate
  for (const Defect& defect : defects) CHECK(defect.detail.find("MHcC") == std::string::npos);
}

TEST_CASE("a request without the header, or with an empty one, is told as that") {
  for (const char* text :
       {R"({"headers": {"Host": "x"}})", R"({"args": {}, "headers": {"host": ["x"]}, "url": "u"})",
        R"({"headers": {"Host": "x", "X-Forwarded-Client-Cert": ""}})"}) {
    CAPTURE(text);
    for (const Collector& found : {testing::read("x", text), read_as_header(text)}) {
      REQUIRE(found.artifacts.size() == 1);
      REQUIRE(found.artifacts[0].xfcc != nullptr);
      CHECK(found.artifacts[0].xfcc->is_absent());
      CHECK_FALSE(found.lost());
    }
  }
  CHECK(read_as_header("x-forwarded-client-cert:\r\n").artifacts.at(0).xfcc->is_absent());
  for (const char* text : {R"({"headers": {"a": "x"}})", R"({"headers": {"Host": {"a": 1}}})",
                           R"({"headers": "Host"})", R"({"headers": {"Host": "x"}, "status": 200})"})
    CHECK(testing::read("x", text).artifacts.empty());
}

TEST_CASE("a header cut at any octet is never more than it was, and never a crash") {
  const std::string whole = sample("xfcc/healthy.txt");
  for (std::size_t cut = 0; cut<whole.size(); cut += whole.size()> 4096 ? 7 : 1) {
    const auto part = read_as_header(whole.substr(0, cut));
    CHECK(part.certificates() <= 2);
    CHECK(part.artifacts.size() <= 2);
  }
  const std::string document = sample("xfcc/healthy-httpbin.json");
  for (std::size_t cut = 1; cut + 4 < document.size(); cut += 11) {
    CAPTURE(cut);
    CHECK(testing::read("x", document.substr(0, cut)).lost());
  }
}

TEST_CASE("hostile headers end soon") {
  const double begin = testing::processor_seconds();
  std::string hops;
  for (int i = 0; i < 100'000; ++i) hops += "By=spiffe://a/b;URI=spiffe://c/d,";
  hops += "By=x";
  const auto many = read_as_header(hops);
  CHECK(many.artifacts.size() == 100'000);
  CHECK(many.lost());
  CHECK_FALSE(read_as_header("By=" + std::string(1U << 20U, 'a')).lost());
  CHECK(read_as_header("By=" + std::string(9U << 20U, 'a')).lost());
  for (const std::string& text : {std::string(1U << 20U, '"'), "By=" + std::string(1U << 20U, '\\'),
                                  "By=a" + std::string(1U << 20U, ';'), std::string(1U << 20U, '='),
                                  "By=\"" + std::string(1U << 20U, ','), std::string(1U << 16U, '\n') + "[",
                                  "x-forwarded-client-cert: [" + std::string(1U << 20U, '\n')})
    CHECK(read_as_header(text).artifacts.size() <= 1);
  CHECK(testing::processor_seconds() - begin < 60);
}
