#include <re2/re2.h>

#include "meshcert/policy.hpp"

namespace meshcert {

struct Pattern::Compiled {
  explicit Compiled(const std::string& expression) : re(expression, RE2::Quiet) {}
  RE2 re;
};

Result<Pattern, std::string> Pattern::compile(const std::string& expression) {
  auto compiled = std::make_shared<const Compiled>(expression);
  if (!compiled->re.ok()) return fail(compiled->re.error());
  Pattern pattern;
  pattern.compiled_ = std::move(compiled);
  return pattern;
}

bool Pattern::matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->re);
}

const std::string& Pattern::expression() const {
  return compiled_->re.pattern();
}

}  // namespace meshcert
