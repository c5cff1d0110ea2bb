#include "dumps.hpp"
#include "mutate.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kNotStrict = "input.not-strict-der";
constexpr std::string_view kRefusedByGo = "input.refused-by-go";
constexpr std::string_view kMalformedExtension = "input.malformed-extension";

/// mutant is a healthy leaf with one edit, signed again.
Sample mutant(Workshop& w, void (*change)(Element& tbs)) {
  return pem_file({edit(w, istio_leaf(w).build(), "root", change)});
}

Sample with_serial(Workshop& w, std::string_view contents) {
  return pem_file({istio_leaf(w).serial(contents).build()});
}

/// overrun has a TBSCertificate whose length runs past the end.
Sample with_distribution_point(Workshop& w, bool critical) {
  const Octets name = tlv(0xa0, tlv(0xa0, tlv(0x86, "http://ca.example.com/root.crl")));
  return pem_file({istio_leaf(w).extension("2.5.29.31", critical, sequence(sequence(name))).build()});
}

Sample overrun(Workshop& w) {
  Octets certificate = istio_leaf(w).build();
  certificate.at(6) = '\x7f';
  return pem_file({certificate});
}

Sample cut_off(Workshop& w) {
  Octets certificate = istio_leaf(w).build();
  certificate.resize(certificate.size() - 20);
  return pem_file({certificate});
}

Octets of_indefinite_length(const Octets& certificate) {
  return octet(tag::kSequence) + octet(0x80) + certificate.substr(4) + Octets(2, '\0');
}

Sample indefinite_length(Workshop& w) {
  return pem_file({of_indefinite_length(istio_leaf(w).build())});
}

