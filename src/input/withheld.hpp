#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace meshcert::input {

/// KeyScan looks for base64 in free text, one character after the other.
///
/// Base64 changes between capitals, small letters and digits at two of three
/// characters; words and paths do not, so the two can be told apart although
/// '/' belongs to both.
class KeyScan {
 public:
  /// take answers whether the text up to here holds key material.
  bool take(char c) {
    if (c == '\n' || c == '\r') {
      segment_ = 0;
      return false;
    }
    const char kind = kind_of(c);
    if (kind == 0) {
      segment_ = size_ = 0;
      return false;
    }
    segment_ = c == '/' ? 0 : segment_ + 1;
    window_[size_++ % kWindow] = kind;
    return segment_ >= kSegment || (size_ >= kWindow && is_mixed());
  }

 private:
  static constexpr std::size_t kSegment = 64;  // one line of PEM
  static constexpr std::size_t kWindow = 40;
  static constexpr std::size_t kChanges = 18;  // of 39; base64 has 25, words in camel case 10

  static char kind_of(char c) {
    if (c >= 'A' && c <= 'Z') return 'A';
    if (c >= 'a' && c <= 'z') return 'a';
    if (c >= '0' && c <= '9') return '0';
    return c == '+' || c == '/' || c == '=' ? '/' : '\0';
  }

  [[nodiscard]] bool is_mixed() const {
    std::size_t changes = 0;
    char last = '/';
    bool capital = false, small = false, digit = false;
    for (std::size_t i = 0; i < kWindow; ++i) {
      const char kind = window_[(size_ + i) % kWindow];
      if (kind == '/') continue;
      changes += last != '/' && kind != last ? 1 : 0;
      last = kind;
      capital = capital || kind == 'A';
      small = small || kind == 'a';
      digit = digit || kind == '0';
    }
    return capital && small && digit && changes >= kChanges;
  }

  std::size_t segment_ = 0;  // characters since the last one that was no base64 or was '/'
  std::size_t size_ = 0;     // characters since the last one that was no base64
  char window_[kWindow] = {};
};

/// holds_key: the text names a private key, or holds base64 long enough to be a
/// part of one. Paths, resource names and sentences do not.
[[nodiscard]] inline bool holds_key(std::string_view text) {
  KeyScan scan;
  return text.find("PRIVATE KEY") != std::string_view::npos ||
         std::ranges::any_of(text, [&scan](char c) { return scan.take(c); });
}

/// shown is free text of an input as names and messages may show it: never key
/// material, and never more than 300 octets.
[[nodiscard]] inline std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 300;
  if (holds_key(text)) return "(withheld: it looks like key material)";
  if (text.size() <= kMost) return std::string(text);
  std::size_t end = kMost - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // whole UTF-8 only
  return std::string(text.substr(0, end)) + "...";
}

/// NameList is a few names, each cut short: the document is any document.
class NameList {
 public:
  void add(std::string_view name) {
    if (++count_ > 8) return;
    if (!text_.empty()) text_ += ", ";
    text_ += shown(name).substr(0, 40);
  }
  [[nodiscard]] std::string text() const { return count_ > 8 ? text_ + ", ..." : text_; }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace meshcert::input
