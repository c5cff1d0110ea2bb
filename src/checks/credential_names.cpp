#include "checks/credential_names.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace meshcert::checks {
namespace {

using Kind = CredentialName::Kind;

struct Scheme {
  std::string_view prefix;
  Kind kind;
  bool needs_space;
};
constexpr std::array kSchemes{
    Scheme{"kubernetes://", Kind::secret, false},   Scheme{"kubernetes-gateway://", Kind::secret, true},
    Scheme{"configmap://", Kind::config_map, true}, Scheme{"builtin://", Kind::own, false},
    Scheme{"invalid://", Kind::never, false},       Scheme{"sds://", Kind::elsewhere, false}};

// RFC 1123: the name of a namespace.
bool is_label(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

// What a form that needs both lacks; istiod looks for them in this order.
void judge_both(CredentialName& named, std::string_view prefix, bool has_space) {
  const std::string form = std::string(prefix) + "NAMESPACE/NAME";
  const bool no_space = named.space.empty();
  if (has_space && !no_space && !named.name.empty()) return;
  named.why = fmt::format("states no {}, and {} is required", no_space ? "namespace" : "name", form);
  named.istiod = fmt::format("invalid resource name \"{}\". Expected {}", named.resource,
                             !has_space ? "namespace and name"
                             : no_space ? "namespace"
                                        : "name");
}

// A Secret is served in the namespace of the proxy alone, and no proxy is in one that there cannot be.
void judge_space(CredentialName& named) {
  if (is_label(named.space)) return;
  named.istiod = unauthorized(named.name);
  const std::string space = named.space.empty() ? "an empty namespace" : "the namespace " + named.space;
  named.why =
      named.written.find("://") != std::string::npos && named.space.ends_with(':')
          ? "begins with no scheme of Istio's (kubernetes://, kubernetes-gateway://, configmap:// of a CA, "
            "builtin:// and sds://, in small letters), and is looked for as " +
                named.resource + ", a Secret of " + space
          : "names a Secret of " + space + ", which there cannot be";
}

}  // namespace

std::string unauthorized(std::string_view name) {
  return fmt::format(
      "attempted to access unauthorized certificates {}: cross namespace secret reference requires "
      "ReferenceGrant",
      name);
}

CredentialName read_credential_name(std::string_view written) {
  const auto scheme = std::ranges::find_if(
      kSchemes, [written](const Scheme& known) { return written.starts_with(known.prefix); });
  const Scheme& how = scheme == kSchemes.end() ? kSchemes.front() : *scheme;
  std::string_view rest = written.substr(scheme == kSchemes.end() ? 0 : how.prefix.size());
  CredentialName named;
  named.kind = how.kind;
  named.written = written;
  named.resource = std::string(scheme == kSchemes.end() ? how.prefix : "") + named.written;
  if (how.kind != Kind::secret && how.kind != Kind::config_map) return named;
  const std::size_t slash = rest.find('/');
  const bool has_space = slash != std::string_view::npos;
  if (has_space) {
    named.space = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
  }
  named.name = rest.substr(0, rest.find('/'));
  if (how.needs_space) judge_both(named, how.prefix, has_space);
  if (named.is_right() && has_space && how.kind == Kind::secret) judge_space(named);
  return named;
}

}  // namespace meshcert::checks
