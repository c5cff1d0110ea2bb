#include "meshcert/time.hpp"
#include "tests/fuzz/fuzzer.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

template <class T>
bool says_why(const Result<T, Reason>& result) {
  return result.has_value() || !result.error().empty();
}

// What is read is written so that it reads the same.
void read_time(std::string_view text) {
  const auto instant = parse_rfc3339(text);
  require(says_why(instant));
  if (!instant) return;
  require(to_rfc3339(*instant).size() == 20);
  require(parse_rfc3339(to_rfc3339(*instant)) == *instant);
}

void read_lengths(std::string_view text) {
  const auto duration = parse_duration(text);
  require(says_why(duration) && (!duration || duration->count() >= 0));
  if (duration) require(!humanize(*duration).empty());
  const auto threshold = parse_threshold(text);
  require(says_why(threshold));
  if (!threshold) return;
  require(threshold->time || threshold->share);
  const Seconds lifetime = std::chrono::days{90};
  require(threshold->of(lifetime).count() >= 0 && (!threshold->share || threshold->of(lifetime) <= lifetime));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  read_time(text);
  read_lengths(text);
  return 0;
}
