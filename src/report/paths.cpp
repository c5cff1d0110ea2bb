#include "report/paths.hpp"

#include <algorithm>

#include "base/escape.hpp"
#include "report/layout.hpp"

namespace meshcert::report {
namespace {

std::string words_of(const PathLink& link) {
  std::string text = link.subject.empty() ? "(no subject)" : link.subject;
  if (!link.uri.empty()) text += "  " + link.uri;
  return base::escape_for_terminal(text) + (link.trusted ? "  trusted" : "");
}

std::string path_lines(const ChainReport::Path& path, bool first, bool color) {
  std::string out =
      painted(path.holds ? (first ? "  path that holds" : "  another path that holds")
                         : (first ? "  path that comes nearest" : "  another path, which fails"),
              path.holds ? Paint::green : Paint::red, color) +
      "\n";
  for (std::size_t i = 0; i < path.links.size(); ++i)
    out += "    " + std::to_string(i) + "  " + words_of(path.links[i]) + "\n";
  for (const std::string& name : path.names)
    out += "    the leaf has " + base::escape_for_terminal(name) + ", as asked for\n";
  for (const PathFault& fault : path.faults)
    out += "    " + base::escape_for_terminal(fault.message) + " [" + fault.reference + "]\n";
  return out;
}

Json path_json(const ChainReport::Path& path) {
  Json object;
  object["holds"] = path.holds;
  Json& links = object["certificates"] = Json::array();
  for (const PathLink& link : path.links) {
    Json entry;
    put_text(entry, "subject", link.subject);
    entry["sha256"] = link.sha256;
    entry["trusted"] = link.trusted;
    links.push_back(std::move(entry));
  }
  if (!path.names.empty()) {
    Json& names = object["names_matched"] = Json::array();
    for (const std::string& name : path.names) names.push_back(name);
  }
  Json& faults = object["faults"] = Json::array();
  for (const PathFault& fault : path.faults) {
    Json entry;
    entry["code"] = fault.code;
    entry["certificate"] = fault.certificate;
    put_text(entry, "message", fault.message);
    entry["reference"] = fault.reference;
    faults.push_back(std::move(entry));
  }
  return object;
}

}  // namespace

std::string paths_block(const Report& report, const RenderOptions& options) {
  std::string out;
  for (const ChainReport& chain : report.chains) {
    out += base::escape_for_terminal(to_string(report.inventory.artifacts[chain.artifact].source)) + "\n";
    for (std::size_t i = 0; i < chain.paths.size(); ++i)
      out += path_lines(chain.paths[i], i == 0, options.color);
  }
  return out;
}

Json paths_json(const Report& report, std::size_t artifact) {
  const auto chain = std::ranges::find(report.chains, artifact, &ChainReport::artifact);
  if (chain == report.chains.end()) return nullptr;
  Json list = Json::array();
  for (const ChainReport::Path& path : chain->paths) list.push_back(path_json(path));
  return list;
}

}  // namespace meshcert::report
