#include "report/markup.hpp"

#include "base/escape.hpp"

namespace meshcert::report {

std::string markup(std::string_view text) {
  std::string out;
  for (const char c : base::escape_for_terminal(text)) {
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

}  // namespace meshcert::report
