#include "meshcert/source_ref.hpp"

#include <fmt/format.h>

namespace meshcert {

std::string to_string(const SourceRef& where) {
  std::string text = where.file;
  if (where.line != 0) text += fmt::format(":{}", where.line);
  if (!where.pointer.empty()) text += fmt::format("{}{}", text.empty() ? "" : " ", where.pointer);
  if (where.certificate)
    text += fmt::format("{}[certificate {}]", text.empty() ? "" : " ", *where.certificate);
  return text;
}

}  // namespace meshcert
