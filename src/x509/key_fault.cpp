#include "x509/key_fault.hpp"

#include <algorithm>

#include "der/reader.hpp"
#include "x509/curve_point.hpp"

namespace meshcert::x509 {
namespace {

KeyFault rsa_fault(ByteView value) {
  der::Reader reader(value, nullptr);
  auto fields = reader.enter(der::kSequence);
  const auto modulus = fields ? fields->read_integer() : std::nullopt;
  if (!modulus || modulus->empty() || !fields->read_integer())
    return {"octets that are no RSAPublicKey", "a SEQUENCE of a modulus and an exponent"};
  if ((modulus->front() & 0x80U) != 0) return {"an RSA modulus that is negative", "a positive one"};
  const bool even = (modulus->back() & 1U) == 0;
  return even ? KeyFault{"an RSA modulus that is even", "a product of odd primes"} : KeyFault{};
}

KeyFault point_fault(Curve curve, ByteView value) {
  switch (examine_point(curve, value)) {
    case PointState::on_curve:
    case PointState::unknown:
    case PointState::compressed:
      return {};
    case PointState::infinity:
      return {"the point at infinity", "a point of the curve that has coordinates"};
    case PointState::unreadable:
      return {"octets that are no point of the curve", "04 and two coordinates of its size"};
    case PointState::too_large:
      return {"a point with a coordinate that is not below the field's prime", "coordinates below it"};
    case PointState::off_curve:
      return {"a point that is not on the curve", "one that is"};
  }
  return {};
}

struct FixedSize {
  KeyAlgorithm algorithm;
  std::size_t octets;
  std::string_view required;
};

// RFC 8032 5.1.5, 5.2.5; RFC 7748 5.
constexpr FixedSize kFixedSizes[] = {{KeyAlgorithm::ed25519, 32, "32 octets"},
                                     {KeyAlgorithm::ed448, 57, "57 octets"},
                                     {KeyAlgorithm::x25519, 32, "32 octets"},
                                     {KeyAlgorithm::x448, 56, "56 octets"}};

/// RFC 8410 3: no parameters, not even NULL.
KeyFault fixed_size_fault(const PublicKey& key) {
  const auto* row = std::ranges::find(kFixedSizes, key.algorithm, &FixedSize::algorithm);
  if (row == std::end(kFixedSizes)) return {};
  if (!key.parameters.empty()) return {"parameters, which its algorithm does not have", "none"};
  if (key.value.size() == row->octets) return {};
  return {"a key of another size than its algorithm has", row->required};
}

}  // namespace

KeyFault find_key_fault(const PublicKey& key) {
  if (key.spki.empty()) return {};
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_pss:
      return rsa_fault(key.value);
    case KeyAlgorithm::ec:
      return point_fault(key.curve, key.value);
    default:
      return fixed_size_fault(key);
  }
}

bool is_compressed(const PublicKey& key) {
  if (key.algorithm != KeyAlgorithm::ec) return false;
  return !key.value.empty() && (key.value[0] == 2 || key.value[0] == 3);
}

}  // namespace meshcert::x509
