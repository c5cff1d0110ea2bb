#include <algorithm>
#include <utility>
#include <vector>

#include "input/loose_keys.hpp"
#include "meshcert/input.hpp"

namespace meshcert {
namespace {

bool is_harmless(const Defect& defect) {
  return defect.kind == DefectKind::no_certificates || defect.kind == DefectKind::unsupported_block ||
         defect.kind == DefectKind::key_encrypted;
}

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
  void object(std::shared_ptr<const KubernetesObject> object) override {
    release();
    sink_.object(std::move(object));
  }
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
  [[nodiscard]] bool harmless() const { return std::ranges::all_of(held_, is_harmless); }
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
  const bool may_be_empty = *format == Format::pem || *format == Format::pkcs12;
  const bool foreign = !*format || found.key_alone() || (may_be_empty && found.harmless());
  if (!found.released() && foreign && !options.as) {
    sink.passed_over(name, found.why());
    return false;
  }
  found.release();
  return true;
}

}  // namespace meshcert
