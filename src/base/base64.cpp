#include "base/base64.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/base64_blocks.hpp"

namespace meshcert::base {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t kInvalid = 0x0100'0000;  // above the 24 bits of a group

using Table = std::array<std::uint32_t, 256>;

// One table per place in a group of four: the sextet already shifted there.
constexpr Table make_table(unsigned shift) {
  Table table{};
  table.fill(kInvalid);
  for (std::uint32_t i = 0; i < 64; ++i) table[static_cast<unsigned char>(kAlphabet[i])] = i << shift;
  return table;
}
constexpr Table kFirst = make_table(18);
constexpr Table kSecond = make_table(12);
constexpr Table kThird = make_table(6);
constexpr Table kFourth = make_table(0);

std::uint32_t group_at(const char* in) {
  const auto at = [in](int i) { return static_cast<unsigned char>(in[i]); };
  return kFirst[at(0)] | kSecond[at(1)] | kThird[at(2)] | kFourth[at(3)];
}

std::uint8_t* put(std::uint8_t* out, std::uint32_t group, std::size_t octets) {
  const std::array<std::uint32_t, 3> shifted{group >> 16, group >> 8, group};
  for (std::size_t i = 0; i < octets; ++i) *out++ = static_cast<std::uint8_t>(shifted[i]);
  return out;
}

// Reads the groups that are not four characters in a row: those broken by white
// space or padding, and the one with the error.
class Decoder {
 public:
  Decoder(std::string_view text, std::uint8_t* out) : text_(text), out_(out) {}

  std::optional<Base64Error> run() {
    while (!error_ && at_ < text_.size()) {
      whole_groups();
      broken_group();
    }
    return error_;
  }
  [[nodiscard]] std::uint8_t* end() const { return out_; }

 private:
  void whole_groups() {
    // Locals: octets written through `out` could alias any member.
    const char* in = text_.data() + at_;
    const char* const last = text_.data() + text_.size();
    std::uint8_t* out = out_;
    blocks(in, last, out);
    while (last - in >= 4) {
      const std::uint32_t group = group_at(in);
      if (group < kInvalid) {
        out = put(out, group, 3);
        in += 4;
      } else if (is_white(*in)) {
        ++in;
        blocks(in, last, out);
      } else {
        break;
      }
    }
    out_ = out;
    at_ = static_cast<std::size_t>(in - text_.data());
  }

  static void blocks(const char*& in, const char* last, std::uint8_t*& out) {
    if (has_base64_blocks()) decode_base64_blocks(in, last, out);
  }

  void broken_group() {
    std::uint32_t group = 0;
    std::size_t count = 0;
    for (; count < 4; ++count, ++at_) {
      skip_space();
      if (at_ == text_.size() || text_[at_] == '=') return short_group(group, count);
      const std::uint32_t sextet = kFourth[static_cast<unsigned char>(text_[at_])];
      if (sextet == kInvalid) return fail_at(at_, reason_against(text_[at_]));
      group |= sextet << (18 - 6 * count);
      last_ = at_;
    }
    out_ = put(out_, group, 3);
  }

  // The text ends here, or padding begins: `count` characters of a group are in.
  void short_group(std::uint32_t group, std::size_t count) {
    using enum Base64Error::Reason;
    if (at_ == text_.size() && count == 0) return;
    if (at_ == text_.size()) return fail_at(at_, count == 1 ? incomplete : missing_padding);
    if (count < 2) return fail_at(at_, misplaced_padding);
    for (std::size_t missing = 4 - count; missing > 0; --missing, ++at_) {
      skip_space();
      if (at_ == text_.size()) return fail_at(at_, missing_padding);
      if (text_[at_] != '=') return fail_at(at_, misplaced_padding);
    }
    skip_space();
    if (at_ != text_.size()) return fail_at(at_, text_[at_] == '=' ? misplaced_padding : data_after_padding);
    if ((group & (count == 2 ? 0xFFFFU : 0xFFU)) != 0) return fail_at(last_, nonzero_trailing_bits);
    out_ = put(out_, group, count - 1);
  }

  static Base64Error::Reason reason_against(char c) {
    return c == '-' || c == '_' ? Base64Error::Reason::url_alphabet : Base64Error::Reason::not_in_alphabet;
  }

  void skip_space() {
    while (at_ < text_.size() && is_white(text_[at_])) ++at_;
  }
  void fail_at(std::size_t offset, Base64Error::Reason reason) { error_ = Base64Error{offset, reason}; }

  std::string_view text_;
  std::uint8_t* out_;
  std::size_t at_ = 0;
  std::size_t last_ = 0;  // of the last sextet read
  std::optional<Base64Error> error_;
};

}  // namespace

std::string_view describe(Base64Error::Reason reason) {
  switch (reason) {
    case Base64Error::Reason::not_in_alphabet:
      return "character outside the base64 alphabet";
    case Base64Error::Reason::url_alphabet:
      return "character of base64url where standard base64 is required";
    case Base64Error::Reason::misplaced_padding:
      return "padding (\"=\") where none may stand";
    case Base64Error::Reason::missing_padding:
      return "padding (\"=\") is missing";
    case Base64Error::Reason::incomplete:
      return "last group is cut short";
    case Base64Error::Reason::nonzero_trailing_bits:
      return "unused bits of the last character are not zero";
    case Base64Error::Reason::data_after_padding:
      return "data after the padding (\"=\")";
  }
  return "";
}

std::optional<Base64Error> append_base64(std::string_view text, std::vector<std::uint8_t>& out) {
  const std::size_t before = out.size();
  out.resize(before + text.size() / 4 * 3 + 3);
  Decoder decoder(text, out.data() + before);
  const std::optional<Base64Error> error = decoder.run();
  out.resize(error ? before : static_cast<std::size_t>(decoder.end() - out.data()));
  return error;
}

Result<std::vector<std::uint8_t>, Base64Error> decode_base64(std::string_view text) {
  std::vector<std::uint8_t> octets;
  if (const auto error = append_base64(text, octets)) return fail(*error);
  return octets;
}

Result<std::vector<std::uint8_t>, Base64Error> decode_base64url(std::string_view text) {
  std::string standard(text);
  for (std::size_t i = 0; i < standard.size(); ++i) {
    char& c = standard[i];
    if (c == '=') return fail(Base64Error{i, Base64Error::Reason::misplaced_padding});
    if (c == '+' || c == '/' || is_white(c))
      return fail(Base64Error{i, Base64Error::Reason::not_in_alphabet});
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  if (standard.size() % 4 == 1) return fail(Base64Error{text.size(), Base64Error::Reason::incomplete});
  standard.append((4 - standard.size() % 4) % 4, '=');
  return decode_base64(standard);
}

std::string encode_base64url(ByteView octets) {
  std::string text = encode_base64(octets);
  text.erase(std::min(text.find('='), text.size()));
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string encode_base64(ByteView octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const auto octet = [&](std::size_t n) {
      return std::uint32_t{n < octets.size() ? octets[n] : std::uint8_t{0}};
    };
    const std::uint32_t group = octet(i) << 16 | octet(i + 1) << 8 | octet(i + 2);
    text += kAlphabet[group >> 18];
    text += kAlphabet[group >> 12 & 63];
    text += i + 1 < octets.size() ? kAlphabet[group >> 6 & 63] : '=';
    text += i + 2 < octets.size() ? kAlphabet[group & 63] : '=';
  }
  return text;
}

}  // namespace meshcert::base
