#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/certificate.hpp"

namespace meshcert::checks {

/// HostNames is the names that certificates are for, to be asked for many hosts. The
/// comparison itself is path::has_name's (RFC 9525 6.3).
class HostNames {
 public:
  enum class Cover : std::uint8_t { whole, part, none };

  void add(const Certificate& certificate);

  /// covers answers for a host of a gateway: a name, an address, or "*.example.com", which
  /// stands for names of any depth there and is covered in part by any of them.
  [[nodiscard]] Cover covers(std::string_view host) const;

  /// why explains a wildcard that nearly covers the host: "; *.example.com stands for one
  /// label alone"; "" where none does.
  [[nodiscard]] std::string why(std::string_view host) const;

  /// text lists the names for a message.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] bool has_below(std::string_view suffix) const;

  std::set<std::string, std::less<>> names_;     ///< in lower case
  std::set<std::string, std::less<>> reversed_;  ///< the same, back to front
  std::vector<const Certificate*> certificates_;
};

}  // namespace meshcert::checks
