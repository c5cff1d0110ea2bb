#pragma once

#include <string>
#include <string_view>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/input.hpp"

namespace meshcert::input {

/// XfccReader makes artifacts of X-Forwarded-Client-Cert headers: one for each hop, the
/// oldest first, with the certificates of its Cert or Chain.
class XfccReader {
 public:
  XfccReader(const std::string& file, const Limits& limits, ArtifactSink& sink)
      : file_(file), limits_(limits), sink_(sink) {}

  /// read_header reads the value of one header. A text in which no key is known is a
  /// `malformed` defect. Where `title` ("header 2 of 3") is not empty, it leads the names.
  void read_header(std::string_view value, const SourceRef& where, std::string_view title = {});

  /// read_document reads the header of an object that is_xfcc_document. Values of a list
  /// are joined by commas, as HTTP does (RFC 9110 5.3). Headers without it make an artifact
  /// that says so.
  void read_document(const Place& root);

  /// read_absent makes the artifact of a request that came without the header.
  void read_absent(const SourceRef& where);

 private:
  void lose(const SourceRef& where, std::string detail);

  const std::string& file_;
  const Limits& limits_;
  ArtifactSink& sink_;
  std::size_t hops_ = 0;
};

/// is_xfcc_document: an object with the header, or with it in an object "headers", as
/// httpbin's /headers and /get print it, or what these print of a request without it. Header
/// names are of any case, and may have underscores.
[[nodiscard]] bool is_xfcc_document(const Node& node);

/// read_xfcc_file reads a text: the header's value, one on each line, or lines that name
/// the header (`curl ... | grep`), whose value may be JSON. A request without it makes an artifact that says
/// so.
void read_xfcc_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

}  // namespace meshcert::input
