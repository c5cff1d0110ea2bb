#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meshcert/result.hpp"

namespace meshcert::cli {

/// OptionText is how an option presents itself in the help.
struct OptionText {
  const char* names;        ///< "-o,--output"
  const char* placeholder;  ///< "FORMAT"
  const char* description;
  const char* group;
};

/// Take stores an option's value, and returns "" or the reason why it cannot.
using Take = std::function<std::string(const std::string&)>;

/// Option is one row: its text and what is done with it.
struct Option {
  enum class Kind : std::uint8_t { flag, value, values };
  OptionText text;
  Kind kind = Kind::value;
  Take take;             ///< of value and values
  bool* flag = nullptr;  ///< of flag

  /// long_name is "output" of "-o,--output".
  [[nodiscard]] std::string_view long_name() const;
};

/// OptionSet is the options of one verb, in the order of its help.
class OptionSet {
 public:
  /// One value; given twice, the last counts.
  void add_value(const OptionText& text, Take take) {
    options_.push_back({text, Option::Kind::value, std::move(take)});
  }
  /// Repeatable, one value each time.
  void add_values(const OptionText& text, Take take) {
    options_.push_back({text, Option::Kind::values, std::move(take)});
  }
  void add_flag(const OptionText& text, bool& flag) {
    options_.push_back({text, Option::Kind::flag, nullptr, &flag});
  }

  [[nodiscard]] std::span<const Option> options() const { return options_; }
  [[nodiscard]] const Option* find(std::string_view long_name) const;

  /// parse hands every option's values to its `take` and returns what is no
  /// option, in order. Throws UsageError.
  [[nodiscard]] std::vector<std::string> parse(std::span<const std::string> args) const;

 private:
  std::vector<Option> options_;
};

/// store makes a Take of a parser that returns Result<T, Reason or std::string>.
template <class Target, class Parse>
Take store(Target& target, Parse parse) {
  return [&target, parse](const std::string& value) -> std::string {
    auto parsed = parse(value);
    if (!parsed) return "'" + value + "': " + std::string(parsed.error());
    target = std::move(*parsed);
    return {};
  };
}

}  // namespace meshcert::cli
