// What is read in windows, or line by line, is what it would be alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::read_source;

namespace {

Collector read(const std::string& text, bool windows) {
  Collector collector;
  ReadOptions options;
  options.in_windows = windows;
  static_cast<void>(read_input("f", as_bytes(text), options, collector));
  return collector;
}

}  // namespace

TEST_CASE("a large PEM text in windows has the certificates, lines and indices of the whole") {
  const std::string one = read_source("certs/workload/healthy.pem");
  std::string text;
  while (text.size() < (3U << 20)) text += one;
  const Collector whole = read(text, false);
  const Collector windows = read(text, true);
  REQUIRE(whole.artifacts.size() == 1);
  CHECK(windows.artifacts.size() > 4);
  CHECK(windows.certificates() == whole.certificates());
  const Artifact& last = windows.artifacts.back();
  const std::size_t end = last.certificates.size() - 1;
  CHECK(source_of(last, end) == source_of(whole.artifacts[0], whole.certificates() - 1));
  CHECK(windows.defects().empty());
}

TEST_CASE("a block without an end in a large text hides no other") {
  const std::string one = read_source("certs/workload/healthy.pem");
  std::string text = one;
  text += "-----BEGIN CERTIFICATE-----\nMII\n";
  while (text.size() < (2U << 20)) text += one;
  CHECK(read(text, true).lost());
  CHECK(read(text, true).certificates() == read(text, false).certificates());
}

TEST_CASE("documents on lines are each a document, with its line") {
  const std::string document =
      R"({"name": "a", "tlsCertificate": {"certificateChain": {"inlineString": "x"}}})";
  const Collector lines = read(document + "\n\n" + document + "\n", false);
  REQUIRE(lines.defects().size() == 2);
  CHECK(lines.defects()[1].where.line == 3);
  CHECK(read(document + "\n{\"a\": \n" + document, false).has(DefectKind::malformed));
  CHECK(read(document + "\n" + document + "\n{", false).defects().size() == 3);
}

namespace {

// Takes pieces as a sweep does: they are read when all has been handed over.
class Later final : public ArtifactSink {
 public:
  void artifact(Artifact&& artifact) override { found.artifact(std::move(artifact)); }
  void defect(Defect&& defect) override { found.defect(std::move(defect)); }
  void later(Piece piece) override { pieces.push_back(std::move(piece)); }

  Collector found;
  std::vector<Piece> pieces;
};

std::string list_of_secrets(std::size_t count, const std::string& odd) {
  const std::string secret = R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s)" +
                             std::string(20'000, 'x') + R"("}, "stringData": {"ca.crt": )";
  std::string pem;
  for (const char c : read_source("certs/workload/healthy.pem"))
    pem += c == '\n' ? std::string("\\n") : std::string(1, c);
  std::string text = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n";
  for (std::size_t i = 0; i < count; ++i)
    text += (i == 0 ? "" : ",\n") + (i + 2 == count ? odd : secret + "\"" + pem + "\"}}");
  return text + "]}";
}

}  // namespace

TEST_CASE("the elements of a list of objects may be read by another thread, with their places") {
  const std::string text = list_of_secrets(60, R"({"apiVersion": "v1", "kind": "Secret", "stringData": 7})");
  const Collector whole = read(text, true);
  Later sink;
  static_cast<void>(read_input("f", as_bytes(text), ReadOptions{}, sink));
  CHECK(sink.pieces.size() > 2);
  CHECK(sink.found.artifacts.size() == 1);
  for (const ArtifactSink::Piece& piece : sink.pieces) piece(sink.found);
  REQUIRE(sink.found.artifacts.size() == 59);
  REQUIRE(whole.artifacts.size() == 59);
  for (std::size_t i = 0; i < 59; ++i) CHECK(sink.found.artifacts[i].source == whole.artifacts[i].source);
  REQUIRE(sink.found.defects().size() == 1);
  CHECK(sink.found.defects()[0].where == whole.defects().at(0).where);
  CHECK(sink.found.defects()[0].where.line == 60);
}

