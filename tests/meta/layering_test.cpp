// The arrows of docs/design.md, held: every #include of the product against a
// table of allowed edges. On Debian all third-party headers sit in one
// directory, so target isolation alone does not stop an include.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "tests/support/source_tree.hpp"

using meshcert::testing::blank_out;
using meshcert::testing::read_tree;
using meshcert::testing::SourceFile;
using meshcert::testing::split_lines;

namespace {

/// A room is a directory, or a few public headers that belong together.
struct Room {
  std::string name;
  std::vector<std::string> places;  ///< path prefixes, or whole paths; the first as docs/design.md has it
  std::set<std::string> may_use;    ///< besides itself
};

/// The public headers of each room, beside its directory.
const std::map<std::string, std::vector<std::string>>& doors() {
  static const std::map<std::string, std::vector<std::string>> table = {
      {"base", {"byte_source", "bytes", "limits", "result", "source_ref", "time"}},
      {"der", {"der_defects"}},
      {"spiffe", {"spiffe_id"}},
      {"x509", {"certificate", "crl", "extensions", "name", "ocsp", "private_key"}},
      {"artifact",
       {"artifact", "inventory", "jwt", "jwt_rule", "key_facts", "kubernetes", "kubernetes_gateways", "log",
        "probe", "spiffe_bundle", "xfcc"}},
      {"input", {"input"}},
      {"verdict",
       {"alone", "chain_report", "finding", "inspect", "policy", "server_report", "term", "token_signature",
        "verification"}},
      {"report", {"report", "row", "row_summary", "sweep"}},
  };
  return table;
}

std::set<std::string> words_of(const std::string& cell) {
  static const std::regex word("[a-z0-9-]+");
  return {std::sregex_token_iterator(cell.begin(), cell.end(), word), {}};
}

/// The table of docs/design.md: a row is a room, its place, what it holds and what it may use.
std::vector<Room> rooms_in(const std::string& document) {
  static const std::regex row(R"(\| ([a-z0-9-]+) \| `([a-z0-9_./-]+)` \| [^|]+ \|([^|]*)\|)");
  std::vector<Room> found;
  for (const auto& line : split_lines(document)) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) continue;
    Room& room = found.emplace_back(Room{cells[1], {cells[2]}, words_of(cells[3])});
    if (const auto headers = doors().find(room.name); headers != doors().end())
      for (const auto& header : headers->second) room.places.push_back("include/meshcert/" + header + ".hpp");
  }
  return found;
}

const std::vector<Room>& rooms() {
  static const std::vector<Room> table = rooms_in(meshcert::testing::read_source("docs/design.md"));
  return table;
}

/// Third-party headers and the only places that may include them.
struct Foreign {
  std::string_view header;  ///< prefix
  std::vector<std::string_view> places;
};

const std::vector<Foreign>& foreigners() {
  static const std::vector<Foreign> table = {
      {"tl/expected.hpp", {"include/meshcert/result.hpp"}},
      {"openssl/",
       {"src/x509/crypto.cpp", "src/x509/jws_crypto.cpp", "src/x509/key_crypto.cpp",
        "src/x509/openssl_key.cpp", "src/x509/ossl.hpp", "src/x509/password_crypto.cpp",
        "src/x509/second_opinion.cpp", "src/tls/", "tools/bench/", "tools/gen-certs/"}},
      {"simdjson.h", {"tools/bench/", "tests/support/json_oracle.cpp"}},
      {"emmintrin.h",
       {"src/base/hex.cpp", "src/base/lines.hpp", "src/input/json_blocks.hpp", "src/report/json_line.cpp"}},
      {"immintrin.h", {"src/base/base64_blocks.hpp", "src/base/lines.hpp", "src/input/json_blocks.hpp"}},
      {"archive", {"src/input/archive_library.hpp"}},
      {"zlib.h", {"src/input/gzip.cpp"}},
      {"dlfcn.h", {"src/input/archive_library.cpp"}},
      {"arpa/inet.h", {"src/base/address.cpp", "tools/meshcert/"}},
      {"yaml.h", {"src/input/yaml_feed.cpp", "src/input/yaml_reader.cpp", "tools/bench/"}},
      {"re2/", {"src/checks/pattern.cpp"}},
      {"nlohmann/", {"src/report/", "tools/"}},
      {"CLI/", {"tools/meshcert/"}},
      {"benchmark/", {"tools/bench/"}},
      {"fmt/", {"src/", "tools/"}},
  };
  return table;
}

bool lies_in(std::string_view path, const auto& places) {
  return std::ranges::any_of(places, [&](const auto& place) { return path.starts_with(place); });
}

const Room* room_of(std::string_view path) {
  const auto found = std::ranges::find_if(rooms(), [&](const Room& r) { return lies_in(path, r.places); });
  return found == rooms().end() ? nullptr : &*found;
}

struct Include {
  std::string name;
  bool quoted;
};

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex directive(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*$)");
  std::vector<Include> found;
  for (const auto& line : split_lines(file.text)) {
    std::smatch match;
    if (std::regex_match(line, match, directive)) found.push_back({match[2], match[1] == "\""});
  }
  return found;
}

/// Where a quoted include leads, among the files of the product; "" if nowhere.
std::string resolved(const std::string& path, const std::string& name, const std::set<std::string>& known) {
  const auto beside = path.substr(0, path.rfind('/') + 1);
  for (const auto& root : {beside, std::string("include/"), std::string("src/"), std::string("tools/")}) {
    if (known.contains(root + name)) return root + name;
  }
  return "";
}

