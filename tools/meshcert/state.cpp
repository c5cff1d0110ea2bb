#include "meshcert/state.hpp"

#include <charconv>
#include <utility>

#include "base/escape.hpp"
#include "input/line_window.hpp"
#include "meshcert/json_members.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {
namespace {

constexpr std::string_view kSchema = "meshcert/state/v1";
constexpr std::size_t kWindow = 64 * 1024, kLongest = 1024 * 1024;

std::size_t behind_newline(std::string_view text) {
  return text.rfind('\n') + 1;
}

std::string line_of(const Seen& seen) {
  const Json line{{"place", seen.place + " " + std::to_string(seen.index)},
                  {"sha256", seen.sha256},
                  {"name", seen.name},
                  {"not_before", to_rfc3339(seen.not_before)},
                  {"not_after", to_rfc3339(seen.not_after)},
                  {"due", seen.due}};
  return line.dump(-1, ' ', true) + "\n";
}

/// place_of takes "FILE INDEX" apart, and "FILE INDEX~2", as a second one of another object of that
/// name was once told apart.
std::optional<std::pair<std::string, std::size_t>> place_of(const std::string& text) {
  const std::size_t space = text.rfind(' ');
  if (space == std::string::npos || space == 0) return std::nullopt;
  std::size_t index = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + space + 1, end, index);
  if (error != std::errc{} || (stopped != end && *stopped != '~')) return std::nullopt;
  return std::pair(text.substr(0, space), index);
}

// Of a line that is not ours, nothing.
std::optional<Seen> seen_of(const Json& line) {
  const auto text = [&](const char* key) { return std::string(view_of(member(line, key))); };
  const auto not_before = parse_rfc3339(text("not_before"));
  const auto not_after = parse_rfc3339(text("not_after"));
  const auto due = line.find("due");
  auto place = place_of(text("place"));
  if (!place || !not_before || !not_after || due == line.end() || !due->is_boolean()) return std::nullopt;
  return Seen{std::move(place->first), place->second, text("sha256"), text("name"), *not_before, *not_after,
              due->get<bool>()};
}

// Only what is a state may be removed: anything else may be somebody's certificate.
[[noreturn]] void refuse(const std::string& path, const std::string& why, bool is_state) {
  throw UsageError{"--state " + path + ": " + why + "; name another file" +
                   (is_state ? ", or remove this one to begin anew" : "")};
}

std::string words_for(const std::string& asked) {
  return asked.empty() ? "everything" : "only " + asked;
}

}  // namespace

// What was not looked for would pass for gone, and be forgotten.
void Memory::check_asked(const std::string& path, const std::string& before) const {
  if (before == asked_) return;
  refuse(path,
         "it remembers a run that was asked for " + words_for(before) + ", and this one is asked for " +
             words_for(asked_),
         true);
}

void Memory::load(const std::string& path, Env& env) {
  const auto facts = env.look_at(path);
  if (!facts) return;
  if (facts->kind != FileFacts::Kind::regular)
    refuse(path, "no regular file: a state is read by the next run", false);
  const auto file = env.open_file(path);
  if (!file) refuse(path, file.error(), false);
  input::LineWindow window(**file, kWindow, kLongest, behind_newline, ", which no line of a state has");
  for (input::WindowText read = window.next(); !read.empty(); read = window.next()) {
    const std::string_view text = read;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const Json line = Json::parse(text.substr(begin, end - begin), nullptr, false);
      begin = end + 1;
      if (!line.is_object()) refuse(path, "no state of a sweep", since_.has_value());
      if (!since_) {
        const auto at = parse_rfc3339(view_of(member(line, "at")));
        if (view_of(member(line, "schema")) != kSchema || !at) refuse(path, "no state of a sweep", false);
        check_asked(path, std::string(view_of(member(line, "asked"))));
        since_ = *at;
        continue;
      }
      auto seen = seen_of(line);
      if (!seen) refuse(path, "a line of it is no certificate", true);
      before_.insert(std::move(*seen));
    }
  }
  if (window.failure()) refuse(path, *window.failure(), since_.has_value());
}

// As the file will hold it.
void Memory::see(Seen&& seen) {
  seen.place = base::to_valid_utf8(seen.place);
  seen.name = base::to_valid_utf8(seen.name);
  now_.insert(std::move(seen));
}

Changes Memory::changes(bool incomplete) {
  if (!since_) return {};
  Changes changes = changes_between(before_, now_, incomplete);
  changes.since = since_;
  return changes;
}

Result<void, WriteFailure> Memory::save(const std::string& path, Instant at, Env& env) const {
  auto file = env.begin_replacing(path);
  if (!file) return fail(std::move(file.error()));
  Json head{{"schema", kSchema}, {"at", to_rfc3339(at)}};
  if (!asked_.empty()) head["asked"] = asked_;
  std::string text = head.dump() + "\n";
  for (const Seen& seen : now_) {
    text += line_of(seen);
    if (text.size() < kWindow) continue;
    if (auto written = (*file)->write(text); !written) return written;
    text.clear();
  }
  if (auto written = (*file)->write(text); !written) return written;
  return (*file)->commit();
}

}  // namespace meshcert::cli
