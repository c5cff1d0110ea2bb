#include "mutate.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kBroken = "input.broken-pem-block";

/// Bundle is three roots as PEM blocks, for recipes to damage one of.
struct Bundle {
  explicit Bundle(Workshop& w) : roots{the_root(w), the_plugin_root(w), the_web_root(w)} {}
  [[nodiscard]] std::string block(std::size_t index) const { return pem(roots[index]); }
  /// damaged is the bundle with another text for its second block.
  [[nodiscard]] Sample damaged(std::string_view second) const {
    return text_file(block(0) + std::string(second) + block(2), {roots[0], roots[2]});
  }
  std::vector<Octets> roots;
};

std::string indented(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at) + 1;
    out += "    " + std::string(text.substr(at, end - at));
    at = end;
  }
  return out;
}

std::string crlf(std::string text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

std::string without_final_newline(std::string text) {
  text.pop_back();
  return text;
}

std::string literal_newlines(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\\n" : std::string(1, c);
  return out + "\n";
}

Sample bad_base64(Workshop& w) {
  const Bundle bundle(w);
  std::string second = bundle.block(1);
  second[200] = '!';
  return bundle.damaged(second);
}

Sample truncated(Workshop& w) {
  const Bundle bundle(w);
  const std::string last = bundle.block(2);
  return text_file(bundle.block(0) + bundle.block(1) + last.substr(0, last.size() / 2),
                   {bundle.roots[0], bundle.roots[1]});
}

Sample joined(Workshop& w) {
  const Bundle bundle(w);
  return text_file(without_final_newline(bundle.block(0)) + bundle.block(1),
                   {bundle.roots[0], bundle.roots[1]});
}

Sample text_around(Workshop& w) {
  const Octets leaf = plugin_leaf(w, "workload/healthy-chain").build();
  const std::string body =
      "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:\n   i:O = Istio, CN = Intermediate CA, L = cluster1\n" +
      pem(leaf) + " 1 s:O = Istio, CN = Intermediate CA, L = cluster1\n   i:O = Istio, CN = Root CA\n" +
      pem(the_intermediate(w)) + "---\nServer certificate\n---\nno peer certificate available\n";
  return text_file(body, {leaf, the_intermediate(w)});
}

Sample with_request(Workshop& w) {
  const Octets info =
      sequence(integer(0) + empty_name() + spki_of(w.key("workload")) + tlv(tag::constructed_context(0), ""));
  return text_file(pem("CERTIFICATE REQUEST", w.certify(info, "workload")) + pem(the_leaf(w)), {the_leaf(w)});
}

/// trusted has OpenSSL's own block: the certificate and, after it, an alias.
Sample trusted(Workshop& w) {
  const Octets alias = sequence(tlv(tag::kUtf8String, "mesh root"));
  return text_file(pem("TRUSTED CERTIFICATE", the_root(w) + alias), {the_root(w)});
}

/// junk is reproducible octets of no format.
Sample junk(Workshop&) {
  Octets octets;
  for (unsigned i = 0, state = 1; i < 512; ++i, state = state * 1664525U + 1013904223U)
    octets += octet(state >> 24U | 0x80U);
  return bare_file(octets);
}

/// nameless_ca has neither a subject nor, being its own issuer, an issuer.
Sample nameless_ca(Workshop& w) {
  return pem_file({istio_root(w).subject(empty_name()).issuer(empty_name()).build()});
}

const Recipe kRecipes[] = {
    {"input/no-subject-name.pem", "input.no-subject-name",
     "The certificate names nobody: an empty subject and no subjectAltName.",
     [](Workshop& w) { return pem_file({istio_leaf(w).without(ext::kSubjectAltName).build()}); }},
    {"input/empty-ca-name.pem", "input.empty-ca-name", "A root whose name is empty.", nameless_ca},
    {"input/empty-issuer.pem", "input.empty-ca-name", "A leaf issued by a CA whose name is empty.",
     [](Workshop& w) { return pem_file({istio_leaf(w).issuer(empty_name()).build()}); }},
    {"input/spaced-dns-name.pem", "input.unmatchable-dns-name",
     "A DNS SAN that looks like two names where a space parts them.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w).san({uri(kId), dns("x URI:spiffe://cluster.local/ns/a/sa/admin")}).build()});
     }},
    {"input/address-as-dns-name.pem", "input.unmatchable-dns-name", "An address written down as a DNS SAN.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).san({uri(kId), dns("192.0.2.7")}).build()});
     }},
    {"input/healthy-address-and-wildcards.pem", "",
     "Wildcards, an underscore and a single label among the DNS SANs, and an address where it belongs.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w)
                            .san({uri(kId), dns("*.my-ns.svc"), dns("*.example"), dns("my_svc.my-ns"),
                                  dns("localhost"), ip("\xc0\x00\x02\x07"sv)})
                            .build()});
     }},
    {"input/broken-pem-block.pem", kBroken,
     "Three roots; the second block has a character that is not base64.", bad_base64},
    {"input/broken-pem-no-end.pem", kBroken, "Three roots; the second block has no END line.",
     [](Workshop& w) {
       const Bundle bundle(w);
       return bundle.damaged(replaced(bundle.block(1), "-----END CERTIFICATE-----\n", ""));
     }},
    {"input/broken-pem-labels-differ.pem", kBroken,
     "Three roots; the END line of the second names another label.",
     [](Workshop& w) {
       const Bundle bundle(w);
       return bundle.damaged(
           replaced(bundle.block(1), "-----END CERTIFICATE-----", "-----END PRIVATE KEY-----"));
     }},
    {"input/truncated.pem", kBroken, "Three roots; the file was cut in the middle of the third.", truncated},
    {"input/joined-pem-blocks.pem", "input.joined-pem-blocks",
     "Two roots concatenated without a line break between them: Go drops the second.", joined},
    {"input/malformed-empty-block.pem", "input.malformed", "A good root and a block with nothing in it.",
     [](Workshop& w) { return text_file(pem(the_root(w)) + pem(""), {the_root(w)}); }},
    {"input/trailing-data.pem", "input.trailing-data",
     "Three octets follow the certificate inside its PEM block.",
     [](Workshop& w) { return text_file(pem(the_leaf(w) + "\1\2\3"), {the_leaf(w)}); }},
    {"input/trailing-data.der", "input.trailing-data", "Three octets follow the certificate in a DER file.",
     [](Workshop& w) { return bare_file(the_leaf(w) + "\1\2\3"); }},
    {"input/truncated.der", "input.malformed", "A certificate in DER without its last 20 octets.",
     [](Workshop& w) { return bare_file(the_leaf(w).substr(0, the_leaf(w).size() - 20)); }},
    {"input/unsupported-block.pem", "input.unsupported-block",
     "A certificate request before the certificate.", with_request},
    {"input/wrong-label.pem", kBroken, "Two roots; the label of the second is misspelt, CERTIATE.",
     [](Workshop& w) {
       return text_file(pem(the_root(w)) + pem("CERTIATE", the_plugin_root(w)), {the_root(w)});
     }},
    {"input/key-only.pem", "input.no-certificates", "A private key and no certificate.",
     [](Workshop& w) { return text_file(pem("PRIVATE KEY", pkcs8_of(w.key("workload")))); }},
    {"input/text-only.pem", "input.no-certificates",
     "The error of the command that should have made the dump.",
     [](Workshop&) { return bare_file("Error from server (NotFound): secrets \"cacerts\" not found\n"); }},
    {"input/empty.pem", "input.empty", "A file of no octets.", [](Workshop&) { return bare_file(""); }},
    {"input/junk.bin", "input.malformed", "Octets of no format.", junk},

    {"input/indented.pem", kBroken, "A PEM block indented as in a YAML file: Go reads none of it.",
     [](Workshop& w) { return text_file(indented(pem(the_root(w))), {the_root(w)}); }},
    {"input/byte-order-mark.pem", kBroken, "A byte order mark before the first block.",
     [](Workshop& w) { return bare_file("\xef\xbb\xbf" + pem(the_root(w)), {the_root(w)}); }},
    {"input/literal-newlines.pem", kBroken,
     "A PEM block on one line, its line breaks written as backslash and n, as copied out of JSON.",
     [](Workshop& w) { return text_file(literal_newlines(pem(the_root(w))), {the_root(w)}); }},
    {"input/trusted-certificate.pem", "input.unsupported-block",
     "OpenSSL's own label, TRUSTED CERTIFICATE: an alias follows the certificate inside the block.", trusted},
    {"input/older-label.pem", "input.unsupported-block",
     "The old label X509 CERTIFICATE, which Go does not take.",
     [](Workshop& w) { return text_file(pem("X509 CERTIFICATE", the_root(w)), {the_root(w)}); }},
    {"input/healthy-crlf.pem", "", "Line breaks are CR LF.",
     [](Workshop& w) {
       Sample sample = pem_file({the_root(w), the_web_root(w)});
       sample.finish = crlf;
       return sample;
     }},
    {"input/healthy-no-final-newline.pem", "", "The last line has no line break.",
     [](Workshop& w) {
       Sample sample = pem_file({the_root(w)});
       sample.finish = without_final_newline;
       return sample;
     }},
    {"input/healthy-text-around.pem", "",
     "A chain as openssl s_client -showcerts prints it: text before, between and after the blocks.",
     text_around},
    {"input/healthy-single.der", "", "One certificate in DER.",
     [](Workshop& w) { return bare_file(the_leaf(w)); }},
    {"input/healthy-concatenated.der", "",
     "A chain in DER, as the SPIFFE Workload API gives it: leaf, then intermediate.",
     [](Workshop& w) {
       return bare_file(plugin_leaf(w, "workload/healthy-chain").build() + the_intermediate(w));
     }},
};

}  // namespace

std::span<const Recipe> input_recipes() {
  return kRecipes;
}

}  // namespace gencerts
