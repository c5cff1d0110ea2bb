#pragma once

#include <string_view>

#include "mesh.hpp"
#include "sample.hpp"
#include "workshop.hpp"

/// Revocation lists, and the cast of mesh.hpp as their signers.
namespace gencerts {

/// signer_of_crls allows an authority to sign CRLs, which what istiod makes for itself is not.
CertificateBuilder signer_of_crls(CertificateBuilder builder);
Octets plugin_root_ca(Workshop& w);
Octets intermediate_ca(Workshop& w);
/// former_plugin_root has the name of the plugged-in CA's root, and another key.
Octets former_plugin_root(Workshop& w);

/// Crl is a revocation list before it is signed: empty, number 1, for thirty days.
struct Crl {
  Octets issuer;
  std::string_view signer;
  Octets revoked_serial = {};  ///< contents octets; empty: nothing is listed
  char reason = 1;             ///< of the entry
  Instant this_update = kEpoch;
  Instant next_update = kEpoch + std::chrono::days{30};
  unsigned number = 1;
  unsigned base = 0;      ///< 0: it is complete; else a delta on that number
  Octets reasons = {};    ///< contents octets of a BIT STRING: it is for these alone
  bool old = false;       ///< of version 1, which has no extensions
  bool critical = false;  ///< with a critical extension of nobody
};

/// serial_of is the contents octets of a certificate's serial number.
Octets serial_of(const Octets& certificate);
Octets crl_of(Workshop& w, const Crl& crl);
Octets crl_block(Workshop& w, const Crl& crl);
Crl of_root();
Crl of_plugin_root();
Crl of_intermediate();
/// that_revokes lists a certificate, for the compromise of its key or another reason.
Crl that_revokes(Crl crl, const Octets& certificate, char reason = 1);
/// that_is_old is of version 1.
Crl that_is_old(Crl crl);
/// that_is_over ran out a day before.
Crl that_is_over(Crl crl);
/// that_is_early begins a day later.
Crl that_is_early(Crl crl);

}  // namespace gencerts
