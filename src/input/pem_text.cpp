#include "input/pem_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "der/reader.hpp"
#include "input/base64_text.hpp"
#include "input/certificates.hpp"
#include "input/loss.hpp"
#include "input/outside.hpp"
#include "input/pem.hpp"
#include "input/pem_label.hpp"
#include "input/pem_words.hpp"
#include "input/pkcs7.hpp"
#include "input/private_keys.hpp"
#include "x509/private_key.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kUntrust = "write a plain CERTIFICATE block: openssl x509 -in FILE -out plain.pem";

bool starts_like_pem(ByteView octets) {
  return as_text(octets).starts_with("-----BEGIN ");
}

class Appender {
 public:
  Appender(const PemOrigin& origin, const Limits& limits, Artifact& artifact, bool nested)
      : origin_(origin), limits_(limits), artifact_(artifact), nested_(nested) {}

  PemTally run(std::string_view text) {
    PemText pem = split_pem(text, limits_);
    tally_.begun = pem.begun;
    note_first_label(pem);
    reserve(pem);
    for (PemBlock& block : pem.blocks) {
      if (block.fault != PemFault::end_without_begin) ++index_;
      const std::size_t rejected = tally_.rejected;
      append(block);
      // Of what was not read it does not matter how it is written.
      if (tally_.rejected != rejected) block.oddities = 0;
    }
    artifact_.storage.push_back(std::move(storage_));
    oddities(pem);
    other_labels();
    headed();
    untold();
    outside(pem);
    if (pem.stopped) {
      artifact_.defects.push_back(
          loss(origin_.where,
               fmt::format("more than {} PEM blocks, the limit; raise it with --max-pem-blocks; the "
                           "rest was not read",
                           limits_.pem_blocks)));
    }
    return tally_;
  }

 private:
  // All certificates are decoded into one allocation, so that views of the
  // first stay right while the last is added.
  void reserve(const PemText& pem) {
    std::size_t octets = 0;
    for (const PemBlock& block : pem.blocks) octets += block.body.size() / 4 * 3 + 3;
    storage_->reserve(octets);
    artifact_.certificates.reserve(artifact_.certificates.size() + pem.blocks.size());
  }

  // Of a value of a document its own object keeps it.
  void note_first_label(const PemText& pem) {
    const auto whole = [](const PemBlock& block) { return block.fault == PemFault::none; };
    const auto first = std::ranges::find_if(pem.blocks, whole);
    if (origin_.own_lines && artifact_.first_label.empty() && first != pem.blocks.end())
      artifact_.first_label = shown_label(first->label);
  }

  [[nodiscard]] SourceRef at(std::uint32_t line) const {
    SourceRef where = origin_.where;
    if (origin_.own_lines) where.line = file_line(line);
    return where;
  }
  // Lines of the text begin with 1, and so does a file; 0 is an unknown place.
  [[nodiscard]] std::uint32_t file_line(std::uint32_t line) const {
    return line + std::max(origin_.where.line, 1U) - 1;
  }
  [[nodiscard]] std::uint32_t line_of(const PemBlock& block) const {
    return origin_.own_lines ? file_line(block.line) : origin_.where.line;
  }
  [[nodiscard]] std::string prefix() const { return block_prefix(index_, tally_.begun); }

  void add(DefectKind kind, SourceRef where, std::string detail, bool lost) {
    artifact_.defects.push_back(Defect{kind, std::move(where), std::move(detail), lost});
  }

  // A bomb of a million bad blocks is told in a few lines.
  template <class Detail>
  void tell(DefectKind kind, std::uint32_t line, bool lost, Detail detail) {
    if (told_++ < limits_.defects) return add(kind, at(line), detail(), lost);
    last_untold_ = line;
    untold_lost_ = untold_lost_ || lost;
  }

