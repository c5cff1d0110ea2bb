#include "input/yaml_feed.hpp"

#include <yaml.h>

#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"
#include "input/yaml_rules.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kDirective = "%TAG";

}  // namespace

void YamlFeed::attach(yaml_parser_s& parser) {
  yaml_parser_set_input(&parser, &YamlFeed::handle, this);
}

int YamlFeed::handle(void* self, unsigned char* into, std::size_t size, std::size_t* got) {
  auto* feed = static_cast<YamlFeed*>(self);
  *got = feed->fill({into, size});
  return feed->fault_ ? 0 : 1;
}

std::size_t YamlFeed::read(std::span<std::uint8_t> into) {
  const auto got = source_.read(into);
  if (got) return *got;
  stop(std::nullopt, got.error());
  return 0;
}

std::size_t YamlFeed::fill(std::span<std::uint8_t> into) {
  std::size_t size = 0;
  const bool first = !std::exchange(begun_, true);
  for (std::size_t more = 1; more != 0 && size < (first ? base::kByteOrderMark.size() : 1); size += more)
    more = read(into.subspan(size));
  if (first && as_text(into.first(size)).starts_with(base::kByteOrderMark)) {
    size -= base::kByteOrderMark.size();
    std::memmove(into.data(), into.data() + base::kByteOrderMark.size(), size);
    if (size == 0) size = read(into);
  }
  waiting_ += size;
  if (waiting_ > most_)
    stop(line_, fmt::format("a value is larger than {} octets, the limit; raise it with --max-value", most_));
  for (std::size_t i = 0; i < size && !fault_; ++i) look_at(into[i]);
  return fault_ ? 0 : size;
}

// libyaml takes more octets for line breaks than these two; to count one too
// many is as good.
void YamlFeed::look_at(std::uint8_t octet) {
  if (octet == '\n') ++line_;
  is_template_ = is_template_ || (after_brace_ && octet == '{');
  after_brace_ = octet == '{';
  const bool starts = octet < ' ' || octet >= 0x80;
  if (at_line_start_ && octet == static_cast<std::uint8_t>(kDirective[matched_])) {
    if (++matched_ < kDirective.size()) return;
    if (++directives_ > kTagDirectives)
      stop(line_, fmt::format("it has more than {} %TAG directives", kTagDirectives));
  }
  matched_ = 0;
  at_line_start_ = starts;
}

void YamlFeed::stop(std::optional<std::size_t> line, std::string why) {
  if (!fault_) fault_ = Fault{line, std::move(why)};
}

}  // namespace meshcert::input
