#pragma once

#include "checks/identity_bearer.hpp"

/// What the objects of a cluster say of identities, where nobody else does.
namespace meshcert::checks {

/// check_name_of_secret holds an identity against the Secret that it lies in: Citadel (Istio up to 1.5) named
/// that of each service account after it, `istio.ACCOUNT` (istio@1.5.0
/// security/pkg/k8s/controller/workloadsecret.go).
void check_name_of_secret(const Bearer& bearer, std::string_view uri, FindingSink& sink);

/// check_mesh reports names of trust domains in the MeshConfigs of the run that istiod refuses, and holds the
/// workloads' trust domains against them, unless the caller expects an identity.
void check_mesh(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
