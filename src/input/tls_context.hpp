#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "input/doorkeeper.hpp"
#include "input/key_opener.hpp"
#include "input/place.hpp"
#include "input/withheld.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// TlsContextReader reads the certificates that stand inside clusters, listeners
/// and a bootstrap, not in secrets: the `tls_certificates` and validation
/// contexts of every common_tls_context (envoy tls.v3.CommonTlsContext), at
/// whatever depth, the bootstrap's static_resources.secrets, and the keys of every
/// jwt_authn filter (input/jwt_rules.hpp). An SDS reference
/// holds nothing; a few of their names are kept, to say what is missing in a dump
/// without secrets.
class TlsContextReader {
 public:
  TlsContextReader(const std::string& file, DocumentScope& scope, Doorkeeper& sink)
      : file_(file), scope_(scope), sink_(sink) {}

  /// read looks through one value. Artifacts bear the name of the outermost
  /// object around them that has one: the cluster or the listener.
  void read(const Place& place);

  /// may_hold_material: the text of a JSON value mentions a data source, or a jwt_authn filter.
  [[nodiscard]] static bool may_hold_material(std::string_view json);

  /// seeks_references: so few of this list were looked at that the text of one more value is
  /// worth reading for its SDS references alone, and for what stands beside them.
  [[nodiscard]] bool seeks_references(std::string_view list, std::string_view json);
  /// read_refusal reads why an update of a listener was refused (error_state of
  /// admin.v3.ListenersConfigDump.DynamicListener), where certificates are the reason. may_be_refused: the
  /// text of one mentions that.
  void read_refusal(const Place& listener);
  [[nodiscard]] static bool may_be_refused(std::string_view json);

  /// references are the names of secrets that come by SDS; "" if none was met.
  [[nodiscard]] std::string references() const { return references_.text(); }

 private:
  struct Visit {
    Place place;
    std::string owner;
    std::optional<Instant> updated{};  ///< of the cluster or listener, where the dump says so
  };

  void look_into(const Visit& visit, std::vector<Visit>& pending);
  void note_references(const Place& context, FieldReader& fields);
  void note_reference(const Place& reference, FieldReader& fields);
  void note_merged(const Place& combined, FieldReader& fields);
  void static_resources(Visit& visit, std::vector<Visit>& pending);
  void static_secrets(const Visit& resources);
  void context(const Visit& visit);
  void hand_on(std::vector<Artifact>& artifacts, std::vector<Defect>& defects);

  const std::string& file_;
  DocumentScope& scope_;
  Doorkeeper& sink_;
  std::size_t sought_ = 0;   ///< values read for their references alone,
  std::string sought_list_;  ///< of this list
  std::set<std::string> referenced_;
  NameList references_;
};

}  // namespace meshcert::input
