#include "report/extension_values.hpp"

#include "der/reader.hpp"
#include "meshcert/certificate.hpp"
#include "meshcert/extensions.hpp"
#include "x509/extension_rules.hpp"

namespace meshcert::report {
namespace {

constexpr der::Tag kFullName = der::context_constructed(0);

void append_names(ByteView general_names, std::vector<std::string>& out) {
  for (const GeneralName& name : GeneralNames(general_names)) out.push_back(to_string(name));
}

std::string access_method(ByteView oid) {
  const std::string dotted = to_dotted(oid);
  if (dotted == "1.3.6.1.5.5.7.48.1") return "OCSP";
  return dotted == "1.3.6.1.5.5.7.48.2" ? "caIssuers" : dotted;
}

}  // namespace

std::vector<std::string> access_descriptions(ByteView authority_info_access) {
  std::vector<std::string> out;
  for (der::Reader list(authority_info_access, nullptr); !list.at_end();) {
    auto description = list.enter(der::kSequence);
    if (!description) break;
    const auto method = description->read_object_identifier();
    const auto location = method ? description->read() : std::nullopt;
    if (!location) break;
    for (const GeneralName& name : GeneralNames(location->whole))
      out.push_back(access_method(*method) + " " + to_string(name));
  }
  return out;
}

std::vector<std::string> distribution_points(ByteView crl_distribution_points) {
  std::vector<std::string> out;
  for (der::Reader list(crl_distribution_points, nullptr); !list.at_end();) {
    auto point = list.enter(der::kSequence);
    if (!point) break;
    if (!point->next_is(kFullName)) continue;
    auto name = point->enter(kFullName);
    const auto full = name ? name->read(kFullName) : std::nullopt;
    if (full) append_names(full->contents, out);
  }
  return out;
}

std::vector<std::string> policy_identifiers(ByteView certificate_policies) {
  std::vector<std::string> out;
  for (const std::string_view oid :
       x509::policy_oids(certificate_policies).value_or(std::vector<std::string_view>()))
    out.push_back(to_dotted(as_bytes(oid)));
  return out;
}

std::vector<std::string> subtrees(ByteView general_subtrees) {
  std::vector<std::string> out;
  for (der::Reader list(general_subtrees, nullptr); !list.at_end();) {
    auto subtree = list.enter(der::kSequence);
    const auto base = subtree ? subtree->read() : std::nullopt;
    if (!base) break;
    for (const GeneralName& name : GeneralNames(base->whole))
      out.push_back(std::string(type_name(name.type)) + " " + to_string(name));
  }
  return out;
}

}  // namespace meshcert::report
