#include "input/pem_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "input/base64_text.hpp"
#include "input/certificates.hpp"
#include "input/pem.hpp"
#include "input/pem_label.hpp"

namespace meshcert::input {
namespace {

struct OddityRow {
  PemOddity oddity;
  DefectKind kind;
  std::string_view what;
};
constexpr std::array kOddities = {
    OddityRow{PemOddity::joined, DefectKind::joined_pem_blocks, "BEGIN stands on the line of the END before"},
    OddityRow{PemOddity::indented, DefectKind::broken_pem_block,
              "BEGIN or END is indented: read here, but Go, OpenSSL and BoringSSL do not see the block"},
    OddityRow{
        PemOddity::not_alone, DefectKind::broken_pem_block,
        "BEGIN or END shares its line with other text: read here, but Go, OpenSSL and BoringSSL refuse it"},
    OddityRow{PemOddity::byte_order_mark, DefectKind::broken_pem_block,
              "a byte order mark stands before BEGIN: read here, but Go and BoringSSL do not see the block"},
    OddityRow{
        PemOddity::literal_newlines, DefectKind::broken_pem_block,
        "line breaks are written as the two characters \\n: read here, but Go, OpenSSL and BoringSSL refuse it"},
};

std::string explain(const PemBlock& block) {
  switch (block.fault) {
    case PemFault::none:
      return "";
    case PemFault::begin_unfinished:
      return "the BEGIN line does not end in five dashes";
    case PemFault::no_end:
      return fmt::format("no END line for BEGIN {}", shown_label(block.label));
    case PemFault::end_unfinished:
      return fmt::format("the END line of BEGIN {} does not end in five dashes", shown_label(block.label));
    case PemFault::labels_differ:
      return fmt::format("BEGIN {} is closed by END {}", shown_label(block.label),
                         shown_label(block.end_label));
    case PemFault::end_without_begin:
      return fmt::format("END {} without a BEGIN line", shown_label(block.end_label));
  }
  return "";
}

std::string misspelt(std::string_view label) {
  if (label.empty()) return "the label is empty";
  return fmt::format("label {} is not {}", shown_label(label),
                     is_nearly_key(label) ? "that of a private key" : "CERTIFICATE");
}

bool starts_like_pem(ByteView octets) {
  return as_text(octets).starts_with("-----BEGIN ");
}

class Appender {
 public:
  Appender(const PemOrigin& origin, const Limits& limits, Artifact& artifact, bool nested)
      : origin_(origin), limits_(limits), artifact_(artifact), nested_(nested) {}

  PemTally run(std::string_view text) {
    const PemText pem = split_pem(text, limits_);
    tally_.begun = pem.begun;
    reserve(pem);
    for (const PemBlock& block : pem.blocks) {
      if (block.fault != PemFault::end_without_begin) ++index_;
      append(block);
    }
    artifact_.storage.push_back(std::move(storage_));
    oddities(pem);
    untold();
    if (pem.stopped) {
      add(DefectKind::malformed, origin_.where,
          fmt::format("more than {} PEM blocks: the rest was not read", limits_.pem_blocks), true);
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
  }

  [[nodiscard]] SourceRef at(std::uint32_t line) const {
    SourceRef where = origin_.where;
    if (origin_.own_lines) where.line = line;
    return where;
  }
  [[nodiscard]] std::string prefix() const {
    return tally_.begun > 1 ? fmt::format("block {} of {}: ", index_, tally_.begun) : "";
  }

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
                    last_untold_),
        untold_lost_);
  }