  void untold() {
    if (told_ <= limits_.defects) return;
    add(DefectKind::broken_pem_block, at(last_untold_),
        fmt::format("{} more blocks are of no use, the last in line {}", told_ - limits_.defects,
                    file_line(last_untold_)),
        untold_lost_);
  }

  void reject(const PemBlock& block, bool bad_label) {
    const bool stray = block.fault == PemFault::end_without_begin;
    if (stray)
      note_first_lost();
    else
      lose(bad_label ? PemContent::certificate : content_of(block.label));
    tell(DefectKind::broken_pem_block, block.line, true, [&] {
      return (stray ? "" : prefix()) + (bad_label ? explain_misspelt(block.label) : explain_fault(block));
    });
  }

  void lose(PemContent content) {
    ++tally_.rejected;
    const bool other = content == PemContent::key || content == PemContent::parameters ||
                       content == PemContent::revocation_list || content == PemContent::other;
    if (!other) note_first_lost();
  }

  void note_first_lost() {
    if (artifact_.certificates.empty()) artifact_.first_lost = true;
  }

  void append(const PemBlock& block) {
    const PemContent content = content_of(block.label);
    if (content == PemContent::key && block.fault != PemFault::end_without_begin) note_key(block);
    const bool stray =
        block.fault == PemFault::end_without_begin || block.fault == PemFault::begin_unfinished;
    if (content == PemContent::misspelt && !stray) return reject(block, true);
    if (block.fault != PemFault::none) return reject(block, false);
    switch (content) {
      case PemContent::certificate:
      case PemContent::older_certificate:
      case PemContent::trusted_certificate:
      case PemContent::certificate_set:
      case PemContent::revocation_list:
        return decode(block, content);
      case PemContent::key:
        ++tally_.keys;
        if (limits_.private_keys == 0) return;
        return append_key_block(block, {at(block.line), prefix(), origin_.keys, limits_.private_keys},
                                artifact_);
      case PemContent::parameters:
        ++tally_.parameters;
        return;
      case PemContent::misspelt:
      case PemContent::other:
        return other(block);
    }
  }

  // What a block of another label holds where that is a certificate all the same.
  [[nodiscard]] bool holds_certificate(const PemBlock& block) const {
    const std::string body = plain_body(block);
    std::vector<std::uint8_t> octets;
    if (append_pem_base64(pem_base64(body), octets)) return false;
    Artifact scratch;
    return !append_certificate(octets, {origin_.where, origin_.where.line}, scratch);
  }

  void other(const PemBlock& block) {
    if (!holds_certificate(block)) {
      ++tally_.unsupported;
      return tell(DefectKind::unsupported_block, block.line, false,
                  [&] { return prefix() + shown_label(block.label) + explain_label(block.label); });
    }
    lose(PemContent::certificate);
    tell(DefectKind::broken_pem_block, block.line, true, [&] {
      return fmt::format("{}label {} is not CERTIFICATE, but what it holds is a certificate", prefix(),
                         shown_label(block.label));
    });
  }

  void outside(const PemText& pem) {
    for (const Outsider& outsider : find_outsiders(pem.gaps)) {
      if (!pem.blocks.empty() && outsider.line < pem.blocks.front().line) artifact_.first_lost = true;
      add(outsider.kind, at(outsider.line), std::string(outsider.what), true);
      artifact_.defects.back().fix = outsider.fix;
    }
  }

  void note_key(const PemBlock& block) {
    if (!artifact_.key) artifact_.key.emplace();
    artifact_.key->present = true;
    if (tally_.key_line == 0) tally_.key_line = file_line(block.line);
  }

