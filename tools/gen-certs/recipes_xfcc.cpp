#include <openssl/sha.h>

#include <fmt/format.h>
#include <array>

#include "mutate.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

constexpr std::string_view kCart = "spiffe://cluster.local/ns/shop/sa/cart";
constexpr std::string_view kOrders = "spiffe://cluster.local/ns/shop/sa/orders";

std::string sha256_hex(std::string_view octets) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), hash.data());
  std::string text;
  for (const unsigned char octet : hash) text += fmt::format("{:02x}", octet);
  return text;
}

/// percent_encoded writes a PEM text as Envoy does.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Octets chain_leaf(Workshop& w) {
  return plugin_leaf(w, "workload/healthy-chain").build();
}

/// gateway_client is a client outside of the mesh, whose certificate has a subject.
Octets gateway_client(Workshop& w) {
  return serving_leaf(w, "gateway/healthy").build();
}

std::string cert(std::string_view certificate) {
  return fmt::format("Cert=\"{}\"", percent_encoded(pem(certificate)));
}

std::string chain(Workshop& w) {
  return fmt::format("Chain=\"{}\"", percent_encoded(pem(chain_leaf(w)) + pem(the_intermediate(w))));
}

/// received is what the sidecar of `by` writes of a caller whose certificate it does not forward.
std::string received(std::string_view by, std::string_view uri) {
  return fmt::format("By={};Hash={};Subject=\"\";URI={}", by, sha256_hex(uri), uri);
}

/// with_leaf is the same with the certificate of the caller, kId.
std::string with_leaf(Workshop& w, std::string_view hash, std::string_view uri) {
  return fmt::format("By={};Hash={};Subject=\"\";{};URI={}", kCart, hash, cert(the_leaf(w)), uri);
}

std::string two_hops(Workshop& w) {
  const Octets leaf = chain_leaf(w);
  return fmt::format("By={};Hash={};Subject=\"\";{};{};URI={},{}", kCart, sha256_hex(leaf), cert(leaf),
                     chain(w), kId, received(kOrders, kCart));
}

Sample line(std::string text) {
  return bare_file(std::move(text) + "\n");
}

/// in_json writes quotes as JSON does.
std::string in_json(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '"' ? "\\\"" : std::string(1, c);
  return out;
}

