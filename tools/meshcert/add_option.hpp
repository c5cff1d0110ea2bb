#pragma once

#include <CLI/App.hpp>
#include <string>
#include <utility>

#include "meshcert/result.hpp"

namespace meshcert::cli {

/// OptionText is how an option presents itself in the help.
struct OptionText {
  const char* names;        ///< "-o,--output"
  const char* placeholder;  ///< "FORMAT"
  const char* description;
  const char* group;
};

/// add_value registers an option with one value; given twice, the last counts.
/// `take` stores it and returns "" or the reason why it cannot.
template <class Take>
void add_value(CLI::App& app, const OptionText& text, Take take) {
  const std::string name = text.names;
  app.add_option_function<std::string>(
         text.names,
         [name, take](const std::string& value) {
           if (const std::string reason = take(value); !reason.empty()) throw CLI::ValidationError(name, reason);
         },
         text.description)
      ->option_text(text.placeholder)
      ->group(text.group)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

/// add_values registers a repeatable option, one value each time.
template <class Take>
void add_values(CLI::App& app, const OptionText& text, Take take) {
  const std::string name = text.names;
  app.add_option_function<std::vector<std::string>>(
         text.names,
         [name, take](const std::vector<std::string>& values) {
           for (const auto& value : values)
             if (const std::string reason = take(value); !reason.empty()) throw CLI::ValidationError(name, reason);
         },
         text.description)
      ->option_text(text.placeholder)
      ->group(text.group)
      // Or the option would swallow the INPUTs that follow it.
      ->allow_extra_args(false);
}

/// store makes the `take` of an option whose text goes through a parser that
/// returns Result<T, Reason or std::string>.
template <class Target, class Parse>
auto store(Target& target, Parse parse) {
  return [&target, parse](const std::string& value) -> std::string {
    auto parsed = parse(value);
    if (!parsed) return "'" + value + "': " + std::string(parsed.error());
    target = std::move(*parsed);
    return {};
  };
}

}  // namespace meshcert::cli
