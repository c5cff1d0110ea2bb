#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "input/loose_keys.hpp"
#include "input/passed_over.hpp"
#include "meshcert/input.hpp"

namespace meshcert {

namespace input {

bool is_harmless(const Defect& defect) {
  return defect.kind == DefectKind::no_certificates || defect.kind == DefectKind::unsupported_block ||
         defect.kind == DefectKind::key_encrypted;
}

bool is_passed_over(const std::optional<Format>& format, const std::optional<Format>& asked,
                    std::span<const Defect> defects) {
  if (asked && *asked != Format::log) return false;
  const bool may_be_empty =
      !format || *format == Format::log || *format == Format::pem || *format == Format::pkcs12;
  return may_be_empty && std::ranges::all_of(defects, [](const Defect& defect) {
           return is_harmless(defect) || defect.kind == DefectKind::empty;
         });
}

bool is_missed(const std::string& path, bool empty, const ReadOptions& options) {
  constexpr std::array<std::string_view, 3> kAlways = {"ca-cert.pem", "ca-key.pem", "root-cert.pem"};
  const std::size_t begin = path.rfind('/') + 1;
  const std::string_view name = std::string_view(path).substr(begin);
  const auto beside = [&](std::string_view other) {
    return options.exists(path.substr(0, begin).append(other));
  };
  if (std::ranges::find(kAlways, name) != kAlways.end()) return true;
  if (name == "cert-chain.pem") return !empty || (options.exists && !beside("ca-cert.pem"));
  return name == "key.pem" && options.exists && beside("cert-chain.pem");
}

Defect nothing_in(const std::string& name) {
  return {DefectKind::no_certificates, SourceRef{name, 0, "", std::nullopt},
          "neither a certificate nor a key", true};
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
  [[nodiscard]] bool empty() const {
    return std::ranges::any_of(held_, [](const Defect& defect) { return defect.kind == DefectKind::empty; });
  }
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
  const bool key = found.key_alone() && !options.as;
  const bool foreign = key || input::is_passed_over(*format, options.as, found.held());
  const bool expected = foreign && !key && input::is_missed(name, found.empty(), options);
  if (expected && found.held().empty()) sink.defect(input::nothing_in(name));
  if (!found.released() && foreign && !expected) {
    sink.passed_over(name, found.why());
    return false;
  }
  found.release();
  return true;
}

}  // namespace meshcert
