#include "meshcert/spiffe_id.hpp"

#include <algorithm>
#include <array>

namespace meshcert {
namespace {

constexpr std::string_view kScheme = "spiffe://";
constexpr std::size_t kMaxTrustDomainBytes = 255;  // SPIFFE-ID 2.3, from RFC 3986's host

// The wording is go-spiffe's, so that a search finds both.
constexpr Reason kEmpty = "cannot be empty";
constexpr Reason kWrongScheme = "scheme is missing or invalid";
constexpr Reason kMissingTrustDomain = "trust domain is missing";
constexpr Reason kBadTrustDomainChar =
    "trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores";
constexpr Reason kLongTrustDomain = "trust domain is longer than 255 bytes";
constexpr Reason kNoLeadingSlash = "path must have a leading slash";
constexpr Reason kTrailingSlash = "path cannot have a trailing slash";
constexpr Reason kEmptySegment = "path cannot contain empty segments";
constexpr Reason kDotSegment = "path cannot contain dot segments";
constexpr Reason kBadPathChar =
    "path segment characters are limited to letters, numbers, dots, dashes, and underscores";

enum Set : std::uint8_t { kTrustDomainChar = 1, kPathChar = 2 };

constexpr std::array<std::uint8_t, 256> make_sets() {
  std::array<std::uint8_t, 256> sets{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789.-_"))
    sets[static_cast<unsigned char>(c)] = kTrustDomainChar | kPathChar;
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    sets[static_cast<unsigned char>(c)] = kPathChar;
  return sets;
}
constexpr auto kSets = make_sets();

bool all_in(std::string_view text, Set set) {
  return std::ranges::all_of(text,
                             [set](char c) { return (kSets[static_cast<unsigned char>(c)] & set) != 0; });
}

// SPIFFE-ID 2.1: what is wrong with a trust domain name; "" when it is right.
Reason trust_domain_fault(std::string_view name) {
  if (name.empty()) return kMissingTrustDomain;
  if (!all_in(name, kTrustDomainChar)) return kBadTrustDomainChar;
  return name.size() > kMaxTrustDomainBytes ? kLongTrustDomain : Reason();
}

// What is wrong with one segment, between its slashes; "" when it is right.
Reason segment_fault(std::string_view segment, bool is_last) {
  if (segment.empty()) return is_last ? kTrailingSlash : kEmptySegment;
  if (segment == "." || segment == "..") return kDotSegment;
  return all_in(segment, kPathChar) ? Reason() : kBadPathChar;
}

// SPIFFE-ID 2.2: what is wrong with a path; "" when it is right.
Reason path_fault(std::string_view path) {
  if (path.empty()) return {};
  if (path.front() != '/') return kNoLeadingSlash;
  for (std::size_t start = 1; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const Reason fault = segment_fault(path.substr(start, end - start), end == path.size());
    if (!fault.empty()) return fault;
    start = end + 1;
  }
  return {};
}

}  // namespace

Result<TrustDomain, Reason> TrustDomain::parse(std::string_view name) {
  const Reason fault = trust_domain_fault(name);
  if (!fault.empty()) return fail(fault);
  return TrustDomain(name);
}

Result<TrustDomain, Reason> TrustDomain::parse_name_or_id(std::string_view text) {
  // No name contains a colon, so this cannot take a name for an ID.
  if (text.find(":/") == std::string_view::npos) return parse(text);
  const auto id = SpiffeId::parse(text);
  if (!id) return fail(id.error());
  return id->trust_domain();
}

Result<SpiffeId, Reason> SpiffeId::parse(std::string_view uri) {
  if (uri.empty()) return fail(kEmpty);
  if (!uri.starts_with(kScheme)) return fail(kWrongScheme);
  const std::size_t path_offset = std::min(uri.find('/', kScheme.size()), uri.size());
  Reason fault = trust_domain_fault(uri.substr(kScheme.size(), path_offset - kScheme.size()));
  if (fault.empty()) fault = path_fault(uri.substr(path_offset));
  if (!fault.empty()) return fail(fault);
  return SpiffeId(uri, path_offset);
}

TrustDomain SpiffeId::trust_domain() const {
  return TrustDomain(uri_.substr(kScheme.size(), path_offset_ - kScheme.size()));
}

}  // namespace meshcert
