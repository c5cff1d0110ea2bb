#include "meshcert/env.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace meshcert::cli {

Result<Contents, std::string> Env::read_file(const std::string& path, std::uint64_t limit) {
  constexpr std::size_t kStep = 64 * 1024;
  auto source = open_file(path);
  if (!source) return fail(std::move(source.error()));
  Contents contents;
  auto& octets = contents.octets;
  std::size_t filled = 0;
  while (filled <= limit) {
    octets.resize(filled + kStep);
    const auto got = (*source)->read(std::span(octets).subspan(filled));
    if (!got) return fail(got.error());
    filled += *got;
    if (*got == 0) break;
  }
  contents.cut = filled > limit;
  octets.resize(static_cast<std::size_t>(std::min<std::uint64_t>(filled, limit)));
  return contents;
}

Result<std::unique_ptr<ByteSource>, std::string> Env::open_sized(const std::string& path,
                                                                 std::uint64_t /*size*/) {
  return open_file(path);
}

Result<void, WriteFailure> Env::replace_file(const std::string& path, std::string_view text) {
  auto file = begin_replacing(path);
  if (!file) return fail(std::move(file.error()));
  if (auto written = (*file)->write(text); !written) return written;
  return (*file)->commit();
}

}  // namespace meshcert::cli
