#include "meshcert/option_set.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "meshcert/options.hpp"
#include "meshcert/suggest.hpp"

namespace meshcert::cli {
namespace {

void take_all(const Option& option, const std::vector<std::string>& values) {
  for (const std::string& value : values)
    if (const std::string reason = option.take(value); !reason.empty())
      throw CLI::ValidationError("--" + std::string(option.long_name()), reason);
}

void register_option(CLI::App& app, const Option& option) {
  if (option.kind == Option::Kind::flag) {
    app.add_flag(option.text.names, *option.flag);
    return;
  }
  const bool last_counts = option.kind == Option::Kind::value;
  app.add_option_function<std::vector<std::string>>(
         option.text.names, [&option](const std::vector<std::string>& values) { take_all(option, values); })
      ->expected(1)
      ->multi_option_policy(last_counts ? CLI::MultiOptionPolicy::TakeLast : CLI::MultiOptionPolicy::TakeAll)
      // Or the option would swallow the INPUTs that follow it.
      ->allow_extra_args(false);
}

/// may_be_named answers whether some argument can mean this option: its long name,
/// or its letter in a cluster ("-qo"). CLI11 is slow at registering options, and
/// nearly all of them are not there.
bool may_be_named(const Option& option, std::span<const std::string> args) {
  const std::string long_name = "--" + std::string(option.long_name());
  const char letter = option.text.names[1];  // "-" where there is none
  return std::ranges::any_of(args, [&](const std::string& argument) {
    if (argument.starts_with("--")) return argument.starts_with(long_name);
    return argument.starts_with('-') && letter != '-' && argument.find(letter) != std::string::npos;
  });
}

/// needs_value replaces "--output: 1 required TEXT missing", which is CLI11's.
[[noreturn]] void needs_value(std::span<const Option> options, const CLI::ArgumentMismatch& error) {
  const std::string what = error.what();
  for (const Option& option : options)
    if (what.starts_with("--" + std::string(option.long_name()) + ":"))
      throw UsageError{"--" + std::string(option.long_name()) + " needs a value: " + option.text.placeholder};
  throw UsageError{what};
}

[[noreturn]] void refuse(std::span<const Option> options, const std::string& argument) {
  std::vector<std::string> names;
  for (const Option& option : options) names.push_back("--" + std::string(option.long_name()));
  const std::string word = argument.substr(0, argument.find('='));
  const std::string_view meant = nearest(word, std::vector<std::string_view>(names.begin(), names.end()));
  throw UsageError{"unknown option " + word +
                   (meant.empty() ? std::string() : "; did you mean " + std::string(meant) + "?")};
}

/// inputs_among sorts what CLI11 left over: an INPUT, or an option that nobody knows.
std::vector<std::string> inputs_among(std::span<const Option> options, const std::vector<std::string>& rest) {
  std::vector<std::string> inputs;
  bool only_inputs = false;
  for (const std::string& argument : rest) {
    if (argument == "--" && !only_inputs)
      only_inputs = true;
    else if (!only_inputs && argument.size() > 1 && argument.starts_with('-'))
      refuse(options, argument);
    else
      inputs.push_back(argument);
  }
  return inputs;
}

}  // namespace

std::string_view Option::long_name() const {
  const std::string_view names = text.names;
  return names.substr(names.find("--") + 2);
}

const Option* OptionSet::find(std::string_view long_name) const {
  const auto found = std::ranges::find(options_, long_name, &Option::long_name);
  return found == options_.end() ? nullptr : &*found;
}

std::vector<std::string> OptionSet::parse(std::span<const std::string> args) const {
  CLI::App app;
  app.set_help_flag();
  // INPUTs are taken from what is left over: as a positional of CLI11, a file
  // called "[a]" would be read as a list.
  app.allow_extras();
  for (const Option& option : options_)
    if (may_be_named(option, args)) register_option(app, option);
  std::vector<std::string> reversed(args.rbegin(), args.rend());  // CLI11 takes them from the back
  try {
    app.parse(reversed);
  } catch (const CLI::ArgumentMismatch& error) {
    needs_value(options_, error);
  } catch (const CLI::ParseError& error) {
    throw UsageError{error.what()};
  }
  return inputs_among(options_, app.remaining());
}

}  // namespace meshcert::cli
