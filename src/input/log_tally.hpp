#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "meshcert/log.hpp"

/// What a group of lines names, each once and counted. Every tally answers false where no more
/// than `most` are kept and this one is not.
namespace meshcert::input {

[[nodiscard]] bool tally(std::vector<LogTally>& names, const std::string& text, std::size_t most);

/// An earlier deadline takes the place of the latest where no more are kept.
[[nodiscard]] bool tally(std::vector<LogNamed>& named, LogValues values, bool by_deadline, std::size_t most);

/// note_origin keeps the last time of an origin, if it is among the first `most`.
void note_origin(std::vector<LogOrigin>& origins, std::string name, Instant time, std::size_t most);

/// sort_names brings what a group names into the order that LogGroup has.
void sort_names(LogGroup& group);

}  // namespace meshcert::input
