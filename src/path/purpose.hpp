#pragma once

#include <string>
#include <vector>

#include "meshcert/certificate.hpp"
#include "path/fault.hpp"
#include "path/settings.hpp"

namespace meshcert::path {

/// check_leaf_usage appends what keyUsage and extendedKeyUsage of the leaf lack
/// for the purpose. An extension that is absent allows everything, but for the
/// purposes whose standards ask for it (code signing; of time stamping extendedKeyUsage alone).
void check_leaf_usage(const Certificate& leaf, const Settings& settings, std::vector<Fault>& faults);

/// check_issuer_usage appends what the extendedKeyUsage of a CA forbids those
/// below it.
void check_issuer_usage(const Certificate& issuer, std::size_t index, const Settings& settings,
                        std::vector<Fault>& faults);

/// wanted_usages: contents octets of the extended key usages that a purpose and
/// the settings ask for, without repeats.
[[nodiscard]] std::vector<std::string> wanted_usages(const Settings& settings);

/// usage_words lists what an extendedKeyUsage or keyUsage holds, for a message.
[[nodiscard]] std::string usage_words(const ExtendedKeyUsage& usage);
[[nodiscard]] std::string usage_words(KeyUsage usage);

}  // namespace meshcert::path
