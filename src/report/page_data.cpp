#include "base/escape.hpp"
#include "report/finding_text.hpp"
#include "report/json_line.hpp"
#include "report/page.hpp"

namespace meshcert::report {
namespace {

void put_place(JsonLine& line, const Expiry::Place& where) {
  line.open('[');
  line.text(base::escape_for_terminal(where.resource));
  line.text(place({where.source.file, where.source.line}));
  line.text(base::escape_for_terminal(where.source.pointer));
  line.close(']');
}

// page.js names the members in this order.
void put_row(JsonLine& line, const Expiry& expiry) {
  line.open('[');
  line.text(base::escape_for_terminal(expiry.name));
  line.number(static_cast<std::int64_t>(expiry.status));
  if (expiry.not_before)
    line.number(std::int64_t{expiry.not_before->time_since_epoch().count()});
  else
    line.null();
  line.number(std::int64_t{expiry.not_after.time_since_epoch().count()});
  line.text(expiry.kind);
  line.number(std::int64_t{expiry.is_ca ? 1 : 0});
  line.text(base::escape_for_terminal(expiry.issuer));
  line.text(expiry.serial);
  line.text(expiry.sha256);
  line.number(expiry.count);
  line.open('[');
  for (const Expiry::Place& where : expiry.places) put_place(line, where);
  line.close(']');
  line.open('[');
  for (const std::string_view code : expiry.findings) line.text(code);
  line.close(']');
  line.close(']');
}

// Within a script element "<" alone begins what its text must not hold ("</script>",
// "<!--"); in JSON it stands in strings only.
std::string without_tags(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string page_data(const SweepReport& sweep) {
  std::string json;
  JsonLine line(json);
  line.open('{');
  line.key("at").number(std::int64_t{sweep.report.policy.at.time_since_epoch().count()});
  line.key("rows").open('[');
  for (const Expiry* expiry : sweep.soonest) put_row(line, *expiry);
  line.close(']');
  line.close('}');
  return without_tags(json);
}

}  // namespace meshcert::report
