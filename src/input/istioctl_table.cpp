#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/lines.hpp"
#include "base/words.hpp"
#include "input/envoy_material.hpp"
#include "input/files.hpp"
#include "input/listed.hpp"
#include "input/loss.hpp"
#include "input/secret_names.hpp"
#include "input/shape.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

struct Column {
  std::string_view name;
  std::size_t start;
};

bool is_header(std::string_view line) {
  const bool named = line.starts_with("RESOURCE NAME") || line.starts_with("CERTIFICATE NAME");
  return named && line.find("VALID CERT") != std::string_view::npos;
}

// Names of columns have one space inside and at least two between them.
std::vector<Column> columns_of(std::string_view header) {
  std::vector<Column> columns;
  for (std::size_t at = 0; at < header.size();) {
    const std::size_t end = std::min(header.find("  ", at), header.size());
    columns.push_back({base::trimmed(header.substr(at, end - at)), at});
    at = std::min(header.find_first_not_of(' ', end), header.size());
  }
  return columns;
}

struct StateWord {
  std::string_view word;
  SecretState state;
};
// Of proxy-config secret, then of ztunnel-config certificates.
constexpr std::array kStates = {
    StateWord{"ACTIVE", SecretState::active},
    StateWord{"WARMING", SecretState::warming},
    StateWord{"UNINITIALIZED", SecretState::uninitialized},
    StateWord{"Available", SecretState::active},
    StateWord{"Initializing", SecretState::uninitialized},
    StateWord{"Unavailable", SecretState::error},
};

struct Summary {
  std::size_t rows = 0;
  std::size_t stated = 0;  // rows that say something of a certificate
  std::size_t broken = 0;
  std::uint32_t broken_line = 0;  // the last one
  bool ztunnel = false;
  bool full = false;  // there were more rows than the limit
};

class Table {
 public:
  Table(const std::string& file, const Limits& limits, ArtifactSink& sink)
      : file_(file), limits_(limits), sink_(sink) {}

  void line(std::string_view text, std::uint32_t number, bool ended) {
    if (is_header(text)) {
      columns_ = columns_of(text);
      summary_.ztunnel = text.starts_with("CERTIFICATE");
    } else if (base::is_blank(text)) {
      columns_.clear();  // what follows may be another table
    } else if (!columns_.empty()) {
      row(text, number, ended);
    }
  }

  [[nodiscard]] const Summary& summary() const { return summary_; }

 private:
  [[nodiscard]] std::string_view cell(std::string_view row, std::string_view name) const {
    const auto column = std::ranges::find(columns_, name, &Column::name);
    if (column == columns_.end() || column->start >= row.size()) return "";
    const auto next = std::next(column);
    const std::size_t end = next == columns_.end() ? row.size() : next->start;
    return base::trimmed(row.substr(column->start, end - column->start));
  }

  // Every column must begin after a space, or the row is of another table.
  [[nodiscard]] bool fits(std::string_view row) const {
    return std::ranges::none_of(columns_, [row](const Column& column) {
      return column.start != 0 && column.start < row.size() && row[column.start - 1] != ' ';
    });
  }

  // Tables of `istioctl experimental` that compare two proxies have no STATUS.
  [[nodiscard]] std::optional<SecretState> state_of(std::string_view row) const {
    if (std::ranges::find(columns_, "STATUS", &Column::name) == columns_.end()) return SecretState::none;
    const auto state = std::ranges::find(kStates, cell(row, "STATUS"), &StateWord::word);
    return state == kStates.end() ? std::nullopt : std::optional(state->state);
  }

  void note_broken(std::uint32_t number) {
    ++summary_.broken;
    summary_.broken_line = number;
  }

  // Of a row without its line break: dates are printed in UTC.
  [[nodiscard]] bool is_cut(std::string_view row) const {
    const Column& last = columns_.back();
    const bool is_date = last.name.starts_with("NOT ");
    return row.size() <= last.start || (is_date && !cell(row, last.name).ends_with('Z'));
  }

