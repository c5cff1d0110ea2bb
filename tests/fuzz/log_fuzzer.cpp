#include <algorithm>
#include <string>
#include <vector>

#include "input/log_file.hpp"
#include "input/log_scan.hpp"
#include "input/log_text.hpp"
#include "input/log_time.hpp"
#include "meshcert/log.hpp"
#include "tests/fuzz/fuzzer.hpp"
#include "tests/support/collector.hpp"

using namespace meshcert;
using fuzz::require;

namespace {

// Literals of the table, and short ones that a mutation meets by chance.
const std::vector<std::string_view>& literals() {
  static const std::vector<std::string_view> kLiterals = [] {
    std::vector<std::string_view> all{"abc", "bcd", "aaaa", "x509", "tls: "};
    for (const LogPattern& pattern : log_patterns()) all.push_back(pattern.literal);
    return all;
  }();
  return kLiterals;
}

// The scan finds what looking for one literal after the other finds.
void scan_as_by_hand(std::string_view text) {
  static const input::LogScan kScan(literals());
  std::size_t first = std::string_view::npos;
  input::LogScan::Set all;
  for (std::size_t i = 0; i < literals().size(); ++i) {
    const std::size_t at = input::find_words(text, literals()[i]);
    first = std::min(first, at);
    all.set(i, at != std::string_view::npos);
  }
  require(kScan.find(text, 0) == first);
  require(kScan.all(text) == all);
}

// Hands out a few octets at a time, so that every place is the edge of a window once.
class Slow final : public ByteSource {
 public:
  explicit Slow(std::string_view text) : left_(text) {}
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    const std::size_t count = std::min({into.size(), left_.size(), std::size_t{7}});
    std::copy_n(left_.begin(), count, into.begin());
    left_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view left_;
};

std::vector<std::uint64_t> counts(const testing::Collector& found) {
  std::vector<std::uint64_t> numbers;
  for (const Artifact& artifact : found.artifacts) {
    numbers.push_back(artifact.log->lines);
    for (const LogGroup& group : artifact.log->groups) {
      numbers.push_back(group.lines);
      numbers.push_back(group.first_line);
    }
  }
  return numbers;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  scan_as_by_hand(text);
  static_cast<void>(input::looks_like_log(text));
  static_cast<void>(input::looks_like_json_log(text));
  const ReadOptions options;
  testing::Collector held, slow;
  input::read_held_log("fuzz", {data, size}, options, held);
  Slow source(text);
  require(input::read_log("fuzz", source, options, slow).has_value());
  require(counts(held) == counts(slow));
  for (const Artifact& artifact : held.artifacts)
    for (const LogGroup& group : artifact.log->groups) {
      require(group.lines != 0 && group.first_line != 0);
      require(!group.first || *group.first <= *group.last);
      static_cast<void>(course_of(*artifact.log, group));
    }
  return 0;
}
