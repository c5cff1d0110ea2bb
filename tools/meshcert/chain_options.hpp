#pragma once

#include "meshcert/options.hpp"

namespace meshcert::cli {

/// The options of `chain` that `inspect` takes as well.
void add_chain_options(OptionSet& set, Options& options);

/// load_verification reads --trust and --untrusted into the policy. Throws
/// UsageError where one cannot be read whole, or holds no certificate: never does
/// something else take its place.
void load_verification(Options& options, Env& env);

/// take_for_chains: CAs that stand by themselves in a file that is named are asked about, unless its name
/// is that of Istio's roots; in a directory, those of the chain of a plugged-in CA. Where a name is asked
/// for, it is not asked of CAs that issued what stands beside them or can serve nothing; but of one that
/// signed itself and bears the name of a host: whoever writes a certificate can call it a CA.
void take_for_chains(const Options& options, Inventory& inventory);

}  // namespace meshcert::cli
