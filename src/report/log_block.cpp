#include "report/log_block.hpp"

#include <fmt/format.h>

#include "report/layout.hpp"

namespace meshcert::report {
namespace {

Json time_json(const Log& log, const std::optional<Instant>& instant, Instant at) {
  return instant ? Json(to_rfc3339(in_year_of(log, *instant, at))) : Json(nullptr);
}

std::string span_of(const Log& log, const std::optional<Instant>& first, const std::optional<Instant>& last,
                    Instant at) {
  if (!first || !last) return "without times";
  return fmt::format("{} to {}", to_rfc3339(in_year_of(log, *first, at)),
                     to_rfc3339(in_year_of(log, *last, at)));
}

Json tallies_json(const std::vector<LogTally>& tallies) {
  Json list = Json::array();
  for (const LogTally& tally : tallies) {
    Json entry;
    put_text(entry, "value", tally.text);
    entry["lines"] = tally.lines;
    list.push_back(std::move(entry));
  }
  return list;
}

Json group_json(const Log& log, const LogGroup& group, Instant at) {
  Json object;
  object["pattern"] = group.pattern->literal;
  object["meaning"] = group.pattern->meaning;
  object["healthy"] = group.pattern->cause == LogCause::healthy;
  put_text_or_null(object, "log_of", to_string(group.pattern->source));
  object["lines"] = group.lines;
  object["first_line"] = group.first_line;
  object["first"] = time_json(log, group.first, at);
  object["last"] = time_json(log, group.last, at);
  object["course"] = to_string(course_of(log, group));
  object["peers"] = tallies_json(group.peers);
  object["identities"] = tallies_json(group.identities);
  object["more_peers"] = group.more_peers;
  object["more_identities"] = group.more_identities;
  put_text(object, "example", group.example);
  return object;
}

}  // namespace

std::string log_line(const Log& log, Instant at) {
  std::uint64_t known = 0;
  for (const LogGroup& group : log.groups) known += group.lines;
  return fmt::format("{}, {} of them known, {}", counted(log.lines, "line"), known,
                     span_of(log, log.first, log.last, at));
}

std::vector<std::string> log_lines(const Log& log, Instant at) {
  std::vector<std::string> lines;
  for (const LogGroup& group : log.groups)
    lines.push_back(fmt::format("{}: {} ({}, {})", counted(group.lines, "line"), group.pattern->meaning,
                                span_of(log, group.first, group.last, at), to_string(course_of(log, group))));
  return lines;
}

Json log_json(const Log& log, Instant at) {
  Json object;
  object["lines"] = log.lines;
  object["first"] = time_json(log, log.first, at);
  object["last"] = time_json(log, log.last, at);
  Json& groups = object["groups"] = Json::array();
  for (const LogGroup& group : log.groups) groups.push_back(group_json(log, group, at));
  return object;
}

}  // namespace meshcert::report
