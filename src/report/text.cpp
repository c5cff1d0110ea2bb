// The full decode: every artifact and certificate, one field a line, one name a
// line with its type; then the findings.

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/escape.hpp"
#include "base/hex.hpp"
#include "base/words.hpp"
#include "meshcert/report.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "meshcert/xfcc.hpp"
#include "report/crls.hpp"
#include "report/extension_values.hpp"
#include "report/findings_block.hpp"
#include "report/jwt_rules.hpp"
#include "report/layout.hpp"
#include "report/log_block.hpp"
#include "report/paths.hpp"
#include "report/probe_block.hpp"
#include "report/rows.hpp"
#include "report/servers.hpp"
#include "report/tokens.hpp"
#include "x509/private_key.hpp"
#include "x509/titles.hpp"

namespace meshcert {
namespace {

using namespace report;

/// Decode writes the lines of one certificate or artifact.
class Decode {
 public:
  explicit Decode(bool color) : color_(color) {}

  void heading(std::size_t indent, std::string_view text) {
    out_ += std::string(indent, ' ') + painted(text, Paint::bold, color_) + "\n";
  }
  /// field writes a line; `value` may be of any origin.
  void field(std::string_view label, std::string_view value, Paint paint = Paint::plain) {
    constexpr std::size_t kLabel = 31;  // "Extended key usage (critical):" and a space
    const std::string name = label.empty() ? std::string() : fmt::format("{}: ", label);
    out_ += std::string(kIndent, ' ') + painted(padded(name, kLabel), Paint::dim, color_) +
            painted(base::escape_for_terminal(value), paint, color_) + "\n";
  }
  /// list writes the label once and a line for each value.
  void list(std::string_view label, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      field(label, value);
      label = {};
    }
  }
  /// lines takes what is set already.
  void lines(std::string_view set) { out_ += set; }
  void blank() { out_ += "\n"; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kIndent = 4;
  std::string out_;
  bool color_;
};

template <class T>
std::string label_of(std::string_view name, const Extension<T>& extension) {
  return std::string(name) + (extension.critical() ? " (critical)" : "");
}

std::string joined(const auto& words) {
  return base::join(words, "(none)");
}

/// decoded writes an extension's field, or that it did not decode; nothing when absent.
template <class T, class Show>
void decoded(Decode& out, std::string_view name, const Extension<T>& extension, Show show) {
  if (extension.malformed()) out.field(label_of(name, extension), "(malformed)", Paint::red);
  if (extension) show(label_of(name, extension), *extension);
}

std::string constraints_text(const BasicConstraints& constraints) {
  std::string text = constraints.is_ca ? "CA: true" : "CA: false";
  if (constraints.path_length) text += fmt::format(", path length {}", *constraints.path_length);
  return text;
}

std::vector<std::string> name_lines(const GeneralNames& names) {
  std::vector<std::string> lines;
  for (const GeneralName& name : names)
    lines.push_back(fmt::format("{:<12} {}", type_name(name.type), to_string(name)));
  return lines;
}

std::string self_signed_text(const Certificate& certificate) {
  if (certificate.self_signed) return *certificate.self_signed ? "yes" : "no, although issuer equals subject";
  return certificate.is_self_issued() ? "not computed" : "no";
}

std::string key_text(const PublicKey& key) {
  return key.rsa_exponent == 0 ? to_string(key)
                               : fmt::format("{}, exponent {}", to_string(key), exponent_of(key));
}

void write_basics(Decode& out, const Certificate& certificate, const Policy& policy) {
  const ValidityStatus status = validity_status(certificate, policy);
  const auto red_if = [status](ValidityStatus wrong) { return status == wrong ? Paint::red : Paint::plain; };
  const auto moment = [&](Instant instant) {
    return fmt::format("{} ({})", to_rfc3339(instant), relative_time(instant, policy.at));
  };
  out.field("Subject", name_of(certificate.subject));
  out.field("Issuer", name_of(certificate.issuer));
  out.field("Version", std::to_string(certificate.version));
  out.field("Serial number", serial_hex(certificate));
  out.field("Not before", moment(certificate.not_before), red_if(ValidityStatus::not_yet_valid));
  out.field("Not after", moment(certificate.not_after), red_if(ValidityStatus::expired));
  out.field("Lifetime", humanize(certificate.lifetime()));
  out.field("Public key", key_text(certificate.key));
  out.field("Signature algorithm", algorithm_name(certificate.signature_algorithm));
  out.field("Self-signed", self_signed_text(certificate));
}

void write_usages(Decode& out, const Extensions& extensions) {
  decoded(out, "Basic constraints", extensions.basic_constraints,
          [&](const std::string& label, const BasicConstraints& value) {
            out.field(label, constraints_text(value));
          });
  decoded(out, "Key usage", extensions.key_usage, [&](const std::string& label, KeyUsage value) {
    out.field(label, joined(key_usage_names(value)));
  });
  decoded(out, "Extended key usage", extensions.extended_key_usage,
          [&](const std::string& label, const ExtendedKeyUsage& value) {
            out.field(label, joined(extended_key_usage_names(value)));
          });
}

void write_names(Decode& out, const Extensions& extensions) {
  decoded(out, "Alternative names", extensions.subject_alt_name,
          [&](const std::string& label, const SubjectAltName& value) {
            out.list(label, name_lines(value.names));
          });
  decoded(out, "Name constraints", extensions.name_constraints,
          [&](const std::string&, const NameConstraints& value) {
            out.list(label_of("Permitted names", extensions.name_constraints), subtrees(value.permitted));
            out.list(label_of("Excluded names", extensions.name_constraints), subtrees(value.excluded));
          });
}

void write_key_ids(Decode& out, const Extensions& extensions) {
  decoded(out, "Subject key ID", extensions.subject_key_id,
          [&](const std::string& label, ByteView value) { out.field(label, base::to_hex(value)); });
  decoded(out, "Authority key ID", extensions.authority_key_id,
          [&](const std::string& label, const AuthorityKeyId& value) {
            if (!value.key_id.empty()) out.field(label, base::to_hex(value.key_id));
            out.list("Authority issuer", name_lines(value.issuer));
            if (!value.serial.empty()) out.field("Authority serial", base::to_hex(value.serial));
          });
}

void write_pointers(Decode& out, const Extensions& extensions) {
  const auto listed = [&](auto values) {
    return [&out, values](const std::string& label, ByteView contents) { out.list(label, values(contents)); };
  };
  decoded(out, "Authority info access", extensions.authority_info_access, listed(access_descriptions));
  decoded(out, "CRL distribution points", extensions.crl_distribution_points,
          listed(report::distribution_points));
  decoded(out, "Certificate policies", extensions.certificate_policies, listed(policy_identifiers));
}

void write_oddities(Decode& out, const Certificate& certificate) {
  out.list("Unknown and critical", unknown_critical_extensions(certificate.extensions));
  std::vector<std::string> defects;
  for (const DerDefect defect : certificate.defects.list())
    defects.push_back(
        fmt::format("{} (offset {})", describe(defect), certificate.defects.first_offset(defect)));
  out.list("Not strict DER", defects);
}

void write_certificate(Decode& out, const Artifact& artifact, std::size_t index, const Policy& policy) {
  const Certificate& certificate = artifact.certificates[index];
  out.heading(2, fmt::format("certificate {} ({}): {}", index, to_string(role_of(artifact, index)),
                             identity_of(certificate)));
  write_basics(out, certificate, policy);
  write_names(out, certificate.extensions);
  write_usages(out, certificate.extensions);
  write_key_ids(out, certificate.extensions);
  write_pointers(out, certificate.extensions);
  write_oddities(out, certificate);
  out.field("SHA-256", sha256_fingerprint(certificate));
  out.field("Found at", to_string(source_of(artifact, index)));
  out.blank();
}

// ztunnel reads no other form of a workload's key (ztunnel src/tls/certificate.rs).
std::string form_text(const PublicHalf& half, ArtifactKind kind) {
  const bool refused = kind == ArtifactKind::workload_chain && half.form != KeyForm::pkcs8;
  return std::string(to_string(half.form)) + (refused ? " (ztunnel reads PKCS#8 only)" : "");
}

std::string private_key_text(const KeyFacts& key, ArtifactKind kind) {
  if (key.redacted) return "redacted: the proxy has it, this input does not";
  if (!key.present) return "absent";
  std::string text = key.encrypted ? "present, encrypted" : "present";
  if (const PublicHalf* half = key.half())
    text += fmt::format(", {}, {}", to_string(half->key), form_text(*half, kind));
  if (key.matches_leaf)
    text += *key.matches_leaf ? ", belongs to the certificate" : ", does not belong to the certificate";
  return text + " (never shown)";
}

void write_listed(Decode& out, const Listed& listed, const Policy& policy) {
  out.heading(2, listed.is_ca ? "CA certificate, listed only" : "certificate, listed only");
  const auto moment = [&](std::string_view label, const std::optional<Instant>& instant) {
    if (instant)
      out.field(label, fmt::format("{} ({})", to_rfc3339(*instant), relative_time(*instant, policy.at)));
  };
  if (!listed.serial.empty()) out.field("Serial number", listed.serial);
  moment("Not before", listed.not_before);
  moment("Not after", listed.not_after);
  out.list("URI names", listed.uris);
  out.field("Found at", to_string(listed.where));
  out.blank();
}

void write_hop(Decode& out, const XfccHop& hop) {
  for (const XfccField& field : hop.fields) {
    const bool decoded = field.key == XfccKey::cert || field.key == XfccKey::chain;
    out.field(field.key == XfccKey::unknown ? base::escape_for_terminal(field.name)
                                            : std::string(to_string(field.key)),
              decoded ? "see the certificates below" : field.value);
  }
}

void write_bundle(Decode& out, const SpiffeBundle& bundle) {
  const auto optional = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) out.field(label, value);
  };
  optional("Sequence", bundle.sequence);
  optional("Refresh hint", bundle.refresh_hint.empty() ? "" : bundle.refresh_hint + "s");
  for (const BundleKey& key : bundle.keys) {
    const auto decoded = x509::public_key_of(key.spki);
    out.field(key.use.empty() ? "key" : key.use,
              fmt::format("{}{}", key.kid.empty() ? "" : key.kid + ", ", decoded ? to_string(*decoded) : ""));
  }
}

