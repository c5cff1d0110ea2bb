#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meshcert/artifact.hpp"
#include "meshcert/bytes.hpp"

namespace meshcert::input {

/// Foreign is an input that is known but holds nothing that is read here.
struct Foreign {
  DefectKind kind;
  std::string what;
  std::string fix;  ///< the command that gives what can be read; "" where there is none
};

/// in_base64 is what was recognised in decoded octets, told of the base64 of them.
[[nodiscard]] Foreign in_base64(Foreign found);

/// recognise_foreign_octets tells key stores, and what else is DER but no
/// certificate, from their content.
[[nodiscard]] std::optional<Foreign> recognise_foreign_octets(ByteView octets);

/// is_der_private_key: PKCS#8, encrypted or not, PKCS#1 or SEC1.
[[nodiscard]] bool is_der_private_key(ByteView octets);

/// is_key_store: PKCS#12, JKS or JCEKS.
[[nodiscard]] bool is_key_store(ByteView octets);

/// recognise_foreign tells these, base64 of them, and the output of commands that
/// printed no certificate.
[[nodiscard]] std::optional<Foreign> recognise_foreign(ByteView octets);

/// recognise_own_line tells a line of what this program wrote: of -o ndjson, or the first of
/// the state of a sweep.
[[nodiscard]] std::optional<Foreign> recognise_own_line(std::string_view line);

}  // namespace meshcert::input