TEST_CASE("a fault within an element that another thread reads costs no other") {
  const std::string text = list_of_secrets(60, R"({"apiVersion": "v1", "kind": "Secret", "kind": "twice"})");
  Later sink;
  static_cast<void>(read_input("f", as_bytes(text), ReadOptions{}, sink));
  for (const ArtifactSink::Piece& piece : sink.pieces) piece(sink.found);
  CHECK(sink.found.artifacts.size() == 59);
  CHECK(sink.found.lost());
  CHECK(sink.found.defects().at(0).where.line == 60);
}

TEST_CASE("a sweep notes that a key is there, and decodes none") {
  ReadOptions options;
  options.limits.private_keys = 0;
  for (const char* path : {"certs/key/healthy-pair-key.pem", "certs/key/encrypted-key.pem"}) {
    const std::string text = read_source("certs/key/healthy-pair-cert.pem") + read_source(path);
    Collector found;
    static_cast<void>(read_input("f", as_bytes(text), options, found));
    REQUIRE(found.artifacts.size() == 1);
    REQUIRE(found.artifacts[0].key);
    CHECK(found.artifacts[0].key->present);
    CHECK(found.artifacts[0].key->halves.empty());
    CHECK_FALSE(found.lost());
  }
}

namespace {

// The same line for ever, or until what stands behind so many octets.
class Lines final : public ByteSource {
 public:
  explicit Lines(std::string line, std::size_t octets = SIZE_MAX, std::string last = "")
      : line_(std::move(line)), left_(octets / line_.size() * line_.size()), last_(std::move(last)) {}
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    largest = std::max(largest, into.size());
    std::size_t count = 0;
    for (; left_ != 0 && count < into.size(); ++count, --left_, ++at_)
      into[count] = octet(line_[at_ % line_.size()]);
    for (; count < into.size() && !last_.empty(); ++count) {
      into[count] = octet(last_.front());
      last_.erase(0, 1);
    }
    return count;
  }
  std::size_t largest = 0;

 private:
  static std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }
  std::string line_;
  std::size_t left_, at_ = 0;
  std::string last_;
};

}  // namespace

TEST_CASE("a text without PEM is searched and not held, be it endless") {
  for (const char* line : {"y\n", "hello ", "------"}) {
    CAPTURE(line);
    for (const bool windows : {false, true}) {
      Lines endless(line);
      ReadOptions options;
      options.in_windows = windows;
      options.limits.input_bytes = std::size_t{10} << 20;
      Collector found;
      const auto read = read_input("f", endless, options, found);
      REQUIRE_FALSE(read);
      CHECK(read.error() ==
            "no PEM in the first 10485760 bytes of the text, the limit; raise it with --max-input");
      CHECK(endless.largest <= std::size_t{4} << 20);
    }
  }
}

TEST_CASE("PEM behind a long text is read, at its line") {
  const std::string pem = read_source("certs/bundle/healthy.pem");
  const auto alone = read(pem, false).artifacts.at(0).certificates;
  constexpr std::size_t kOctets = std::size_t{5} << 20;
  for (const bool windows : {false, true}) {
    Lines source("y\n", kOctets, pem);
    ReadOptions options;
    options.in_windows = windows;
    Collector found;
    REQUIRE(read_input("f", source, options, found));
    REQUIRE(found.artifacts.size() == 1);
    REQUIRE(found.artifacts[0].certificates.size() == alone.size());
    CHECK(found.artifacts[0].certificates[0].line == alone[0].line + kOctets / 2);
    CHECK(found.loose.empty());
  }
  Lines without("y\n", kOctets);
  Collector nothing;
  REQUIRE(read_input("f", without, {}, nothing));
  CHECK(nothing.has(DefectKind::no_certificates));
}
