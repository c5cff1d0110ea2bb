#include "report/commands.hpp"

#include <algorithm>
#include <array>

namespace meshcert::report {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTools = {"kubectl "sv, "istioctl "sv, "openssl "sv, "meshcert "sv, "cmctl "sv,
                               "cat "sv,     "date "sv,     "base64 -"sv, "jq "sv,       "spire-server "sv};
constexpr std::array kBefore = {": "sv, "; "sv, "("sv, ", "sv, " or "sv, " with "sv};
// With what a sentence goes on behind a command.
constexpr std::array kBehind = {"; "sv,       ", "sv,      ")"sv,       " ("sv,        ". "sv,
                                ": "sv,       " to "sv,    " and "sv,   " or "sv,      " if "sv,
                                " says "sv,   " shows "sv, " by "sv,    " tells "sv,   " instead"sv,
                                " writes "sv, " is "sv,    " looks "sv, " compares "sv};

bool begins_command(std::string_view text, std::size_t at) {
  const auto is_here = [&](std::string_view tool) { return text.substr(at).starts_with(tool); };
  const auto ends_before = [&](std::string_view mark) { return text.substr(0, at).ends_with(mark); };
  return std::ranges::any_of(kTools, is_here) && (at == 0 || std::ranges::any_of(kBefore, ends_before));
}

std::size_t end_of_command(std::string_view text, std::size_t at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '\'' || c == '"') quote = c;
    const auto goes_on = [&](std::string_view mark) { return text.substr(at).starts_with(mark); };
    if (std::ranges::any_of(kBehind, goes_on)) break;
  }
  return at;
}

bool is_pasted(std::string_view command) {
  return command.find_first_of("|>/=.ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos ||
         command.find(" -") != std::string_view::npos;
}

}  // namespace

std::vector<Piece> pieces_of(std::string_view fix) {
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  const auto add = [&](std::size_t end, bool is_command) {
    if (end > begin) pieces.push_back({fix.substr(begin, end - begin), is_command});
    begin = end;
  };
  for (std::size_t at = 0; at < fix.size(); ++at) {
    if (!begins_command(fix, at)) continue;
    std::size_t end = end_of_command(fix, at);
    if (!is_pasted(fix.substr(at, end - at))) continue;
    add(at, false);
    add(end, true);
    at = end - 1;
  }
  add(fix.size(), false);
  return pieces;
}

}  // namespace meshcert::report
