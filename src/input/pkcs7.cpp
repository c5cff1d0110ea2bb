#include "input/pkcs7.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "der/reader.hpp"
#include "input/files.hpp"
#include "input/shape.hpp"

namespace meshcert::input {
namespace {

using der::Element;
using der::Reader;

// 1.2.840.113549.1.7, and .2 of it (RFC 5652 14).
constexpr std::string_view kContentType("\x2A\x86\x48\x86\xF7\x0D\x01\x07", 8);
constexpr char kSignedData = 2;

bool is_content_type(ByteView oid) {
  return oid.size() == kContentType.size() + 1 && as_text(oid).starts_with(kContentType);
}

// What a SignedData holds besides signatures; empty where it is left out. What
// stands where nothing may follow is counted in octets.
struct Members {
  ByteView certificates, lists;
  std::size_t surplus = 0;
};

// The octets of a structure that are left where it should be at its end.
std::size_t left_in(const Reader& reader, const Element& structure) {
  return static_cast<std::size_t>(structure.contents.data() + structure.contents.size() - reader.position());
}

std::optional<Members> read_signed_data(const Element& content) {
  Reader reader(content.contents, nullptr);
  const auto data = reader.read(der::kSequence);
  auto body = data ? std::optional(reader.inside(*data)) : std::nullopt;
  if (!body || !body->read_integer() || !body->read(der::kSet) || !body->read(der::kSequence)) {
    return std::nullopt;
  }
  Members members;
  for (auto [number, member] : {std::pair{0U, &members.certificates}, std::pair{1U, &members.lists}}) {
    if (!body->next_is(der::context_constructed(number))) continue;
    const auto element = body->read();
    if (!element) return std::nullopt;
    *member = element->contents;
  }
  if (!body->read(der::kSet)) return std::nullopt;
  members.surplus = left_in(*body, *data) + left_in(reader, content);
  return members;
}

class Set {
 public:
  Set(const CertificatePlace& place, const Limits& limits, Artifact& artifact)
      : place_(place), limits_(limits), artifact_(artifact) {}

  void certificates(ByteView octets) {
    Reader members(octets, nullptr);
    for (std::size_t number = 1; !members.at_end(); ++number) {
      const auto member = members.read();
      if (!member) {
        add(DefectKind::malformed, fmt::format("member {} of the set cannot be read", number), true);
        break;
      }
      take(*member, number);
    }
    if (untold_ != 0) add(DefectKind::malformed, fmt::format("{} more members are no use", untold_), true);
    if (others_ != 0) note(others_, "member that is no X.509 certificate", "members that are none");
  }

  void lists(ByteView octets) {
    Reader reader(octets, nullptr);
    std::size_t others = 0;
    for (std::size_t number = 1; !reader.at_end(); ++number) {
      const auto list = reader.read();
      if (!list || is_certificate(*list))
        return add(DefectKind::malformed,
                   fmt::format("member {} of the lists of revoked certificates {}", number,
                               list ? "is a certificate, which was not read" : "cannot be read"),
                   true);
      take_list(*list, number, others);
    }
    if (others != 0) note(others, "list of another kind", "lists of other kinds");
  }

  // Where the set should be at its end.
  void surplus(std::size_t octets) {
    if (octets == 0) return;
    add(DefectKind::malformed,
        fmt::format("{} octets after the last member of the PKCS#7 were not read", octets), true);
  }

  void trailing(ByteView rest) {
    if (!rest.empty()) add(DefectKind::trailing_data, fmt::format("{} octets", rest.size()), !is_blank(rest));
  }

 private:
  [[nodiscard]] bool is_certificate(const Element& member) const {
    Artifact scratch;
    return !append_certificate(member.whole, place_, scratch);
  }

  void take(const Element& member, std::size_t number) {
    if (member.tag != der::kSequence) {
      ++others_;
      return;
    }
    const auto why = append_certificate(member.whole, place_, artifact_);
    if (!why) return;
    if (told_++ >= limits_.defects) {
      ++untold_;
      return;
    }
    add(DefectKind::malformed, fmt::format("certificate {} of the set: {}", number, *why), true);
  }

  // RevocationInfoChoice: a CRL, or something of another kind under a tag of its own (RFC 5652 10.2.1).
  void take_list(const Element& list, std::size_t number, std::size_t& others) {
    if (list.tag != der::kSequence) {
      ++others;
      return;
    }
    const auto why = append_crl(list.whole, place_, artifact_);
    if (!why) return;
    if (told_++ >= limits_.defects) {
      ++untold_;
      return;
    }
    add(DefectKind::malformed, fmt::format("CRL {} of the set: {}", number, *why), true);
  }

