#include "report/markup.hpp"

#include "base/escape.hpp"

namespace meshcert::report {

std::string markup_escaped(std::string_view escaped) {
  std::string out;
  for (const char c : escaped) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string markup(std::string_view text) {
  return markup_escaped(base::escape_for_terminal(text));
}

}  // namespace meshcert::report
