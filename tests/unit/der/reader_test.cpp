#include "der/reader.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::der;
using meshcert::testing::Bytes;
using meshcert::testing::hex;

namespace {

struct Row {
  const char* octets;
  bool readable;
  std::optional<DerDefect> defect;
  std::size_t contents;  ///< how many octets
};

}  // namespace

TEST_CASE("Reader reads headers, notes what is not DER, and refuses what cannot be read") {
  const Row rows[] = {
      {"0500", true, {}, 0},
      {"0401aa", true, {}, 1},
      {"0402aa", false, {}, 0},  // length past the end
      {"04", false, {}, 0},      // no length
      {"", false, {}, 0},
      {"0481", false, {}, 0},  // length cut off
      {"048101aa", true, DerDefect::non_minimal_length, 1},
      {"04820001aa", true, DerDefect::non_minimal_length, 1},
      {"0488000000000000000101", true, DerDefect::non_minimal_length, 1},
      {"0489ffffffffffffffffff", false, {}, 0},  // greater than any size
      {"0488ffffffffffffffff00", false, {}, 0},
      {"04ff", false, {}, 0},        // reserved
      {"0480aa0000", false, {}, 0},  // indefinite and primitive
      {"3080050000 00", true, DerDefect::indefinite_length, 2},
      {"30800500", false, {}, 0},      // never closed
      {"308005000001", false, {}, 0},  // end-of-contents with a length
      {"30803080000000 00", true, DerDefect::indefinite_length, 4},
      {"3080308000 00", false, {}, 0},                                // only the inner one is closed
      {"3080040200 00 0000", true, DerDefect::indefinite_length, 4},  // zeros inside a value close nothing
      {"0000", false, {}, 0},                                         // end-of-contents where nothing is open
      {"1f8200", false, {}, 0},                                       // tag cut off
      {"1f0200", true, DerDefect::non_minimal_tag, 0},
      {"1f1e00", true, DerDefect::non_minimal_tag, 0},
      {"1f1f00", true, {}, 0},
      {"1f801f00", true, DerDefect::non_minimal_tag, 0},
      {"1f8fffffff7f00", false, {}, 0},  // tag number too great to keep
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.octets));
    const Bytes octets = hex(row.octets);
    DerDefects defects;
    Notes notes(defects, octets.data());
    Reader reader(octets, &notes);
    const auto element = reader.read();
    REQUIRE(element.has_value() == row.readable);
    if (!element) continue;
    CHECK(element->contents.size() == row.contents);
    CHECK(element->whole.size() == octets.size());
    CHECK(reader.at_end());
    CHECK(defects.none() == !row.defect.has_value());
    if (row.defect) CHECK(defects.has(*row.defect));
  }
}

TEST_CASE("Reader takes tags of every class and form") {
  const Bytes octets = hex("0500 a000 8000 6000 df1f00 ff8100 00");
  Reader reader(octets, nullptr);
  for (const Tag tag :
       {kNull, context_constructed(0), context(0), Tag{0x60000000}, Tag{0xc000001f}, Tag{0xe0000080}}) {
    CAPTURE(tag);
    CHECK_FALSE(reader.read(tag ^ 1U));
    CHECK(reader.next_is(tag));
    CHECK(reader.read(tag));
  }
  CHECK(reader.at_end());
  CHECK_FALSE(reader.next_is(kNull));
}

TEST_CASE("a defect is recorded with the offset of the element that has it") {
  const Bytes octets = hex("0500 02020001");
  DerDefects defects;
  Notes notes(defects, octets.data());
  Reader reader(octets, &notes);
  REQUIRE(reader.read());
  REQUIRE(reader.read_integer());
  REQUIRE(defects.has(DerDefect::non_minimal_integer));
  CHECK(defects.first_offset(DerDefect::non_minimal_integer) == 2);
  CHECK(defects.list() == std::vector{DerDefect::non_minimal_integer});
  CHECK(describe(DerDefect::non_minimal_integer) == "an INTEGER with a redundant leading octet");
}

TEST_CASE("an element may have several defects") {
  const Bytes octets = hex("3f1080 0000");
  DerDefects defects;
  Notes notes(defects, octets.data());
  REQUIRE(Reader(octets, &notes).read(kSequence));
  CHECK(defects.list() == std::vector{DerDefect::indefinite_length, DerDefect::non_minimal_tag});
}

