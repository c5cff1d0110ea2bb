#include "input/private_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "base/lines.hpp"
#include "input/base64_text.hpp"
#include "input/certificates.hpp"
#include "input/foreign.hpp"
#include "input/pem_label.hpp"
#include "meshcert/limits.hpp"
#include "x509/key_crypto.hpp"
#include "x509/password_crypto.hpp"
#include "x509/private_key.hpp"

namespace meshcert::input {
namespace {

using base::SecretOctets;
using x509::PrivateKey;

// The form that a label promises.
struct LabelForm {
  std::string_view label;
  KeyForm form;
};
constexpr std::array kLabelForms = {
    LabelForm{"PRIVATE KEY", KeyForm::pkcs8},
    LabelForm{"RSA PRIVATE KEY", KeyForm::pkcs1},
    LabelForm{"EC PRIVATE KEY", KeyForm::sec1},
    LabelForm{"DSA PRIVATE KEY", KeyForm::dsa},
    LabelForm{"ENCRYPTED PRIVATE KEY", KeyForm::encrypted_pkcs8},
    LabelForm{"OPENSSH PRIVATE KEY", KeyForm::openssh},
};

KeyForm form_of(std::string_view label) {
  const auto row = std::ranges::find(kLabelForms, label, &LabelForm::label);
  return row == kLabelForms.end() ? KeyForm::unknown : row->form;
}

KeyFacts& facts_of(Artifact& artifact) {
  KeyFacts& facts = artifact.key ? *artifact.key : artifact.key.emplace();
  facts.present = true;
  facts.redacted = false;
  return facts;
}

class Notes {
 public:
  Notes(const KeyPlace& place, Artifact& artifact) : place_(place), artifact_(artifact) {}

  void unparsable(std::string detail, bool lost, std::string fix = {}) {
    facts_of(artifact_);
    artifact_.defects.push_back(Defect{DefectKind::key_unparsable, place_.where,
                                       place_.prefix + std::move(detail), lost, std::move(fix)});
  }

  // Once: the next ones come here too.
  void too_many() {
    KeyFacts& facts = facts_of(artifact_);
    if (std::exchange(facts.cut_short, true)) return;
    unparsable(fmt::format("more than {} private keys: the rest were not looked at", place_.most), true);
  }

  void redacted() {
    facts_of(artifact_).redacted = true;
    artifact_.defects.push_back(Defect{DefectKind::redacted_key, place_.where,
                                       place_.prefix + "the value was taken out, or copied from a dump",
                                       false});
  }

  void encrypted(KeyForm form, const std::string& why = {}) {
    facts_of(artifact_).encrypted = true;
    artifact_.defects.push_back(
        Defect{DefectKind::key_encrypted, place_.where,
               place_.prefix + std::string(to_string(form)) + (why.empty() ? "" : "; " + why), !why.empty()});
  }

  // What the encoding leaves out is computed; what cannot be, is no key.
  void add(PrivateKey&& key, const SecretOctets& octets) {
    if (!key.has_public) {
      if (auto derived = x509::derive_public(octets.reveal())) {
        key.spki = std::move(*derived);
        key.has_public = true;
      }
    }
    auto owned = std::make_unique<const std::vector<std::uint8_t>>(std::move(key.spki));
    const auto decoded = x509::public_key_of(*owned);
    if (!decoded) return unparsable("no public half can be made of it", true);
    artifact_.storage.push_back(std::move(owned));
    facts_of(artifact_).halves.push_back({*decoded, key.has_public, key.form, place_.where});
  }

