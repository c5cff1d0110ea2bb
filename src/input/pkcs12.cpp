#include "input/pkcs12.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "der/reader.hpp"
#include "input/files.hpp"
#include "input/pkcs7.hpp"
#include "input/private_keys.hpp"
#include "x509/oids.hpp"
#include "x509/password_crypto.hpp"

namespace meshcert::input {
namespace {

using base::SecretOctets;
using der::Reader;
using x509::Oid;

constexpr Oid kData{"1.2.840.113549.1.7.1"}, kEncryptedData{"1.2.840.113549.1.7.6"};
constexpr Oid kKeyBag{"1.2.840.113549.1.12.10.1.1"}, kShroudedKeyBag{"1.2.840.113549.1.12.10.1.2"},
    kCertBag{"1.2.840.113549.1.12.10.1.3"}, kCrlBag{"1.2.840.113549.1.12.10.1.4"},
    kSafeContentsBag{"1.2.840.113549.1.12.10.1.6"};
constexpr Oid kX509Certificate{"1.2.840.113549.1.9.22.1"}, kX509Crl{"1.2.840.113549.1.9.23.1"};

constexpr std::size_t kDeepest = 8;
constexpr std::size_t kMostBags = 10'000;

constexpr std::string_view kConvert =
    "take the certificates out with the program that wrote it, or: openssl pkcs12 -legacy -in FILE -nokeys | meshcert "
    "inspect";
constexpr std::string_view kTooOften =
    "no other program opens it sooner; where it was made, write it anew with fewer iterations: openssl pkcs12 -export "
    "-iter 2048 -inkey KEY -in CHAIN -out NEW";
constexpr std::string_view kGivePassword =
    "put the password on the first line of a file that nobody else can read, and name it: --password-file FILE";

/// Pfx is the outermost structure: what is protected, and how the MAC is computed.
struct Pfx {
  ByteView safe;                            ///< AuthenticatedSafe
  std::optional<std::uint64_t> iterations;  ///< of the MAC; nullopt without one
};

std::optional<ByteView> data_in(Reader& info) {
  auto wrapped = info.enter(der::context_constructed(0));
  return wrapped ? wrapped->read_string(der::kOctetString) : std::nullopt;
}

std::optional<Pfx> read_pfx(ByteView octets) {
  auto fields = Reader(octets, nullptr).enter(der::kSequence);
  if (!fields || !fields->read_integer()) return std::nullopt;
  auto info = fields->enter(der::kSequence);
  const auto type = info ? info->read_object_identifier() : std::nullopt;
  if (!type || kData != *type) return std::nullopt;
  const auto safe = data_in(*info);
  if (!safe) return std::nullopt;
  Pfx pfx{*safe, std::nullopt};
  auto mac = fields->enter(der::kSequence);
  if (!mac) return pfx;
  pfx.iterations = 1;
  if (!mac->read(der::kSequence) || !mac->read(der::kOctetString)) return std::nullopt;
  if (mac->at_end()) return pfx;
  const auto count = mac->read_integer();
  pfx.iterations = count ? der::unsigned_value(*count) : std::nullopt;
  return pfx.iterations ? std::optional(pfx) : std::nullopt;
}

class Opener {
 public:
  Opener(KeyOpener& keys, Artifact& artifact)
      : keys_(keys), was_given_(keys.has_password()), password_(&keys.password()), artifact_(artifact) {}

  void open(ByteView octets) {
    const auto pfx = read_pfx(octets);
    if (!pfx) return malformed("the frame of the PKCS#12 cannot be read");
    if (pfx->iterations && !is_unlocked(octets, *pfx->iterations)) return;
    const std::size_t before = artifact_.certificates.size();
    authenticated_safe(pfx->safe);
    order_leaf_first(artifact_.certificates, before);  // bags stand in no order
  }

 private:
  /// The password that is given is for all inputs of a run, and some may be under none.
  bool is_unlocked(ByteView octets, std::uint64_t iterations) {
    if (!keys_.budget().take(iterations)) {
      locked(keys_.budget().refusal(iterations), kTooOften);
      return false;
    }
    if (x509::has_right_mac(octets, *password_)) {
      keys_.opened();
      return true;
    }
    static const SecretOctets kEmpty;
    if (was_given_ && !keys_.is_stated() && keys_.budget().take(iterations) &&
        x509::has_right_mac(octets, kEmpty)) {
      password_ = &kEmpty;
      return true;
    }
    locked(was_given_ ? "its MAC is of another password, or it was altered" : "it is under a password",
           was_given_ ? "give the password that it was made with (--password-file)" : kGivePassword);
    return false;
  }

  void add(DefectKind kind, std::string detail, std::string_view fix = {}) {
    artifact_.defects.push_back(Defect{kind, artifact_.source, std::move(detail), true, std::string(fix)});
  }
  void malformed(std::string detail) { add(DefectKind::malformed, std::move(detail), kConvert); }
  void locked(const std::string& why, std::string_view fix) {
    KeyFacts& facts = artifact_.key ? *artifact_.key : artifact_.key.emplace();
    facts.present = facts.encrypted = true;
    add(DefectKind::key_encrypted, "PKCS#12, certificates and all; " + why, fix);
  }

