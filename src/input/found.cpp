#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.hpp"
#include "input/asked.hpp"
#include "input/document.hpp"
#include "input/loose_keys.hpp"
#include "input/passed_over.hpp"
#include "meshcert/input.hpp"

namespace meshcert {

namespace input {

namespace {

// A file whose name says that it is of a form that is read, and which is of none, has come to harm.
bool is_named_as_ours(std::string_view path) {
  constexpr std::string_view kEndings[] = {".pem", ".crt", ".cer",  ".der",  ".crl",  ".p12", ".pfx", ".p7b",
                                           ".p7c", ".jks", "store", ".json", ".yaml", ".yml", ".log", ".gz",
                                           ".tgz", ".tar", ".zip",  ".zst",  ".bz2",  ".xz"};
  return std::ranges::any_of(kEndings, [&](std::string_view ending) {
    return path.size() > ending.size() &&
           base::equal_without_case(path.substr(path.size() - ending.size()), ending);
  });
}

}  // namespace

bool is_harmless(const Defect& defect) {
  using enum DefectKind;
  constexpr DefectKind kHarmless[] = {no_certificates, unsupported_block, certificate_label, key_encrypted};
  return std::ranges::find(kHarmless, defect.kind) != std::end(kHarmless);
}

bool is_passed_over(std::string_view path, const std::optional<Format>& format,
                    const std::optional<Format>& asked, std::span<const Defect> defects) {
  const bool of_one_kind = asks_for_one_kind(asked);
  if (asked && *asked != Format::log && !of_one_kind) return false;
  const bool may_be_empty =
      of_one_kind || !format || *format == Format::log || *format == Format::pem || *format == Format::pkcs12;
  return may_be_empty && std::ranges::all_of(defects, [path](const Defect& defect) {
           return is_harmless(defect) || defect.kind == DefectKind::empty ||
                  defect.kind == DefectKind::nothing_asked_for ||
                  (defect.kind == DefectKind::unknown_octets && !is_named_as_ours(path));
         });
}

namespace {

/// Part is what a file of this name is among others.
struct Part {
  std::string_view name, beside;  ///< promises something beside a file of that name; "" always
  bool is_key = false;
};
constexpr Part kParts[] = {{"ca-cert.pem", ""},
                           {"ca-key.pem", "", true},
                           {"root-cert.pem", ""},
                           {"cert-chain.pem", ""},
                           {"key.pem", "cert-chain.pem", true},
                           {"tls.crt", "tls.key"},
                           {"tls.key", "tls.crt", true},
                           {"certificates.pem", "private_key.pem"},
                           {"private_key.pem", "certificates.pem", true},
                           {"ca_certificates.pem", "certificates.pem"}};

std::size_t base_of(std::string_view path) {
  return path.find_last_of("/!") + 1;  // of a file in an archive, too
}

const Part* part_of(std::string_view path) {
  const auto* part = std::ranges::find(kParts, path.substr(base_of(path)), &Part::name);
  return part == std::end(kParts) ? nullptr : part;
}

bool has(std::span<const Defect> defects, DefectKind kind) {
  return std::ranges::find(defects, kind, &Defect::kind) != defects.end();
}

}  // namespace

bool is_part(std::string_view path) {
  return part_of(path) != nullptr;
}

void forgive_withheld(std::vector<Defect>& defects) {
  if (!has(defects, DefectKind::external_file) && !has(defects, DefectKind::redacted_key)) return;
  std::erase_if(defects, [](const Defect& defect) {
    return defect.kind == DefectKind::no_certificates && defect.detail.starts_with(kNoneOfOurs);
  });
}

bool tells_of_key(const Defect& defect) {
  using enum DefectKind;
  constexpr DefectKind kOfKeys[] = {private_key_in_dump, key_encrypted, key_unparsable, key_missing,
                                    redacted_key};
  return std::ranges::find(kOfKeys, defect.kind) != std::end(kOfKeys);
}

std::optional<Defect> missing_key(const std::string& path, const ReadOptions& options) {
  const Part* part = part_of(path);
  // Of ca-key.pem the family cacerts tells.
  if (options.as || part == nullptr || !part->is_key || part->beside.empty() || !options.exists ||
      !options.exists(path.substr(0, base_of(path)).append(part->beside)))
    return std::nullopt;
  return Defect{DefectKind::key_unparsable, SourceRef{path}, "certificates, but no private key in it", true};
}

std::optional<Defect> what_is_missed(const std::string& path, bool key, std::span<const Defect> defects,
                                     const ReadOptions& options) {
  const Part* part = part_of(path);
  const auto beside = [&](std::string_view other) {
    return options.exists && options.exists(path.substr(0, base_of(path)).append(other));
  };
  if (options.as || part == nullptr || (!part->beside.empty() && !beside(part->beside))) return std::nullopt;
  if (part->is_key && (key || has(defects, DefectKind::key_encrypted))) return std::nullopt;
  const bool of_root = !options.exists || beside("ca-cert.pem");
  if (part->name == "cert-chain.pem" && has(defects, DefectKind::empty) && of_root) return std::nullopt;
  return Defect{DefectKind::no_certificates, SourceRef{path},
                key ? "a private key alone, where certificates are to be" : "neither a certificate nor a key",
                true};
}

}  // namespace input

namespace {

// FoundSink holds defects back until it is clear that the file is one of ours.
class FoundSink final : public ArtifactSink {
 public:
  explicit FoundSink(ArtifactSink& sink) : sink_(sink) {}

