// simdjson's own pass over a document in memory: of a config dump it looks at each
// element of each list and takes its name, of a List of Secrets at each value of each.
// Prints milliseconds, the best of five.
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace {

namespace ondemand = simdjson::ondemand;

std::size_t pass_list(ondemand::array items) {
  std::size_t octets = 0;
  for (auto item : items) {
    for (auto field : item["data"].get_object()) {
      std::string_view value;
      octets += field.value().get_string().get(value) == simdjson::SUCCESS ? value.size() : 0;
    }
  }
  return octets;
}

std::size_t pass(const simdjson::padded_string& text) {
  ondemand::parser parser;
  ondemand::document document = parser.iterate(text);
  ondemand::array items;
  if (document["items"].get_array().get(items) == simdjson::SUCCESS) return pass_list(items);
  document.rewind();
  std::size_t names = 0;
  for (auto section : document["configs"]) {
    for (auto field : section.get_object()) {
      ondemand::array list;
      if (field.value().get_array().get(list) != simdjson::SUCCESS) continue;
      for (auto element : list) {
        std::string_view name;
        names += element["name"].get(name) == simdjson::SUCCESS ? 1 : 0;
      }
    }
  }
  return names;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const simdjson::padded_string text = simdjson::padded_string::load(argv[1]);
  double best = 1e9;
  std::size_t names = 0;
  for (int run = 0; run < 5; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    names += pass(text);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count());
  }
  std::printf("%.2f\n", names == 0 ? -1.0 : best);
}