  void authenticated_safe(ByteView octets) {
    auto infos = Reader(octets, nullptr).enter(der::kSequence);
    if (!infos) return malformed("the PKCS#12 holds no list of contents");
    while (!infos->at_end()) {
      auto info = infos->enter(der::kSequence);
      const auto type = info ? info->read_object_identifier() : std::nullopt;
      if (!type) return malformed("a part of the PKCS#12 cannot be read");
      if (kData == *type) {
        const auto data = data_in(*info);
        data ? bags(*data, 0) : malformed("a part of the PKCS#12 cannot be read");
      } else if (kEncryptedData == *type) {
        encrypted_data(*info);
      } else {
        malformed("a part of the PKCS#12 is under a public key, not under a password");
      }
    }
  }

  // EncryptedData (RFC 5652 8)
  void encrypted_data(Reader& info) {
    auto wrapped = info.enter(der::context_constructed(0));
    auto data = wrapped ? wrapped->enter(der::kSequence) : std::nullopt;
    auto content = data && data->read_integer() ? data->enter(der::kSequence) : std::nullopt;
    const bool typed = content && content->read_object_identifier().has_value();
    const auto algorithm = typed ? content->read(der::kSequence) : std::nullopt;
    const auto sealed = algorithm ? content->read() : std::nullopt;
    if (!sealed || (sealed->tag & der::kNumberMask) != 0)
      return malformed("an encrypted part cannot be read");
    const auto plain = x509::decrypt_pbe(algorithm->whole, sealed->contents, *password_, keys_.budget());
    if (!plain) return locked(plain.error(), kConvert);
    bags(plain->reveal(), 0);
  }

  void bags(ByteView octets, std::size_t depth) {
    auto bags = Reader(octets, nullptr).enter(der::kSequence);
    if (!bags || depth == kDeepest) return malformed("a part of the PKCS#12 is no list of bags");
    while (!bags->at_end()) {
      auto bag = bags->enter(der::kSequence);
      const auto type = bag ? bag->read_object_identifier() : std::nullopt;
      const auto value = type ? bag->read(der::context_constructed(0)) : std::nullopt;
      if (!value || ++count_ > kMostBags) return malformed("a bag of the PKCS#12 cannot be read");
      take(*type, value->contents, depth);
    }
  }

  void take(ByteView type, ByteView value, std::size_t depth) {
    if (kCertBag == type) return certificate_or_crl(value, kX509Certificate, &append_certificate);
    if (kCrlBag == type) return certificate_or_crl(value, kX509Crl, &append_crl);
    if (kSafeContentsBag == type) return bags(value, depth + 1);
    const KeyPlace place{artifact_.source, "", &keys_};
    if (kKeyBag == type)
      append_key_octets(SecretOctets(std::vector<std::uint8_t>(value.begin(), value.end())), place,
                        artifact_);
    if (kShroudedKeyBag == type) shrouded(value, place);
  }

  void shrouded(ByteView value, const KeyPlace& place) {
    auto plain = x509::decrypt_private_key(value, *password_, keys_.budget());
    if (!plain) return locked(plain.error(), kConvert);
    append_key_octets(*plain, place, artifact_);
    if (artifact_.key) artifact_.key->encrypted = true;
  }

  void certificate_or_crl(ByteView value, const Oid& wanted,
                          std::optional<std::string> (*append)(ByteView, const CertificatePlace&,
                                                               Artifact&)) {
    auto bag = Reader(value, nullptr).enter(der::kSequence);
    const auto type = bag ? bag->read_object_identifier() : std::nullopt;
    const auto octets = type && wanted == *type ? data_in(*bag) : std::nullopt;
    if (!octets) return malformed("a bag of the PKCS#12 holds no X.509 certificate");
    const ByteView kept = keep({octets->begin(), octets->end()}, artifact_);
    if (const auto why = append(kept, CertificatePlace{artifact_.source, artifact_.source.line}, artifact_))
      malformed(*why);
  }

  KeyOpener& keys_;
  bool was_given_;
  const SecretOctets* password_;  ///< the one that opens it: what was given, or the empty one
  Artifact& artifact_;
  std::size_t count_ = 0;
};

}  // namespace

bool is_pkcs12(ByteView octets) {
  auto body = Reader(octets, nullptr).enter(der::kSequence);
  const auto number = body ? body->read_integer() : std::nullopt;
  return number && number->size() == 1 && number->front() == 3 && body->next_is(der::kSequence);
}

void append_pkcs12(ByteView octets, KeyOpener& keys, Artifact& artifact) {
  Opener(keys, artifact).open(octets);
}

Contents append_pkcs12_contents(ByteView octets, KeyOpener& keys, Artifact& artifact) {
  append_pkcs12(octets, keys, artifact);
  const bool lost = std::ranges::any_of(artifact.defects, &Defect::lost);
  return {"PKCS#12 with 0 certificates", "", lost && artifact.key && artifact.key->halves.empty()};
}

void read_pkcs12_file(const std::string& name, ByteView octets, const ReadOptions& options,
                      ArtifactSink& sink) {
  Artifact artifact = begin_file(name);
  KeyOpener keys(options.password);
  const Contents contents = append_pkcs12_contents(octets, keys, artifact);
  deliver_file(std::move(artifact), contents, options.as_workload_chain, sink);
}

}  // namespace meshcert::input
