#pragma once

#include <string_view>
#include <vector>

namespace meshcert::report {

/// Piece is a part of a fix: words, or a command to paste, which is not to be broken.
struct Piece {
  std::string_view text;
  bool is_command = false;
};

/// pieces_of parts the words of a fix from the commands in them: the name of a tool at the beginning, or
/// behind a colon, a semicolon or a bracket, up to where the sentence goes on. A tool that is only spoken of
/// ("meshcert sweep keeps nothing") has no option, placeholder, file or pipe behind it, and is words.
[[nodiscard]] std::vector<Piece> pieces_of(std::string_view fix);

}  // namespace meshcert::report
