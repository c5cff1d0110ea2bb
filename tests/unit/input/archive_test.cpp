// What is read out of an archive is what it would be alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::read_source;

namespace {

Collector read(const std::string& text, bool windows, std::optional<Format> as = std::nullopt) {
  Collector collector;
  ReadOptions options;
  options.as = as;
  options.in_windows = windows;
  static_cast<void>(read_input("f", as_bytes(text), options, collector));
  return collector;
}

// The checksum of a header, in its place.
void seal(std::string& entry) {
  entry.replace(148, 8, "        ");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(entry[i]);
  std::ostringstream text;
  text << std::oct << sum;
  entry.replace(148, 8, std::string(6 - text.str().size(), '0') + text.str() + std::string("\0 ", 2));
}

// One file in a ustar archive.
std::string tar_entry(const std::string& name, const std::string& contents, std::size_t stated) {
  std::string head(512, '\0');
  const auto put = [&head](std::size_t at, const std::string& text) { head.replace(at, text.size(), text); };
  const auto octal = [](std::size_t number) {
    std::ostringstream text;
    text << std::oct << number;
    return std::string(11 - text.str().size(), '0') + text.str();
  };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(stated));
  put(136, octal(0));
  put(156, "0");
  put(257, std::string("ustar\0"
                       "00",
                       8));
  seal(head);
  std::string padded = contents;
  padded.resize((contents.size() + 511) / 512 * 512, '\0');
  return head + padded;
}

struct Zip {
  std::string octets;
  std::size_t directory;  // where its central directory begins
};

// One file in a zip, stored: APPNOTE 4.3.7, 4.3.12 and 4.3.16.
Zip zip_of(const std::string& name, const std::string& contents, const std::string& comment) {
  const auto little = [](std::size_t number, int octets) {
    std::string text;
    for (; octets > 0; --octets, number >>= 8U) text += static_cast<char>(number & 0xFFU);
    return text;
  };
  std::uint32_t crc = ~0U;
  for (const char c : contents) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  const std::string of_file = little(10, 2) + little(0, 8) + little(~crc & 0xFFFFFFFFU, 4) +
                              little(contents.size(), 4) + little(contents.size(), 4) +
                              little(name.size(), 2) + little(0, 2);
  const std::string file = "PK\3\4" + of_file + name + contents;
  const std::string directory = "PK\1\2" + little(10, 2) + of_file + little(0, 14) + name;
  return {file + directory + "PK\5\6" + little(0, 4) + little(1, 2) + little(1, 2) +
              little(directory.size(), 4) + little(file.size(), 4) + little(comment.size(), 2) + comment,
          file.size()};
}

}  // namespace

TEST_CASE("files in an archive are files, named after it") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string archive = tar_entry("a/leaf.pem", pem, pem.size()) + tar_entry("readme", "hello", 5);
  const Collector found = read(archive + std::string(1024, '\0'), false);
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].source.file == "f!a/leaf.pem");
  CHECK(found.defects().empty());
}

TEST_CASE("an archive that lies about a size, or ends early, is lost and hides nothing before it") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string good = tar_entry("leaf.pem", pem, pem.size());
  for (const std::string& rest : {tar_entry("b.pem", pem, 1'000'000'000), good.substr(0, 700)}) {
    const Collector found = read(good + rest, false);
    CHECK(found.certificates() >= 1);
    CHECK(found.lost());
  }
}

TEST_CASE("an empty file of a name that promises something is told in an archive as in a directory") {
  const auto lost = [](const std::string& directory, const std::string& other) {
    const std::string other_pem = read_source("certs/pki/root.pem");
    return read(tar_entry(directory + "cert-chain.pem", "", 0) +
                    tar_entry(directory + other, other_pem, other_pem.size()) + std::string(1024, '\0'),
                false)
        .lost();
  };
  for (const char* directory : {"", "./", "etc/certs/"}) {
    CAPTURE(std::string(directory));
    CHECK(lost(directory, "root-cert.pem"));
    CHECK_FALSE(lost(directory, "ca-cert.pem"));
  }
}

TEST_CASE("what is excluded is passed over in archives, with what is in it") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string archive = tar_entry("a/leaf.pem", pem, pem.size()) +
                              tar_entry("a/b/old.pem", pem, pem.size()) + std::string(1024, '\0');
  struct Row {
    std::vector<std::string> exclude;
    std::size_t left;
  };
  for (const Row& row :
       std::vector<Row>{{{}, 2}, {{"old.*"}, 1}, {{"b"}, 1}, {{"a"}, 0}, {{"a/b/*"}, 1}, {{"b/*"}, 2}}) {
    Collector found;
    ReadOptions options;
    options.exclude = row.exclude;
    static_cast<void>(read_input("f", as_bytes(archive), options, found));
    CHECK(found.certificates() == row.left);
    CHECK_FALSE(found.lost());
  }
}