  void decode(const PemBlock& block, PemContent content) {
    const std::string repaired = is_plain(block) ? "" : plain_body(block);
    const std::string_view body = is_plain(block) ? block.body : std::string_view(repaired);
    const std::string_view base64 = pem_base64(body);
    const std::size_t start = storage_->size();
    if (const auto error = append_pem_base64(base64, *storage_)) {
      const auto good = static_cast<std::size_t>(base64.data() - body.data()) + error->offset;
      return bad_base64(block, body.substr(0, good), error->reason);
    }
    const ByteView octets = ByteView(*storage_).subspan(start);
    if (!nested_ && starts_like_pem(octets)) return wrapped(block, octets);
    const auto why = decoded(block, content, octets);
    if (!why) {
      if (body.substr(0, body.size() - base64.size()).find(':') != std::string_view::npos)
        note(block, headed_);
      ++count_of(content);
      return;
    }
    if (x509::decode_private_key(octets)) note_mislabelled_key(block, start);
    if (content == PemContent::revocation_list && holds_certificate(block)) return other(block);
    lose(content);
    tell(DefectKind::malformed, block.line, true, [&] { return prefix() + *why; });
  }

  std::size_t& count_of(PemContent content) {
    if (content == PemContent::revocation_list) return tally_.crls;
    return content == PemContent::certificate_set ? tally_.sets : tally_.certificates;
  }

  std::optional<std::string> decoded(const PemBlock& block, PemContent content, ByteView octets) {
    const bool trusted = content == PemContent::trusted_certificate;
    const CertificatePlace place{origin_.where, line_of(block), trusted, index_, tally_.begun};
    if (content == PemContent::certificate_set) return append_pkcs7(octets, place, limits_, artifact_);
    if (content == PemContent::revocation_list) return append_crl(octets, place, artifact_);
    auto why = append_certificate(octets, place, artifact_);
    const bool older = content == PemContent::older_certificate;
    if (!why) artifact_.certificates.back().odd_label = older || trusted;
    if (!why && older) note(block, older_);
    if (!why && trusted) trust_settings(block, octets.subspan(artifact_.certificates.back().der.size()));
    return why;
  }

  // OpenSSL's own form (X509_CERT_AUX): one SEQUENCE may follow the certificate.
  void trust_settings(const PemBlock& block, ByteView rest) {
    der::Reader reader(rest, nullptr);
    const auto settings = reader.read(der::kSequence);
    const std::size_t known = settings ? settings->whole.size() : 0;
    if (known != rest.size()) {
      tell(DefectKind::trailing_data, block.line, true,
           [&] { return fmt::format("{}{} octets", prefix(), rest.size() - known); });
    }
    note(block, trusted_);
  }

  /// What of the blocks of one kind is told once: how many, and where the first is.
  struct Noted {
    std::size_t count = 0;
    std::uint32_t line = 0;
  };
  static void note(const PemBlock& block, Noted& noted) {
    if (noted.count++ == 0) noted.line = block.line;
  }

  // x509.CertPool.AppendCertsFromPEM and tls.X509KeyPair take the label CERTIFICATE alone.
  void other_labels() {
    const auto tell = [this](const Noted& noted, const std::string& what, std::string_view who) {
      if (noted.count == 0) return;
      add(DefectKind::certificate_label, at(noted.line),
          what + places(noted.count, noted.line) + "; the certificate was read, but " + std::string(who),
          false);
      if (origin_.own_lines) artifact_.defects.back().fix = kUntrust;
    };
    tell(trusted_, "OpenSSL's trust settings in TRUSTED CERTIFICATE", "Go (istiod) takes no such block");
    tell(older_, "the older label X509 CERTIFICATE",
         "Go (istiod, the API server) leaves a block so named out without a word; OpenSSL and Envoy read it");
  }

  // x509.CertPool.AppendCertsFromPEM passes over a block with headers.
  void headed() {
    if (headed_.count == 0) return;
    add(DefectKind::broken_pem_block, at(headed_.line),
        "headers stand before the base64" + places(headed_.count, headed_.line) +
            ": read here, but Go (istiod, the API server) leaves such a block out of its roots without a word",
        false);
    if (origin_.own_lines)
      artifact_.defects.back().fix = "have it written anew: meshcert inspect -o pem FILE > clean.pem";
  }

