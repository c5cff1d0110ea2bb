// Readers record what they meet as defects; here they become findings, one row a kind.

#include "checks/input_reading.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <utility>

#include "base/words.hpp"
#include "checks/managed.hpp"
#include "checks/metadata.hpp"
#include "checks/validity.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {
namespace {

struct DefectRow {
  DefectKind kind;
  const FindingSpec& spec;
};
constexpr DefectRow kDefects[] = {
    {DefectKind::broken_pem_block, kBrokenPemBlock},
    {DefectKind::joined_pem_blocks, kJoinedPemBlocks},
    {DefectKind::not_base64, kNotBase64},
    {DefectKind::malformed, kMalformed},
    {DefectKind::nothing_asked_for, kMalformed},
    {DefectKind::unknown_octets, kMalformed},
    {DefectKind::double_base64, kDoubleBase64},
    {DefectKind::unsupported_block, kUnsupportedBlock},
    {DefectKind::certificate_label, kUnsupportedBlock},
    {DefectKind::empty, kEmptyInput},
    {DefectKind::no_certificates, kNoCertificates},
    {DefectKind::trailing_data, kTrailingData},
    {DefectKind::private_key_in_dump, kPrivateKeyInDump},
    {DefectKind::redacted_key, kRedactedKey},
    {DefectKind::external_file, kExternalFile},
    {DefectKind::duplicate_name, kDuplicateName},
    {DefectKind::limit_reached, kLimitReached},
};

void report_defect(const Defect& defect, const std::string& resource, FindingSink& sink) {
  const auto* row = std::ranges::find(kDefects, defect.kind, &DefectRow::kind);
  if (row == std::end(kDefects)) return;  // what is said of keys: src/checks/key.cpp
  std::vector<Fact> facts{{"detail", defect.detail}};
  if (!defect.fix.empty()) facts.push_back({"_fix", defect.fix});
  sink.report(row->spec, defect.where, resource, std::move(facts));
}

// What is wrong with its dates, so that no peer takes it; "" when nothing is.
// A bundle may hold a root ahead of its time.
std::string problem_of(const Certificate& certificate, bool in_bundle, const Policy& policy) {
  if (is_expired(certificate, policy)) return "expired at " + to_rfc3339(certificate.not_after);
  if (certificate.not_after < certificate.not_before) return "can never be valid";
  if (is_not_yet_valid(certificate, policy) && !in_bundle)
    return "is not valid before " + to_rfc3339(certificate.not_before);
  return {};
}

void check_first_block(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  const auto& certificates = artifact.certificates;
  // A pointer to a date is of no use where dates are not judged.
  if (!sink.wants("validity.expired")) return;
  const bool in_bundle = is_bundle(artifact.kind);
  if (certificates.size() < 2 || !problem_of(certificates.front(), in_bundle, policy).empty()) return;
  std::size_t count = 0, first = 0;
  for (std::size_t i = certificates.size() - 1; i > 0; --i) {
    if (problem_of(certificates[i], in_bundle, policy).empty()) continue;
    ++count;
    first = i;
  }
  if (count == 0) return;
  SourceRef where = source_of(artifact, first);
  sink.report(kFirstBlockHidesProblem, std::move(where), artifact,
              {{"shown_not_after", certificates.front().not_after},
               {"certificate", first},
               {"certificates", count},
               {"_problem", problem_of(certificates[first], in_bundle, policy)},
               {"_more", count == 1 ? std::string() : ", and it is not the only one"}});
}

// cert-manager's status against the Secret that it keeps.
void check_managed(const Inventory& inventory, FindingSink& sink) {
  for (const Managed& managed : find_managed(inventory)) {
    const auto& stated = managed.certificate->not_after;
    if (!stated || *stated == managed.leaf.certificate.not_after) continue;
    sink.report(kMetadataDisagrees, managed.leaf,
                {{"field", "notAfter in the status of " + managed.object->title()},
                 {"stated", to_rfc3339(*stated)},
                 {"found", to_rfc3339(managed.leaf.certificate.not_after)},
                 {"_fix",
                  "find out who else writes the Secret, for cert-manager will issue anew: cmctl status "
                  "certificate NAME; a GitOps tool that restores an old Secret does this"}});
  }
}

// Once for each file: a proxy lists dozens.
void check_listed(const Inventory& inventory, FindingSink& sink) {
  std::map<std::string_view, std::pair<SourceRef, std::int64_t>> files;
  for (const Artifact& artifact : inventory.artifacts) {
    const auto count = std::ranges::count_if(artifact.listed, [](const Listed& l) { return !l.certificate; });
    if (count != 0) files.try_emplace(artifact.source.file, artifact.source, 0).first->second.second += count;
  }
  for (const auto& [file, place] : files) {
    const bool one = place.second == 1;
    sink.report(kListedOnly, SourceRef{place.first.file, place.first.line}, "",
                {{"count", place.second}, {"_certificates", one ? "certificate is" : "certificates are"}});
  }
}

// Told once, of the first: of two clusters, most objects of Istio's own are such pairs.
void check_clusters(const Inventory& inventory, FindingSink& sink) {
  // Gateways are of two kinds by one name.
  std::map<std::pair<std::string, std::size_t>, const KubernetesObject*> by_title;
  const KubernetesObject *first = nullptr, *second = nullptr;
  std::size_t pairs = 0;
  for (const auto& object : inventory.objects) {
    if (object->uid.empty()) continue;
    const auto* known =
        by_title.try_emplace({object->title(), object->spec.index()}, object.get()).first->second;
    if (known->uid == object->uid || pairs++ != 0) continue;
    first = known;
    second = object.get();
  }
  if (pairs == 0) return;
  sink.report(kSeveralClusters, second->source, second->title(),
              {{"object", second->title()},
               {"found", second->uid},
               {"first", to_string(first->source)},
               {"uid", first->uid},
               {"_more", pairs == 1 ? std::string() : fmt::format(" (so are {} more)", pairs - 1)}});
}

std::string objects_of(const Inventory& inventory) {
  return base::some_of(inventory.objects, "", 3, [](const auto& object) { return object->title(); });
}

// An input that could be read and of which nothing was judged makes the run incomplete; that it did
// has to be said.
void check_nothing(const Inventory& inventory, FindingSink& sink) {
  const bool told = !inventory.defects.empty() || !inventory.errors.empty();
  const auto is_judged = [](const auto& object) { return object->is_judged(); };
  if (told || !inventory.artifacts.empty() || std::ranges::any_of(inventory.objects, is_judged)) return;
  if (inventory.objects.empty() && inventory.inputs == 0) return;
  const SourceRef where = inventory.objects.empty() ? SourceRef{} : inventory.objects.front()->source;
  const std::string detail = inventory.objects.empty()
                                 ? "nothing in it is of a known format"
                                 : objects_of(inventory) + ", of which no rule judges anything by itself";
  sink.report(kNoCertificates, where, "",
              {{"detail", detail},
               {"_fix",
                "give it together with what it refers to: the Secrets and ConfigMaps with certificates, the "
                "webhook configurations (kubectl get KIND -A -o yaml)"}});
}

}  // namespace

void check_reading(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  check_first_block(artifact, policy, sink);
  const std::string& resource = artifact.shown_name();
  for (const Defect& defect : artifact.defects) report_defect(defect, resource, sink);
  for (const Listed& listed : artifact.listed) {
    if (!listed.certificate) continue;
    const Certificate& certificate = artifact.certificates[*listed.certificate];
    for (Disagreement& one : disagreements(listed, certificate))
      sink.report(kMetadataDisagrees, source_of(artifact, *listed.certificate), resource,
                  {{"field", one.field}, {"stated", std::move(one.stated)}, {"found", std::move(one.found)}});
  }
}

void check_inputs(const Inventory& inventory, const Policy&, FindingSink& sink) {
  for (const Defect& defect : inventory.defects) report_defect(defect, "", sink);
  check_listed(inventory, sink);
  check_managed(inventory, sink);
  check_clusters(inventory, sink);
  check_nothing(inventory, sink);
}

}  // namespace meshcert::checks
