#include "checks/host_names.hpp"

#include <algorithm>

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/words.hpp"
#include "path/peer_name.hpp"

namespace meshcert::checks {
namespace {

std::string_view behind_first_label(std::string_view host) {
  const std::size_t dot = host.find('.');
  return dot == std::string_view::npos ? std::string_view{} : host.substr(dot + 1);
}

}  // namespace

void HostNames::add(const Certificate& certificate) {
  certificates_.push_back(&certificate);
  const auto& names = certificate.extensions.subject_alt_name;
  if (!names) return;
  for (const GeneralName& name : names->names) {
    if (name.type != GeneralName::Type::dns) continue;
    const std::string text = base::lowered(as_text(name.value));
    reversed_.emplace(text.rbegin(), text.rend());
    names_.insert(text);
  }
}

bool HostNames::has_below(std::string_view suffix) const {
  const std::string start(suffix.rbegin(), suffix.rend());
  const auto first = reversed_.lower_bound(start);
  return first != reversed_.end() && first->starts_with(start);
}

HostNames::Cover HostNames::covers(std::string_view wanted) const {
  if (!base::parse_address(wanted).empty()) {
    const path::PeerName address{path::PeerName::Kind::ip, std::string(wanted)};
    const auto has = [&](const Certificate* certificate) { return path::has_name(*certificate, address); };
    return std::ranges::any_of(certificates_, has) ? Cover::whole : Cover::none;
  }
  const std::string host =
      base::lowered(wanted.ends_with('.') ? wanted.substr(0, wanted.size() - 1) : wanted);
  if (host.starts_with("*.")) {
    if (names_.contains(host)) return Cover::whole;
    return has_below(std::string_view(host).substr(1)) ? Cover::part : Cover::none;
  }
  const auto matches = [&](const std::string& name) {
    return names_.contains(name) && path::matches_dns(name, host);
  };
  return matches(host) || matches("*." + std::string(behind_first_label(host))) ? Cover::whole : Cover::none;
}

std::string HostNames::why(std::string_view wanted) const {
  const std::string host = base::lowered(wanted);
  if (names_.contains("*." + host)) return "; *." + host + " does not include " + host + " itself";
  std::string_view rest = behind_first_label(host);
  for (rest = behind_first_label(rest); !rest.empty(); rest = behind_first_label(rest))
    if (names_.contains("*." + std::string(rest)))
      return "; *." + std::string(rest) + " stands for one label alone";
  return "";
}

std::string HostNames::text() const {
  if (!names_.empty() || certificates_.empty()) return base::some_of(names_, "", 5);
  const auto common = attribute_values(certificates_.front()->subject, AttributeType::common_name);
  return "no DNS name" + (common.empty() ? "" : " (its common name " + common.front() + " does not count)");
}

}  // namespace meshcert::checks
