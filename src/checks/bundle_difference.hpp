#pragma once

#include "checks/check.hpp"

/// Family bundle, of the verb `bundle A B`: what one of two inputs trusts and the other does not.
namespace meshcert::checks {

extern const FindingSpec kBundleDiffers;

/// check_difference compares the bundles of the first input with those of the second, whether it is a
/// file, stdin or a directory (Inventory::given), each trust domain by itself: certificates as sets of DER,
/// the keys of SPIFFE bundles and JWKS by use, kid and octets, and sequence numbers. A bundle of no stated
/// trust domain (PEM, ROOTCA) is held against its like, else against all of the other side.
void check_difference(const Inventory& inventory, FindingSink& sink);

}  // namespace meshcert::checks
