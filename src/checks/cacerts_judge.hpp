#pragma once

#include "checks/check.hpp"
#include "checks/signing_ca.hpp"
#include "x509/crypto.hpp"

/// The findings of family cacerts, and what reports them.
namespace meshcert::checks {

extern const FindingSpec kCaIncomplete;
extern const FindingSpec kCaUnparsable;
extern const FindingSpec kSignerNotACa;
extern const FindingSpec kCaKeyMismatch;
extern const FindingSpec kWrongLabels;
extern const FindingSpec kStrayBlock;
extern const FindingSpec kRootDoesNotAnchor;
extern const FindingSpec kCaPathLength;
extern const FindingSpec kCaBarsNames;
extern const FindingSpec kCaExpired;
extern const FindingSpec kChainLacksSigner;
extern const FindingSpec kChainOutOfOrder;
extern const FindingSpec kCaValueNotRead;
extern const FindingSpec kCaCrlRefused;
extern const FindingSpec kCrlMissingFor;

/// judge_signing_ca looks at the parts of one CA together, as istiod does when it starts, and at what peers
/// make of the certificates that it will issue.
void judge_signing_ca(const SigningCa& ca, const Inventory& inventory, const Policy& policy,
                      x509::SignatureVerifier& signatures, FindingSink& sink);

/// check_labels looks at the labels of the PEM that istiod reads the certificate and the key from.
void check_labels(const SigningCa& ca, FindingSink& sink);

/// report_root_label: the root stands under a label that Go takes no root from, so that there is none.
/// Returns whether that is so.
bool report_root_label(const SigningCa& ca, FindingSink& sink);

/// check_stray_blocks looks for what stands among roots, CRLs and the chain that goes with these, and is
/// none.
void check_stray_blocks(const SigningCa& ca, FindingSink& sink);

/// take_out_command takes one value out of the Secret of a CA.
[[nodiscard]] std::string take_out_command(const SigningCa& ca, std::string_view key);

/// check_unread looks for what the CA would have of its own under names that istiod passes over.
void check_unread(const SigningCa& ca, FindingSink& sink);

/// check_sent_chain looks at what istiod sends behind each leaf, and at the CRLs of that.
void check_sent_chain(const SigningCa& ca, x509::SignatureVerifier& signatures, FindingSink& sink);

/// report_of_ca reports on the certificate at `index` of a part of the CA.
void report_of_ca(const FindingSpec& spec, const SigningCa& ca, const Artifact& part, std::size_t index,
                  std::vector<Fact> facts, FindingSink& sink);

/// report_ca_mismatch: the key, whose public half this is, and the certificate are no pair.
void report_ca_mismatch(const PublicHalf& half, const Certificate& signer, const std::string& resource,
                        FindingSink& sink);

/// namespace_in_fix is where the Secret belongs, for the words of a fix.
[[nodiscard]] Fact namespace_in_fix(const std::string& space);

}  // namespace meshcert::checks