bool is_standard(const std::string& header) {
  return std::ranges::all_of(header, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

/// Standard headers that reach for the world; the library is given it instead.
const std::set<std::string> kWorldly = {"iostream", "fstream", "filesystem", "regex",
                                        "thread",   "future",  "ctime"};

std::string quoted_fault(const SourceFile& file, const Room& room, const std::string& name,
                         const std::set<std::string>& known) {
  const auto target = resolved(file.path, name, known);
  if (target.empty()) return "leads to no file of the product";
  const auto* other = room_of(target);
  if (other == nullptr) return "leads to a file outside every room";
  if (other == &room || room.may_use.contains(other->name)) return "";
  return "room " + room.name + " must not use room " + other->name + " (" + target + ")";
}

std::string angled_fault(const std::string& path, const std::string& header) {
  const bool is_library = !path.starts_with("tools/");
  if (is_standard(header))
    return is_library && kWorldly.contains(header) ? "the library does not touch the world" : "";
  if (header.starts_with("fmt/") && path.ends_with(".hpp")) return "fmt belongs in .cpp files";
  for (const auto& foreign : foreigners()) {
    if (header.starts_with(foreign.header)) return lies_in(path, foreign.places) ? "" : "not in this room";
  }
  // System headers (<unistd.h>, <sys/stat.h>) are the program's business.
  return path.starts_with("tools/") && header.ends_with(".h") ? "" : "a header that no table lists";
}

std::vector<std::string> faults_of(const SourceFile& file, const std::set<std::string>& known) {
  const auto* room = room_of(file.path);
  if (room == nullptr) return {file.path + ": lies in no room"};
  std::vector<std::string> faults;
  for (const auto& include : includes_of(file)) {
    const auto fault = include.quoted ? quoted_fault(file, *room, include.name, known)
                                      : angled_fault(file.path, include.name);
    if (!fault.empty()) faults.push_back(file.path + ": " + include.name + ": " + fault);
  }
  return faults;
}

std::vector<SourceFile> product() {
  return read_tree({"include", "src", "tools"}, {".hpp", ".cpp", ".def"});
}

std::set<std::string> names_of(const std::vector<SourceFile>& files) {
  std::set<std::string> names;
  for (const auto& file : files) names.insert(file.path);
  return names;
}

}  // namespace

TEST_CASE("the table of rooms is read, and names only rooms") {
  REQUIRE(rooms().size() >= 12);
  for (const auto& room : rooms())
    for (const auto& other : room.may_use)
      CHECK_MESSAGE(std::ranges::count(rooms(), other, &Room::name) == 1, room.name << ": " << other);
  for (const auto& [name, headers] : doors())
    CHECK_MESSAGE(std::ranges::count(rooms(), name, &Room::name) == 1, name);
  CHECK(rooms_in("| der | `src/der/` | a reader | base, x509 |\n| code | when |\n").front().may_use ==
        std::set<std::string>{"base", "x509"});
}

TEST_CASE("every include goes down the stairs") {
  const auto files = product();
  const auto known = names_of(files);
  REQUIRE(files.size() > 20);
  for (const auto& file : files) {
    for (const auto& fault : faults_of(file, known)) FAIL_CHECK(fault);
  }
}

TEST_CASE("an include that goes up, sideways or outside is refused") {
  const std::set<std::string> known = {"include/meshcert/spiffe_id.hpp", "src/checks/check.hpp",
                                       "include/meshcert/bytes.hpp"};
  const struct {
    const char* path;
    const char* line;
    bool allowed;
  } rows[] = {
      {"src/x509/name.cpp", "#include \"meshcert/bytes.hpp\"", true},
      {"src/x509/name.cpp", "#include \"meshcert/spiffe_id.hpp\"", false},
      {"src/checks/svid.cpp", "#include \"meshcert/spiffe_id.hpp\"", true},
      {"src/report/json.cpp", "#include \"checks/check.hpp\"", false},
      {"src/base/hex.cpp", "#include \"meshcert/missing.hpp\"", false},
      {"src/checks/svid.cpp", "#include \"check.hpp\"", true},
      {"src/input/pem.cpp", "#include \"checks/check.hpp\"", false},
      {"src/x509/crypto.cpp", "#include <openssl/evp.h>", true},
      {"src/x509/name.cpp", "#  include <openssl/evp.h>", false},
      {"src/report/json.cpp", "#include <nlohmann/json.hpp>", true},
      {"src/input/json_reader.cpp", "#include <nlohmann/json.hpp>", false},
      {"src/base/hex.cpp", "#include <fmt/format.h>", true},
      {"include/meshcert/time.hpp", "#include <fmt/format.h>", false},
      {"include/meshcert/time.hpp", "#include <chrono>", true},
      {"src/base/time.cpp", "#include <iostream>", false},
      {"tools/meshcert/real_env.cpp", "#include <iostream>", true},
      {"tools/meshcert/real_env.cpp", "#include <unistd.h>", true},
      {"src/base/time.cpp", "#include <unistd.h>", false},
      {"src/lost/time.cpp", "#include <chrono>", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.line);
    CHECK(faults_of({row.path, std::string(row.line) + "\n"}, known).empty() == row.allowed);
  }
}

TEST_CASE("the library reads no clock and no environment") {
  static const std::regex worldly(
      R"(\b(system_clock::now|steady_clock::now|getenv|std::cout|std::cerr|printf)\b)");
  for (const auto& file : read_tree({"include", "src"}, {".hpp", ".cpp"})) {
    std::smatch match;
    const auto code = blank_out(file.text);
    if (std::regex_search(code, match, worldly)) FAIL_CHECK(file.path << ": " << match[0]);
  }
}
