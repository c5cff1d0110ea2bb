#include "meshcert/messages.hpp"

#include <string>

#include "base/escape.hpp"
#include "input/withheld.hpp"

namespace meshcert::cli {
namespace {

void write_line(Env& env, std::string_view kind, std::string_view text) {
  std::string line("meshcert: ");
  line.append(kind).append(": ").append(base::escape_for_terminal(input::without_tokens(text))).append("\n");
  env.write_stderr(line);
}

}  // namespace

void write_error(Env& env, std::string_view text) {
  write_line(env, "error", text);
}

void write_note(Env& env, std::string_view text) {
  write_line(env, "note", text);
}

bool deliver_stdout(Env& env, std::string_view text) {
  const auto written = env.write_stdout(text);
  if (written || written.error().closed) return true;
  write_error(env, "cannot write to standard output: " + written.error().message);
  return false;
}

}  // namespace meshcert::cli
