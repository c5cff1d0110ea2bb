#include "input/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace meshcert::input {
namespace {

constexpr int kGzipAlone = 16 + MAX_WBITS;

auto damaged(std::string why) {
  return fail("the gzip is damaged: " + std::move(why));
}

}  // namespace

bool is_gzip(ByteView head) {
  return as_text(head).starts_with("\x1F\x8B\x08");
}

void GzipSource::End::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

GzipSource::GzipSource(ByteSource& packed) : packed_(packed), stream_(new z_stream_s{}) {
  if (inflateInit2(stream_.get(), kGzipAlone) != Z_OK) stream_.reset();
}

Result<bool, std::string> GzipSource::refill() {
  if (stream_->avail_in != 0) return true;
  const auto got = packed_.read(window_);
  if (!got) return fail(got.error());
  stream_->next_in = window_.data();
  stream_->avail_in = static_cast<uInt>(*got);
  return *got != 0;
}

// Behind a member comes another, or zeros that fill a block of a tape, or the end.
Result<bool, std::string> GzipSource::next_member() {
  for (;;) {
    const auto more = refill();
    if (!more || !*more) return more;
    if (*stream_->next_in != 0) break;
    ++stream_->next_in;
    --stream_->avail_in;
  }
  inflateReset(stream_.get());
  return in_member_ = true;
}

Result<std::size_t, std::string> GzipSource::read(std::span<std::uint8_t> into) {
  if (!stream_) return fail(std::string("no memory to unpack the gzip"));
  const std::size_t most = std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max());
  if (!fault_.empty()) return damaged(fault_);
  stream_->next_out = into.data();
  stream_->avail_out = static_cast<uInt>(most);
  while (stream_->avail_out == most && most != 0) {
    const auto more = in_member_ ? refill() : next_member();
    if (!more) return fail(more.error());
    if (!*more && in_member_) return damaged("it ends before its end");
    if (!*more) break;
    const int status = inflate(stream_.get(), Z_NO_FLUSH);
    in_member_ = status != Z_STREAM_END;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      fault_ = stream_->msg == nullptr ? "zlib cannot read it" : stream_->msg;
    // What was unpacked before the fault is handed out before it is told.
    if (!fault_.empty() && stream_->avail_out == most) return damaged(fault_);
  }
  return most - stream_->avail_out;
}

}  // namespace meshcert::input
