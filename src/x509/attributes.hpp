#pragma once

#include "der/reader.hpp"
#include "meshcert/name.hpp"

namespace meshcert::x509 {

/// Attribute is one AttributeTypeAndValue of a name.
struct Attribute {
  ByteView type;
  der::Element value;
  ByteView whole;
  bool is_first;  ///< of its RDN
};

/// for_each_attribute walks a name that was read before, in order.
template <class F>
void for_each_attribute(const DistinguishedName& name, F function) {
  der::Reader rdns(name.rdns, nullptr);
  while (auto rdn = rdns.enter(der::kSet)) {
    for (bool first = true; const auto whole = rdn->read(der::kSequence); first = false) {
      der::Reader fields(whole->contents, nullptr);
      const auto type = fields.read_object_identifier();
      const auto value = type ? fields.read() : std::nullopt;
      if (!value) return;
      function(Attribute{*type, *value, whole->whole, first});
    }
  }
}

}  // namespace meshcert::x509
