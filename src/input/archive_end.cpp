#include "input/archive_end.hpp"

#include <algorithm>
#include <string_view>

#include "input/tar_header.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kZipEnd = 22, kCommentSize = 20;    // APPNOTE 4.3.16
constexpr std::size_t kLongestZipEnd = kZipEnd + 0xFFFF;  // with the longest comment

}  // namespace

Result<std::size_t, std::string> TailSource::read(std::span<std::uint8_t> into) {
  auto got = source_.read(into);
  if (!got) return got;
  const ByteView octets = ByteView(into).first(*got);
  tail_.insert(tail_.end(), octets.begin(), octets.end());
  // Now and then, lest many small reads move it each time.
  if (tail_.size() > 2 * kLongestZipEnd)
    tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(kLongestZipEnd));
  return got;
}

bool TailSource::has_zip_end() const {
  const std::string_view text = as_text(tail_);
  const std::size_t end = text.rfind("PK\x05\x06");
  if (end == std::string_view::npos || text.size() - end < kZipEnd) return false;
  const std::size_t comment = tail_[end + kCommentSize] + tail_[end + kCommentSize + 1] * std::size_t{256};
  return text.size() - end - kZipEnd >= comment && text.find("PK\x01\x02", end) == std::string_view::npos;
}

bool TailSource::has_tar_end() const {
  if (tail_.size() < kTarRecord) return false;
  return std::ranges::all_of(ByteView(tail_).last(kTarRecord), [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace meshcert::input