 private:
  const KeyPlace& place_;
  Artifact& artifact_;
};

constexpr std::string_view kConvertOpenssh =
    "convert a copy of it in place, without a password: ssh-keygen -p -N '' -m PKCS8 -f COPY";
constexpr std::string_view kRelabel =
    "write it anew with the label that fits: openssl pkey -in FILE -out new.pem (PKCS#8)";

// BoringSSL (pem_pkey.cc) takes PKCS#8 under each of the labels, and else only
// what the label says; Go's tls.X509KeyPair goes by the contents.
bool is_label_right(KeyForm label, KeyForm form) {
  return label == form || form == KeyForm::pkcs8 || label == KeyForm::unknown;
}

// With a password that opens it, it is a key like others; istiod and ztunnel ask for none.
void append_encrypted(const SecretOctets& octets, const KeyPlace& place, Artifact& artifact) {
  Notes notes(place, artifact);
  if (!place.may_open()) return notes.encrypted(KeyForm::encrypted_pkcs8);
  auto plain = x509::decrypt_private_key(octets.reveal(), place.keys->password(), place.keys->budget());
  if (!plain) return notes.encrypted(KeyForm::encrypted_pkcs8, plain.error());
  facts_of(artifact).encrypted = true;
  auto key = x509::decode_private_key(plain->reveal());
  if (!key) return notes.unparsable(std::string(key.error()), true);
  place.keys->opened();
  notes.add(std::move(*key), *plain);
}

void append_octets(const SecretOctets& octets, KeyForm label, const KeyPlace& place, Artifact& artifact) {
  Notes notes(place, artifact);
  auto key = x509::decode_private_key(octets.reveal());
  if (!key) return notes.unparsable(std::string(key.error()), true);
  if (key->form == KeyForm::encrypted_pkcs8) return append_encrypted(octets, place, artifact);
  if (!is_label_right(label, key->form)) {
    notes.unparsable(
        fmt::format(
            "it is {}, but labelled as {}; Go's tls.X509KeyPair takes it, Envoy does not, nor does istiod "
            "as the key of its CA",
            to_string(key->form), to_string(label)),
        false, std::string(kRelabel));
  }
  notes.add(std::move(*key), octets);
}

// RFC 1421 4.6.1: the two headers, written anew as OpenSSL wants them.
std::string encryption_headers(std::string_view body) {
  constexpr std::string_view kName = "DEK-Info:";
  const std::size_t at = body.find(kName);
  if (at == std::string_view::npos) return {};
  std::string_view value = body.substr(at + kName.size());
  value = base::trimmed_front(value.substr(0, value.find_first_of("\r\n")), " ");
  return "Proc-Type: 4,ENCRYPTED\nDEK-Info: " + std::string(value) + "\n";
}

void append_traditional(const std::string& body, const SecretOctets& octets, const KeyPlace& place,
                        Artifact& artifact) {
  Notes notes(place, artifact);
  if (!place.may_open()) return notes.encrypted(KeyForm::encrypted_pem);
  const std::string headers = encryption_headers(body);
  auto plain = x509::decrypt_traditional(headers, octets, place.keys->password());
  if (!plain) return notes.encrypted(KeyForm::encrypted_pem, plain.error());
  facts_of(artifact).encrypted = true;
  auto key = x509::decode_private_key(plain->reveal());
  if (!key) return notes.unparsable(std::string(key.error()), true);
  notes.add(std::move(*key), *plain);
}

bool has_encryption_header(std::string_view body) {
  return body.substr(0, 200).find("4,ENCRYPTED") != std::string_view::npos;
}

// Octet for octet: there may be many of both.
bool is_among(ByteView spki, const std::vector<Certificate>& certificates) {
  return std::ranges::any_of(certificates, [spki](const Certificate& certificate) {
    return std::ranges::equal(certificate.key.spki, spki);
  });
}

// Whether there is a key, and none that might be the right one and could not be read.
bool all_known(const Artifact& artifact) {
  const auto unread = [](const Defect& defect) {
    return defect.kind == DefectKind::key_encrypted ||
           (defect.kind == DefectKind::key_unparsable && defect.lost);
  };
  const auto& halves = artifact.key->halves;
  return !halves.empty() && std::ranges::all_of(halves, &PublicHalf::complete) &&
         std::ranges::none_of(artifact.defects, unread);
}

// "[redacted]", "<REDACTED>", "***", "1704 bytes long".
bool says_redacted(std::string_view text) {
  constexpr std::string_view kMarks = "[]<>()* ";
  if (text.size() >= 3 && text.find_first_not_of('*') == std::string_view::npos) return true;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits != 0 && text.substr(digits) == " bytes long") return true;
  const std::size_t begin = std::min(text.find_first_not_of(kMarks), text.size());
  return base::lowered(text.substr(begin, text.find_last_not_of(kMarks) + 1 - begin)) == "redacted";
}

bool is_key(const PemBlock& block) {
  return block.fault == PemFault::none && content_of(block.label) == PemContent::key;
}

}  // namespace

