#pragma once

#include <memory>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// read_leniency finds what a tls.v3.CertificateValidationContext says of the kind; null where it says
/// nothing.
[[nodiscard]] std::shared_ptr<const Leniency> read_leniency(const Place& context, FieldReader& fields);

/// add_leniency adds what another context of the same anchors says; what is known stays.
void add_leniency(const std::shared_ptr<const Leniency>& other, std::shared_ptr<const Leniency>& known);

}  // namespace meshcert::input
