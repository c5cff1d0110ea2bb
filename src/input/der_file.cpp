#include <fmt/format.h>
#include <utility>

#include "der/reader.hpp"
#include "input/certificates.hpp"
#include "input/files.hpp"
#include "input/foreign.hpp"
#include "input/key_opener.hpp"
#include "input/private_keys.hpp"

namespace meshcert::input {
namespace {

class DerFile {
 public:
  DerFile(ByteView octets, const Limits& limits, Artifact& artifact)
      : octets_(octets), limits_(limits), artifact_(artifact) {}

  void run() {
    while (at_ < octets_.size()) {
      const CertificatePlace place{artifact_.source, artifact_.source.line, true};
      const auto why = append_certificate(rest(), place, artifact_);
      if (why && !append_crl(rest(), place, artifact_)) {
        at_ += artifact_.crls.back().der.size();
        continue;
      }
      at_ += why ? skip(*why) : artifact_.certificates.back().der.size();
    }
    if (untold_ != 0)
      add(DefectKind::malformed, fmt::format("{} more elements are no certificates", untold_), true);
  }

 private:
  [[nodiscard]] ByteView rest() const { return octets_.subspan(at_); }

  void add(DefectKind kind, std::string detail, bool lost) {
    artifact_.defects.push_back(Defect{kind, artifact_.source, std::move(detail), lost});
  }

  // How far to go on: over a whole element, or to the end.
  std::size_t skip(const std::string& why) {
    if (rest().front() != 0x30) return trailing();
    if (artifact_.defects.size() < limits_.defects) {
      add(DefectKind::malformed, at_ == 0 ? why : fmt::format("{} (at octet {})", why, at_), true);
    } else {
      ++untold_;
    }
    const auto element = der::Reader(rest(), nullptr).read();
    return element ? element->whole.size() : rest().size();
  }

  std::size_t trailing() {
    if (at_ == 0) {
      add(DefectKind::malformed, "no certificate: the first octet is not that of a DER SEQUENCE", true);
      return rest().size();
    }
    add(DefectKind::trailing_data, fmt::format("{} octets from octet {} on", rest().size(), at_),
        !is_blank(rest()));
    return rest().size();
  }

  ByteView octets_;
  const Limits& limits_;
  Artifact& artifact_;
  std::size_t at_ = 0;
  std::size_t untold_ = 0;
};

}  // namespace

Contents append_lone_key(ByteView octets, KeyOpener& keys, const Limits& limits, Artifact& artifact) {
  artifact.key.emplace().present = true;
  if (limits.private_keys != 0)
    append_key_octets(base::SecretOctets({octets.begin(), octets.end()}), {artifact.source, "", &keys},
                      artifact);
  const auto known = recognise_foreign_octets(octets);
  return known ? Contents{known->what, known->fix} : Contents{"a private key"};
}

Contents append_der(ByteView octets, const Limits& limits, Artifact& artifact) {
  DerFile(octets, limits, artifact).run();
  return {"0 certificates"};
}

void read_der_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink) {
  Artifact artifact = begin_file(name);
  if (is_der_private_key(octets)) {
    KeyOpener keys(options.password);
    const Contents contents = append_lone_key(octets, keys, options.limits, artifact);
    return deliver_file(std::move(artifact), contents, options.as_workload_chain, sink);
  }
  const ByteView kept = keep({octets.begin(), octets.end()}, artifact);
  const Contents contents = append_der(kept, options.limits, artifact);
  deliver_file(std::move(artifact), contents, options.as_workload_chain, sink);
}

}  // namespace meshcert::input
