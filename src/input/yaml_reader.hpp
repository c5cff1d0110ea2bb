#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "input/json_splitter.hpp"
#include "input/node.hpp"
#include "input/place.hpp"
#include "meshcert/byte_source.hpp"

namespace meshcert::input {

/// YamlSink receives what a YAML stream holds: as a JsonPartSink, the elements of
/// the lists that ListRules name, inner ones first, then what remains of each
/// document, where such lists stand empty.
class YamlSink {
 public:
  virtual ~YamlSink() = default;
  /// list announces a streamed list, before its first element, if there is any.
  virtual void list(std::string_view key) = 0;
  virtual void part(std::string_view list, const Place& place) = 0;
  /// document ends one; `is_whole` is false for what precedes a fault.
  virtual void document(const Node& root, bool is_whole) = 0;
  /// fault says why the document that was begun could not be read to its end.
  virtual void fault(const Error& error, bool is_template) = 0;
  /// lost says why an element of a streamed list was given up; its document goes on.
  virtual void lost(const Error& error, bool is_template) = 0;
};

/// YamlEnd is how reading a stream ended.
struct YamlEnd {
  std::optional<Error> fault;  ///< the first
  bool is_template = false;    ///< "{{" was met: a template (Helm), not a manifest
};

/// split_yaml composes every document of a YAML stream (YAML 1.1, as libyaml and
/// Kubernetes read it) and hands each part out as soon as it is whole. Without
/// rules, documents are not taken apart. Plain scalars become null, boolean or
/// number by the core schema of YAML 1.2; what is quoted, a block or tagged
/// (`!!binary`) is text.
///
/// Gives a document up, with the line, at syntax errors, duplicate keys, keys that are no
/// scalars, merge keys, nesting beyond limits.depth, more than limits.values
/// values or limits.value_bytes octets of text in what is held at once, aliases
/// of nothing, and aliases that would grow the stream beyond limits.alias_nodes;
/// with the source's own sentence where octets cannot be had. In a streamed list it is only the
/// element that is given up: the next one follows in the YAML, or is found by its indentation, and
/// then what follows the list is not read. What was complete
/// before that is handed out: parts, whole documents, and of the last one what
/// precedes the open item of a list. Reading goes on at the next line that begins
/// a document ("---"), except where octets cannot be had.
[[nodiscard]] YamlEnd split_yaml(const std::string& file, ByteSource& source, std::span<const ListRule> rules,
                                 const Limits& limits, YamlSink& sink);

using OnYamlDocument = std::function<void(const Node& root, bool is_whole)>;

/// read_yaml is split_yaml for octets in memory and whole documents; it fails
/// with the first fault.
[[nodiscard]] Result<void> read_yaml(const std::string& file, ByteView octets, const Limits& limits,
                                     const OnYamlDocument& on_document);

}  // namespace meshcert::input
