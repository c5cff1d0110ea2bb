#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert {
namespace {

constexpr std::string_view kScheme = "spiffe://";
constexpr std::size_t kMaxLabelBytes = 63;       // RFC 1123 label: a namespace's name
constexpr std::size_t kMaxSubdomainBytes = 253;  // RFC 1123 subdomain: a service account's name

bool is_lower_alphanumeric(char c) {
  return base::is_lower(c) || base::is_digit(c);
}

// One label of a DNS-1123 name, its length aside: Kubernetes limits the labels
// of a subdomain only together.
bool is_label(std::string_view text) {
  return !text.empty() && is_lower_alphanumeric(text.front()) && is_lower_alphanumeric(text.back()) &&
         std::ranges::all_of(text, [](char c) { return c == '-' || is_lower_alphanumeric(c); });
}

bool is_namespace_name(std::string_view text) {
  return text.size() <= kMaxLabelBytes && is_label(text);
}

bool is_service_account_name(std::string_view text) {
  if (text.size() > kMaxSubdomainBytes) return false;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('.', start), text.size());
    if (!is_label(text.substr(start, end - start))) return false;
    start = end + 1;
  }
  return true;
}

}  // namespace

std::optional<IstioIdentity> IstioIdentity::parse(std::string_view uri) {
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t slash = uri.find('/');
    const bool is_last = i + 1 == parts.size();
    if ((slash == std::string_view::npos) != is_last) return std::nullopt;
    parts[i] = uri.substr(0, slash);
    uri.remove_prefix(is_last ? uri.size() : slash + 1);
  }
  if (parts[1] != "ns" || parts[3] != "sa") return std::nullopt;
  return IstioIdentity{parts[0], parts[2], parts[4]};
}

bool is_mesh_trust_domain(std::string_view given) {
  const std::string lower = base::lowered(given);
  std::string_view text = lower;
  if (text.ends_with('.')) text.remove_suffix(1);
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('.', start), text.size());
    if (!is_namespace_name(text.substr(start, end - start))) return false;
    start = end + 1;
  }
  return true;
}

bool is_istio_canonical(std::string_view uri) {
  const auto identity = IstioIdentity::parse(uri);
  return identity && SpiffeId::parse(uri) && is_mesh_trust_domain(identity->trust_domain) &&
         is_namespace_name(identity->namespace_name) && is_service_account_name(identity->service_account);
}

}  // namespace meshcert
