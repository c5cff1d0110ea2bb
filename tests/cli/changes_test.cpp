// What became of certificates between two runs: told by fingerprints, then by names, then by places.
#include "meshcert/changes.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "meshcert/cli.hpp"
#include "tests/support/memory_env.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using meshcert::cli::changes_between;
using meshcert::cli::Memories;
using meshcert::cli::Seen;

namespace {

Seen seen(std::string place, std::size_t index, std::string sha256, std::string name, int issued = 0,
          bool due = false) {
  const Instant begin{Seconds(issued * 86400)};
  return {std::move(place), index, std::move(sha256), std::move(name), begin, begin + Seconds(86400), due};
}

std::string words(const Changes& changes) {
  std::string text;
  for (const Change& change : changes.list)
    text += (text.empty() ? "" : ", ") + std::string(to_string(change.kind)) + ' ' + change.place + ' ' +
            change.name;
  return text;
}

struct Row {
  const char* name;
  Memories before, now;
  const char* changes;
};

}  // namespace

TEST_CASE("changes_between") {
  const std::vector<Row> rows{
      {"nothing", {seen("a", 0, "1", "x")}, {seen("a", 0, "1", "x")}, ""},
      {"one comes, one goes", {seen("b", 0, "1", "x")}, {seen("a", 0, "2", "y")}, "new a y, gone b x"},
      {"renewed", {seen("a", 0, "1", "x")}, {seen("a", 0, "2", "x", 1)}, "renewed a x"},
      {"renewed under another name", {seen("a", 0, "1", "x")}, {seen("a", 0, "2", "y", 1)}, "renewed a y"},
      {"an older one put back is none",
       {seen("a", 0, "2", "x", 1)},
       {seen("a", 0, "1", "x")},
       "new a x, gone a x"},
      {"due then and now",
       {seen("a", 0, "1", "x", 0, true)},
       {seen("a", 0, "1", "x", 0, true)},
       "overdue a x"},
      {"due only now", {seen("a", 0, "1", "x")}, {seen("a", 0, "1", "x", 0, true)}, ""},
      {"a root in front of another that is overdue",
       {seen("a", 0, "1", "old", 0, true)},
       {seen("a", 0, "2", "fresh", 1), seen("a", 1, "1", "old", 0, true)},
       "overdue a old, new a fresh"},
      {"a root in front of three",
       {seen("a", 0, "1", "p"), seen("a", 1, "2", "q"), seen("a", 2, "3", "r")},
       {seen("a", 0, "4", "s"), seen("a", 1, "1", "p"), seen("a", 2, "2", "q"), seen("a", 3, "3", "r")},
       "new a s"},
      {"one of three taken out",
       {seen("a", 0, "1", "p"), seen("a", 1, "2", "q"), seen("a", 2, "3", "r")},
       {seen("a", 0, "1", "p"), seen("a", 1, "3", "r")},
       "gone a q"},
      {"put in another order",
       {seen("a", 0, "1", "p"), seen("a", 1, "2", "q")},
       {seen("a", 0, "2", "q"), seen("a", 1, "1", "p")},
       ""},
      {"a name counts more than an index",
       {seen("a", 0, "1", "p"), seen("a", 1, "2", "q")},
       {seen("a", 0, "4", "q", 1), seen("a", 1, "3", "p", 1), seen("a", 2, "5", "r", 1)},
       "renewed a p, renewed a q, new a r"},
      {"one name twice",
       {seen("a", 0, "1", "p"), seen("a", 1, "2", "p", 1)},
       {seen("a", 0, "2", "p", 1), seen("a", 1, "3", "p", 2)},
       "renewed a p"},
      {"one object in two clusters, of which one is left",
       {seen("Secret n/gw", 0, "1", "a"), seen("Secret n/gw", 0, "2", "b")},
       {seen("Secret n/gw", 0, "2", "b")},
       "gone Secret n/gw a"},
      {"one object in two clusters, renewed in one",
       {seen("Secret n/gw", 0, "1", "a"), seen("Secret n/gw", 0, "2", "b")},
       {seen("Secret n/gw", 0, "1", "a"), seen("Secret n/gw", 0, "3", "b", 1)},
       "renewed Secret n/gw b"},
      {"one met often counts once",
       {seen("a", 0, "1", "x"), seen("a", 7, "1", "x")},
       {seen("a", 3, "1", "x")},
       ""},
      {"places are compared each by itself",
       {seen("a", 0, "1", "x"), seen("c", 0, "3", "z")},
       {seen("b", 0, "1", "x"), seen("c", 0, "4", "z", 1)},
       "gone a x, new b x, renewed c z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Memories now = row.now;
    CHECK(words(changes_between(row.before, now, false)) == row.changes);
    CHECK(now.size() == row.now.size());
  }
}

TEST_CASE("changes_between: an incomplete run forgets nothing") {
  const Memories before{seen("a", 0, "1", "x"), seen("b", 0, "2", "y"), seen("b", 1, "3", "z")};
  Memories now{seen("b", 0, "4", "y", 1), seen("c", 0, "5", "v")};
  CHECK(words(changes_between(before, now, true)) == "renewed b y, new c v");
  std::string kept;
  for (const Seen& one : now) kept += one.sha256;
  CHECK(kept == "1345");
}

TEST_CASE("changes_between: counts are exact, the list is not endless") {
  Memories now;
  for (int i = 0; i < 250; ++i) now.insert(seen("a", i, std::to_string(i), "x"));
  const Changes changes = changes_between({}, now, false);
  CHECK(changes.counts[0] == 250);
  CHECK(changes.list.size() == 100);
}

TEST_CASE("a state with a line that none has is refused, and no option is named that would read it") {
  const auto errors = [](std::string state) {
    testing::MemoryEnv env;
    env.clock = *parse_rfc3339("2024-01-01T06:00:00Z");
    env.files = {{"a.pem", testing::read_source("certs/workload/healthy.pem")}, {"s", std::move(state)}};
    const std::vector<std::string> words{"sweep", "--state", "s", "a.pem"};
    const int status = cli::run(words, env);
    CHECK(status == (env.err.empty() ? 0 : 2));
    return env.err;
  };
  const std::string head = R"({"at":"2024-01-01T05:00:00Z","schema":"meshcert/state/v1"})";
  CHECK(errors(head + "\n") == "");
  const std::string text = errors(head + std::string(2 << 20, ' ') + "\n");
  CHECK(text.find("more than 1048576 octets are one, which no line of a state has") != std::string::npos);
  CHECK(text.find("--max-value") == std::string::npos);
}
