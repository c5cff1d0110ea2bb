// Runs tests/cli/*.json: lists of cases, each an object.
//   name, args, status         always
//   files                      path to text: a string, a list of lines, or "@" and a file of the source tree
//   links, unreadable          path to target, path to the system's sentence ("d/": a directory)
//   fifos, devices             lists of paths
//   stdin                      like a file's text; without it stdin is a terminal
//   now, width, variables      the clock (2024-01-01T06:00:00Z), the columns of the terminal (0: a pipe),
//                              the environment
//   commands                   words to what they print; status 1 where it begins with "fail:"
//   interrupt_after            how often the program may ask before a signal comes
//   closed_pipe, disk_full     what becomes of writing
//   stdout, stderr             the whole text; with _has and _lacks behind: parts of it
//   json                       JSON pointer to value, of stdout; a report is held against its schema too
//   written                    path to the text that must have been written there; with _has: a part of it
//   written_nothing            no file was
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "meshcert/cli.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/memory_env.hpp"

using namespace meshcert;
using meshcert::testing::MemoryEnv;
using meshcert::testing::schema_faults;
using Json = nlohmann::json;

namespace {

const std::filesystem::path kSource = MESHCERT_SOURCE_DIR;

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  CAPTURE(path.string());
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// text_of is a string, lines, or with "@" before it a file of the source tree.
std::string text_of(const Json& value) {
  if (value.is_array()) {
    std::string text;
    for (const Json& line : value) text += line.get<std::string>() + "\n";
    return text;
  }
  const auto text = value.get<std::string>();
  return text.starts_with('@') ? read_whole(kSource / text.substr(1)) : text;
}

MemoryEnv world_of(const Json& test) {
  MemoryEnv env;
  const auto words = [&](const char* key) { return test.value(key, std::set<std::string>{}); };
  const Json files = test.value("files", Json::object());
  for (const auto& [path, value] : files.items()) env.files[path] = text_of(value);
  env.links = test.value("links", env.links);
  env.unreadable = test.value("unreadable", env.unreadable);
  env.variables = test.value("variables", env.variables);
  env.commands = test.value("commands", env.commands);
  env.interrupt_after = test.value("interrupt_after", std::size_t{0});
  env.fifos = words("fifos");
  env.devices = words("devices");
  if (test.contains("stdin")) env.input = text_of(test["stdin"]);
  const auto now = parse_rfc3339(test.value("now", "2024-01-01T06:00:00Z"));
  REQUIRE(now);
  env.clock = *now;
  env.columns = test.value("width", std::size_t{0});
  if (test.value("closed_pipe", false)) env.stdout_failure = cli::WriteFailure{true, "Broken pipe"};
  if (test.value("disk_full", false))
    env.stdout_failure = env.file_failure = cli::WriteFailure{false, "No space left on device"};
  return env;
}

/// expect compares a text with what the test says of it: `name` is the whole
/// text, `name`_has and `name`_lacks are parts.
void expect(const Json& test, const std::string& name, const std::string& text) {
  CAPTURE(text);
  if (test.contains(name)) CHECK(text == text_of(test[name]));
  const Json has = test.value(name + "_has", Json::array());
  for (const Json& part : has) {
    CAPTURE(part);
    CHECK(text.find(part.get<std::string>()) != std::string::npos);
  }
  const Json lacks = test.value(name + "_lacks", Json::array());
  for (const Json& part : lacks) {
    CAPTURE(part);
    CHECK(text.find(part.get<std::string>()) == std::string::npos);
  }
}

/// expect_json compares members of the JSON on stdout, by their pointers, and
/// holds a report against its schema.
void expect_json(const Json& test, const std::string& out) {
  if (!test.contains("json")) return;
  static const Json schema = Json::parse(read_whole(kSource / "docs/report.schema.json"));
  const Json document = Json::parse(out);
  static const Json sweep = Json::parse(read_whole(kSource / "docs/sweep.schema.json"));
  const std::string named = document.value("schema", "");
  if (named == "meshcert/sweep/v1") CHECK(schema_faults(sweep, document) == std::vector<std::string>{});
  if (named == "meshcert/report/v1") CHECK(schema_faults(schema, document) == std::vector<std::string>{});
  for (const auto& member : test["json"].items()) {
    CAPTURE(member.key());
    CHECK(document.value(Json::json_pointer(member.key()), Json()) == member.value());
  }
}

void run_test(const Json& test) {
  static const std::set<std::string> known{
      "name",        "commands",       "interrupt_after", "args",    "files",      "links",
      "unreadable",  "variables",      "fifos",           "devices", "stdin",      "now",
      "width",       "closed_pipe",    "disk_full",       "stdout",  "stdout_has", "stdout_lacks",
      "stderr",      "stderr_has",     "stderr_lacks",    "status",  "json",       "written",
      "written_has", "written_nothing"};
  for (const auto& member : test.items()) {
    CAPTURE(member.key());
    CHECK(known.contains(member.key()));
  }
  MemoryEnv env = world_of(test);
  const int status = cli::run(test["args"].get<std::vector<std::string>>(), env);
  CAPTURE(env.out);
  CAPTURE(env.err);
  CHECK(status == test["status"].get<int>());
  expect(test, "stdout", env.out);
  expect(test, "stderr", env.err);
  expect_json(test, env.out);
  if (test.value("written_nothing", false)) CHECK(env.written.empty());
  const Json parts = test.value("written_has", Json::object());
  for (const auto& member : parts.items()) {
    CAPTURE(member.key());
    CHECK(env.written[member.key()].find(member.value().get<std::string>()) != std::string::npos);
  }
  const Json written = test.value("written", Json::object());
  for (const auto& member : written.items()) {
    CAPTURE(member.key());
    CHECK(env.written.contains(member.key()));
    CHECK(env.written[member.key()] == text_of(member.value()));
  }
}

}  // namespace

