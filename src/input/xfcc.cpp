#include "input/xfcc.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "base/ascii.hpp"
#include "base/lines.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"
#include "input/asked.hpp"
#include "input/pem_text.hpp"
#include "input/withheld.hpp"
#include "input/xfcc_grammar.hpp"

namespace meshcert::input {
namespace {

// Envoy takes no larger headers: max_request_headers_kb is at most 8192.
constexpr std::size_t kLongest = 8192 * 1024;
constexpr std::size_t kMostHops = 100'000;

constexpr std::string_view kHeader = "x-forwarded-client-cert";

bool is_header_name(std::string_view name) {
  return std::ranges::equal(name, kHeader, {}, [](char c) {
    return c == '_' ? '-' : base::to_lower(c);  // an underscore, as keys of access logs have it
  });
}

const Node::Member* header_of(const Node& object) {
  const auto found = std::ranges::find_if(
      object.members, [](const Node::Member& member) { return is_header_name(member.key); });
  return found == object.members.end() ? nullptr : &*found;
}

// A request as httpbin shows it, and nothing more: others have an object "headers" as well.
// Host is in every request of HTTP/1.1, and Envoy writes it for HTTP/2.
bool is_request(const Node& node, const Node& headers) {
  constexpr std::array<std::string_view, 9> kParts = {"args", "data",   "files",  "form", "headers",
                                                      "json", "method", "origin", "url"};
  const auto is_part = [&](const Node::Member& member) {
    return std::ranges::find(kParts, member.key) != kParts.end();
  };
  const auto is_host = [](const Node::Member& member) {
    return member.key == "Host" || member.key == "host";
  };
  const auto is_value = [](const Node::Member& member) {
    return member.value.is(Node::Kind::text) || member.value.is(Node::Kind::sequence);
  };
  return std::ranges::all_of(node.members, is_part) && std::ranges::any_of(headers.members, is_host) &&
         std::ranges::all_of(headers.members, is_value);
}

// HopReader makes the artifact of one element.
class HopReader {
 public:
  HopReader(const Limits& limits, const SourceRef& where) : limits_(limits) {
    artifact_.kind = ArtifactKind::xfcc;
    artifact_.source = where;
  }

  Artifact run(XfccHop&& hop) {
    const auto cert = take(hop, XfccKey::cert);
    const auto chain = take(hop, XfccKey::chain);
    if (chain) hop.chain_sha256 = append(*chain, "Chain", artifact_);
    // Beside a chain, the certificate is its first once more.
    Artifact scratch;
    Artifact& into = artifact_.certificates.empty() ? artifact_ : scratch;
    if (cert) hop.cert_sha256 = append(*cert, "Cert", into);
    if (&into == &scratch) std::ranges::move(scratch.defects, std::back_inserter(artifact_.defects));
    for (XfccField& field : hop.fields) withhold(field);
    artifact_.xfcc = std::make_shared<const XfccHop>(std::move(hop));
    return std::move(artifact_);
  }

 private:
  // The first value of the key; none of them is kept, as they are certificates.
  static std::optional<std::string> take(XfccHop& hop, XfccKey key) {
    std::optional<std::string> first;
    for (XfccField& field : hop.fields) {
      if (field.key != key) continue;
      std::string value = std::exchange(field.value, {});
      if (!first) first = std::move(value);
    }
    return first;
  }

  static void withhold(XfccField& field) {
    if (field.key == XfccKey::unknown) {
      field.name = shown(field.name);
      field.value = shown(field.value);
    } else if (field.value.find("PRIVATE KEY") != std::string::npos) {
      field.value = shown(field.value);
    }
  }

  // The fingerprint of the first certificate in the value; "" where there is none.
  std::string append(std::string_view value, std::string_view key, Artifact& into) {
    const auto text = base::percent_decode(value);
    if (!text) {
      lose(into, fmt::format("{}: the % at its character {} is not followed by two hex digits", key,
                             text.error() + 1));
      return {};
    }
    const std::size_t told = into.defects.size();
    if (text->find("PRIVATE KEY-----") != std::string::npos)
      into.defects.push_back(Defect{DefectKind::private_key_in_dump, artifact_.source,
                                    "a private key where the client's certificate belongs", false});
    append_pem(*text, {artifact_.source, false}, limits_, into);
    for (std::size_t i = told; i < into.defects.size(); ++i)
      into.defects[i].detail = fmt::format("{}: {}", key, into.defects[i].detail);
    if (!into.certificates.empty()) return sha256_fingerprint(into.certificates.front());
    if (std::none_of(into.defects.begin() + static_cast<std::ptrdiff_t>(told), into.defects.end(),
                     [](const Defect& defect) { return defect.lost; }))
      lose(into, fmt::format("{}: no PEM certificate is in it", key));
    return {};
  }