  void reject(const PemBlock& block, bool bad_label) {
    const bool stray = block.fault == PemFault::end_without_begin;
    if (!stray) ++tally_.rejected;
    tell(DefectKind::broken_pem_block, block.line, true,
         [&] { return (stray ? "" : prefix()) + (bad_label ? misspelt(block.label) : explain(block)); });
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
      case PemContent::trusted_certificate:
        return certificate(block, content == PemContent::trusted_certificate);
      case PemContent::key:
        ++tally_.keys;
        return;
      case PemContent::parameters:
        ++tally_.parameters;
        return;
      case PemContent::misspelt:
      case PemContent::other:
        ++tally_.unsupported;
        tell(DefectKind::unsupported_block, block.line, false,
             [&] { return prefix() + shown_label(block.label); });
    }
  }

  void note_key(const PemBlock& block) {
    if (!artifact_.key) artifact_.key.emplace();
    artifact_.key->present = true;
    const bool encrypted = block.label.find("ENCRYPTED") != std::string_view::npos ||
                           block.body.substr(0, 200).find("4,ENCRYPTED") != std::string_view::npos;
    artifact_.key->encrypted = artifact_.key->encrypted || encrypted;
  }

  void certificate(const PemBlock& block, bool trusted) {
    const bool literal = block.has(PemOddity::literal_newlines);
    const std::string unescaped = literal ? unescape_newlines(block.body) : "";
    const std::string_view base64 = pem_base64(literal ? std::string_view(unescaped) : block.body);
    const std::size_t start = storage_->size();
    if (const auto error = append_pem_base64(base64, *storage_))
      return bad_base64(block, base64, *error, literal);
    const ByteView octets = ByteView(*storage_).subspan(start);
    if (!nested_ && starts_like_pem(octets)) return wrapped(block, octets);
    const auto why =
        append_certificate(octets, CertificatePlace{at(block.line), prefix(), trusted}, artifact_);
    if (!why) {
      ++tally_.certificates;
      return;
    }
    ++tally_.rejected;
    tell(DefectKind::malformed, block.line, true, [&] { return prefix() + *why; });
  }

  void bad_base64(const PemBlock& block, std::string_view base64, base::Base64Error error, bool literal) {
    const auto skipped = literal ? 0 : static_cast<std::size_t>(base64.data() - block.body.data());
    const std::string_view before = block.body.substr(0, literal ? 0 : skipped + error.offset);
    const auto line = block.line + static_cast<std::uint32_t>(std::ranges::count(before, '\n'));
    ++tally_.rejected;
    tell(DefectKind::broken_pem_block, line, true,
         [&] { return fmt::format("{}bad base64: {}", prefix(), base::describe(error.reason)); });
  }

  // The octets stay in storage_, which is not yet the artifact's; nested text is
  // decoded into storage of its own.
  void wrapped(const PemBlock& block, ByteView text) {
    ++tally_.wrapped;
    tell(DefectKind::double_base64, block.line, false,
         [&] { return prefix() + "the block holds PEM text once more"; });
    const PemOrigin inner{at(block.line), false};
    Appender(inner, limits_, artifact_, true).run(as_text(text));
  }

  // One defect for each way of writing, however many blocks are written so.
  void oddities(const PemText& pem) {
    for (const OddityRow& row : kOddities) {
      const auto has = [&row](const PemBlock& block) { return block.has(row.oddity); };
      const auto first = std::ranges::find_if(pem.blocks, has);
      if (first == pem.blocks.end()) continue;
      const auto count = std::ranges::count_if(pem.blocks, has);
      const std::string places =
          count == 1 ? "" : fmt::format(" ({} blocks, the first in line {})", count, first->line);
      add(row.kind, at(first->line), std::string(row.what) + places, false);
    }
  }

  const PemOrigin& origin_;
  const Limits& limits_;
  Artifact& artifact_;
  bool nested_;
  PemTally tally_;
  std::size_t index_ = 0;  // of the block at hand, from 1
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
                             Count{tally.unsupported, "block of another kind", "blocks of other kinds"},
                             Count{tally.parameters, "EC PARAMETERS", "EC PARAMETERS"},
                             Count{tally.rejected, "unusable block", "unusable blocks"}};
  std::string text = fmt::format("{} certificate{}", tally.certificates, tally.certificates == 1 ? "" : "s");
  for (const Count& count : counts) {
    if (count.number != 0)
      text += fmt::format(", {} {}", count.number, count.number == 1 ? count.one : count.many);
  }
  return text;
}

}  // namespace meshcert::input
