#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshcert {

/// XfccKey is what a proxy tells of a client in X-Forwarded-Client-Cert (envoy
/// docs/root/configuration/http/http_conn_man/headers.rst).
enum class XfccKey : std::uint8_t { by, hash, subject, cert, chain, uri, dns, unknown };
/// to_string gives the standard spelling, "By"; "" for an unknown one.
[[nodiscard]] std::string_view to_string(XfccKey key);
/// xfcc_key reads a key of either case.
[[nodiscard]] XfccKey xfcc_key(std::string_view name);

/// XfccField is one pair of an element, exact octets.
struct XfccField {
  XfccKey key = XfccKey::unknown;
  std::string name;          ///< as it is written
  std::string value;         ///< without its quotes, \" and \\ unescaped; not percent-decoded
  bool has_equals = true;    ///< false: the pair is a key alone, its value empty
  bool stray_quote = false;  ///< a quote stands inside of the value, where Envoy leaves it
};

/// XfccHop is one element of a header: what one proxy saw of the client before it.
/// A header that cannot be taken apart is one with a `count` of 0 and `unmatched_quote`; one
/// that did not come, with a `count` of 0 alone.
struct XfccHop {
  std::size_t number = 0, count = 0;      ///< the oldest is 1; `count` of the header
  std::vector<XfccField> fields;          ///< in order
  std::vector<std::string> previous_by;   ///< who received the hop before: its By values
  std::string cert_sha256, chain_sha256;  ///< of the first certificate in Cert and in Chain; "" without one
  std::optional<std::size_t> unmatched_quote;  ///< offset in the header of a quote that is never closed
  std::string after_quote;                     ///< the first characters after it

  /// is_nearest: the proxy before the workload wrote it; the one hop nobody outside can forge.
  [[nodiscard]] bool is_nearest() const { return count != 0 && number == count; }
  /// is_absent: the request had no such header, or an empty one.
  [[nodiscard]] bool is_absent() const { return count == 0 && !unmatched_quote; }
  /// values lists those of a key that are there, in order.
  [[nodiscard]] std::vector<std::string_view> values(XfccKey key) const;
  /// caller is the one URI of the client; "" where there is none, or several.
  [[nodiscard]] std::string_view caller() const;
};

}  // namespace meshcert
