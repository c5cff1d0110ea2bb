#include "meshcert/kubectl_words.hpp"

#include <algorithm>
#include <string_view>

#include "meshcert/options.hpp"

namespace meshcert::cli {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = text.find_first_not_of(' '); begin != std::string_view::npos;
       begin = text.find_first_not_of(' ', begin)) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

/// is_watch looks among flags that are written together, too, but not into a value that follows one.
bool is_watch(std::string_view word) {
  constexpr std::string_view kWithoutValue = "ARh";
  if (!word.starts_with('-') || word.starts_with("--")) return word.starts_with("--watch");
  const std::size_t other = word.find_first_not_of(kWithoutValue, 1);
  return other != std::string_view::npos && word[other] == 'w';
}

/// format_at is the FORMAT of the option at `index`: "-o FORMAT", "-oFORMAT", "-o=FORMAT" or
/// "--output=FORMAT".
std::string_view format_at(const std::vector<std::string>& words, std::size_t index) {
  const std::string_view word = words[index];
  if (word == "-o" || word == "--output")
    return index + 1 < words.size() ? std::string_view(words[index + 1]) : std::string_view();
  const std::size_t equals = word.find('=');
  return word.substr(equals == std::string_view::npos ? 2 : equals + 1);
}

bool is_read(std::string_view format) {
  return format == "json" || format == "yaml";
}

}  // namespace

std::vector<std::string> kubectl_words(const std::string& text) {
  std::vector<std::string> words = words_of(text);
  const auto refuse = [&text](const char* why) { throw UsageError{"--kubectl '" + text + "': " + why}; };
  if (words.size() < 2 || words.front() != "get")
    refuse("only reading is done: begin with get, as in \"get secrets,configmaps -A\"");
  bool has_format = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (is_watch(word)) refuse("a watch never ends");
    const bool is_format = word.starts_with("-o") || word.starts_with("--output");
    if (is_format && !is_read(format_at(words, i))) refuse("only -o json and -o yaml can be read");
    // What --raw prints is JSON, and it takes no format.
    has_format = has_format || is_format || word.starts_with("--raw");
  }
  if (!has_format) words.insert(words.end(), {"-o", "json"});
  words.insert(words.begin(), "kubectl");
  return words;
}

}  // namespace meshcert::cli
