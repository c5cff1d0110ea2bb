// --expect: what should be true, in bulk, from a file.

#include "meshcert/expectations.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/words.hpp"
#include "input/shape.hpp"
#include "input/withheld.hpp"
#include "input/yaml_reader.hpp"
#include "meshcert/fingerprint.hpp"
#include "meshcert/messages.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/suggest.hpp"

namespace meshcert::cli {
namespace {

using input::Node;
using input::shown;
using Kind = Node::Kind;

/// Fault ends the reading of a document; it never leaves this file.
struct Fault {
  std::uint32_t line;
  std::string message;
};

using Keys = std::span<const std::string_view>;

/// Reads the values of a document. Every function throws a Fault that names the key.
void expect_kind(const Node& node, Kind kind, std::string_view key) {
  if (node.is(kind)) return;
  Node wanted;
  wanted.kind = kind;
  throw Fault{node.line, std::string(key) + ": " + std::string(input::kind_name(kind)) +
                             " is expected here, not " + std::string(input::kind_name(node.kind))};
}

void expect_keys(const Node& mapping, Keys known, std::string_view what) {
  expect_kind(mapping, Kind::mapping, what);
  for (const Node::Member& member : mapping.members)
    if (std::ranges::find(known, member.key) == known.end())
      throw Fault{member.value.line, no_such_word(shown(member.key), "key of " + std::string(what), known)};
}

/// text_of is a text that is not empty; nullopt where the key is absent.
std::optional<std::string> text_of(const Node& mapping, std::string_view key) {
  const Node* value = mapping.find(key);
  if (value == nullptr) return std::nullopt;
  expect_kind(*value, Kind::text, key);
  if (value->text.empty()) throw Fault{value->line, std::string(key) + " is empty"};
  return std::string(value->text);
}

std::string required_text(const Node& mapping, std::string_view key, std::string_view what) {
  const auto text = text_of(mapping, key);
  if (!text) throw Fault{mapping.line, std::string(what) + " has no " + std::string(key)};
  return *text;
}

std::optional<std::string> trust_domain_of(const Node& mapping) {
  const auto text = text_of(mapping, "trustDomain");
  if (!text) return std::nullopt;
  const auto name = TrustDomain::parse_name_or_id(*text);
  if (!name)
    throw Fault{mapping.find("trustDomain")->line,
                "trustDomain '" + shown(*text) + "': " + std::string(name.error())};
  return std::string(name->name());
}

std::optional<Pattern> pattern_of(const Node& mapping, std::string_view key) {
  const auto text = text_of(mapping, key);
  if (!text) return std::nullopt;
  auto pattern = Pattern::compile(*text);
  if (!pattern)
    throw Fault{mapping.find(key)->line, std::string(key) + " '" + shown(*text) + "': " + pattern.error()};
  return std::move(*pattern);
}

std::vector<std::string> fingerprints_of(const Node& mapping) {
  const Node* list = mapping.find("sha256");
  std::vector<std::string> pins;
  if (list == nullptr) return pins;
  expect_kind(*list, Kind::sequence, "sha256");
  if (list->items.empty()) throw Fault{list->line, "sha256 is an empty list: no root would be allowed"};
  for (const Node& item : list->items) {
    expect_kind(item, Kind::text, "sha256");
    auto pin = parse_fingerprint(std::string(item.text));
    if (!pin) throw Fault{item.line, "sha256: " + shown(pin.error())};
    pins.push_back(std::move(*pin));
  }
  return pins;
}

WorkloadExpectation read_workload(const Node& entry) {
  static constexpr std::string_view kKeys[] = {"match", "trustDomain", "namespace", "serviceAccount"};
  expect_keys(entry, kKeys, "a workload");
  WorkloadExpectation expected;
  expected.match = required_text(entry, "match", "a workload");
  if (expected.match.find_first_of("[]\\{}") != std::string::npos)
    throw Fault{entry.find("match")->line,
                "match '" + shown(expected.match) + "': the wildcards are * and ?"};
  expected.identity.trust_domain = trust_domain_of(entry);
  expected.identity.namespace_name = text_of(entry, "namespace");
  expected.identity.service_account = text_of(entry, "serviceAccount");
  return expected;
}

RootExpectation read_root(const Node& entry) {
  static constexpr std::string_view kKeys[] = {"trustDomain", "organization", "commonName", "sha256"};
  expect_keys(entry, kKeys, "a root");
  RootExpectation expected;
  required_text(entry, "trustDomain", "a root");
  expected.trust_domain = *trust_domain_of(entry);
  expected.organization = pattern_of(entry, "organization");
  expected.common_name = pattern_of(entry, "commonName");
  expected.pins = fingerprints_of(entry);
  return expected;
}

template <class Read>
auto read_list(const Node& document, std::string_view key, Read read) {
  std::vector<decltype(read(document))> entries;
  const Node* list = document.find(key);
  if (list == nullptr) return entries;
  expect_kind(*list, Kind::sequence, key);
  for (const Node& item : list->items) entries.push_back(read(item));
  return entries;
}

Expectations read_own(const Node& document) {
  static constexpr std::string_view kKeys[] = {"workloads", "roots"};
  expect_keys(document, kKeys, "the document");
  Expectations expectations;
  expectations.workloads = read_list(document, "workloads", read_workload);
  expectations.roots = read_list(document, "roots", read_root);
  if (expectations.workloads.empty() && expectations.roots.empty())
    throw Fault{document.line, "it expects nothing: neither workloads nor roots"};
  return expectations;
}

const Node& required_mapping(const Node& pod, std::string_view key) {
  const Node* value = pod.find(key);
  if (value == nullptr) throw Fault{pod.line, "a pod has no " + std::string(key)};
  expect_kind(*value, Kind::mapping, key);
  return *value;
}

/// is_pod: of an item that does not say what it is, the list does ("PodList").
bool is_pod(const Node& object, std::string_view kind_of_list) {
  expect_kind(object, Kind::mapping, "items");
  const auto kind = text_of(object, "kind");
  return kind ? *kind == "Pod" : kind_of_list == "PodList" || kind_of_list == "List";
}

/// A pod runs as its service account, "default" where it names none.
WorkloadExpectation read_pod(const Node& pod) {
  const Node& metadata = required_mapping(pod, "metadata");
  const Node& spec = required_mapping(pod, "spec");
  WorkloadExpectation expected;
  expected.identity.namespace_name = required_text(metadata, "namespace", "a pod's metadata");
  expected.identity.service_account = text_of(spec, "serviceAccountName").value_or("default");
  expected.match =
      required_text(metadata, "name", "a pod's metadata") + "." + *expected.identity.namespace_name;
  return expected;
}

/// What `kubectl get pods -A -o json` prints, or one pod of it.
Expectations read_pods(const Node& document) {
  Expectations expectations;
  const Node* items = document.find("items");
  const std::string kind = text_of(document, "kind").value_or("List");
  if (items == nullptr && !is_pod(document, kind))
    throw Fault{document.line, "a Pod, or a List with Pods, is expected here, not " + shown(kind, 60) +
                                   ": kubectl get pods -A -o json"};
  if (items == nullptr) expectations.workloads.push_back(read_pod(document));
  if (items != nullptr) expect_kind(*items, Kind::sequence, "items");
  for (const Node& item : items == nullptr ? std::span<const Node>() : std::span<const Node>(items->items))
    if (is_pod(item, kind)) expectations.workloads.push_back(read_pod(item));
  if (expectations.workloads.empty()) throw Fault{document.line, "items: there is no pod in it"};
  return expectations;
}

bool is_of_kubernetes(const Node& document) {
  return document.find("items") != nullptr || document.find("apiVersion") != nullptr;
}

/// shorten lists the first of many words.
std::string shorten(const std::vector<std::string>& words) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), kMost); ++i)
    text += (i == 0 ? "" : ", ") + shown(words[i]);
  return text + (words.size() > kMost ? ", ..." : "");
}

}  // namespace