  void note_mislabelled_key(const PemBlock& block, std::size_t start) {
    std::fill(storage_->begin() + static_cast<std::ptrdiff_t>(start), storage_->end(), std::uint8_t{0});
    note_key(block);
    add(DefectKind::private_key_in_dump, at(block.line),
        fmt::format("{}a private key under the label {}", prefix(), shown_label(block.label)), false);
  }

  [[nodiscard]] std::string places(std::size_t count, std::uint32_t first) const {
    return count == 1 ? "" : fmt::format(" ({} blocks, the first in line {})", count, file_line(first));
  }

  void bad_base64(const PemBlock& block, std::string_view before, base::Base64Error::Reason reason) {
    // Line breaks that were two characters are none of the file.
    const auto lines = block.has(PemOddity::literal_newlines) ? 0 : std::ranges::count(before, '\n');
    const auto line = block.line + static_cast<std::uint32_t>(lines);
    lose(content_of(block.label));
    tell(DefectKind::broken_pem_block, line, true,
         [&] { return fmt::format("{}bad base64: {}", prefix(), base::describe(reason)); });
  }

  // The octets stay in storage_, which is not yet the artifact's; nested text is
  // decoded into storage of its own.
  void wrapped(const PemBlock& block, ByteView text) {
    ++tally_.wrapped;
    tell(DefectKind::double_base64, block.line, false,
         [&] { return prefix() + "the block holds PEM text once more"; });
    const PemOrigin inner{at(block.line), false, origin_.keys};
    const PemTally tally = Appender(inner, limits_, artifact_, true).run(as_text(text));
    if (tally_.key_line == 0 && tally.key_line != 0) tally_.key_line = file_line(block.line);
  }

  // One defect for each way of writing, however many blocks are written so.
  void oddities(const PemText& pem) {
    for (const OddityRow& row : oddity_rows()) {
      const auto has = [&row](const PemBlock& block) { return block.has(row.oddity); };
      const auto first = std::ranges::find_if(pem.blocks, has);
      if (first == pem.blocks.end()) continue;
      const auto count = static_cast<std::size_t>(std::ranges::count_if(pem.blocks, has));
      add(row.kind, at(first->line), std::string(row.what) + places(count, first->line), false);
      if (origin_.own_lines) artifact_.defects.back().fix = row.fix;
    }
  }

  const PemOrigin& origin_;
  const Limits& limits_;
  Artifact& artifact_;
  bool nested_;
  PemTally tally_;
  std::size_t index_ = 0;  // of the block at hand, from 1
  Noted trusted_;          // with trust settings
  Noted older_;
  Noted headed_;  // with headers
  std::size_t told_ = 0;
  std::uint32_t last_untold_ = 0;
  bool untold_lost_ = false;
  std::unique_ptr<std::vector<std::uint8_t>> storage_ = std::make_unique<std::vector<std::uint8_t>>();
};

}  // namespace

PemTally append_pem(std::string_view text, const PemOrigin& origin, const Limits& limits,
                    Artifact& artifact) {
  return Appender(origin, limits, artifact, false).run(text);
}

std::string describe(const PemTally& tally) {
  struct Count {
    std::size_t number;
    std::string_view one, many;
  };
  const std::array counts = {Count{tally.keys, "private key", "private keys"},
                             Count{tally.crls, "CRL", "CRLs"},
                             Count{tally.sets, "PKCS#7 without any", "PKCS#7 without any"},
                             Count{tally.unsupported, "block of another kind", "blocks of other kinds"},
                             Count{tally.parameters, "EC PARAMETERS", "EC PARAMETERS"},
                             Count{tally.rejected, "unusable block", "unusable blocks"}};
  std::string text = base::counted(tally.certificates, "certificate");
  for (const Count& count : counts) {
    if (count.number != 0)
      text += fmt::format(", {} {}", count.number, count.number == 1 ? count.one : count.many);
  }
  return text;
}

}  // namespace meshcert::input