const Recipe kRecipes[] = {
    {"xfcc/healthy.txt", "",
     "The value of a header after two hops. The first has the caller's certificate and its chain.",
     [](Workshop& w) { return line(two_hops(w)); }},
    {"xfcc/healthy-httpbin.json", "", "The same as httpbin's /headers prints it.",
     [](Workshop& w) {
       return bare_file(
           fmt::format("{{\n  \"headers\": {{\n    \"Accept\": \"*/*\",\n    \"Host\": \"httpbin:8000\",\n"
                       "    \"X-Forwarded-Client-Cert\": [\n      \"{}\"\n    ]\n  }}\n}}\n",
                       in_json(two_hops(w))),
           {chain_leaf(w), the_intermediate(w)});
     }},
    {"xfcc/healthy-grep.txt", "", "One hop in a member of JSON, as curl and grep leave it.",
     [](Workshop&) {
       return line("    \"X-Forwarded-Client-Cert\": \"" + in_json(received(kCart, kId)) + "\", ");
     }},
    {"xfcc/healthy-waypoint.txt", "", "What a waypoint states of the client: By and URI alone.",
     [](Workshop&) { return line(fmt::format("x-forwarded-client-cert: By={};URI={}", kCart, kId)); }},
    {"xfcc/healthy-gateway-client.txt", "",
     "A client of a gateway that has names in DNS and no SPIFFE ID: its URI is empty, its subject has quotes.",
     [](Workshop&) {
       return line(fmt::format(
           "Hash={};Subject=\"CN=client,O=\\\"Example\\, Corp\\\"\";DNS=a.example.com;DNS=b.example.com;URI=",
           sha256_hex("client")));
     }},

    {"xfcc/no-header.json", "xfcc.no-header", "What httpbin's /headers prints of a call in plain text.",
     [](Workshop&) {
       return bare_file(
           "{\n  \"headers\": {\n    \"Accept\": \"*/*\",\n    \"Host\": \"httpbin:8000\",\n"
           "    \"User-Agent\": \"curl/8.5.0\"\n  }\n}\n");
     }},
    {"xfcc/unmatched-quote.txt", "xfcc.unmatched-quote", "The quote of Subject is never closed.",
     [](Workshop&) {
       return line(fmt::format("By={};Hash={};Subject=\"CN=client;URI={}", kCart, sha256_hex("x"), kId));
     }},
    {"xfcc/empty-element.txt", "xfcc.empty-element", "A comma stands at the end of the header.",
     [](Workshop&) { return line(received(kCart, kId) + ","); }},
    {"xfcc/no-equals-sign.txt", "xfcc.no-equals-sign", "The last pair is the key DNS alone.",
     [](Workshop&) { return line(fmt::format("By={};URI={};DNS", kCart, kId)); }},
    {"xfcc/stray-quote.txt", "xfcc.stray-quote", "Quotes stand inside of the subject, not around it.",
     [](Workshop&) { return line(fmt::format("By={};Subject=CN=\"a client\";URI={}", kCart, kId)); }},
    {"xfcc/unknown-key.txt", "xfcc.unknown-key", "An element with a key that no proxy of a mesh writes.",
     [](Workshop&) { return line(received(kCart, kId) + ";Serial=4711"); }},
    {"xfcc/key-case.txt", "xfcc.key-case", "An element whose key URI is in small letters.",
     [](Workshop&) {
       std::string element = received(kCart, kId);
       return line(element.replace(element.find("URI="), 3, "uri"));
     }},
    {"xfcc/duplicate-key.txt", "xfcc.duplicate-key", "Two hashes in one element.",
     [](Workshop&) { return line(received(kCart, kId) + ";Hash=" + sha256_hex("another")); }},
    {"xfcc/bad-hash.txt", "xfcc.bad-hash", "The Hash has 40 digits, as a SHA-1 has.",
     [](Workshop&) {
       return line(fmt::format("By={};Hash={};URI={}", kCart, sha256_hex("x").substr(0, 40), kId));
     }},
    {"xfcc/hash-disagrees.txt", "xfcc.hash-disagrees",
     "The Hash is that of another certificate than the one in Cert.",
     [](Workshop& w) { return line(with_leaf(w, sha256_hex(the_root(w)), kId)); }},
    {"xfcc/chain-disagrees.txt", "xfcc.chain-disagrees",
     "Chain begins with another certificate than the one in Cert.",
     [](Workshop& w) {
       return line(fmt::format("By={};Subject=\"\";{};{};URI={}", kCart, cert(the_leaf(w)), chain(w), kId));
     }},
    {"xfcc/uri-disagrees.txt", "xfcc.uri-disagrees",
     "The URI is another than that of the certificate in Cert.",
     [](Workshop& w) { return line(with_leaf(w, sha256_hex(the_leaf(w)), kOrders)); }},
    {"xfcc/dns-disagrees.txt", "xfcc.dns-disagrees",
     "A DNS name that the certificate in Cert does not carry.",
     [](Workshop& w) { return line(with_leaf(w, sha256_hex(the_leaf(w)), kId) + ";DNS=admin.example.com"); }},
    {"xfcc/subject-disagrees.txt", "xfcc.subject-disagrees",
     "The Subject is another than that of the certificate in Cert.",
     [](Workshop& w) {
       return line(fmt::format("By={};Subject=\"CN=admin.example.com\";{}", kCart, cert(gateway_client(w))));
     }},
    {"xfcc/healthy-subject.txt", "",
     "A client with a subject and its certificate; the subject is in the form that old proxies wrote.",
     [](Workshop& w) {
       return line(fmt::format("By={};Subject=\"/CN=shop.example.com\";{}", kCart, cert(gateway_client(w))));
     }},
    {"xfcc/multiple-uris.txt", "xfcc.multiple-uris", "The caller has two URIs.",
     [](Workshop&) { return line(received(kCart, kId) + ";URI=" + std::string(kOrders)); }},
    {"xfcc/malformed-id.txt", "xfcc.malformed-id", "The caller's SPIFFE ID ends in a slash.",
     [](Workshop&) { return line(received(kCart, std::string(kId) + "/")); }},
    {"xfcc/not-spiffe.txt", "xfcc.not-spiffe", "The caller's URI is of another scheme.",
     [](Workshop&) { return line(received(kCart, "https://client.example.com")); }},
    {"xfcc/foreign-trust-domain.txt", "xfcc.foreign-trust-domain", "The caller is of another trust domain.",
     [](Workshop&) { return line(received(kCart, "spiffe://mesh.example/ns/my-ns/sa/my-sa")); }},
    {"xfcc/hops-disconnected.txt", "xfcc.hops-disconnected",
     "The caller of the second hop is not who received the first: an element was put before it.",
     [](Workshop&) { return line(received(kCart, kId) + "," + received(kOrders, kId)); }},
    {"xfcc/bad-percent.txt", "input.malformed", "A percent sign in Cert is not followed by two hex digits.",
     [](Workshop&) { return line(fmt::format("By={};Cert=\"-----BEGIN%2\";URI={}", kCart, kId)); }},
};

}  // namespace

std::span<const Recipe> xfcc_recipes() {
  return kRecipes;
}

}  // namespace gencerts
