#pragma once

#include <string>
#include <vector>

#include "checks/credential_names.hpp"
#include "checks/credentials.hpp"
#include "checks/gateway_use.hpp"
#include "meshcert/server_report.hpp"

namespace meshcert::checks {

/// ServerRow is a server of a gateway as a report lists it, and the places that findings
/// about it and about what it uses have.
struct ServerRow {
  ServerReport report;
  std::vector<std::string> places;
  bool unknown = false;  ///< of what it names nothing was given
};

/// ServerRows lists the servers one by one, each with what it uses, found or not. What stands alone has no
/// row.
class ServerRows {
 public:
  /// begin opens the row of a server: what is noted from here on is its.
  void begin(const Use& use);
  void note(const Use& use, const CredentialName& named);
  void note(const Use& use, const Target& target, const Located& located);
  void note(const Use& use, const Taken& taken, bool presented);
  /// note_place: what is said of this place is said of the server.
  void note_place(std::string key);
  [[nodiscard]] const std::vector<ServerRow>& list() const { return rows_; }

 private:
  [[nodiscard]] ServerRow* row_of(const Use& use) {
    return rows_.empty() || use.alone ? nullptr : &rows_.back();
  }

  std::vector<ServerRow> rows_;
};

}  // namespace meshcert::checks
