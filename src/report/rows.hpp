#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/report.hpp"
#include "report/layout.hpp"

namespace meshcert::report {

/// The columns of the table, in their order. Those that `istioctl proxy-config
/// secret` prints keep their names.
enum class Column : std::uint8_t {
  resource,
  identity,
  type,
  status,
  valid,
  expires,
  serial,
  not_after,
  not_before,
  issuer,
  count_
};
inline constexpr std::size_t kColumns = static_cast<std::size_t>(Column::count_);
[[nodiscard]] std::string_view heading(Column column);

/// Row is one certificate as the table shows it, or an artifact that has none.
/// All text is escaped.
struct Row {
  std::array<std::string, kColumns> cells;
  std::string index;  ///< "[1]" where an artifact has several certificates
  Paint validity = Paint::plain;
  bool first = true;  ///< the first row of its artifact
  std::size_t artifact = 0;

  [[nodiscard]] const std::string& operator[](Column column) const {
    return cells[static_cast<std::size_t>(column)];
  }
  std::string& operator[](Column column) { return cells[static_cast<std::size_t>(column)]; }
};

/// rows_of makes the rows of a report, artifacts and certificates as they stand.
[[nodiscard]] std::vector<Row> rows_of(const Report& report);

/// identity_of says whose the certificate is (shown_name_of), with "(+2 more)" for the names
/// not shown. Escaped.
[[nodiscard]] std::string identity_of(const Certificate& certificate);

/// relative_time says how far an end of validity is: "in 11h 42m", "3y 190d ago".
[[nodiscard]] std::string relative_time(Instant instant, Instant at);

/// is_valid_at: neither expired nor not yet valid (validity_status).
[[nodiscard]] bool is_valid_at(const Certificate& certificate, const Policy& policy);

}  // namespace meshcert::report
