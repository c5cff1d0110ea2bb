#include "meshcert/state.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/escape.hpp"
#include "input/line_window.hpp"

namespace meshcert::cli {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSchema = "meshcert/state/v1";
constexpr std::size_t kListed = 100;
constexpr std::size_t kWindow = 64 * 1024, kLongest = 1024 * 1024;

std::size_t behind_newline(std::string_view text) {
  return text.rfind('\n') + 1;
}

void note(Changes& changes, Change::Kind kind, const Seen& seen) {
  ++changes.counts[static_cast<std::size_t>(kind)];
  if (changes.list.size() < kListed) changes.list.push_back({kind, seen.place, seen.name, seen.not_after});
}

std::string line_of(const Seen& seen) {
  const Json line{{"place", base::to_valid_utf8(seen.place)}, {"sha256", seen.sha256},
                  {"name", base::to_valid_utf8(seen.name)},   {"not_before", to_rfc3339(seen.not_before)},
                  {"not_after", to_rfc3339(seen.not_after)},  {"due", seen.due}};
  return line.dump(-1, ' ', true) + "\n";
}

// Of a line that is not ours, nothing.
std::optional<Seen> seen_of(const Json& line) {
  const auto text = [&](const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto not_before = parse_rfc3339(text("not_before"));
  const auto not_after = parse_rfc3339(text("not_after"));
  const auto due = line.find("due");
  if (text("place").empty() || !not_before || !not_after || due == line.end() || !due->is_boolean())
    return std::nullopt;
  return Seen{text("place"), text("sha256"), text("name"), *not_before, *not_after, due->get<bool>()};
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw UsageError{"--state " + path + ": " + why + "; name another file, or remove this one to begin anew"};
}

}  // namespace

void Memory::load(const std::string& path, Env& env) {
  if (!env.look_at(path)) return;
  const auto file = env.open_file(path);
  if (!file) refuse(path, file.error());
  input::LineWindow window(**file, kWindow, kLongest, behind_newline);
  for (std::string text = window.next(); !text.empty(); text = window.next()) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const Json line = Json::parse(text.substr(begin, end - begin), nullptr, false);
      begin = end + 1;
      if (!line.is_object()) refuse(path, "no state of a sweep");
      if (!since_) {
        const auto at = parse_rfc3339(line.value("at", ""));
        if (line.value("schema", "") != kSchema || !at) refuse(path, "no state of a sweep");
        since_ = *at;
        continue;
      }
      auto seen = seen_of(line);
      if (!seen) refuse(path, "a line of it is no certificate");
      std::string place = seen->place;
      before_.emplace(std::move(place), std::move(*seen));
    }
  }
  if (window.failure()) refuse(path, *window.failure());
}

// Two in one place are told apart by their order.
void Memory::see(Seen&& seen) {
  const std::string place = seen.place;
  for (int i = 2; now_.contains(seen.place); ++i) seen.place = place + "~" + std::to_string(i);
  std::string key = seen.place;
  now_.emplace(std::move(key), std::move(seen));
}

void Memory::compare(const std::string& place, const Seen& now, Changes& changes) {
  const auto before = before_.find(place);
  if (before == before_.end()) return note(changes, Change::Kind::appeared, now);
  if (before->second.sha256 != now.sha256) return note(changes, Change::Kind::renewed, now);
  if (before->second.due && now.due) note(changes, Change::Kind::overdue, now);
}

Changes Memory::changes(bool incomplete) {
  Changes changes;
  changes.since = since_;
  if (since_) {
    for (const auto& [place, seen] : now_) compare(place, seen, changes);
  }
  for (const auto& [place, seen] : before_) {
    if (now_.contains(place)) continue;
    if (incomplete)
      now_.emplace(place, seen);
    else
      note(changes, Change::Kind::gone, seen);
  }
  return changes;
}

Result<void, WriteFailure> Memory::save(const std::string& path, Instant at, Env& env) const {
  auto file = env.begin_replacing(path);
  if (!file) return fail(std::move(file.error()));
  std::string text = Json{{"schema", kSchema}, {"at", to_rfc3339(at)}}.dump() + "\n";
  for (const auto& [place, seen] : now_) {
    text += line_of(seen);
    if (text.size() < kWindow) continue;
    if (auto written = (*file)->write(text); !written) return written;
    text.clear();
  }
  if (auto written = (*file)->write(text); !written) return written;
  return (*file)->commit();
}

}  // namespace meshcert::cli