Result<Expectations> read_expectations(const std::string& file, const Node& document) {
  try {
    return is_of_kubernetes(document) ? read_pods(document) : read_own(document);
  } catch (const Fault& fault) {
    return fail(Error{SourceRef{file, fault.line}, fault.message});
  }
}

void add_expect_option(OptionSet& set, Options& options) {
  set.add_values(
      {"--expect", "FILE",
       "what should be true of many: kubectl get pods -A -o json|yaml, or our own form (repeatable)",
       "Who it should be"},
      [&options](const std::string& path) {
        options.expect_files.push_back(path);
        return path.empty() ? "no file name" : "";
      });
}

namespace {

// One document, of JSON or of YAML.
Result<Node> read_document(const std::string& path, ByteView octets, const Limits& limits) {
  if (input::looks_like_json(as_text(octets))) return input::read_json(path, octets, limits);
  std::vector<Node> documents;
  const auto read = input::read_yaml(path, octets, limits, [&](const Node& root, bool is_whole) {
    if (is_whole && !root.is(Node::Kind::null)) documents.push_back(root);
  });
  if (!read) return fail(read.error());
  if (documents.size() == 1) return std::move(documents.front());
  const SourceRef where{path, documents.empty() ? 1 : documents.back().line};
  return fail(Error{where, documents.empty() ? "it is empty" : "a second document; one is expected"});
}

Expectations read_expect_file(const std::string& path, const Options& options, Env& env) {
  const auto refuse = [&](const Error& error) {
    throw UsageError{"--expect " + to_string(error.where) + ": " + error.message};
  };
  const auto contents = env.read_file(path, options.read.limits.input_bytes);
  if (!contents) throw UsageError{"--expect " + path + ": " + contents.error()};
  if (contents->cut) throw UsageError{"--expect " + path + ": larger than --max-input"};
  const auto document = read_document(path, contents->octets, options.read.limits);
  if (!document) refuse(document.error());
  auto expectations = read_expectations(path, *document);
  if (!expectations) refuse(expectations.error());
  return std::move(*expectations);
}

}  // namespace

void load_expectations(Options& options, Env& env) {
  if (options.expect_files.empty() || options.policy.expectations != nullptr) return;
  Expectations all;
  for (const std::string& path : options.expect_files) {
    Expectations more = read_expect_file(path, options, env);
    all.workloads.insert(all.workloads.end(), more.workloads.begin(), more.workloads.end());
    all.roots.insert(all.roots.end(), more.roots.begin(), more.roots.end());
  }
  all.index();
  options.policy.expectations = std::make_shared<const Expectations>(std::move(all));
}

void note_unmatched(const Options& options, const Inventory& inventory, Env& env) {
  const Expectations* expectations = options.policy.expectations.get();
  if (expectations == nullptr) return;
  const auto unmatched = unmatched_expectations(*expectations, inventory);
  if (unmatched.empty()) return;
  const std::size_t entries = expectations->workloads.size() + expectations->roots.size();
  write_note(env, "--expect " + base::join(options.expect_files) + ": " + std::to_string(unmatched.size()) +
                      " of " + std::to_string(entries) +
                      " entries were compared with nothing: " + shorten(unmatched));
}

}  // namespace meshcert::cli
