#pragma once

#include <filesystem>

#include "documents.hpp"

namespace gencerts {

/// write_files writes those files that differ, and names on stdout each one
/// written and each one there that no recipe makes.
void write_files(const std::filesystem::path& certs, const Files& files);

/// check_files names on stderr each file that differs, is missing, or that no
/// recipe makes. Returns how many.
[[nodiscard]] int check_files(const std::filesystem::path& certs, const Files& files);

}  // namespace gencerts
