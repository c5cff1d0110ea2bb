#include "report/hops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/escape.hpp"
#include "base/hex.hpp"
#include "meshcert/xfcc.hpp"
#include "report/layout.hpp"

namespace meshcert::report {
namespace {

/// Line is one line of a hop: what the value is to a reader, and in the header.
struct Line {
  std::string_view label;
  XfccKey key;
  Paint paint;
};
constexpr std::array kLines = {
    Line{"called by", XfccKey::uri, Paint::bold},    Line{"DNS", XfccKey::dns, Paint::plain},
    Line{"subject", XfccKey::subject, Paint::plain}, Line{"hash", XfccKey::hash, Paint::dim},
    Line{"received by", XfccKey::by, Paint::plain},
};
constexpr std::size_t kIndent = 4, kLabel = 13;

std::string line_of(std::string_view label, std::string_view value, Paint paint, bool color) {
  const std::string shown = value.empty() ? "(none)" : base::escape_for_terminal(value);
  return std::string(kIndent, ' ') + painted(padded(label, kLabel), Paint::dim, color) +
         painted(shown, value.empty() ? Paint::dim : paint, color) + "\n";
}

std::string_view standing(const XfccHop& hop) {
  if (hop.is_absent()) return "no X-Forwarded-Client-Cert came";
  if (hop.count == 0) return "the header could not be taken apart";
  if (hop.count == 1) return "the caller, as the nearest proxy saw it";
  if (hop.is_nearest()) return "nearest: the caller, as the nearest proxy saw it";
  return hop.number == 1 ? "oldest: as trustworthy as all proxies after it" : "";
}

std::string heading_of(const Artifact& artifact, bool many_files, bool color) {
  const std::string_view said = standing(*artifact.xfcc);
  std::string name = base::escape_for_terminal(artifact.name);
  if (many_files) name = fmt::format("{}, {}", base::escape_for_terminal(artifact.source.file), name);
  return painted(name, Paint::bold, color) +
         painted(said.empty() ? "" : fmt::format("  ({})", said), Paint::dim, color) + "\n";
}

std::string hop_lines(const Artifact& artifact, bool color) {
  const XfccHop& hop = *artifact.xfcc;
  std::string out;
  for (const Line& line : kLines) {
    std::string_view label = line.label;
    for (const std::string_view value : hop.values(line.key)) {
      out += line_of(label, value, line.paint, color);
      label = {};
    }
  }
  for (const XfccField& field : hop.fields)
    if (field.key == XfccKey::unknown)
      out += line_of(base::escape_for_terminal(field.name), field.value, Paint::dim, color);
  if (!artifact.certificates.empty())
    out += line_of("certificates", fmt::format("{}, listed below", artifact.certificates.size()),
                   Paint::plain, color);
  return out;
}

/// put_texts sets a list of texts; where one is not UTF-8, all are there in hex as well.
void put_texts(Json& object, const std::string& key, const std::vector<std::string_view>& texts) {
  Json& shown = object[key] = Json::array();
  for (const std::string_view text : texts) shown.push_back(base::to_valid_utf8(text));
  if (std::ranges::all_of(texts, base::is_valid_utf8)) return;
  Json& exact = object[key + "_hex"] = Json::array();
  for (const std::string_view text : texts) exact.push_back(base::to_hex(as_bytes(text)));
}

}  // namespace

std::string hops_block(const Report& report, const RenderOptions& options) {
  const std::vector<Artifact>& all = report.inventory.artifacts;
  const bool many_files = std::ranges::any_of(
      all, [&](const Artifact& artifact) { return artifact.source.file != all.front().source.file; });
  std::string out;
  for (const Artifact& artifact : all) {
    if (artifact.xfcc == nullptr) continue;
    out += heading_of(artifact, many_files, options.color) + hop_lines(artifact, options.color);
  }
  return out;
}

Json xfcc_json(const XfccHop& hop) {
  Json object;
  object["hop"] = hop.number;
  object["hops"] = hop.count;
  put_texts(object, "by", hop.values(XfccKey::by));
  put_texts(object, "hash", hop.values(XfccKey::hash));
  put_texts(object, "subject", hop.values(XfccKey::subject));
  put_texts(object, "uri", hop.values(XfccKey::uri));
  put_texts(object, "dns", hop.values(XfccKey::dns));
  Json& others = object["other"] = Json::array();
  for (const XfccField& field : hop.fields) {
    if (field.key != XfccKey::unknown) continue;
    Json entry;
    put_text(entry, "key", field.name);
    put_text(entry, "value", field.value);
    others.push_back(std::move(entry));
  }
  return object;
}

}  // namespace meshcert::report
