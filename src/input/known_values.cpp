#include "input/known_values.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meshcert::input {
namespace {

constexpr std::size_t kMost = 8;
constexpr std::size_t kLongest = 64 * 1024;

}  // namespace

bool KnownValues::recall(std::string_view text, Form form, std::uint32_t line, Artifact& artifact) const {
  const auto known = std::ranges::find_if(
      values_, [&](const Value& value) { return value.form == form && value.text == text; });
  if (known == values_.end()) return false;
  artifact.certificates = known->certificates;
  std::ranges::copy(known->storage, std::back_inserter(artifact.storage));
  for (Certificate& certificate : artifact.certificates) certificate.line = line;
  return true;
}

void KnownValues::note(std::string_view text, Form form, const Artifact& artifact) {
  const bool is_more = !artifact.defects.empty() || artifact.key || !artifact.crls.empty();
  if (text.size() > kLongest || is_more || artifact.certificates.empty()) return;
  Value value{std::string(text), form, artifact.certificates, artifact.storage};
  if (values_.size() < kMost)
    values_.push_back(std::move(value));
  else
    values_[std::exchange(next_, (next_ + 1) % kMost)] = std::move(value);
}

}  // namespace meshcert::input
