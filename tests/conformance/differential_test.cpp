// Our verifier against OpenSSL's, over every fixture and every public vector of the
// suite `chain`: they agree, or engines/*.jsonl says why not. MESHCERT_UPDATE=1 prints
// the rows as they are now.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

#include "meshcert/input.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/verification.hpp"
#include "tests/conformance/chain_case.hpp"
#include "tests/conformance/compare.hpp"
#include "tests/support/source_tree.hpp"
#include "x509/second_opinion.hpp"

using namespace meshcert;
using namespace meshcert::conformance;
using meshcert::testing::source_root;

namespace fs = std::filesystem;

namespace {

/// Row is one disagreement; the table says its reason.
struct Row {
  std::string id, meshcert, openssl;
  bool operator<=>(const Row&) const = default;
};

void compare_with_table(const std::string& table, const std::vector<Row>& found) {
  const std::string path = source_root() + "/tests/conformance/engines/" + table + ".jsonl";
  std::vector<Row> listed;
  for (const std::string& line :
       testing::split_lines(testing::read_source("tests/conformance/engines/" + table + ".jsonl"))) {
    const Json row = Json::parse(line, nullptr, false);
    REQUIRE_MESSAGE(row.is_object(), path << ": " << line);
    CHECK_MESSAGE(!row.value("reason", "").empty(), path << ": no reason: " << line);
    listed.push_back({row.value("id", ""), row.value("meshcert", ""), row.value("openssl", "")});
  }
  const bool update = std::getenv("MESHCERT_UPDATE") != nullptr;
  for (const Row& row : found) {
    const bool known = std::ranges::find(listed, row) != listed.end();
    CHECK_MESSAGE(known,
                  "not listed: " << row.id << ": meshcert " << row.meshcert << ", OpenSSL " << row.openssl);
    if (update)
      std::cout << Json{{"id", row.id}, {"meshcert", row.meshcert}, {"openssl", row.openssl}} << "\n";
  }
  for (const Row& row : listed)
    CHECK_MESSAGE(std::ranges::find(found, row) != found.end(), "stale entry: " << row.id);
  std::cout << table << ": " << found.size() << " disagreements, " << listed.size() << " listed\n";
}

void read_file(const std::string& path, std::vector<Artifact>& out) {
  const std::string text = testing::read_source(path);
  InventorySink sink;
  (void)read_input(path, as_bytes(text), ReadOptions{}, sink);
  std::ranges::move(sink.inventory.artifacts, std::back_inserter(out));
}

bool has_bundle(const Inventory& inventory) {
  return std::ranges::any_of(inventory.artifacts, [](const Artifact& a) { return is_bundle(a.kind); });
}

/// What a chain without roots of its own is held against: every root of the fixtures.
std::shared_ptr<const Verification> all_roots() {
  auto told = std::make_shared<Verification>();
  for (const auto& file : fs::directory_iterator(source_root() + "/certs/pki"))
    if (file.path().extension() == ".pem")
      read_file("certs/pki/" + file.path().filename().string(), told->trusted);
  return told;
}

void judge_fixture(const Json& sample, const std::shared_ptr<const Verification>& roots,
                   std::vector<Row>& found, std::size_t& chains) {
  const std::string path = "certs/" + sample.value("path", "");
  Inventory inventory;
  read_file(path, inventory.artifacts);
  Policy policy;
  policy.at = *parse_rfc3339(sample.value("at", ""));
  if (!has_bundle(inventory)) policy.verification = roots;
  chains += static_cast<std::size_t>(std::ranges::count_if(
      inventory.artifacts, [](const Artifact& a) { return !is_bundle(a.kind) && !a.certificates.empty(); }));
  for (const Finding& finding : judge(inventory, policy, Selection{{"chain.engines-disagree"}, {}}))
    found.push_back({path + " " + finding.resource, std::get<std::string>(*finding.fact("meshcert")),
                     std::get<std::string>(*finding.fact("openssl"))});
}

std::optional<fs::path> vectors_file() {
  const char* shared = std::getenv("MESHCERT_SHARED");
  const fs::path file =
      (shared != nullptr ? fs::path(shared) : fs::path(source_root()) / "../shared") / "vectors/chain.jsonl";
  return fs::exists(file) ? std::optional(file) : std::nullopt;
}

/// What OpenSSL is not asked here: names, usages where they are no purpose of TLS, strength and depth.
bool is_asked_of_both(path::FaultKind kind, const path::Settings& settings) {
  using enum path::FaultKind;
  const bool purpose = settings.purpose == path::Purpose::server || settings.purpose == path::Purpose::client;
  if (purpose && settings.extended_key_usages.empty() && kind == wrong_extended_key_usage) return true;
  constexpr path::FaultKind kOurs[] = {name_mismatch, wrong_key_usage, wrong_extended_key_usage, too_deep,
                                       weak_key,      weak_signature,  refused_signature};
  return std::ranges::find(kOurs, kind) == std::end(kOurs);
}

std::string ours(const ChainCase& chain) {
  const path::Verdict verdict = chain.verify();
  std::vector<path::Fault> faults = verdict.best().faults;
  std::erase_if(faults, [&](const path::Fault& f) {
    return path::is_note(f.kind) || !is_asked_of_both(f.kind, chain.settings);
  });
  if (verdict.best().anchored && faults.empty()) return "accepts";
  return "refuses (" + std::string(faults.empty() ? "" : path::code_of(faults.front().kind)) + ")";
}

std::optional<std::string> openssl(const ChainCase& chain) {
  std::vector<x509::Anchor> trusted;
  std::vector<const Certificate*> untrusted;
  for (std::size_t i = 0; i < chain.others.size(); ++i) {
    const PemCertificate& other = chain.others[i];
    if (!chain.is_trusted[i])
      untrusted.push_back(&other.certificate);
    else
      trusted.push_back(
          {&other.certificate, path::read_trust_settings(other.after) ? other.after : ByteView{}});
  }
  for (const PemCertificate& sent : chain.peer) untrusted.push_back(&sent.certificate);
  const x509::SecondOpinion engine(trusted, chain.crls);
  x509::OpinionQuestion question;
  question.leaf = &chain.peer.front().certificate;
  question.untrusted = untrusted;
  question.at = chain.settings.at;
  question.partial_chain = chain.settings.partial_chain;
  question.only_leaf_crl = chain.scope == path::RevocationScope::leaf;
  if (chain.settings.purpose == path::Purpose::server) question.purpose = x509::OpinionPurpose::server;
  if (chain.settings.purpose == path::Purpose::client) question.purpose = x509::OpinionPurpose::client;
  const auto opinion = engine.ask(question);
  if (!opinion) return std::nullopt;
  return opinion->accepts ? "accepts" : "refuses (error " + std::to_string(opinion->error) + ")";
}

bool agree(std::string_view a, std::string_view b) {
  return a.starts_with("accepts") == b.starts_with("accepts");
}

}  // namespace

