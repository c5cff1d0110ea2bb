#include "path/peer_name.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "der/reader.hpp"
#include "x509/oids.hpp"

namespace meshcert::path {
namespace {

constexpr x509::Oid kSmtpUtf8Mailbox{"1.3.6.1.5.5.7.8.9"};

constexpr auto kLabelCharacters = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// How long the label is that a name begins with; 0 where that is none.
std::size_t label_size(std::string_view name) {
  std::size_t size = 0;
  while (size < name.size() && kLabelCharacters[static_cast<unsigned char>(name[size])]) ++size;
  const bool is_label = size != 0 && size <= 63 && name.front() != '-' && name[size - 1] != '-';
  return is_label ? size : 0;
}

/// What follows a wildcard; nullopt where the name is no wildcard at all.
std::optional<std::string_view> behind_wildcard(std::string_view presented) {
  if (!presented.starts_with("*.")) return std::nullopt;
  return presented.substr(2);
}

bool matches(const GeneralName& name, const PeerName& wanted, ByteView address) {
  using Type = GeneralName::Type;
  switch (wanted.kind) {
    case PeerName::Kind::dns:
      return name.type == Type::dns && matches_dns(as_text(name.value), wanted.value);
    case PeerName::Kind::ip:
      return name.type == Type::ip && !address.empty() && std::ranges::equal(name.value, address);
    case PeerName::Kind::uri:
      return name.type == Type::uri && as_text(name.value) == wanted.value;
    case PeerName::Kind::email:
      if (name.type == Type::email) return matches_email(as_text(name.value), wanted.value);
      return name.type == Type::other_name && matches_email(smtp_utf8_mailbox(name), wanted.value);
  }
  return false;
}

}  // namespace

bool is_dns_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const std::size_t size = label_size(text);
    if (size == 0) return false;
    if (size == text.size()) return !base::are_digits(text);
    if (text[size] != '.') return false;
    text.remove_prefix(size + 1);
  }
}

bool matches_dns(std::string_view presented, std::string_view reference) {
  if (reference.ends_with('.')) reference.remove_suffix(1);
  if (!is_dns_name(reference)) return false;
  const auto suffix = behind_wildcard(presented);
  if (!suffix) return is_dns_name(presented) && base::equal_without_case(presented, reference);
  if (!is_dns_name(*suffix) || suffix->find('.') == std::string_view::npos) return false;
  const auto dot = reference.find('.');
  return dot != std::string_view::npos && base::equal_without_case(*suffix, reference.substr(dot + 1));
}

std::string_view why_unmatchable(std::string_view presented) {
  const std::string_view name = behind_wildcard(presented).value_or(presented);
  if (is_dns_name(name)) return {};
  if (!base::parse_address(presented).empty())
    return "it is an IP address, and clients look for addresses among iPAddress names alone";
  if (name.find('*') != std::string_view::npos) return "a wildcard must be the whole leftmost label";
  if (name.find("://") != std::string_view::npos) return "it is a URL, of which the host name alone counts";
  if (name.ends_with('.')) return "it ends in a dot, which clients take off the name that they look for";
  return "it is no DNS name: that is labels of letters, digits and hyphens";
}

bool matches_email(std::string_view presented, std::string_view reference) {
  const auto at = presented.rfind('@');
  const auto wanted_at = reference.rfind('@');
  if (at == std::string_view::npos || wanted_at == std::string_view::npos) return false;
  return presented.substr(0, at) == reference.substr(0, wanted_at) &&
         base::equal_without_case(presented.substr(at), reference.substr(wanted_at));
}

std::string_view smtp_utf8_mailbox(const GeneralName& name) {
  if (name.type != GeneralName::Type::other_name) return {};
  der::Reader fields(name.value, nullptr);
  const auto type = fields.read_object_identifier();
  if (!type || kSmtpUtf8Mailbox != *type) return {};
  auto wrapper = fields.enter(der::context_constructed(0));
  const auto text = wrapper ? wrapper->read(der::kUtf8String) : std::nullopt;
  return text ? as_text(text->contents) : std::string_view{};
}

bool has_name(const Certificate& certificate, const PeerName& name) {
  const auto& names = certificate.extensions.subject_alt_name;
  if (!names) return false;
  const auto address =
      name.kind == PeerName::Kind::ip ? base::parse_address(name.value) : std::vector<std::uint8_t>{};
  return std::ranges::any_of(names->names.begin(), names->names.end(),
                             [&](const GeneralName& presented) { return matches(presented, name, address); });
}

std::string to_string(const PeerName& name) {
  constexpr std::array<std::string_view, 4> kKinds = {"DNS", "IP", "email", "URI"};
  return std::string(kKinds[static_cast<std::size_t>(name.kind)]) + " " + name.value;
}

}  // namespace meshcert::path