TEST_CASE("archives are opened in archives, and not for ever") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  std::string archive = tar_entry("leaf.pem", pem, pem.size()) + std::string(1024, '\0');
  for (int depth = 0; depth < 4; ++depth) {
    CAPTURE(depth);
    const Collector found = read(archive, false);
    CHECK(found.certificates() == (depth < 3 ? 1 : 0));
    CHECK(found.lost() == (depth >= 3));
    archive = tar_entry("inner.tar", archive, archive.size()) + std::string(1024, '\0');
  }
}

TEST_CASE("what was said to be an archive is opened as one, and its files as what they are") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string archive = tar_entry("leaf.pem", pem, pem.size()) + std::string(1024, '\0');
  CHECK(read(archive, false, Format::archive).certificates() == 1);
  CHECK(read(pem, false, Format::archive).lost());
}

TEST_CASE("behind a damaged entry of an archive the next that is whole is read") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string last = tar_entry("last.pem", pem, pem.size()) + std::string(1024, '\0');
  std::string broken = tar_entry("b.pem", pem, pem.size());
  broken[0] ^= 1;
  const std::string first = tar_entry("a.pem", pem, pem.size());
  for (const std::string& damaged : {broken, tar_entry("short.pem", pem, 10)}) {
    const Collector found = read(first + damaged + last, false);
    REQUIRE(found.artifacts.size() >= 2);
    CHECK(found.artifacts.back().source.file == "f!last.pem");
    CHECK(found.lost());
    const auto defects = found.defects();
    CHECK(std::ranges::count_if(defects, [](const Defect& defect) {
            return defect.detail.find("damaged in the middle") != std::string::npos;
          }) == 1);
  }
}

TEST_CASE("behind an entry whose size is none the next is read") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string first = tar_entry("a.pem", pem, pem.size());
  const std::string last = tar_entry("last.pem", pem, pem.size()) + std::string(1024, '\0');
  struct Row {
    std::string size;  // base 256, where its first bit is set
    bool is_one;
  };
  const std::string right = std::string("\x80", 1) + std::string(9, '\0') +
                            static_cast<char>(pem.size() >> 8) + static_cast<char>(pem.size() & 255);
  for (const Row& row : std::vector<Row>{{right, true},
                                         {"\x80" + std::string(11, '\xff'), false},
                                         {std::string(12, '\xff'), false},
                                         {"\x80" + std::string(3, '\0') + std::string(8, '\xff'), false}}) {
    CAPTURE(row.is_one);
    std::string lying = tar_entry("lie.pem", pem, pem.size());
    lying.replace(124, 12, row.size);
    seal(lying);
    for (const std::string& before : {std::string(), first, first + lying + lying}) {
      const Collector found = read(before + lying + last, false);
      REQUIRE_FALSE(found.artifacts.empty());
      CHECK(found.artifacts.back().source.file == "f!last.pem");
      CHECK(found.lost() != row.is_one);
      CHECK(found.defects().size() == (row.is_one ? 0 : 1));
      if (!before.empty()) CHECK(found.artifacts.front().source.file == "f!a.pem");
    }
    CHECK(read(first + lying, false).lost() != row.is_one);
  }
}

