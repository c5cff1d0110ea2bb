#include "input/log_context.hpp"

#include <algorithm>
#include <utility>

#include "base/ascii.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kThread = "thread=";
// Envoy has a worker for each core; more are not of one proxy.
constexpr std::size_t kMostThreads = 1024;

bool is_number(std::string_view text) {
  constexpr std::size_t kLongest = 20;
  return !text.empty() && text.size() <= kLongest && base::are_digits(text);
}

// Behind the last blank of the line: elsewhere it may be the words of a client, such as a
// header, whose value stands in quotes.
std::string_view at_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  const std::size_t blank = line.find_last_of(" \t");
  std::string_view word = blank == std::string_view::npos ? std::string_view{} : line.substr(blank + 1);
  if (!word.starts_with(kThread)) return {};
  word.remove_prefix(kThread.size());
  return is_number(word) ? word : std::string_view{};
}

// "[2024-01-01 06:00:00.000][20][debug]..."
std::string_view bracketed(std::string_view line) {
  const std::size_t at = line.starts_with('[') ? line.find("][") : std::string_view::npos;
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + 2);
  const std::string_view number = rest.substr(0, rest.find(']'));
  return is_number(number) ? number : std::string_view{};
}

}  // namespace

std::string_view thread_of(std::string_view line) {
  const std::string_view thread = at_end(line);
  return thread.empty() ? bracketed(line) : thread;
}

// Of a message that goes on behind its first line: no other comes in between.
std::string_view LogContexts::thread_behind(std::string_view behind) {
  constexpr std::size_t kLongest = 64 * 1024;
  behind = behind.substr(0, kLongest);
  if (clear_until_ != nullptr && clear_until_ > behind.data())
    behind.remove_prefix(std::min(static_cast<std::size_t>(clear_until_ - behind.data()), behind.size()));
  while (!behind.empty()) {
    const std::size_t end = std::min(behind.find('\n'), behind.size());
    if (const auto thread = at_end(behind.substr(0, end)); !thread.empty()) return thread;
    behind.remove_prefix(std::min(end + 1, behind.size()));
    clear_until_ = behind.data();
  }
  return {};
}

void LogContexts::begin(std::string_view line, std::string_view behind, LogParties parties) {
  std::string_view thread = thread_of(line);
  if (thread.empty()) thread = thread_behind(behind);
  if (by_thread_.size() >= kMostThreads && by_thread_.find(thread) == by_thread_.end()) by_thread_.clear();
  by_thread_.insert_or_assign(std::string(thread), std::move(parties));
}

std::optional<LogParties> LogContexts::of(std::string_view verdict, bool is_last) {
  const std::string_view thread = thread_of(verdict);
  const auto found = by_thread_.find(thread);
  if (found == by_thread_.end()) return std::nullopt;
  if (!is_last) return found->second;
  LogParties parties = std::move(found->second);
  by_thread_.erase(found);
  return parties;
}

}  // namespace meshcert::input
