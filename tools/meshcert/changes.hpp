#pragma once

#include <compare>
#include <cstddef>
#include <set>
#include <string>

#include "meshcert/sweep.hpp"

namespace meshcert::cli {

/// Seen is a certificate in its place, as --state remembers it.
struct Seen {
  std::string place;      ///< object or file, and secret: what stays when a certificate is renewed
  std::size_t index = 0;  ///< in that place
  std::string sha256, name;
  Instant not_before{}, not_after{};
  bool due = false;  ///< it should be renewed by now

  [[nodiscard]] bool operator<(const Seen& other) const {
    const auto order = place <=> other.place;
    return order != 0 ? order < 0 : sha256 < other.sha256;
  }
};

/// Memories are the certificates of a run: of each place, each once, wherever it stands there.
using Memories = std::set<Seen>;

/// changes_between compares two runs, place by place. What is in both is the same one at
/// whatever index, and overdue if it was due then and is due now. Of what is left over, one of
/// the same name, else one at the same index, that was issued no earlier is a renewal; the
/// rest is new or gone. After an incomplete run nothing is gone: it is put into `now`.
[[nodiscard]] Changes changes_between(const Memories& before, Memories& now, bool incomplete);

}  // namespace meshcert::cli
