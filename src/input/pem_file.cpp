#include "input/pem_file.hpp"

#include <utility>

#include "input/files.hpp"
#include "input/key_opener.hpp"
#include "input/parts.hpp"
#include "input/spiffe_bundle.hpp"
#include "input/spire_list.hpp"
#include "input/transcript.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kKeepApart =
    "keep the key out of what is passed around: meshcert inspect -o pem FILE writes the certificates alone";

constexpr std::string_view kNameCertificate =
    "name the file of the certificate that the key belongs to (tls.crt, cert-chain.pem); a key alone is not inspected";

void note_key(const PemTally& tally, Artifact& artifact) {
  if (tally.key_line == 0 || artifact.certificates.empty()) return;
  SourceRef where = artifact.source;
  where.line = tally.key_line;
  const bool encrypted = artifact.key && artifact.key->encrypted;
  artifact.defects.push_back(Defect{DefectKind::private_key_in_dump, std::move(where),
                                    encrypted ? "an encrypted private key beside the certificates"
                                              : "a private key beside the certificates",
                                    false, std::string(kKeepApart)});
}

}  // namespace

Contents append_pem_contents(std::string_view text, const PemOrigin& origin, const Limits& limits,
                             Artifact& artifact) {
  const PemTally tally = append_pem(text, origin, limits, artifact);
  note_key(tally, artifact);
  return {describe(tally), std::string(tally.keys != 0 ? kNameCertificate : "")};
}

namespace {

// Bundles of several trust domains must not be merged (SPIFFE Federation 5.1).
void read_spire_bundle(const std::string& name, const SpireBundle& bundle, const ReadOptions& options,
                       ArtifactSink& sink) {
  Artifact artifact = begin_file(name);
  artifact.source.line = bundle.line;
  const auto domain = TrustDomain::parse_name_or_id(bundle.trust_domain);
  artifact.name = artifact.trust_domain = named_domain(domain ? domain->name() : bundle.trust_domain);
  const Contents contents =
      append_pem_contents(bundle.text, {artifact.source, true, nullptr}, options.limits, artifact);
  if (artifact.certificates.empty()) return deliver_file(std::move(artifact), contents, false, sink);
  artifact.kind = ArtifactKind::trust_bundle;
  sink.artifact(std::move(artifact));
}

}  // namespace

void read_pem_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink) {
  const auto bundles = split_spire_list(as_text(octets), options.limits.pem_blocks);
  for (const SpireBundle& bundle : bundles) read_spire_bundle(name, bundle, options, sink);
  if (!bundles.empty()) return;
  const auto pieces = split_transcripts(as_text(octets), options.limits.pem_blocks);
  Parts parts(name, "transcript", pieces.size(), options, sink);
  KeyOpener keys(options.password);
  for (const Transcript& piece : pieces) {
    Artifact artifact = parts.begin(piece.line);
    Contents contents =
        append_pem_contents(piece.text, {artifact.source, true, &keys}, options.limits, artifact);
    finish_transcript(piece, artifact);
    contents.presented = piece.connected;
    if (artifact.certificates.empty() && contents.presented) contents = empty_transcript(piece.text);
    if (pieces.size() == 1) artifact.source.line = 0;
    parts.deliver(std::move(artifact), contents);
  }
  parts.finish();
}

}  // namespace meshcert::input
