#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "meshcert/batch.hpp"

namespace meshcert::cli {

/// merge_window judges the lines of `text`, which begins with line `number` of the file and cuts no artifact
/// in two, by this run's time. A line that is none of `sweep -o ndjson` is an error, told once.
[[nodiscard]] std::shared_ptr<Batch> merge_window(const std::string& file, std::string_view text,
                                                  std::uint32_t number, const Judging& judging);

}  // namespace meshcert::cli
