#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "x509/decode.hpp"
#include "x509/extensions.hpp"

namespace meshcert::x509 {

/// find_extension_fault looks at the value of one extension of a certificate, none of whose extensions is
/// malformed, for what decoding lets pass or does not look at: the syntax of
/// RFC 5280 4.2.1 and its bounds. "" when there is nothing, or the extension is
/// unknown.
[[nodiscard]] std::string_view find_extension_fault(const Certificate& certificate,
                                                    const RawExtension& extension);

/// wrongly_critical lists extensions that are critical, which RFC 5280 4.2.1.1, 4.2.1.2, 4.2.2.1 forbid
/// ("MUST mark this extension as non-critical"); Go refuses a certificate with one.
[[nodiscard]] std::vector<std::string_view> wrongly_critical(const Extensions& extensions);

/// policy_oids lists the policies of the members of certificatePolicies, contents octets, in order; nullopt
/// where one cannot be read, which an extension that did decode does not have.
[[nodiscard]] std::optional<std::vector<std::string_view>> policy_oids(ByteView certificate_policies);

/// repeats_policy: one of them stands there twice, which RFC 5280 4.2.1.4 forbids.
[[nodiscard]] bool repeats_policy(ByteView certificate_policies);

/// is_prefix_mask tells whether the ones of an address mask stand before its zeros, as a
/// name constraint needs them (RFC 5280 4.2.1.10, RFC 4632).
[[nodiscard]] bool is_prefix_mask(ByteView mask);

}  // namespace meshcert::x509