void write_crl(Decode& out, const Artifact& artifact, std::size_t index, const Policy& policy) {
  out.heading(2, fmt::format("[{}] CRL", index));
  for (const auto& [label, value] : crl_fields(artifact.crls[index], policy)) out.field(label, value);
  out.field("Found at", to_string(source_of_crl(artifact, index)));
  out.blank();
}

void write_artifact(Decode& out, const Artifact& artifact, const Report& report,
                    const RenderOptions& options) {
  const Policy& policy = report.policy;
  const std::string name =
      base::escape_for_terminal(artifact.name.empty() ? artifact.source.file : artifact.name);
  out.heading(0, fmt::format("{} ({})", name, to_string(artifact.kind)));
  const auto optional = [&](std::string_view label, std::string_view value) {
    if (!value.empty()) out.field(label, value);
  };
  optional("Resource", artifact.resource);
  optional("State", to_string(artifact.state));
  if (artifact.last_updated)
    out.field("Last updated", fmt::format("{} ({})", to_rfc3339(*artifact.last_updated),
                                          relative_time(*artifact.last_updated, policy.at)));
  optional("Version", artifact.version_info);
  optional("Error", artifact.error_details);
  optional("Trust domain", artifact.trust_domain);
  if (artifact.bundle) write_bundle(out, *artifact.bundle);
  if (artifact.jwt_rule != nullptr)
    for (const auto& [label, value] : rule_fields(*artifact.jwt_rule)) out.field(label, value);
  if (artifact.key) out.field("Private key", private_key_text(*artifact.key, artifact.kind));
  if (artifact.xfcc != nullptr) write_hop(out, *artifact.xfcc);
  if (artifact.probe != nullptr)
    for (const auto& [label, value] : probe_fields(*artifact.probe)) out.field(label, value);
  if (artifact.log != nullptr) {
    out.field("Log", log_line(*artifact.log, policy.at));
    out.list("Known lines", log_lines(*artifact.log, policy.at));
  }
  if (artifact.certificates.empty() && artifact.crls.empty() && artifact.xfcc == nullptr &&
      artifact.log == nullptr && artifact.jwt == nullptr && artifact.jwt_rule == nullptr)
    out.field("Certificates", "none");
  out.field("Found at", to_string(artifact.source));
  if (artifact.jwt != nullptr) out.lines(token_lines(*artifact.jwt, report, options));
  out.blank();
  for (std::size_t index = 0; index < artifact.certificates.size(); ++index)
    write_certificate(out, artifact, index, policy);
  for (const Listed& listed : artifact.listed)
    if (!listed.certificate) write_listed(out, listed, policy);
  for (std::size_t index = 0; index < artifact.crls.size(); ++index) write_crl(out, artifact, index, policy);
}

}  // namespace

std::string render_text(const Report& report, const RenderOptions& options) {
  const std::string findings = findings_block(report, options);
  if (options.quiet) return findings;
  Decode out(options.color);
  for (const Artifact& artifact : report.inventory.artifacts) write_artifact(out, artifact, report, options);
  std::string text = out.take();
  if (const std::string paths = paths_block(report, options); !paths.empty()) text += paths + "\n";
  if (const std::string servers = servers_block(report, options); !servers.empty()) text += servers + "\n";
  if (!findings.empty()) text += findings + "\n";
  return text + summary_line(report, options);
}

}  // namespace meshcert
