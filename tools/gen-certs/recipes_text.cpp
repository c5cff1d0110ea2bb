#include <algorithm>

#include "mutate.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kBroken = "input.broken-pem-block";

/// The chain that most of these hold, leaf first.
Octets chain_leaf(Workshop& w) {
  return plugin_leaf(w, "workload/healthy-chain").build();
}

std::string one_line(std::string_view octets) {
  return base64(octets);
}

/// wrapped is base64 as base64(1) prints it, in lines of 76 characters.
std::string wrapped(std::string_view octets) {
  const std::string text = base64(octets);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 76) out += text.substr(at, 76) + '\n';
  return out;
}

std::string carriage_returns(std::string text) {
  std::ranges::replace(text, '\n', '\r');
  return text;
}

std::string quoted_as_mail(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at) + 1;
    out += "> " + std::string(text.substr(at, end - at));
    at = end;
  }
  return out;
}

/// pkcs7 is a degenerate SignedData (RFC 5652 5.1), as openssl crl2pkcs7 -nocrl makes it.
Octets pkcs7(std::string_view certificates, std::string_view lists = {}) {
  const Octets content = sequence(oid("1.2.840.113549.1.7.1"));
  const Octets crls = lists.empty() ? "" : tlv(tag::constructed_context(1), lists);
  const Octets data = sequence(integer(1) + tlv(tag::kSet, "") + content +
                               tlv(tag::constructed_context(0), certificates) + crls + tlv(tag::kSet, ""));
  return sequence(oid("1.2.840.113549.1.7.2") + tlv(tag::constructed_context(0), data));
}

/// pkcs12 is the frame of a key store (RFC 7292 4) with nothing in it.
Octets pkcs12() {
  return sequence(integer(3) + sequence(oid("1.2.840.113549.1.7.1") +
                                        tlv(tag::constructed_context(0), octet_string(sequence("")))));
}

std::string transcript(std::string_view certificates, std::string_view below) {
  return "CONNECTED(00000003)\n---\nCertificate chain\n" + std::string(certificates) +
         "---\nServer certificate\n" + std::string(below) +
         "subject=\nissuer=O = Istio, CN = Intermediate CA, L = cluster1\n---\nSSL handshake has read 2105 "
         "bytes and written 375 bytes\nVerification error: self-signed certificate in certificate chain\n---\n";
}

constexpr std::string_view kFirst = " 0 s:\n   i:O = Istio, CN = Intermediate CA, L = cluster1\n";
constexpr std::string_view kSecond =
    " 1 s:O = Istio, CN = Intermediate CA, L = cluster1\n   i:O = Istio, CN = Root CA\n";

std::string shown_chain(Workshop& w) {
  return std::string(kFirst) + pem(chain_leaf(w)) + std::string(kSecond) + pem(the_intermediate(w));
}

Sample two_transcripts(Workshop& w) {
  const std::string other = std::string(kFirst) + pem(the_leaf(w));
  return bare_file(transcript(shown_chain(w), "") + transcript(other, ""),
                   {chain_leaf(w), the_intermediate(w), the_leaf(w)});
}

/// served_leaf is a web server's, which says where the certificate of its issuer is to be fetched.
Octets served_leaf(Workshop& w) {
  const Octets issuers = sequence(oid("1.3.6.1.5.5.7.48.2") + tlv(0x86, "http://ca.example.com/issuing.der"));
  return serving_leaf(w, "input/served-leaf")
      .extension("1.3.6.1.5.5.7.1.1", false, sequence(issuers))
      .build();
}

constexpr std::string_view kServed =
    " 0 s:CN = shop.example.com\n   i:C = DE, O = Example Corp, CN = Example Issuing CA\n";

constexpr std::string_view kTable =
    "RESOURCE NAME              TYPE           STATUS      VALID CERT     SERIAL NUMBER                        "
    "NOT AFTER                NOT BEFORE\n"
    "kubernetes://gw-cert                      WARMING     false                                              "
    "                          \n"
    "default                    Cert Chain     ACTIVE      false          6fbee254c22900615cb1f74e3d2f1713     "
    "2023-12-31T01:32:52Z     2023-12-30T01:30:52Z\n"
    "ROOTCA                     CA             ACTIVE      true           0193a543fe2b0d9cd4847675394dfc54     "
    "2033-05-02T03:41:33Z     2023-05-05T03:41:33Z\n"sv;

