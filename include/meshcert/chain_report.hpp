#pragma once

#include <string>
#include <vector>

#include "meshcert/inventory.hpp"
#include "meshcert/policy.hpp"

namespace meshcert {

/// PathLink is one certificate of a path.
struct PathLink {
  std::string subject;  ///< RFC 4514; "" for an empty name
  std::string uri;      ///< its first URI SAN
  std::string sha256;
  bool trusted = false;  ///< the anchor: the last, where the path leads to one
};

/// PathFault is one thing that is wrong with a path, or that peers disagree about.
struct PathFault {
  std::string code;             ///< of the finding that it is or would be
  std::size_t certificate = 0;  ///< its place on the path
  std::string message, reference;
};

/// ChainReport is the ways from one chain's leaf upwards: first the one that holds,
/// or that comes nearest; then the others, and why they fail.
struct ChainReport {
  struct Path {
    bool holds = false;
    std::vector<PathLink> links;  ///< leaf first
    std::vector<PathFault> faults;
    std::vector<std::string> names;  ///< of those asked for, the ones that its leaf has: "DNS a.example.com"
  };
  std::size_t artifact = 0;  ///< index in the inventory
  std::vector<Path> paths;
};

/// report_chains verifies every chain of the run again and tells every path.
[[nodiscard]] std::vector<ChainReport> report_chains(const Inventory& inventory, const Policy& policy);

}  // namespace meshcert