TEST_CASE("deep nesting of indefinite lengths costs neither stack nor quadratic time") {
  constexpr std::size_t kDepth = 1'000'000;
  Bytes octets;
  for (std::size_t i = 0; i < kDepth; ++i) octets.insert(octets.end(), {0x30, 0x80});
  CHECK_FALSE(Reader(octets, nullptr).read());
  octets.resize(4 * kDepth);
  Reader reader(octets, nullptr);
  const auto element = reader.read();
  REQUIRE(element);
  CHECK(element->whole.size() == octets.size());
}

TEST_CASE("booleans, integers, object identifiers") {
  struct Value {
    const char* octets;
    bool readable;
    std::optional<DerDefect> defect;
  };
  const Value rows[] = {
      {"0101ff", true, {}},
      {"010100", true, {}},
      {"010101", true, DerDefect::boolean_not_canonical},
      {"0100", false, {}},
      {"01020000", false, {}},
      {"020100", true, {}},
      {"02020080", true, {}},
      {"0202ff7f", true, {}},
      {"02020001", true, DerDefect::non_minimal_integer},
      {"0202ffff", true, DerDefect::non_minimal_integer},
      {"0200", false, {}},
      {"06012a", true, {}},
      {"0600", false, {}},
      {"060180", false, {}},
      {"06022a80", false, {}},
      {"06032a8001", false, {}},
      {"06032a8101", true, {}},
  };
  for (const Value& row : rows) {
    CAPTURE(std::string(row.octets));
    const Bytes octets = hex(row.octets);
    DerDefects defects;
    Notes notes(defects, octets.data());
    Reader reader(octets, &notes);
    const bool read = octets[0] == 1   ? reader.read_boolean().has_value()
                      : octets[0] == 2 ? reader.read_integer().has_value()
                                       : reader.read_object_identifier().has_value();
    CHECK(read == row.readable);
    CHECK(defects.none() == !row.defect.has_value());
    if (row.defect) CHECK(defects.has(*row.defect));
  }
}

TEST_CASE("bit strings: padding, named bits") {
  struct Value {
    const char* octets;
    bool readable;
    bool padded;
    bool untrimmed;
  };
  const Value rows[] = {
      {"030205a0", true, false, false}, {"030205a1", true, true, false},   {"030200a0", true, false, true},
      {"030100", true, false, false},   {"030107", true, true, false},     {"030108", false, false, false},
      {"0300", false, false, false},    {"030208a0", false, false, false}, {"03020700", true, false, true},
  };
  for (const Value& row : rows) {
    CAPTURE(std::string(row.octets));
    const Bytes octets = hex(row.octets);
    DerDefects defects;
    Notes notes(defects, octets.data());
    Reader reader(octets, &notes);
    CHECK(reader.read_named_bits().has_value() == row.readable);
    CHECK(defects.has(DerDefect::bit_string_padding) == row.padded);
    CHECK(defects.has(DerDefect::named_bits_not_trimmed) == row.untrimmed);
  }
}

TEST_CASE("a constructed string is taken in one piece only") {
  for (const auto& [octets, readable] : {std::pair{"0403616263", true},
                                         {"24050403616263", true},
                                         {"2480 0403616263 0000", true},
                                         {"2406 040161 040162", false},
                                         {"2400", false},
                                         {"2402 2400", false}}) {
    const Bytes bytes = hex(octets);
    CAPTURE(bytes.size());
    DerDefects defects;
    Notes notes(defects, bytes.data());
    Reader reader(bytes, &notes);
    const auto contents = reader.read_string(kOctetString);
    CHECK(contents.has_value() == readable);
    if (contents) CHECK(as_text(*contents) == "abc");
    CHECK(defects.has(DerDefect::constructed_string) == (bytes[0] == 0x24));
  }
}

TEST_CASE("values of INTEGERs") {
  struct Value {
    const char* contents;
    std::optional<std::uint64_t> value;
    std::uint32_t bits;
  };
  const Value rows[] = {
      {"00", 0, 0},
      {"01", 1, 1},
      {"7f", 127, 7},
      {"0080", 128, 8},
      {"ff", {}, 0},
      {"8000", {}, 0},
      {"", {}, 0},
      {"010001", 65537, 17},
      {"00ffffffffffffffff", UINT64_MAX, 64},
      {"010000000000000000", UINT64_MAX, 65},
  };
  for (const Value& row : rows) {
    CAPTURE(std::string(row.contents));
    const Bytes contents = hex(row.contents);
    CHECK(unsigned_value(contents) == row.value);
    CHECK(bit_length(contents) == row.bits);
  }
}