bool is_envoy_redaction(std::string_view text) {
  return text == "[redacted]" || text == "W3JlZGFjdGVkXQ==" || text == "W3JlZGFjdGVkXQ";
}

bool is_redaction(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  text = base::trimmed(text);
  if (text.empty() || text.size() > kLongest) return false;
  if (says_redacted(text)) return true;
  auto octets = decode_proto_base64(text);
  return octets && says_redacted(as_text(SecretOctets(std::move(*octets)).reveal()));  // it may be a password
}

void append_key_block(const PemBlock& block, const KeyPlace& place, Artifact& artifact) {
  Notes notes(place, artifact);
  if (artifact.key && artifact.key->halves.size() >= place.most) return notes.too_many();
  const KeyForm label = form_of(block.label);
  if (label == KeyForm::openssh)
    return notes.unparsable("OpenSSH's own form, which no TLS program reads", true,
                            std::string(kConvertOpenssh));
  if (label == KeyForm::encrypted_pkcs8) facts_of(artifact).encrypted = true;
  const base::WipedText body(plain_body(block));
  const std::string_view base64 = pem_base64(body.reveal());
  std::vector<std::uint8_t> decoded;
  decoded.reserve(base64.size() / 4 * 3 + 3);
  const auto error = append_pem_base64(base64, decoded);
  const SecretOctets octets(std::move(decoded));
  if (error) return notes.unparsable(fmt::format("bad base64: {}", base::describe(error->reason)), true);
  if (has_encryption_header(body.reveal())) return append_traditional(body.reveal(), octets, place, artifact);
  append_octets(octets, label, place, artifact);
}

void append_key_octets(const SecretOctets& octets, const KeyPlace& place, Artifact& artifact) {
  append_octets(octets, KeyForm::unknown, place, artifact);
}

void append_key_text(std::string_view text, const KeyPlace& place, Artifact& artifact) {
  Notes notes(place, artifact);
  if (is_key_store(as_bytes(text)))
    return notes.unparsable(recognise_foreign_octets(as_bytes(text))->what, true);
  if (is_redaction(text)) return notes.redacted();
  if (text.starts_with('\x30')) {
    return append_key_octets(SecretOctets(std::vector<std::uint8_t>(text.begin(), text.end())), place,
                             artifact);
  }
  const PemText pem = split_pem(text, Limits{});
  std::size_t keys = 0;
  for (const PemBlock& block : pem.blocks) {
    if (!is_key(block)) continue;
    ++keys;
    append_key_block(block, place, artifact);
  }
  if (keys != 0) return;
  const auto faulty = std::ranges::find_if(
      pem.blocks, [](const PemBlock& block) { return content_of(block.label) == PemContent::key; });
  if (faulty != pem.blocks.end()) return notes.unparsable("the PEM block of the key is broken", true);
  notes.unparsable(pem.blocks.empty() ? "neither PEM nor DER" : "PEM, but no private key in it", true);
}

void settle_key(Artifact& artifact) {
  if (!artifact.key || artifact.certificates.empty() || has_lost_leaf(artifact)) return;
  KeyFacts& facts = *artifact.key;
  const bool pair = !is_bundle(artifact.kind) || artifact.certificates.size() == 1;
  const auto belongs = [&](const PublicHalf& half) {
    return pair ? x509::is_same_key(half.key, artifact.certificates[artifact.leaf].key)
                : is_among(half.key.spki, artifact.certificates);
  };
  const auto found = std::ranges::find_if(facts.halves, belongs);
  if (found != facts.halves.end()) {
    facts.chosen = static_cast<std::size_t>(found - facts.halves.begin());
    facts.matches_leaf = true;
  } else if (pair && all_known(artifact)) {
    facts.matches_leaf = false;
  }
}

}  // namespace meshcert::input
