#include "input/secret_names.hpp"

namespace meshcert::input {
namespace {

bool is_spiffe(std::string_view name) {
  return name.starts_with("spiffe://");
}
bool has_path(std::string_view spiffe) {
  return spiffe.find('/', std::string_view("spiffe://").size()) != std::string_view::npos;
}

bool is_bundle_name(std::string_view name) {
  return name == "ROOTCA" || name == "ALL" || name.starts_with("file-root:") ||
         name.starts_with("configmap://") || name.ends_with("-cacert") ||
         (is_spiffe(name) && !has_path(name));
}

}  // namespace

bool is_workload_name(std::string_view name) {
  return name == "default" || name == "builtin://" || (is_spiffe(name) && has_path(name));
}

ArtifactKind kind_by_name(std::string_view name) {
  if (is_workload_name(name)) return ArtifactKind::workload_chain;
  return is_bundle_name(name) ? ArtifactKind::trust_bundle : ArtifactKind::tls_secret;
}

}  // namespace meshcert::input