  void row(std::string_view text, std::uint32_t number, bool ended) {
    const auto state = state_of(text);
    if (!fits(text) || !state) return note_broken(number);
    if (summary_.rows == limits_.pem_blocks) {
      summary_.full = true;
      return;
    }
    Artifact artifact = begin(text, number, *state);
    Listed listed = listed_of(text, number, artifact);
    if (!ended && (is_cut(text) || !artifact.defects.empty())) return note_broken(number);
    if (is_stated(listed)) {
      ++summary_.stated;
      artifact.listed.push_back(std::move(listed));
    } else if (artifact.state == SecretState::warming) {
      artifact.state = SecretState::uninitialized;
    }
    ++summary_.rows;
    sink_.artifact(std::move(artifact));
  }

  // The row as a document would have it.
  [[nodiscard]] Listed listed_of(std::string_view row, std::uint32_t number, Artifact& artifact) const {
    constexpr ListedFields kFields{"SERIAL NUMBER", "NOT BEFORE", "NOT AFTER"};
    Node node;
    node.kind = Node::Kind::mapping;
    node.line = number;
    for (const std::string_view name : {kFields.serial, kFields.not_before, kFields.not_after}) {
      const std::string_view text = cell(row, name);
      if (text.empty() || text == "NA") continue;
      Node value;
      value.kind = Node::Kind::text;
      value.line = number;
      value.text = text;
      node.members.push_back({NodeText(name), std::move(value)});
    }
    FieldReader fields(file_, artifact.defects);
    Listed listed = read_listed(Place{&node, ""}, kFields, fields);
    listed.where = artifact.source;
    listed.is_ca = artifact.kind == ArtifactKind::trust_bundle || cell(row, "TYPE") == "Intermediate";
    return listed;
  }

  [[nodiscard]] Artifact begin(std::string_view row, std::uint32_t number, SecretState state) const {
    std::string_view name = cell(row, columns_.front().name);
    constexpr std::string_view kPrefix = "secret/";  // of istioctl proxy-config all
    if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
    Artifact artifact;
    artifact.name = shown(name);
    artifact.source = SourceRef{file_, number};
    artifact.trust_domain = shown(cell(row, "TRUST DOMAIN"));
    const std::string_view type = cell(row, "TYPE");
    artifact.kind = type == "CA" || type == "Root" ? ArtifactKind::trust_bundle : kind_by_name(name);
    artifact.state = state;
    if (state == SecretState::error) artifact.error_details = "istioctl's table leaves the reason out";
    return artifact;
  }

  const std::string& file_;
  const Limits& limits_;
  ArtifactSink& sink_;
  std::vector<Column> columns_;  // empty outside a table
  Summary summary_;
};

}  // namespace

bool looks_like_istioctl_table(std::string_view text) {
  std::size_t at = text.find("VALID CERT");
  if (at == std::string_view::npos) return false;
  const std::size_t newline = text.rfind('\n', at);
  return is_header(text.substr(newline == std::string_view::npos ? 0 : newline + 1));
}

void read_istioctl_table(const std::string& name, ByteView octets, const ReadOptions& options,
                         ArtifactSink& sink) {
  Table table(name, options.limits, sink);
  const std::string_view text = as_text(octets);
  std::uint32_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    table.line(text.substr(at, end - at), number, end != text.size());
    at = end + 1;
  }
  const Summary& summary = table.summary();
  const auto tell = [&](DefectKind kind, std::uint32_t line, std::string detail, std::string_view fix) {
    sink.defect(Defect{kind, SourceRef{name, line}, std::move(detail), true, std::string(fix)});
  };
  if (summary.broken != 0) {
    tell(DefectKind::malformed, summary.broken_line,
         fmt::format("{} of the table's rows do not fit its columns or are cut off, the last in line {}",
                     summary.broken, summary.broken_line),
         "");
  }
  if (summary.full) {
    sink.defect(loss(
        SourceRef{name},
        fmt::format("more than {} rows, the limit; raise it with --max-pem-blocks; the rest was not read",
                    options.limits.pem_blocks)));
  }
  if (summary.stated != 0) return;
  tell(DefectKind::no_certificates, 0,
       fmt::format("a table of istioctl, of {}, none of which says anything of a certificate",
                   base::counted(summary.rows, "row")),
       summary.ztunnel
           ? "dump them: istioctl ztunnel-config certificates -o json | meshcert inspect"
           : "dump them: istioctl proxy-config secret POD -n NAMESPACE -o json | meshcert inspect");
}

}  // namespace meshcert::input
