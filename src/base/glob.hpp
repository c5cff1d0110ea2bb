#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshcert::base {

/// matches_glob: '*' is any characters, '?' is one; nothing else is special. Linear in
/// the text for each star.
[[nodiscard]] bool matches_glob(std::string_view glob, std::string_view text);

/// is_excluded: a glob with '/' matches the path, any other its last part. Parts that are "." or empty make
/// no difference in either.
[[nodiscard]] bool is_excluded(const std::vector<std::string>& globs, std::string_view path);
/// is_within_excluded: the path is, or a directory that it leads through.
[[nodiscard]] bool is_within_excluded(const std::vector<std::string>& globs, std::string_view path);

}  // namespace meshcert::base
