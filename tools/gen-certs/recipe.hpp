#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "mesh.hpp"
#include "sample.hpp"

namespace gencerts {

/// Recipe makes one file. Its description says what the file is and which one
/// thing is wrong in it; it opens the file.
struct Recipe {
  std::string_view path;     ///< "svid/no-uri.pem": family, name and format
  std::string_view finding;  ///< the finding that it is made to show; "" when it must get none
  std::string_view description;
  Sample (*build)(Workshop& workshop);
  Instant at = kNow;             ///< when to look at it
  std::string_view arguments{};  ///< what meshcert must be told besides

  [[nodiscard]] std::string_view family() const { return path.substr(0, path.find('/')); }
  /// name is the path without its extension: "svid/no-uri".
  [[nodiscard]] std::string_view name() const { return path.substr(0, path.rfind('.')); }
  [[nodiscard]] std::string_view case_name() const { return name().substr(family().size() + 1); }
};

/// The tables, one a file recipes_*.cpp.
std::span<const Recipe> healthy_recipes();
std::span<const Recipe> dump_recipes();
std::span<const Recipe> config_dump_recipes();
std::span<const Recipe> document_recipes();
std::span<const Recipe> validity_recipes();
std::span<const Recipe> svid_recipes();
std::span<const Recipe> usage_recipes();
std::span<const Recipe> key_recipes();
std::span<const Recipe> root_recipes();
std::span<const Recipe> bundle_recipes();
std::span<const Recipe> chain_recipes();
std::span<const Recipe> crl_recipes();
std::span<const Recipe> input_recipes();
std::span<const Recipe> der_recipes();
std::span<const Recipe> text_recipes();
std::span<const Recipe> xfcc_recipes();
std::span<const Recipe> jwt_recipes();
std::span<const Recipe> gateway_recipes();
std::span<const Recipe> destination_rule_recipes();
std::span<const Recipe> jwt_rule_recipes();
std::span<const Recipe> kubernetes_recipes();
std::span<const Recipe> webhook_recipes();
std::span<const Recipe> injection_recipes();
std::span<const Recipe> cacerts_recipes();
std::span<const Recipe> cacerts_crl_recipes();
std::span<const Recipe> cacerts_tls_recipes();
std::span<const Recipe> cluster_recipes();
std::span<const Recipe> managed_recipes();

/// all_recipes are all of them, sorted by path.
[[nodiscard]] std::vector<Recipe> all_recipes();

}  // namespace gencerts