const Recipe kRecipes[] = {
    {"chain/not-strict-der.json", "chain.does-not-verify",
     "The leaf is a SEQUENCE of indefinite length: OpenSSL takes it, BoringSSL refuses the chain.",
     [](Workshop& w) { return workload_dump({of_indefinite_length(the_leaf(w))}, {the_root(w)}); }},
    {"input/malformed-overrun.pem", "input.malformed",
     "The length of TBSCertificate runs past the end of the certificate.", overrun},
    {"input/malformed-cut-off.pem", "input.malformed",
     "The certificate lacks its last 20 octets, while the PEM block is whole.", cut_off},
    {"input/malformed-key-usage.pem", kMalformedExtension,
     "keyUsage holds an OCTET STRING instead of a BIT STRING.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) {
         extension_value(tbs, ext::kKeyUsage)[0] = static_cast<char>(tag::kOctetString);
       });
     }},
    {"input/malformed-san.pem", kMalformedExtension,
     "The value of subjectAltName lacks its last octet: the length of the URI runs past its end.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) { extension_value(tbs, ext::kSubjectAltName).pop_back(); });
     }},
    {"input/malformed-basic-constraints.pem", kMalformedExtension,
     "The cA flag of basicConstraints is a BOOLEAN of two octets.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) {
         extension_value(tbs, ext::kBasicConstraints) = sequence("\x01\x02\x00\x00"sv);
       });
     }},
    {"input/malformed-eku.pem", kMalformedExtension,
     "extendedKeyUsage holds an INTEGER where an OBJECT IDENTIFIER belongs.",
     [](Workshop& w) {
       return mutant(
           w, [](Element& tbs) { extension_value(tbs, ext::kExtendedKeyUsage) = sequence(integer(1)); });
     }},

    {"input/not-strict-der-length.pem", kNotStrict,
     "The length of the extensions is in one octet more than it needs.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) { tbs.children[kExtensions].length_padding = 1; });
     }},
    {"input/not-strict-der-indefinite-length.pem", kNotStrict, "The certificate has BER's indefinite length.",
     indefinite_length},
    {"input/not-strict-der-boolean.pem", kNotStrict,
     "The critical flag of subjectAltName is TRUE as 01; DER wants FF.",
     [](Workshop& w) {
       return mutant(
           w, [](Element& tbs) { extension(tbs, ext::kSubjectAltName).children[1].contents = octet(1); });
     }},
    {"input/not-strict-der-duplicate-extension.pem", kNotStrict, "extendedKeyUsage is there twice.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) {
         auto& extensions = tbs.children[kExtensions].children[0].children;
         extensions.push_back(Element(extension(tbs, ext::kExtendedKeyUsage)));
       });
     }},
    {"input/healthy-spelled-out-not-critical.pem", "",
     "The critical flag of extendedKeyUsage spells out its default, FALSE.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) {
         auto& members = extension(tbs, ext::kExtendedKeyUsage).children;
         members.insert(members.begin() + 1, decode(boolean(false)));
       });
     }},
    {"input/healthy-spelled-out-ca-false.pem", "", "basicConstraints spells out its default, cA FALSE.",
     [](Workshop& w) {
       return mutant(
           w, [](Element& tbs) { extension_value(tbs, ext::kBasicConstraints) = sequence(boolean(false)); });
     }},
    {"input/not-strict-der-integer.pem", kNotStrict, "The serial number has a redundant leading octet 00.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) { tbs.children[kSerial].contents = "\x00\x12\x34\x56"sv; });
     }},
    {"input/not-strict-der-padding-bits.pem", kNotStrict, "keyUsage has an unused bit set.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) { extension_value(tbs, ext::kKeyUsage) = "\x03\x02\x05\xa1"sv; });
     }},
    {"input/healthy-trailing-zero-bits.pem", "", "keyUsage, a named bit list, keeps trailing zero bits.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) { extension_value(tbs, ext::kKeyUsage) = "\x03\x02\x00\xa0"sv; });
     }},
    {"input/healthy-generalized-time.pem", "",
     "notBefore is a GeneralizedTime although its year is below 2050.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w)
                            .raw_validity(generalized_time(kEpoch), time(kEpoch + std::chrono::hours{24}))
                            .build()});
     }},
    {"input/not-strict-der-time-without-seconds.pem", kNotStrict, "notBefore is a UTCTime without seconds.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w)
                .raw_validity(tlv(tag::kUtcTime, "2401010000Z"), time(kEpoch + std::chrono::hours{24}))
                .build()});
     }},
    {"input/healthy-unsorted-set.pem", "", "The subject's RDN holds two attributes in the wrong order.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) {
         Element one = decode(rdn({{"CN", "my-svc"}, {"O", "my-org"}}));
         std::swap(one.children.at(0), one.children.at(1));
         tbs.children[kSubject].children = {one};
       });
     }},
    {"input/not-strict-der-constructed-string.pem", kNotStrict,
     "The subject's CN is a constructed UTF8String, in two pieces.",
     [](Workshop& w) {
       constexpr std::uint8_t kConstructedUtf8String = tag::kUtf8String | 0x20U;
       const Octets pieces = tlv(tag::kUtf8String, "my-") + tlv(tag::kUtf8String, "svc");
       const Octets attribute = sequence(oid("2.5.4.3") + tlv(kConstructedUtf8String, pieces));
       return pem_file({istio_leaf(w).subject(sequence(tlv(tag::kSet, attribute))).build()});
     }},
    {"input/not-strict-der-empty-eku.pem", kNotStrict,
     "extendedKeyUsage is an empty SEQUENCE; RFC 5280 wants at least one purpose.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) { extension_value(tbs, ext::kExtendedKeyUsage) = sequence(""); });
     }},
    {"input/not-strict-der-trailing-octets.pem", kNotStrict,
     "Two octets follow the BIT STRING inside keyUsage.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) { extension_value(tbs, ext::kKeyUsage) += "\x05\x00"sv; });
     }},
    {"input/not-strict-der-version.pem", kNotStrict,
     "A certificate of version 1 with the extensions of version 3.",
     [](Workshop& w) { return mutant(w, [](Element& tbs) { tbs.children.erase(tbs.children.begin()); }); }},
    {"input/not-strict-der-algorithms-differ.pem", kNotStrict,
     "The signature algorithm inside, sha384WithRSAEncryption, is not the one outside.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) {
         tbs.children[kSignature].children[0] = decode(oid("1.2.840.113549.1.1.12"));
       });
     }},

    {"input/serial-negative.pem", "input.serial-not-positive", "The serial number is negative.",
     [](Workshop& w) { return with_serial(w, "\x9a\xbc\xde"); }},
    {"input/serial-zero.pem", "input.serial-not-positive", "The serial number is zero.",
     [](Workshop& w) { return with_serial(w, "\0"sv); }},
    {"input/serial-long.pem", "input.serial-not-positive", "The serial number has 24 octets; 20 are allowed.",
     [](Workshop& w) { return with_serial(w, "0123456789abcdefghijklmn"); }},

    {"input/healthy-hostile-subject.pem", "",
     "Names that carry terminal escapes, a bidi override, C1 controls, line breaks and "
     "markup: to be shown escaped, and no fault.",
     [](Workshop& w) {
       const Octets subject =
           name({{"O", "\x1b]0;owned\x07\x1b[31mcluster.local\x1b[0m", tag::kUtf8String},
                 {"OU",
                  "\xe2\x80\xaelacol.retsulc\xe2\x80\xac \xc2\x9b"
                  "2J",
                  tag::kUtf8String},
                 {"CN", "line one\nSubject: O=trusted\r<script>alert(1)</script>|=1+1", tag::kUtf8String}});
       return pem_file(
           {istio_leaf(w).subject(subject).san({uri(kId), dns("a\nDNS:b.example\x1b[2K")}).build()});
     }},
    {"input/healthy-string-types.pem", "",
     "A subject in every string type that Go reads, with an RDN of two attributes and characters beyond ASCII.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w)
                .subject(name_of({
                    rdn({{"C", "DE", tag::kPrintableString}}),
                    rdn({{"O", "Z\xc3\xbcrich \xe6\x9d\xb1\xe4\xba\xac, Ltd.", tag::kUtf8String}}),
                    rdn({{"OU", "\0G\0r\0\xf6\0\xdf\0e"sv, tag::kBmpString}}),
                    rdn({{"L", "caf\xe9", tag::kT61String}}),
                    rdn({{"DC", "example", tag::kIa5String}}),
                    rdn({{"CN", "my-svc"}, {"OU", "multi + valued"}}),
                    rdn({{"1.3.6.1.4.1.99999.2", "private attribute"}}),
                }))
                .build()});
     }},
    {"input/refused-by-go-universal-string.pem", kRefusedByGo,
     "The subject holds a UniversalString: DER, read by OpenSSL, and unknown to Go.",
     [](Workshop& w) {
       return pem_file(
           {istio_leaf(w).subject(name({{"ST", "\0\0\0A\0\1\xf6\0"sv, tag::kUniversalString}})).build()});
     }},
    {"input/refused-by-go-dns-name.pem", kRefusedByGo,
     "A DNS SAN with a letter beyond ASCII, where xn--mnchen-3ya.example belongs.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).san({uri(kId), dns("m\xc3\xbcnchen.example")}).build()});
     }},
    {"input/refused-by-go-trust-domain.pem", kRefusedByGo,
     "A SPIFFE ID whose trust domain ends in a dot: valid in SPIFFE, no URI to Go.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).san({uri("spiffe://cluster.local./ns/my-ns/sa/my-sa")}).build()});
     }},
    {"input/refused-by-envoy-path-length.pem", "input.refused-by-envoy",
     "basicConstraints say CA:FALSE, and pathlen:0 besides.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).extension(ext::kBasicConstraints, true, sequence(integer(0))).build()});
     }},
    {"input/refused-by-envoy-critical.pem", "input.refused-by-envoy", "cRLDistributionPoints are critical.",
     [](Workshop& w) { return with_distribution_point(w, true); }},
    {"input/healthy-distribution-point.pem", "", "cRLDistributionPoints that are not critical.",
     [](Workshop& w) { return with_distribution_point(w, false); }},
    {"input/refused-by-go-critical.pem", kRefusedByGo,
     "authorityKeyIdentifier is critical, which RFC 5280 4.2.1.1 does not allow.",
     [](Workshop& w) {
       return mutant(w, [](Element& tbs) {
         auto& members = extension(tbs, ext::kAuthorityKeyId).children;
         members.insert(members.begin() + 1, decode(boolean(true)));
       });
     }},
    {"input/refused-by-go-oid.pem", kRefusedByGo,
     "An extension of its own, named by a UUID: 2.25.N, where N does not fit into 31 bits.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).extension("2.25.2147483648", false, boolean(true)).build()});
     }},
    {"input/healthy-oid.pem", "",
     "An extension whose object identifier has an arc that just fits into 31 bits.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).extension("2.25.2147483647", false, boolean(true)).build()});
     }},
    {"input/healthy-dns-name-in-ascii.pem", "",
     "An internationalised DNS SAN in ASCII, and a PrintableString with an ampersand, which Go takes.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w)
                            .subject(name({{"O", "A & B", tag::kPrintableString}}))
                            .san({uri(kId), dns("xn--mnchen-3ya.example")})
                            .build()});
     }},
    {"input/healthy-outside-alphabet.pem", "",
     "A PrintableString with an asterisk, outside its alphabet: common, and taken by everyone.",
     [](Workshop& w) {
       return pem_file({istio_leaf(w).subject(name({{"CN", "*.my-ns.svc", tag::kPrintableString}})).build()});
     }},
    {"input/healthy-many-sans.pem", "", "One SPIFFE ID among 200 DNS names.",
     [](Workshop& w) {
       Octets names = uri(kId);
       for (int i = 0; i < 200; ++i) names += dns("svc-" + std::to_string(i) + ".my-ns.svc.cluster.local");
       return pem_file({istio_leaf(w).extension(ext::kSubjectAltName, true, sequence(names)).build()});
     }},
    {"input/healthy-every-san-type.pem", "", "One SPIFFE ID beside names of every other type.",
     [](Workshop& w) {
       const Octets other = tlv(tag::constructed_context(0),
                                oid("1.3.6.1.4.1.311.20.2.3") + tlv(tag::constructed_context(0),
                                                                    tlv(tag::kUtf8String, "me@example.com")));
       const Octets directory =
           tlv(tag::constructed_context(4), name({{"O", "Example Corp"}, {"CN", "my-svc"}}));
       const Octets registered = tlv(tag::context(8), oid("1.2.3.4").substr(2));
       return pem_file(
           {istio_leaf(w)
                .san({uri(kId), dns("my-svc.my-ns.svc"), email("me@example.com"), ip("\x0a\x60\x04\x11"),
                      ip("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"sv), directory, other, registered})
                .build()});
     }},
};

}  // namespace

std::span<const Recipe> der_recipes() {
  return kRecipes;
}

}  // namespace gencerts
