#include "input/pem_file.hpp"

#include <utility>

#include "input/files.hpp"
#include "input/key_opener.hpp"
#include "input/parts.hpp"
#include "input/transcript.hpp"

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

void read_pem_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink) {
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
