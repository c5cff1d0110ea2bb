#pragma once

#include <optional>
#include <string>
#include <utility>

#include "meshcert/changes.hpp"
#include "meshcert/env.hpp"
#include "meshcert/sweep.hpp"

namespace meshcert::cli {

/// Memory is what --state keeps from run to run: each certificate in its place. It
/// grows with their number, some 300 octets for each; one that stands in a place often counts once.
class Memory {
 public:
  /// `asked` is what of the inputs is asked for ("--namespace a"): runs that were asked for
  /// different things cannot be compared. "" is everything.
  explicit Memory(std::string asked) : asked_(std::move(asked)) {}
  /// load reads the file, where there is one. Throws UsageError for one that is no state, and
  /// for that of a run which was asked for something else.
  void load(const std::string& path, Env& env);
  void see(Seen&& seen);
  /// changes compares; what was not seen is gone, unless the run is incomplete.
  [[nodiscard]] Changes changes(bool incomplete);
  /// save writes what was seen, and after an incomplete run what was remembered besides.
  [[nodiscard]] Result<void, WriteFailure> save(const std::string& path, Instant at, Env& env) const;

 private:
  void check_asked(const std::string& path, const std::string& before) const;

  std::string asked_;
  std::optional<Instant> since_;
  Memories before_, now_;
};

}  // namespace meshcert::cli
