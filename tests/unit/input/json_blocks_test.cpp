#include "input/json_blocks.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

using namespace meshcert::input;

namespace {

std::string random_json(std::mt19937& random, std::size_t size) {
  constexpr std::string_view kCharacters = "{}[]\"\\:,ifx \n\x80\xff{\"i";
  std::string text(size, ' ');
  for (char& c : text) c = kCharacters[random() % kCharacters.size()];
  return text;
}

}  // namespace

TEST_CASE("blocks that are looked at together have the masks of each") {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    const std::string text = random_json(random, 4 * kJsonBlock);
    const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
    std::array<BlockMasks, 4> masks;
    mask_blocks(octets, masks);
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const BlockMasks alone = mask_block(octets + i * kJsonBlock);
      CHECK(masks[i].strings == alone.strings);
      CHECK(masks[i].odd == alone.odd);
      CHECK(masks[i].brackets == alone.brackets);
    }
  }
}

TEST_CASE("words behind a quote are found wherever they stand") {
  constexpr std::string_view kWords[] = {"inline_", "filename"};
  for (std::size_t size = 0; size < 140; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      std::string text = std::string(at, 'x') + "\"inline_bytes\"" + std::string(size - at, 'i');
      CHECK(has_quoted(text, 'i', 'f', kWords));
      text[at] = '\'';
      CHECK_FALSE(has_quoted(text, 'i', 'f', kWords));
    }
  }
}

TEST_CASE("a plain text ends at the first octet that does not stand for itself") {
  for (std::size_t at = 0; at < 100; ++at) {
    for (int octet = 0; octet < 256; ++octet) {
      const char c = static_cast<char>(octet);
      const std::string text = std::string(at, 'x') + c + std::string(70, 'y');
      const bool stands = octet >= 0x20 && octet < 0x80 && c != '"' && c != '\\';
      CHECK(plain_length(text) == (stands ? text.size() : at));
    }
  }
}