  // A key alone is right where it is.
  void artifact(Artifact&& artifact) override {
    if (input::is_loose_key(artifact)) {
      key_ = true;
      return;
    }
    release();
    sink_.artifact(std::move(artifact));
  }
  void defect(Defect&& defect) override {
    if (released_) return sink_.defect(std::move(defect));
    held_.push_back(std::move(defect));
  }
  // One without certificates is right where it is, too.
  void object(std::shared_ptr<const KubernetesObject> object) override { sink_.object(std::move(object)); }
  void passed_over(const std::string& name, const std::string& why) override { sink_.passed_over(name, why); }
  void later(Piece piece) override {
    release();
    sink_.later(std::move(piece));
  }

  void release() {
    released_ = true;
    for (Defect& defect : held_) sink_.defect(std::move(defect));
    held_.clear();
  }
  [[nodiscard]] bool released() const { return released_; }
  [[nodiscard]] bool key_alone() const { return key_ && held_.empty(); }
  [[nodiscard]] const std::vector<Defect>& held() const { return held_; }
  void forgive_withheld() { input::forgive_withheld(held_); }
  [[nodiscard]] bool has_key() const { return key_; }
  [[nodiscard]] std::string why() const {
    return held_.empty() ? key_ ? "a private key alone" : "no certificates" : held_.back().detail;
  }

 private:
  ArtifactSink& sink_;
  bool released_ = false, key_ = false;
  std::vector<Defect> held_;
};

}  // namespace

Result<bool, std::string> read_found(const std::string& name, ByteSource& source, const ReadOptions& options,
                                     ArtifactSink& sink) {
  FoundSink found(sink);
  const auto format = read_input(name, source, options, found);
  if (!format) {
    found.release();
    return fail(format.error());
  }
  found.forgive_withheld();
  const bool key = found.key_alone() && !options.as;
  const bool foreign =
      !found.released() && (key || input::is_passed_over(name, *format, options.as, found.held()));
  auto missed = foreign ? input::what_is_missed(name, found.has_key(), found.held(), options) : std::nullopt;
  if (foreign && !missed) {
    sink.passed_over(name, found.why());
    return false;
  }
  if (missed && found.held().empty()) sink.defect(*std::move(missed));
  found.release();
  return true;
}

}  // namespace meshcert
