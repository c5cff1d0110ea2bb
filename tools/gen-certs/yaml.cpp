#include "yaml.hpp"

#include <cctype>
#include <map>

namespace gencerts {
namespace {

std::string scalar(const Json& json) {
  if (!json.is_string()) return json.dump();
  const auto& text = json.get_ref<const std::string&>();
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) != 0) return json.dump();
  if (text == "true" || text == "false" || text == "True" || text == "False") return json.dump();
  const bool plain = text[0] != '*' && text.find_first_of("@[<'\"\n#") == std::string::npos;
  return plain ? text : json.dump();
}

std::string key_text(const std::string& key) {
  return key.starts_with('@') ? "'" + key + "'" : key;
}

std::string block(const Json& json, std::size_t indent);

std::string list(const Json& json, std::size_t indent) {
  std::string out;
  for (const Json& item : json) {
    const std::string text = item.is_structured() ? block(item, indent + 2) : scalar(item) + "\n";
    out += std::string(indent, ' ') + "- " + (item.is_structured() ? text.substr(indent + 2) : text);
  }
  return out;
}

std::string block(const Json& json, std::size_t indent) {
  if (json.is_array()) return list(json, indent);
  std::map<std::string, const Json*> sorted;
  for (const auto& [key, value] : json.items()) sorted[key] = &value;
  std::string out;
  for (const auto& [key, value] : sorted) {
    out += std::string(indent, ' ') + key_text(key) + ":";
    if (value->is_structured() && value->empty()) {
      out += value->is_array() ? " []\n" : " {}\n";
    } else if (value->is_structured()) {
      out += "\n" + block(*value, value->is_array() ? indent : indent + 2);
    } else {
      out += " " + scalar(*value) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string print_yaml(const Json& json) {
  return block(json, 0);
}

}  // namespace gencerts
