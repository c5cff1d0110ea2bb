#pragma once

#include <map>
#include <optional>
#include <string>

#include "meshcert/batch.hpp"
#include "meshcert/env.hpp"
#include "meshcert/sweep.hpp"

namespace meshcert::cli {

/// Memory is what --state keeps from run to run: each certificate by its place. It
/// grows with their number, some 400 octets for each.
class Memory {
 public:
  /// load reads the file, where there is one. Throws UsageError for one that is no state.
  void load(const std::string& path, Env& env);
  void see(Seen&& seen);
  /// changes compares; what was not seen is gone, unless the run is incomplete.
  [[nodiscard]] Changes changes(bool incomplete);
  /// save writes what was seen, and after an incomplete run what was remembered besides.
  [[nodiscard]] Result<void, WriteFailure> save(const std::string& path, Instant at, Env& env) const;

 private:
  void compare(const std::string& place, const Seen& now, Changes& changes);

  std::optional<Instant> since_;
  std::map<std::string, Seen> before_, now_;
};

}  // namespace meshcert::cli
