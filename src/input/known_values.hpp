#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// KnownValues remembers what the last values of documents held that were as they should be:
/// the bundle of a CA stands in every Secret of its certificates, and is decoded once.
class KnownValues {
 public:
  /// Form is how a text was read: who reads it in another way may find fault with it.
  enum class Form : std::uint8_t { plain, base64, proto_base64 };

  /// recall gives an artifact that has none yet the certificates of a text that is known, as
  /// they would stand on this line.
  [[nodiscard]] bool recall(std::string_view text, Form form, std::uint32_t line, Artifact& artifact) const;
  /// note remembers what was decoded of a text, if that is certificates and no defect.
  void note(std::string_view text, Form form, const Artifact& artifact);

 private:
  struct Value {
    std::string text;
    Form form{};
    std::vector<Certificate> certificates;
    decltype(Artifact::storage) storage;
  };
  std::vector<Value> values_;
  std::size_t next_ = 0;  ///< the one that gives way
};

}  // namespace meshcert::input
