#pragma once

#include <cstdint>

#include "meshcert/env.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {

/// Progress tells on stderr how far a run is, once it takes longer than a second: on
/// a terminal in one line that is rewritten, else (--progress always) in lines.
class Progress {
 public:
  Progress(Env& env, When when);
  /// note counts what was done since, and speaks when it is time to.
  void note(std::uint64_t bytes, std::uint64_t certificates);
  /// expect says how many octets there are, where that is known.
  void expect(std::uint64_t bytes) { expected_ += bytes; }
  /// finish takes the line away.
  void finish();

 private:
  void speak(std::chrono::milliseconds now);

  Env& env_;
  bool wanted_, terminal_;
  std::chrono::milliseconds begun_, spoken_;
  std::uint64_t bytes_ = 0, certificates_ = 0, expected_ = 0;
  bool shown_ = false;
};

}  // namespace meshcert::cli