const Recipe kRecipes[] = {
    {"input/carriage-returns.pem", kBroken, "A root whose lines end in CR alone: nobody sees a block.",
     [](Workshop& w) {
       Sample sample = pem_file({the_root(w)});
       sample.finish = carriage_returns;
       return sample;
     }},
    {"input/quoted.pem", kBroken, "A root as it stands in an answer to a mail, each line after \"> \".",
     [](Workshop& w) { return text_file(quoted_as_mail(pem(the_root(w))), {the_root(w)}); }},

    {"input/healthy-pkcs7.pem", "", "A chain in a PKCS#7 block: leaf, then intermediate.",
     [](Workshop& w) {
       return text_file(pem("PKCS7", pkcs7(chain_leaf(w) + the_intermediate(w))),
                        {chain_leaf(w), the_intermediate(w)});
     }},
    {"input/healthy-pkcs7.p7b", "", "The same chain in PKCS#7 without PEM, as Windows exports it.",
     [](Workshop& w) { return bare_file(pkcs7(chain_leaf(w) + the_intermediate(w))); }},
    {"input/healthy-pkcs7-sorted.p7b", "",
     "The same chain, issuer first: the certificates of a PKCS#7 are a set, which DER sorts by its octets.",
     [](Workshop& w) { return bare_file(pkcs7(the_intermediate(w) + chain_leaf(w))); }},
    {"input/pkcs7-with-list.p7b", "input.unsupported-block",
     "PKCS#7 with a root and, where CRLs stand, something of another kind, which is passed over.",
     [](Workshop& w) {
       return bare_file(pkcs7(the_root(w), tlv(tag::constructed_context(1), oid("1.3.6.1.4.1.99999.2"))));
     }},
    {"input/pkcs7-broken-list.p7b", "input.malformed",
     "PKCS#7 with a root and, where CRLs stand, a SEQUENCE that is none.",
     [](Workshop& w) { return bare_file(pkcs7(the_root(w), sequence(sequence("")))); }},
    {"input/pkcs7-broken-member.p7b", "input.malformed",
     "PKCS#7 with two members; the second is a SEQUENCE, but no certificate.",
     [](Workshop& w) { return bare_file(pkcs7(the_root(w) + sequence(integer(5)))); }},
    {"input/key-store.p12", "input.no-certificates", "The frame of a PKCS#12 key store.",
     [](Workshop&) { return bare_file(pkcs12()); }},

    {"input/healthy-base64-of-pem.txt", "",
     "PEM in base64 on one line, as kubectl -o jsonpath prints a caBundle.",
     [](Workshop& w) { return bare_file(one_line(pem(the_root(w)))); }},
    {"input/healthy-base64-of-der.txt", "", "DER in base64 on one line and in quotes.",
     [](Workshop& w) { return bare_file("\"" + one_line(the_leaf(w)) + "\"\n"); }},
    {"input/healthy-base64-wrapped.txt", "", "PEM in base64 as base64(1) wraps it.",
     [](Workshop& w) { return bare_file(wrapped(pem(the_root(w)))); }},
    {"input/healthy-base64-list.txt", "",
     "Two values of base64 on one line, as kubectl prints the caBundle of two webhooks.",
     [](Workshop& w) {
       return bare_file(one_line(pem(the_root(w))) + " " + one_line(pem(the_web_root(w))));
     }},
    {"input/not-base64-value.txt", "input.not-base64",
     "A root in base64, and a second value with a character that is none.",
     [](Workshop& w) {
       std::string second = one_line(pem(the_web_root(w)));
       second[100] = '!';
       return bare_file(one_line(pem(the_root(w))) + "\n" + second + "\n");
     }},
    {"input/double-base64-value.txt", "input.double-base64", "PEM, twice in base64.",
     [](Workshop& w) { return bare_file(one_line(one_line(pem(the_root(w))))); }},
    {"input/empty-null.txt", "input.empty", "What jq -r prints of a field that does not exist.",
     [](Workshop&) { return bare_file("null\n"); }},

    {"input/healthy-transcripts.txt", "",
     "Two transcripts of openssl s_client -showcerts, one after the other: two chains.", two_transcripts},
    {"input/healthy-transcript-again.txt", "",
     "A transcript that prints the server's certificate once more below its chain.",
     [](Workshop& w) { return bare_file(transcript(shown_chain(w), pem(chain_leaf(w)))); }},
    {"chain/transcript-of-leaf.txt", "chain.incomplete",
     "A server that sends its leaf alone, which says where the certificate of its issuer is.",
     [](Workshop& w) {
       return bare_file(transcript(std::string(kServed) + pem(served_leaf(w)), ""), {served_leaf(w)});
     }},
    {"chain/transcript-not-shown.txt", "input.external-file",
     "The same server sends its intermediate, too, in a transcript without -showcerts.",
     [](Workshop& w) {
       return bare_file(
           transcript(std::string(kServed) +
                          " 1 s:C = DE, O = Example Corp, CN = Example Issuing CA\n   i:C = DE, O = "
                          "Example Corp, CN = Example Root CA\n",
                      pem(served_leaf(w))),
           {served_leaf(w)});
     }},
    {"chain/healthy-transcript.txt", "", "The same server, which sends its intermediate, too.",
     [](Workshop& w) {
       return bare_file(
           transcript(
               std::string(kServed) + pem(served_leaf(w)) +
                   " 1 s:C = DE, O = Example Corp, CN = Example Issuing CA\n   i:C = DE, O = Example Corp, "
                   "CN = Example Root CA\n" +
                   pem(the_web_intermediate(w)),
               ""),
           {served_leaf(w), the_web_intermediate(w)});
     }},
    {"input/transcript-without-chain.txt", "input.external-file",
     "A transcript of openssl s_client without -showcerts: of two certificates it shows one.",
     [](Workshop& w) {
       return bare_file(transcript(std::string(kFirst) + std::string(kSecond), pem(chain_leaf(w))));
     }},
    {"input/transcript-refused.txt", "input.no-certificates",
     "Two transcripts; in the second the server presents no certificate.",
     [](Workshop& w) {
       return bare_file(transcript(shown_chain(w), "") +
                        "CONNECTED(00000003)\n---\nno peer certificate available\n---\n");
     }},
    {"input/text-of-certificate.txt", "input.no-certificates",
     "What openssl x509 -text -noout prints: everything but the certificate.",
     [](Workshop&) {
       return bare_file(
           "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: 1 (0x1)\n"
           "        Signature Algorithm: sha256WithRSAEncryption\n        Issuer: O = cluster.local\n"
           "        Subject Public Key Info:\n            Public Key Algorithm: rsaEncryption\n");
     }},
    {"input/istioctl-table.txt", "input.listed-only",
     "The table of istioctl proxy-config secret: one secret still warming, one expired by its date, "
     "and no certificate to judge.",
     [](Workshop&) { return bare_file(std::string(kTable)); }},
};

}  // namespace

std::span<const Recipe> text_recipes() {
  return kRecipes;
}

}  // namespace gencerts
