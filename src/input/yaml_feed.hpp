#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/byte_source.hpp"

struct yaml_parser_s;

namespace meshcert::input {

/// YamlFeed gives the octets of a source to libyaml, a window at a time, without
/// a byte order mark, and stops where going on would cost too much: too many
/// %TAG directives, or one scalar of more octets than `most`. A window never
/// reaches beyond the mark ("---") of a document, so that what a parser has not
/// asked for can be given to another one.
class YamlFeed {
 public:
  YamlFeed(ByteSource& source, std::size_t most) : source_(source), most_(most) {}
  YamlFeed(const YamlFeed&) = delete;
  YamlFeed& operator=(const YamlFeed&) = delete;

  /// Fault is why the feed stopped, and in which line, the first being 0; no
  /// line where the octets could not be had.
  struct Fault {
    std::optional<std::size_t> line;
    std::string why;
  };

  void attach(yaml_parser_s& parser);
  /// had_event says that libyaml gave an event: what it waited for is not one scalar.
  void had_event() { waiting_ = 0; }
  /// resume gives a new parser what begins with the first document mark behind
  /// `line`, and answers the line of that; none where there is no such line, or
  /// going on would still cost too much.
  std::optional<std::size_t> resume(std::size_t line);
  /// resume_list gives a new parser what begins with an element of a block list: the first line from
  /// `line` on that has "- " at `column`, to where the list ends. Answers its line; none where the
  /// list ends before.
  std::optional<std::size_t> resume_list(std::size_t line, std::size_t column);
  [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }
  /// is_template: "{{" was met, as in a manifest that Helm is to fill in.
  [[nodiscard]] bool is_template() const { return is_template_; }

 private:
  static int handle(void* self, unsigned char* into, std::size_t size, std::size_t* got);
  std::size_t fill(std::span<std::uint8_t> into);
  std::size_t read(std::span<std::uint8_t> into);
  std::size_t next_part(std::span<std::uint8_t> into);
  // Whether the fault, if there is one, is that of a value which is too large.
  [[nodiscard]] bool is_over_with_value() const;
  void begin_anew(std::size_t line);
  void keep(std::string_view given);
  void trim();
  bool pull();
  std::string_view next_line();
  std::size_t next_of_list(std::span<std::uint8_t> into);
  void look_ahead();
  void look_over(std::span<const std::uint8_t> window);
  void look_for_braces(std::string_view window);
  void look_for_directives(std::string_view window);
  std::size_t match(std::string_view window, std::size_t at);
  void stop(std::optional<std::size_t> line, std::string why);

  ByteSource& source_;
  std::size_t most_;
  std::size_t waiting_ = 0;  // octets since the last event
  bool begun_ = false;
  std::size_t line_ = 0;
  std::size_t directives_ = 0;
  std::size_t matched_ = 0;  // characters of "%TAG" at the beginning of a line
  bool at_line_start_ = true;
  bool after_brace_ = false;
  bool is_template_ = false;
  std::optional<Fault> fault_;
  // What was read ahead, and the last mark that was given out of it.
  std::vector<std::uint8_t> ahead_;
  std::size_t from_ = 0;
  bool ended_ = false;
  std::size_t lines_ = 0;
  bool starts_line_ = true;
  std::string mark_;
  std::size_t mark_line_ = 0;
  bool at_mark_ = false;  // nothing behind the mark was given out
  bool again_ = false;    // the mark is to be given out again
  // The last that was given out, and in a list that is read on what is to be given out.
  std::string kept_;
  std::size_t given_ = 0;  // octets of it
  std::size_t kept_line_ = 0;
  bool kept_is_cut_ = false;  // it begins within a line
  bool is_after_mark_ = false;
  std::optional<std::size_t> column_;  // of the list that is read on
  bool begins_line_ = true;            // what is given out next
};

}  // namespace meshcert::input
