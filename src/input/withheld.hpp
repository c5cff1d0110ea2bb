#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace meshcert::input {

/// KeyScan looks for base64, and for octets in hexadecimal with colons between them,
/// in free text, one character after the other.
///
/// Base64 changes between capitals, small letters and digits at two of three
/// characters; words and paths do not, so the two can be told apart although
/// '/' belongs to both. White space ends no base64: a key may be cut into words.
class KeyScan {
 public:
  static constexpr std::size_t kWindow = 40;  ///< characters that is_base64 looks at

  /// is_base64: the last characters change as those of base64 do, and of no word or digest.
  [[nodiscard]] bool is_base64() const { return is_mixed(kWindow, kChanges); }

  /// take answers whether the text up to here holds key material.
  bool take(char c) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      segment_ = 0;
      return false;
    }
    if (take_hex(c)) return true;
    const char kind = kind_of(c);
    if (kind == 0) {
      segment_ = size_ = 0;
      return false;
    }
    segment_ = c == '/' ? 0 : segment_ + 1;
    window_[size_++ % kWindow] = kind;
    return segment_ >= kSegment || is_mixed(kWindow, kChanges) || is_mixed(kWord, kWordChanges);
  }

 private:
  static constexpr std::size_t kSegment = 64;  // one line of PEM
  static constexpr std::size_t kChanges = 18;  // of 39; base64 has 25, words in camel case 10
  static constexpr std::size_t kWord = 24;
  static constexpr std::size_t kWordChanges = 14;  // of 23; what base64 has
  // "openssl pkey -text" prints 15 octets in a line; the longest address of hardware
  // has 8, a key identifier 20, a fingerprint 20 or 32: those are not known from keys.
  static constexpr std::size_t kOctets = 12;

  // Whether enough of "0a:1b:2c" went by.
  bool take_hex(char c) {
    const bool digit = base::is_hex_digit(c);
    if (digit && digits_ < 2) {
      octets_ += ++digits_ == 2 ? 1 : 0;
    } else if (c == ':' && digits_ == 2) {
      digits_ = 0;
    } else {
      digits_ = digit ? 3 : 0;
      octets_ = 0;
    }
    return octets_ >= kOctets;
  }

  static char kind_of(char c) {
    if (base::is_upper(c)) return 'A';
    if (base::is_lower(c)) return 'a';
    if (base::is_digit(c)) return '0';
    return c == '+' || c == '/' || c == '=' ? '/' : '\0';
  }

  // Of the last `count` characters.
  [[nodiscard]] bool is_mixed(std::size_t count, std::size_t least) const {
    if (size_ < count) return false;
    std::size_t changes = 0;
    char last = '/';
    bool capital = false, small = false, digit = false;
    for (std::size_t i = size_ - count; i < size_; ++i) {
      const char kind = window_[i % kWindow];
      if (kind == '/') continue;
      changes += last != '/' && kind != last ? 1 : 0;
      last = kind;
      capital = capital || kind == 'A';
      small = small || kind == 'a';
      digit = digit || kind == '0';
    }
    return capital && small && digit && changes >= least;
  }

  std::size_t segment_ = 0;  // characters since the last one that was no base64 or was '/'
  std::size_t size_ = 0;     // characters of base64 since the last one that was none
  std::size_t digits_ = 0;   // of an octet; 3 where it has too many
  std::size_t octets_ = 0;
  char window_[kWindow] = {};
};

/// begins_der: base64 of a long SEQUENCE, as all keys and certificates begin. Its first
/// characters are capitals for the most part.
[[nodiscard]] inline bool begins_der(std::string_view text) {
  constexpr std::size_t kLeast = 24;
  const auto is_base64 = [](char c) { return base::is_alphanumeric(c) || c == '+' || c == '/'; };
  for (std::size_t at = text.find("MI"); at != std::string_view::npos; at = text.find("MI", at + 1)) {
    const std::string_view word = text.substr(at, kLeast);
    if (word.size() == kLeast && std::ranges::all_of(word, is_base64)) return true;
  }
  return false;
}

/// is_too_plain: neither KeyScan nor begins_der can find anything in the text: it is too short,
/// or lacks a kind of character that base64 and octets with colons have. Nearly every name does.
[[nodiscard]] inline bool is_too_plain(std::string_view text) {
  constexpr std::size_t kLeast = 24, kSegment = 64;
  if (text.size() < kLeast) return true;
  bool capital = false, colon = false;
  for (const char c : text) {
    capital = capital || base::is_upper(c);
    colon = colon || c == ':';
  }
  return !capital && !colon && text.size() < kSegment;
}

/// holds_key: the text names a private key, or holds base64 or hexadecimal long enough
/// to be a part of one. Paths, resource names and sentences do not.
[[nodiscard]] inline bool holds_key(std::string_view text) {
  if (is_too_plain(text)) return text.find("PRIVATE KEY") != std::string_view::npos;
  KeyScan scan;
  return text.find("PRIVATE KEY") != std::string_view::npos || begins_der(text) ||
         std::ranges::any_of(text, [&scan](char c) { return scan.take(c); });
}

/// surely_holds_key: as holds_key, but for long words that may be a digest in hexadecimal: what a finding
/// may say.
[[nodiscard]] inline bool surely_holds_key(std::string_view text) {
  if (text.find("PRIVATE KEY") != std::string_view::npos) return true;
  KeyScan scan;
  return text.size() >= KeyScan::kWindow && std::ranges::any_of(text, [&scan](char c) {
           scan.take(c);
           return scan.is_base64();
         });
}

/// shown is free text of an input as names and messages may show it: never key
/// material, and never more than so many octets.
[[nodiscard]] inline std::string shown(std::string_view text, std::size_t most = 300) {
  if (holds_key(text)) return "(withheld: it looks like key material)";
  return text.size() <= most ? std::string(text) : std::string(base::cut(text, most - 3)) + "...";
}

/// is_word: what a word of base64, of a token or of an octet beyond ASCII goes on with.
[[nodiscard]] inline bool is_word(char c) {
  return base::is_alphanumeric(c) || std::string_view("-_.+/=~%").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80U;
}

/// without_tokens is a text with each JWT in it withheld: whoever reads a report could use it.
[[nodiscard]] inline std::string without_tokens(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t token = text.find("eyJ", at);
    out += text.substr(at, token - at);
    if (token == std::string_view::npos) break;
    std::size_t end = token;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view word = text.substr(token, end - token);
    out += word.find('.') == std::string_view::npos ? std::string(word) : "(withheld: a token)";
    at = end;
  }
  return out;
}

/// NameList is a few names, each cut short: the document is any document.
class NameList {
 public:
  void add(std::string_view name) {
    if (++count_ > 8) return;
    if (!text_.empty()) text_ += ", ";
    text_ += shown(name, 40);
  }
  [[nodiscard]] std::string text() const { return count_ > 8 ? text_ + ", ..." : text_; }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace meshcert::input
