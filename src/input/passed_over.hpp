#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meshcert/input.hpp"

namespace meshcert::input {

/// is_harmless: right where it is, in a directory: a request, a CRL, a key under a password.
[[nodiscard]] bool is_harmless(const Defect& defect);

/// is_passed_over: a file of a directory in which nothing was found is none of ours, be it
/// empty. What was lost of it is told all the same.
[[nodiscard]] bool is_passed_over(const std::optional<Format>& format, const std::optional<Format>& asked,
                                  std::span<const Defect> defects);

/// is_part_of_ca: by its name the file is meant for istiod, whatever is in it, and is not passed over.
/// nothing_in is what there is to say of one in which nothing was found.
[[nodiscard]] bool is_part_of_ca(std::string_view name);
[[nodiscard]] Defect nothing_in(const std::string& name);

}  // namespace meshcert::input
