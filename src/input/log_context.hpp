#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "input/log_fields.hpp"

namespace meshcert::input {

/// LogContexts keeps whose request each thread of Envoy looks at: its rbac filter says that
/// in one message and the verdict in a later one of the same thread (envoy
/// source/extensions/filters/http/rbac/rbac_filter.cc), and other threads write in between.
class LogContexts {
 public:
  /// begin_text: what follows is read from a text of its own.
  void begin_text() { clear_until_ = nullptr; }
  /// begin notes whose request is checked. `behind` is what follows the line: a message may
  /// have several, and the thread stands at the end of the last one. Linear over all calls for
  /// one text, whose lines come in order.
  void begin(std::string_view line, std::string_view behind, LogParties parties);

  /// of returns whom a verdict speaks of; where lines name no thread, the request right before
  /// it, once. Null where nobody is known for sure.
  [[nodiscard]] std::optional<LogParties> of(std::string_view verdict, bool is_last);

 private:
  [[nodiscard]] std::string_view thread_behind(std::string_view behind);

  const char* clear_until_ = nullptr;                         // up to here no line ends with a thread
  std::map<std::string, LogParties, std::less<>> by_thread_;  // "" where none is named
};

/// thread_of is the thread that a line of Envoy names: "thread=20" at its end, as Istio has
/// it, or "[date][20][debug]"; "" where it names none.
[[nodiscard]] std::string_view thread_of(std::string_view line);

}  // namespace meshcert::input
