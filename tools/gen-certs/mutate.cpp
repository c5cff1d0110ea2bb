#include "mutate.hpp"

#include "openssl.hpp"

namespace gencerts {
namespace {

constexpr unsigned kConstructed = 0x20;

struct Header {
  std::uint8_t tag;
  std::size_t header;    ///< octets of tag and length
  std::size_t contents;  ///< octets of contents
};

std::optional<Header> read_header(std::string_view der) {
  if (der.size() < 2) return std::nullopt;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(der[i]); };
  if (at(1) < 0x80) return Header{at(0), 2, at(1)};
  const std::size_t count = at(1) & 0x7fU;
  if (count == 0 || count > 4 || der.size() < 2 + count) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) size = size << 8U | at(2 + i);
  return Header{at(0), 2 + count, size};
}

std::size_t size_of(const Header& header) {
  return header.header + header.contents;
}

/// take cuts the first element off.
std::optional<std::string_view> take(std::string_view& der) {
  const auto header = read_header(der);
  if (!header || size_of(*header) > der.size()) return std::nullopt;
  const auto element = der.substr(0, size_of(*header));
  der.remove_prefix(element.size());
  return element;
}

}  // namespace

Element decode(std::string_view der) {
  const auto header = read_header(der);
  require(header && size_of(*header) == der.size(), "not one DER element");
  std::string_view contents = der.substr(header->header);
  Element element{header->tag, {}, {}, 0};
  if ((header->tag & kConstructed) == 0) {
    element.contents = contents;
    return element;
  }
  while (!contents.empty()) {
    const auto child = take(contents);
    require(child.has_value(), "broken DER");
    element.children.push_back(decode(*child));
  }
  return element;
}

Octets encode(const Element& element) {
  Octets contents = element.contents;
  for (const Element& child : element.children) contents += encode(child);
  return octet(element.tag) + length(contents.size(), element.length_padding) + contents;
}

Element& extension(Element& tbs, std::string_view dotted) {
  const Octets wanted = oid(dotted);
  for (Element& candidate : tbs.children.at(kExtensions).children.at(0).children)
    if (encode(candidate.children.at(0)) == wanted) return candidate;
  throw std::runtime_error("no extension " + std::string(dotted));
}

Octets& extension_value(Element& tbs, std::string_view dotted) {
  return extension(tbs, dotted).children.back().contents;
}

Octets edit(Workshop& workshop, std::string_view certificate, std::string_view signer,
            void (*change)(Element& tbs)) {
  Element tbs = decode(certificate).children.at(0);
  change(tbs);
  return workshop.certify(encode(tbs), signer);
}

std::optional<Octets> tbs_of(std::string_view certificate) {
  const auto header = read_header(certificate);
  if (!header || header->tag != tag::kSequence) return std::nullopt;
  certificate.remove_prefix(header->header);
  const auto tbs = take(certificate);
  if (!tbs || tbs->empty() || static_cast<unsigned char>(tbs->front()) != tag::kSequence) return std::nullopt;
  return Octets(*tbs);
}

Octets signature_of(std::string_view certificate) {
  return decode(certificate).children.at(2).contents.substr(1);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  require(at != std::string_view::npos, "nothing to replace: " + std::string(from));
  require(text.find(from, at + 1) == std::string_view::npos, "more than one: " + std::string(from));
  return std::string(text).replace(at, from.size(), to);
}

}  // namespace gencerts