TEST_CASE("the program does what tests/cli says") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "tests/cli"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::ranges::sort(files);
  REQUIRE(files.size() >= 4);
  for (const auto& path : files) {
    for (const Json& test : Json::parse(read_whole(path))) {
      const auto name = path.filename().string() + ": " + test["name"].get<std::string>();
      CAPTURE(name);
      run_test(test);
    }
  }
}

TEST_CASE("every verb's help names every option once, with a description") {
  for (const cli::Verb& row : cli::all_verbs()) {
    const std::string verb(row.name);
    CAPTURE(verb);
    MemoryEnv by_option, by_verb;
    CHECK(cli::run(std::vector<std::string>{verb, "--help"}, by_option) == 0);
    CHECK(cli::run(std::vector<std::string>{"help", verb}, by_verb) == 0);
    CHECK(by_option.out == by_verb.out);
    CHECK(by_option.err.empty());
    std::istringstream lines(by_option.out);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 80);
      const auto option = line.find("--");
      if (line.starts_with("  ") && option < 8)
        CHECK(by_option.out.find(line.substr(option, line.find(' ', option) - option) + " ") !=
              std::string::npos);
    }
  }
}

TEST_CASE("what a bare call prints fits a terminal of 80 columns") {
  MemoryEnv env;
  CHECK(cli::run(std::vector<std::string>{"help"}, env) == 0);
  CHECK(env.out.find("Examples to paste:") != std::string::npos);
  std::istringstream lines(env.out);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
}

TEST_CASE("the manual and the README know every verb") {
  const std::string manual = read_whole(kSource / "docs/meshcert.1");
  const std::string verbs = manual.substr(manual.find(".Ss Verbs"));
  const std::string readme = read_whole(kSource / "README.md");
  for (const cli::Verb& verb : cli::all_verbs()) {
    const std::string name(verb.name);
    CHECK_MESSAGE(manual.find(".Nm\n.Cm " + name + "\n") < manual.find(".Sh DESCRIPTION"), name);
    CHECK_MESSAGE(verbs.find("\n.It Cm " + name + "\n") != std::string::npos, name);
    CHECK_MESSAGE(readme.find("\n| `" + name) != std::string::npos, name);
  }
}

/// The manual's options by their long names, each with the verbs that a heading above it names; "" where
/// it names none: the options of all.
std::map<std::string, std::set<std::string>> headed_options(const std::string& manual) {
  std::map<std::string, std::set<std::string>> verbs_of;
  std::set<std::string> verbs;
  std::istringstream lines(manual.substr(manual.find("\n.Sh OPTIONS\n")));
  for (std::string line; std::getline(lines, line) && line != ".Sh ENVIRONMENT";) {
    if (line.starts_with(".Ss ")) {
      verbs.clear();
      const auto colon = line.find(": ");
      std::istringstream words(colon == std::string::npos ? "" : line.substr(colon + 2));
      for (std::string word; words >> word;) verbs.insert(word.substr(0, word.find(',')));
      if (verbs.empty()) verbs.insert("");
    } else if (line.starts_with(".It Fl ")) {
      std::istringstream words(line);
      for (std::string word; words >> word;)
        if (word.starts_with("\\-")) verbs_of["--" + word.substr(2)].insert(verbs.begin(), verbs.end());
    }
  }
  return verbs_of;
}

TEST_CASE("the manual's headings name each verb that has the options below") {
  const auto headed = headed_options(read_whole(kSource / "docs/meshcert.1"));
  for (const cli::Verb& verb : cli::all_verbs()) {
    cli::Options unused;
    cli::OptionSet set;
    verb.add_options(set, unused);
    for (const cli::Option& option : set.options()) {
      const std::string name(option.long_name());
      const auto found = headed.find("--" + name);
      CAPTURE(verb.name);
      CAPTURE(name);
      REQUIRE(found != headed.end());
      CHECK((found->second.contains(std::string(verb.name)) || found->second.contains("")));
    }
  }
}

TEST_CASE("the manual describes every option of every verb's help") {
  const std::string manual = read_whole(kSource / "docs/meshcert.1");
  for (const cli::Verb& row : cli::all_verbs()) {
    const std::string verb(row.name);
    CAPTURE(verb);
    MemoryEnv env;
    REQUIRE(cli::run(std::vector<std::string>{verb, "--help"}, env) == 0);
    std::istringstream words(env.out);
    std::size_t options = 0;
    for (std::string word; words >> word;) {
      if (!word.starts_with("--") ||
          word.find_first_not_of("-abcdefghijklmnopqrstuvwxyz") != std::string::npos)
        continue;
      CAPTURE(word);
      ++options;
      CHECK(manual.find("\\-" + word.substr(2)) != std::string::npos);
    }
    CHECK(options >= 4);
  }
}