  void note(std::size_t count, std::string_view one, std::string_view many) {
    add(DefectKind::unsupported_block, fmt::format("{} {} in the PKCS#7 set", count, count == 1 ? one : many),
        false);
  }

  void add(DefectKind kind, const std::string& detail, bool lost) {
    artifact_.defects.push_back(Defect{kind, place_.where(), place_.prefix() + detail, lost});
  }

  const CertificatePlace& place_;
  const Limits& limits_;
  Artifact& artifact_;
  std::size_t others_ = 0;
  std::size_t told_ = 0;
  std::size_t untold_ = 0;
};

}  // namespace

void order_leaf_first(std::vector<Certificate>& certificates, std::size_t from) {
  const std::size_t size = certificates.size();
  std::unordered_map<std::string_view, std::size_t> by_subject;
  for (std::size_t i = from; i < size; ++i) by_subject.try_emplace(as_text(certificates[i].subject.rdns), i);
  const auto issuer_of = [&](std::size_t i) {
    const auto found = by_subject.find(as_text(certificates[i].issuer.rdns));
    return found == by_subject.end() || certificates[i].is_self_issued() ? size : found->second;
  };
  std::vector<bool> issues(size, false), placed(size, false);
  for (std::size_t i = from; i < size; ++i)
    if (issuer_of(i) != size) issues[issuer_of(i)] = true;
  std::size_t next = size;
  for (std::size_t i = size; i-- > from;)
    if (!issues[i] && (next == size || !certificates[i].is_ca() || certificates[next].is_ca())) next = i;
  std::vector<std::size_t> order;
  for (; next != size && !placed[next]; next = issuer_of(next)) {
    placed[next] = true;
    order.push_back(next);
  }
  for (std::size_t i = from; i < size; ++i)
    if (!placed[i]) order.push_back(i);
  std::vector<Certificate> ordered;
  ordered.reserve(order.size());
  for (const std::size_t i : order) ordered.push_back(std::move(certificates[i]));
  std::ranges::move(ordered, certificates.begin() + static_cast<std::ptrdiff_t>(from));
}

bool looks_like_pkcs7(ByteView octets) {
  if (octets.size() < 4 || octets[0] != 0x30) return false;
  const std::size_t header = octets[1] < 0x80 ? 2 : 2 + (octets[1] & 0x0FU);
  constexpr std::string_view kTag("\x06\x09", 2);
  const std::string_view text = as_text(octets);
  return header + 10 <= text.size() && text.substr(header).starts_with(kTag) &&
         text.substr(header + 2).starts_with(kContentType);
}

std::optional<std::string> append_pkcs7(ByteView octets, const CertificatePlace& place, const Limits& limits,
                                        Artifact& artifact) {
  Reader outer(octets, nullptr);
  const auto whole = outer.read(der::kSequence);
  if (!whole) return "the PKCS#7 is cut short, or no SEQUENCE";
  Reader info = outer.inside(*whole);
  const auto type = info.read_object_identifier();
  if (!type || !is_content_type(*type)) return "no PKCS#7: its content type is missing or another";
  if (type->back() != kSignedData) return "PKCS#7, but no SignedData: only that kind holds certificates";
  const auto content = info.read(der::context_constructed(0));
  const auto members = content ? read_signed_data(*content) : std::nullopt;
  if (!members) return "the SignedData of the PKCS#7 cannot be read";
  const std::size_t before = artifact.certificates.size();
  Set set(place, limits, artifact);
  set.certificates(members->certificates);
  order_leaf_first(artifact.certificates, before);
  set.lists(members->lists);
  set.surplus(members->surplus + left_in(info, *whole));
  set.trailing(octets.subspan(whole->whole.size()));
  return std::nullopt;
}

Contents append_pkcs7_contents(ByteView octets, const Limits& limits, Artifact& artifact) {
  const CertificatePlace place{artifact.source, artifact.source.line};
  if (auto why = append_pkcs7(octets, place, limits, artifact)) {
    artifact.defects.push_back(Defect{DefectKind::malformed, artifact.source, std::move(*why), true});
  }
  return {"PKCS#7 with 0 certificates"};
}

void read_pkcs7_file(const std::string& name, ByteView octets, const ReadOptions& options,
                     ArtifactSink& sink) {
  Artifact artifact = begin_file(name);
  const ByteView kept = keep({octets.begin(), octets.end()}, artifact);
  const Contents contents = append_pkcs7_contents(kept, options.limits, artifact);
  deliver_file(std::move(artifact), contents, options.as_workload_chain, sink);
}

}  // namespace meshcert::input
