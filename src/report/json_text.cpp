#include "report/json_text.hpp"

#include "base/escape.hpp"
#include "base/hex.hpp"
#include "meshcert/bytes.hpp"

namespace meshcert::report {

void put_text(Json& object, const std::string& key, std::string_view text) {
  if (base::is_valid_utf8(text)) {
    object[key] = text;
    return;
  }
  object[key] = base::to_valid_utf8(text);
  object[key + "_hex"] = base::to_hex(as_bytes(text));
}

void put_text_or_null(Json& object, const std::string& key, std::string_view text) {
  if (text.empty())
    object[key] = nullptr;
  else
    put_text(object, key, text);
}

std::string dumped(const Json& document) {
  constexpr int kIndent = 2;
  return document.dump(kIndent, ' ', /*ensure_ascii=*/true) + "\n";
}

}  // namespace meshcert::report
