#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "input/files.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// Transcript is what one run of `openssl s_client` printed.
struct Transcript {
  std::string_view text;
  std::uint32_t line;      ///< of the file, where it begins
  bool connected = false;  ///< is_transcript
};

/// split_transcripts cuts a text before each line "CONNECTED(...", so that each
/// server's chain stands alone. A text without any is one piece, and certificates
/// before the first are a piece of their own. Of more than `most` pieces the last
/// holds the rest.
[[nodiscard]] std::vector<Transcript> split_transcripts(std::string_view text, std::size_t most);

/// is_transcript: the text holds such a line.
[[nodiscard]] bool is_transcript(std::string_view text);

/// finish_transcript takes out the server's certificate where it is printed again
/// below its chain, and notes certificates that the server sent and the transcript
/// does not show.
void finish_transcript(const Transcript& transcript, Artifact& artifact);

/// empty_transcript says why there is no certificate, and what to do.
[[nodiscard]] Contents empty_transcript(std::string_view text);

}  // namespace meshcert::input