TEST_CASE("every fixture: OpenSSL agrees with us, or the table says why not") {
  const Json manifest = Json::parse(testing::read_source("certs/manifest.json"));
  const auto roots = all_roots();
  std::vector<Row> found;
  std::size_t chains = 0;
  for (const Json& sample : manifest) judge_fixture(sample, roots, found, chains);
  CHECK(chains > 100);
  compare_with_table("fixtures", found);
}

TEST_CASE("every public vector of suite chain: OpenSSL agrees with us, or the table says why not") {
  const auto file = vectors_file();
  if (!file) {
    std::cout << "conformance vectors: not there, so OpenSSL was asked about the fixtures alone\n";
    return;
  }
  std::vector<Row> found;
  std::size_t unasked = 0;
  for (const Expectation& expectation : read_expectations(file->string())) {
    const auto chain = read_chain_case(expectation.row);
    const auto theirs = chain && !chain->peer.empty() ? openssl(*chain) : std::nullopt;
    if (!theirs) {
      ++unasked;
      continue;
    }
    if (const std::string mine = ours(*chain); !agree(mine, *theirs))
      found.push_back({expectation.row.value("id", ""), mine, *theirs});
  }
  std::cout << "chain: OpenSSL was not asked about " << unasked << "\n";
  compare_with_table("chain", found);
}
