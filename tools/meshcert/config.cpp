// --config: a TOML file whose keys are options' long names.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "base/ascii.hpp"
#include "meshcert/parse.hpp"

namespace meshcert::cli {
namespace {

constexpr std::uint64_t kLargestConfig = 1 << 20;

std::vector<CLI::ConfigItem> read_items(const std::string& path, Env& env) {
  const auto contents = env.read_file(path, kLargestConfig);
  if (!contents) throw UsageError{"--config " + path + ": " + contents.error()};
  if (contents->cut) throw UsageError{"--config " + path + ": larger than 1 MiB"};
  std::istringstream text(std::string(as_text(contents->octets)));
  try {
    return CLI::ConfigTOML().from_config(text);
  } catch (const CLI::Error&) {
    throw UsageError{"--config " + path + ": this is no TOML of option = value lines"};
  }
}

/// Known is how one verb knows an option, if it does.
enum class Known : std::uint8_t { no, flag, value };

Known known_to(const Verb& verb, const std::string& name) {
  Options unused;
  OptionSet set;
  verb.add_options(set, unused);
  const Option* option = set.find(name);
  if (option == nullptr || name == "help" || name == "config") return Known::no;
  return option->kind == Option::Kind::flag ? Known::flag : Known::value;
}

bool known_to_any(const std::string& name) {
  return std::ranges::any_of(all_verbs(),
                             [&](const Verb& verb) { return known_to(verb, name) != Known::no; });
}

// A file that is no configuration may be a key: what has not the shape of an
// option's name is not repeated.
std::string describe_unknown(const std::string& name) {
  constexpr std::size_t kLongest = 40;
  const bool shaped = name.size() <= kLongest && std::ranges::all_of(name, [](char c) {
                        return base::is_lower(c) || c == '-' || c == '.';
                      });
  return shaped ? "no option is called " + name : "it holds what is no option's name";
}

bool is_section_mark(const CLI::ConfigItem& item) {
  return item.name == "++" || item.name == "--";
}

void append_argument(const CLI::ConfigItem& item, Known known, const std::string& path,
                     std::vector<std::string>& arguments) {
  for (const std::string& value : item.inputs) {
    if (value.starts_with('"') || value.starts_with('\''))
      throw UsageError{"--config " + path + ": " + item.name + ": a quote is not closed"};
    if (known == Known::value)
      arguments.push_back("--" + item.name + "=" + value);
    else if (value == "true")
      arguments.push_back("--" + item.name);
    else if (value != "false")
      throw UsageError{"--config " + path + ": " + item.name + " is true or false, not '" + value + "'"};
  }
}

}  // namespace

std::vector<std::string> config_arguments(const Verb& verb, const std::string& path, Env& env) {
  std::vector<std::string> arguments;
  for (const CLI::ConfigItem& item : read_items(path, env)) {
    if (is_section_mark(item)) continue;
    const Verb* section = item.parents.empty() ? nullptr : find_verb(item.parents.front());
    const bool misplaced = item.parents.size() > 1 || (!item.parents.empty() && section == nullptr);
    const Known known = known_to(verb, item.name);
    const bool elsewhere =
        section == nullptr ? known_to_any(item.name) : known_to(*section, item.name) != Known::no;
    if (misplaced || !elsewhere)
      throw UsageError{"--config " + path + ": " + describe_unknown(item.fullname())};
    const bool for_us = section == nullptr || section == &verb;
    if (for_us && known != Known::no) append_argument(item, known, path, arguments);
  }
  return arguments;
}

}  // namespace meshcert::cli