  void lose(Artifact& into, std::string detail) {
    into.defects.push_back(Defect{DefectKind::malformed, artifact_.source, std::move(detail), true});
  }

  const Limits& limits_;
  Artifact artifact_;
};

// A request that came without the header.
Artifact absent_header(const SourceRef& where, std::string_view title) {
  Artifact artifact;
  artifact.kind = ArtifactKind::xfcc;
  artifact.source = where;
  artifact.name = title.empty() ? "header" : title;
  artifact.xfcc = std::make_shared<const XfccHop>();
  return artifact;
}

std::string name_of(std::string_view title, const XfccHop& hop) {
  return fmt::format("{}{}hop {} of {}", title, title.empty() ? "" : ", ", hop.number, hop.count);
}

std::vector<std::string> by_of(const XfccHop& hop) {
  const auto values = hop.values(XfccKey::by);
  return {values.begin(), values.end()};
}

}  // namespace

void XfccReader::lose(const SourceRef& where, std::string detail) {
  sink_.defect(Defect{DefectKind::malformed, where, std::move(detail), true});
}

void XfccReader::read_header(std::string_view value, const SourceRef& where, std::string_view title) {
  constexpr std::size_t kShown = 40;
  if (value.size() > kLongest)
    return lose(where, fmt::format("a header of {} octets: Envoy takes {} at most", value.size(), kLongest));
  // A dash is how Envoy writes in a log that there is none.
  if (base::is_blank(value) || value == "-") return sink_.artifact(absent_header(where, title));
  auto elements = parse_xfcc(value);
  if (!elements) {
    XfccHop whole;
    whole.unmatched_quote = elements.error();
    whole.after_quote = shown(base::cut(value.substr(elements.error() + 1), kShown));
    Artifact artifact = HopReader(limits_, where).run(std::move(whole));
    artifact.name = title.empty() ? "header" : title;
    return sink_.artifact(std::move(artifact));
  }
  if (std::ranges::none_of(*elements, knows_any))
    return sink_.defect(
        none_of_kind(Format::xfcc, where, "none of its keys is By, Hash, Subject, Cert, Chain, URI or DNS"));
  const std::size_t count = std::min(elements->size(), kMostHops - hops_);
  hops_ += count;
  if (count < elements->size())
    lose(where, fmt::format("more than {} elements: the rest was not read", kMostHops));
  std::vector<std::string> received_by;
  for (std::size_t i = 0; i < count; ++i) {
    XfccHop hop;
    hop.number = i + 1;
    hop.count = elements->size();
    hop.fields = std::move((*elements)[i]);
    hop.previous_by = std::exchange(received_by, by_of(hop));
    std::string name = name_of(title, hop);
    Artifact artifact = HopReader(limits_, where).run(std::move(hop));
    artifact.name = std::move(name);
    sink_.artifact(std::move(artifact));
  }
}

void XfccReader::read_absent(const SourceRef& where) {
  sink_.artifact(absent_header(where, {}));
}

bool is_xfcc_document(const Node& node) {
  const Node* headers = node.find("headers");
  return header_of(node) != nullptr ||
         (headers != nullptr && (header_of(*headers) != nullptr || is_request(node, *headers)));
}

void XfccReader::read_document(const Place& root) {
  Place object = root;
  if (header_of(*root.node) == nullptr)
    object = {root.node->find("headers"), child_pointer(root.pointer, "headers")};
  const Node::Member* header = header_of(*object.node);
  if (header == nullptr) return read_absent(SourceRef{file_, object.node->line, object.pointer});
  const Node::Member& member = *header;
  const SourceRef where{file_, member.value.line, child_pointer(object.pointer, member.key)};
  if (member.value.is(Node::Kind::null)) return read_absent(where);
  if (member.value.is(Node::Kind::text)) return read_header(member.value.text, where);
  const bool texts =
      member.value.is(Node::Kind::sequence) && !member.value.items.empty() &&
      std::ranges::all_of(member.value.items, [](const Node& item) { return item.is(Node::Kind::text); });
  if (!texts)
    return lose(where, fmt::format("the header is {}, not a string or a list of strings",
                                   kind_name(member.value.kind)));
  std::string joined;
  for (const Node& item : member.value.items) joined.append(joined.empty() ? "" : ",").append(item.text);
  read_header(joined, where);
}

}  // namespace meshcert::input
