#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "der/reader.hpp"
#include "meshcert/extensions.hpp"
#include "x509/extensions.hpp"
#include "x509/oids.hpp"

namespace meshcert::x509 {

/// KnownExtension is an extension that is decoded into a member of Owner, with
/// what can be asked of it: a row of a table.
template <class Owner>
struct KnownExtension {
  Oid oid;
  std::string_view name;
  void (*decode)(Owner&, const RawExtension&, der::Reader value);
  bool (*malformed)(const Owner&);
  bool (*absent)(const Owner&);
};

/// known_extension makes a row. Octets that follow the value inside extnValue are
/// noted: OpenSSL ignores them, BoringSSL refuses.
template <class Owner, class T, std::optional<T> (*Read)(der::Reader&), Extension<T> Owner::*Member>
constexpr KnownExtension<Owner> known_extension(Oid oid, std::string_view name) {
  const auto decode = [](Owner& owner, const RawExtension& raw, der::Reader value) {
    auto decoded = Read(value);
    if (decoded) value.done();
    (owner.*Member).set(raw.critical, decoded);
  };
  return {oid, name, decode, [](const Owner& owner) { return (owner.*Member).malformed(); },
          [](const Owner& owner) { return (owner.*Member).absent(); }};
}

template <class Owner, std::size_t N>
const KnownExtension<Owner>* find_known(const KnownExtension<Owner> (&table)[N], ByteView oid) {
  const auto row = std::ranges::find_if(table, [&](const auto& known) { return known.oid == oid; });
  return row == std::end(table) ? nullptr : row;
}

template <class Owner, std::size_t N>
std::vector<std::string_view> malformed_names(const KnownExtension<Owner> (&table)[N], const Owner& owner) {
  std::vector<std::string_view> names;
  for (const auto& known : table) {
    if (known.malformed(owner)) names.push_back(known.name);
  }
  return names;
}

}  // namespace meshcert::x509