TEST_CASE("behind a first header that is damaged the next file is read") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string end(1024, '\0');
  const std::string first = tar_entry("a.pem", pem, pem.size());
  const std::string last = tar_entry("last.pem", pem, pem.size()) + end;
  CHECK(read(first + last, false).artifacts.size() == 2);
  for (const std::size_t at : {std::size_t{0}, std::size_t{130}, std::size_t{150}}) {
    CAPTURE(at);
    std::string damaged = first;
    damaged[at] ^= 1;
    for (const bool inner : {false, true}) {
      CAPTURE(inner);
      const std::string archive = damaged + last;
      const Collector found =
          read(inner ? tar_entry("inner.tar", archive, archive.size()) + end : archive, false);
      REQUIRE(found.artifacts.size() == 1);
      CHECK(found.artifacts[0].source.file == (inner ? "f!inner.tar!last.pem" : "f!last.pem"));
      const auto defects = found.defects();
      REQUIRE(defects.size() == 1);
      CHECK(defects[0].lost);
      CHECK(defects[0].detail.find("the first header") != std::string::npos);
    }
    const Collector alone = read(damaged + end, false);
    CHECK(alone.artifacts.empty());
    CHECK(alone.lost());
  }
}

TEST_CASE("of a file in an archive that is cut off, what there is of it is read") {
  const std::string one = read_source("certs/workload/healthy.pem");
  const std::string two = one + one;
  const std::string archive = tar_entry("two.pem", two, two.size());
  for (const std::string& cut :
       {archive.substr(0, 512 + one.size() + 100), tar_entry("lie.pem", one, 1'000'000'000)}) {
    const Collector found = read(cut, false);
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].certificates.size() == read(one, false).artifacts[0].certificates.size());
    CHECK(found.lost());
  }
}

TEST_CASE("what stands behind the end of an archive is told, and its padding is not") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string one = tar_entry("a.pem", pem, pem.size());
  const std::string end(1024, '\0');
  CHECK_FALSE(read(one, false).lost());
  for (const std::size_t padding : {std::size_t{0}, std::size_t{7}, std::size_t{200'000}}) {
    CAPTURE(padding);
    const std::string whole = one + end + std::string(padding, '\0');
    CHECK_FALSE(read(whole, false).lost());
    const Collector found = read(whole + one + end, false);
    CHECK(found.certificates() == read(pem, false).certificates());
    REQUIRE(found.lost());
    CHECK(found.defects().back().detail.find("behind the end") != std::string::npos);
  }
}

TEST_CASE("a tar without its end mark is noted, and one that has half of it is not") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  const std::string one = tar_entry("a.pem", pem, pem.size());
  const auto notes = [](const std::string& archive) {
    const Collector found = read(archive, false);
    CHECK_FALSE(found.lost());
    CHECK_FALSE(found.artifacts.empty());
    return std::ranges::count(found.defects(), DefectKind::unsupported_block, &Defect::kind);
  };
  CHECK(notes(one) == 1);
  CHECK(notes(one + std::string(512, '\0')) == 0);
  CHECK(notes(one + std::string(1024, '\0')) == 0);
  CHECK(notes(tar_entry("inner.tar", one, one.size()) + std::string(1024, '\0')) == 1);
}

TEST_CASE("a zip that is cut in its central directory is lost, and its files are read") {
  const std::string pem = read_source("certs/workload/healthy.pem");
  for (const std::string& comment : {std::string(), std::string("written by hand")}) {
    const Zip zip = zip_of("a.pem", pem, comment);
    for (std::size_t size = zip.directory + 4; size <= zip.octets.size(); ++size) {
      CAPTURE(size);
      const Collector found = read(zip.octets.substr(0, size), false);
      CHECK(found.artifacts.size() == 1);
      CHECK(found.lost() == (size < zip.octets.size()));
    }
  }
  const std::string inner = zip_of("a.pem", pem, "").octets;
  const Zip outer = zip_of("inner.zip", inner, "");
  CHECK_FALSE(read(outer.octets, false).lost());
  CHECK(read(outer.octets.substr(0, outer.directory + 20), false).lost());
}
