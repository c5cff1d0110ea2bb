#include "input/foreign.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/lines.hpp"
#include "der/reader.hpp"
#include "input/base64_text.hpp"
#include "input/pkcs12.hpp"
#include "input/private_keys.hpp"
#include "input/transcript.hpp"

namespace meshcert::input {
namespace {

bool starts_with(ByteView octets, std::string_view words) {
  return as_text(octets).starts_with(words);
}

bool is_jks(ByteView octets) {
  return starts_with(octets, "\xFE\xED\xFE\xED");
}
bool is_jceks(ByteView octets) {
  return starts_with(octets, "\xCE\xCE\xCE\xCE");
}

// The version of a DER structure that begins with one, and whether the element
// after it has this tag.
bool begins_with_version(ByteView octets, std::uint8_t version, der::Tag next) {
  auto body = der::Reader(octets, nullptr).enter(der::kSequence);
  const auto number = body ? body->read_integer() : std::nullopt;
  return number && number->size() == 1 && number->front() == version && body->next_is(next);
}

bool is_der_key(ByteView octets) {  // RFC 5208 5, RFC 8017 A.1.2, RFC 5915 3
  return begins_with_version(octets, 0, der::kSequence) || begins_with_version(octets, 0, der::kInteger) ||
         begins_with_version(octets, 1, der::kOctetString);
}

// What a structure signed like a certificate begins with, inside its first SEQUENCE.
std::optional<der::Reader> signed_part(ByteView octets) {
  auto body = der::Reader(octets, nullptr).enter(der::kSequence);
  return body ? body->enter(der::kSequence) : std::nullopt;
}

bool is_der_request(ByteView octets) {  // RFC 2986 4.1
  auto part = signed_part(octets);
  if (!part || !part->read_integer()) return false;
  if (!part->read(der::kSequence) || !part->read(der::kSequence)) return false;
  return part->next_is(der::context_constructed(0));
}

bool is_der_ocsp_response(ByteView octets) {  // RFC 6960 4.2.1: a status that is 0, and the response
  auto body = der::Reader(octets, nullptr).enter(der::kSequence);
  return body && body->read(der::kEnumerated) && body->next_is(der::context_constructed(0));
}

bool is_encrypted_key(ByteView octets) {  // RFC 5208 6
  auto body = der::Reader(octets, nullptr).enter(der::kSequence);
  return body && body->read(der::kSequence) && body->read(der::kOctetString) && body->at_end();
}

bool is_placeholder(ByteView octets) {
  constexpr std::array<std::string_view, 6> kNothing = {"null", "<no value>", "<none>",
                                                        "\"\"", "''",         "undefined"};
  return std::ranges::find(kNothing, base::trimmed(as_text(octets))) != kNothing.end();
}

bool is_redacted(ByteView octets) {
  return is_redaction(as_text(octets));
}

bool is_certificate_text(ByteView octets) {
  const std::string_view text = as_text(octets);
  return text.find("Certificate:") != std::string_view::npos &&
         text.find("Signature Algorithm:") != std::string_view::npos &&
         text.find("Subject Public Key Info:") != std::string_view::npos;
}

bool is_transcript_only(ByteView octets) {
  return is_transcript(as_text(octets));
}

bool is_table_of_nothing(ByteView octets) {
  const std::string_view text = base::trimmed(as_text(octets));
  return text == "No active or warming secrets found." || text == "No secret items to show.";
}

// docs/sweep-line.schema.json, in the order in which it is written.
bool is_row_line(ByteView octets) {
  constexpr std::array<std::string_view, 6> kBeginnings = {
      R"({"summary":{"at":")",          R"({"finding":{"source":{"file":)",
      R"({"error":{"source":{"file":)", R"({"artifact":{"source":{"file":)",
      R"({"lost":{"source":{"file":)",  R"({"term":{"source":{"file":)"};
  const std::string_view line = as_text(octets);
  if (std::ranges::any_of(kBeginnings, [line](std::string_view words) { return line.starts_with(words); }))
    return true;
  return line.starts_with(R"({"index":)") && line.find(R"(,"role":")") != std::string_view::npos &&
         line.find(R"(,"remaining_seconds":)") != std::string_view::npos;
}

bool is_state_line(ByteView octets) {
  const std::string_view line = as_text(octets);
  return (line.starts_with(R"({"at":")") || line.starts_with(R"({"asked":")")) &&
         line.find(R"("schema":"meshcert/state/)") != std::string_view::npos;
}

struct Row {
  bool (*is)(ByteView);
  DefectKind kind;
  std::string_view what, fix;
};
using enum DefectKind;
constexpr std::string_view kNameCertificate =
    "name the file of the certificate that the key belongs to; a key alone is not inspected";
constexpr std::array kOctetRows = {
    Row{is_pkcs12, no_certificates, "a PKCS#12 key store", "give it as a file of its own"},
    Row{is_jks, no_certificates, "a Java key store (JKS), which is not read",
        "take the certificates out: keytool -list -rfc -keystore FILE | meshcert inspect"},
    Row{is_jceks, no_certificates, "a Java key store (JCEKS), which is not read",
        "take the certificates out: keytool -list -rfc -storetype JCEKS -keystore FILE | meshcert inspect"},
    Row{is_der_key, no_certificates, "a private key in DER, without a certificate", kNameCertificate},
    Row{is_encrypted_key, no_certificates, "an encrypted private key in DER, without a certificate",
        kNameCertificate},
    Row{is_der_request, no_certificates, "a request for a certificate in DER, which is not read",
        "give the certificate that was issued for it; what it asks for: openssl req -inform DER -in FILE -noout -text"},
    Row{is_der_ocsp_response, no_certificates, "an OCSP response in DER, which is not read by itself",
        "give it beside its certificate, as tls.ocsp-staple of the Secret; alone: openssl ocsp -respin FILE -noverify "
        "-resp_text"},
};
constexpr std::array kTextRows = {
    Row{is_placeholder, empty, "a placeholder for a value that does not exist",
        "the field does not exist or has another name: look at the whole object, kubectl get KIND NAME -o yaml"},
    Row{is_redacted, no_certificates,
        "Envoy's placeholder [redacted], which stands for a private key in its dumps",
        "take the certificates of the dump: .tlsCertificate.certificateChain.inlineBytes; no dump holds the key"},
    Row{is_certificate_text, no_certificates, "the text of openssl x509 -text without the certificate itself",
        "leave -noout out: openssl x509 -in FILE -text | meshcert inspect"},
    Row{is_transcript_only, no_certificates, "a transcript of openssl s_client without a certificate",
        "take it again: openssl s_client -connect HOST:PORT -servername NAME -showcerts </dev/null"},
    Row{is_table_of_nothing, no_certificates, "istioctl found no secrets in the proxy",
        "does the proxy use mTLS? kubectl logs POD -c istio-proxy | grep -iE 'sds|sign|warm'"},
};
constexpr std::array kOwnRows = {
    Row{is_row_line, no_certificates,
        "what meshcert prints with -o ndjson: of certificates, but without their octets",
        "make a report of it: meshcert sweep --merge FILE"},
    Row{is_state_line, no_certificates,
        "what a sweep with --state remembers of its certificates, and no input",
        "name it as the state alone: meshcert sweep --state FILE INPUT"},
};

template <class Rows>
const Row* find_row(const Rows& rows, ByteView octets) {
  const auto row = std::ranges::find_if(rows, [octets](const Row& r) { return r.is(octets); });
  return row == rows.end() ? nullptr : &*row;
}

std::optional<Foreign> foreign_of(const Row* row) {
  if (row == nullptr) return std::nullopt;
  return Foreign{row->kind, std::string(row->what), std::string(row->fix)};
}

// A key store in a Secret is printed in base64.
std::optional<Foreign> recognise_in_base64(ByteView octets) {
  constexpr std::string_view kFirst = "M/z";  // of a SEQUENCE, of JKS, of JCEKS
  const std::string_view text = base::trimmed(as_text(octets));
  if (text.empty() || kFirst.find(text.front()) == std::string_view::npos) return std::nullopt;
  const auto decoded = decode_proto_base64(text);
  const Row* row = decoded ? find_row(kOctetRows, *decoded) : nullptr;
  if (row == nullptr) return std::nullopt;
  return in_base64({row->kind, std::string(row->what), std::string(row->fix)});
}

}  // namespace

Foreign in_base64(Foreign found) {
  // To decode a key gives no certificate.
  const bool key = found.fix == kNameCertificate;
  return {found.kind, "base64 of " + found.what, key ? std::move(found.fix) : "decode it first: base64 -d"};
}

std::optional<Foreign> recognise_foreign_octets(ByteView octets) {
  return foreign_of(find_row(kOctetRows, octets));
}

std::optional<Foreign> recognise_own_line(std::string_view line) {
  return foreign_of(find_row(kOwnRows, as_bytes(line)));
}

bool is_der_private_key(ByteView octets) {
  return is_der_key(octets) || is_encrypted_key(octets);
}

bool is_key_store(ByteView octets) {
  return is_pkcs12(octets) || is_jks(octets) || is_jceks(octets);
}

std::optional<Foreign> recognise_foreign(ByteView octets) {
  if (auto foreign = recognise_foreign_octets(octets)) return foreign;
  if (auto foreign = foreign_of(find_row(kTextRows, octets))) return foreign;
  return recognise_in_base64(octets);
}

}  // namespace meshcert::input
