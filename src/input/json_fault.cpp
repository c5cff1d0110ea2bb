#include "input/json_fault.hpp"

#include <string>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace meshcert::input {
namespace {

std::size_t digits(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && base::is_digit(text[end])) ++end;
  return end;
}

// An optional part of a number counts only when a digit follows its sign.
std::size_t fraction_and_exponent(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = digits(text, at + 1);
    if (end == at + 1) return at;
    at = end;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t start = at + 1;
    if (start < text.size() && (text[start] == '+' || text[start] == '-')) ++start;
    const std::size_t end = digits(text, start);
    if (end != start) at = end;
  }
  return at;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<JsonFault> run() {
    while (!fault_) {
      skip_space();
      if (at_end()) {
        if (expect_ != Expect::nothing) cut_short();
        break;
      }
      step();
    }
    return fault_;
  }

 private:
  enum class Expect { value, value_or_end, key, key_or_end, colon, comma_or_end, nothing };

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  void fail(std::string_view what) { fault_ = JsonFault{at_, what, false}; }
  void end_inside(std::string_view what) { fault_ = JsonFault{text_.size(), what, true}; }

  void skip_space() {
    while (!at_end() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  void cut_short() {
    if (open_.empty()) return end_inside("the JSON ends before its first value");
    end_inside(open_.back() == '{' ? "the JSON ends inside an object" : "the JSON ends inside a list");
  }

  void step() {
    const char c = text_[at_];
    switch (expect_) {
      case Expect::value_or_end:
        if (c == ']') return close();
        return value(c);
      case Expect::value:
        return value(c);
      case Expect::key_or_end:
        if (c == '}') return close();
        return key(c);
      case Expect::key:
        return key(c);
      case Expect::colon:
        return colon(c);
      case Expect::comma_or_end:
        return comma_or_end(c);
      case Expect::nothing:
        return trailing(c);
    }
  }

  void trailing(char c) {
    const bool starts_value = c == '{' || c == '[';
    fail(starts_value ? kSecondValue : "there is text after the JSON value");
  }

  void colon(char c) {
    if (c != ':') return fail("a key is not followed by \":\"");
    ++at_;
    expect_ = Expect::value;
  }

  void key(char c) {
    if (c != '"') return fail("a key in double quotes is expected");
    expect_ = Expect::colon;
    string();
  }

  void comma_or_end(char c) {
    const bool object = open_.back() == '{';
    if (c == (object ? '}' : ']')) return close();
    if (c != ',') {
      return fail(object ? "\",\" or \"}\" is expected after a member"
                         : "\",\" or \"]\" is expected after an item");
    }
    ++at_;
    expect_ = object ? Expect::key : Expect::value;
  }

  void close() {
    ++at_;
    open_.pop_back();
    after_value();
  }

  void after_value() { expect_ = open_.empty() ? Expect::nothing : Expect::comma_or_end; }

  void value(char c) {
    if (c == '{' || c == '[') {
      open_.push_back(c);
      ++at_;
      expect_ = c == '{' ? Expect::key_or_end : Expect::value_or_end;
      return;
    }
    after_value();
    if (c == '"') return string();
    if (c == '-' || base::is_digit(c)) return number();
    word();
  }

  // A scalar without quotes runs to white space or a character of JSON's syntax.
  [[nodiscard]] std::string_view token() const {
    const std::size_t end = text_.find_first_of(" \t\r\n,:[]{}\"", at_);
    return text_.substr(at_, end == std::string_view::npos ? end : end - at_);
  }

  void number() {
    const std::string_view all = token();
    const std::size_t length = number_length(all);
    if (length == all.size() && length != 0) {
      at_ += length;
      return;
    }
    const bool last = at_ + all.size() == text_.size();
    if (last && number_length(std::string(all) + "0") == all.size() + 1) {
      return end_inside("the JSON ends in the middle of a number");
    }
    fail("a number is malformed");
  }

  void word() {
    const std::string_view all = token();
    for (const std::string_view known : {"true", "false", "null"}) {
      if (all == known) {
        at_ += all.size();
        return;
      }
      if (!all.empty() && known.starts_with(all) && at_ + all.size() == text_.size()) {
        return end_inside("the JSON ends in the middle of a word");
      }
    }
    fail("a value is expected");
  }

  void string() {
    for (++at_; !at_end() && !fault_;) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        ++at_;
        return;
      }
      if (c == '\\') {
        escape();
      } else if (c < 0x20) {
        fail("a control character in a string is not escaped");
      } else if (c < 0x80) {
        ++at_;
      } else {
        code_point();
      }
    }
    if (!fault_) end_inside("the JSON ends in the middle of a string");
  }

  void code_point() {
    const base::CodePoint point = base::decode_utf8(text_.substr(at_));
    if (point.valid) {
      at_ += point.length;
    } else if (at_ + point.length == text_.size()) {
      end_inside("the JSON ends in the middle of a string");
    } else {
      fail("a string is not valid UTF-8");
    }
  }

  void escape() {
    if (at_ + 1 == text_.size()) return end_inside("the JSON ends in the middle of a string");
    const char kind = text_[at_ + 1];
    if (kind == 'u') return unicode_escape();
    if (std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) {
      return fail("a string has an unknown escape");
    }
    at_ += 2;
  }

  // The value of the \uXXXX at at_; nullopt after a fault.
  std::optional<unsigned> hex_quad() {
    unsigned value = 0;
    for (std::size_t i = at_ + 2; i < at_ + 6; ++i) {
      if (i >= text_.size()) {
        end_inside("the JSON ends in the middle of a string");
        return std::nullopt;
      }
      if (!base::is_hex_digit(text_[i])) {
        fail("a \\u escape needs four hexadecimal digits");
        return std::nullopt;
      }
      value = value * 16 + base::hex_value(text_[i]);
    }
    return value;
  }

  void unicode_escape() {
    const std::optional<unsigned> first = hex_quad();
    if (!first) return;
    if (*first >= 0xDC00 && *first <= 0xDFFF) return fail("a \\u escape is half of a surrogate pair");
    at_ += 6;
    if (*first < 0xD800 || *first > 0xDBFF) return;
    const std::string_view rest = text_.substr(at_, 2);
    if (rest.size() < 2 && std::string_view("\\u").starts_with(rest)) {
      return end_inside("the JSON ends in the middle of a string");
    }
    if (rest != "\\u") return fail("a \\u escape is half of a surrogate pair");
    const std::optional<unsigned> second = hex_quad();
    if (!second) return;
    if (*second < 0xDC00 || *second > 0xDFFF) return fail("a \\u escape is half of a surrogate pair");
    at_ += 6;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Expect expect_ = Expect::value;
  std::string open_;  // the brackets not yet closed
  std::optional<JsonFault> fault_;
};

}  // namespace

std::size_t number_length(std::string_view text) {
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  if (start >= text.size() || !base::is_digit(text[start])) return 0;
  const std::size_t whole = text[start] == '0' ? start + 1 : digits(text, start);
  return fraction_and_exponent(text, whole);
}

std::optional<JsonFault> find_json_fault(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace meshcert::input
