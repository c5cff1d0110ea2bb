// Documents of JSON, one on each line.

#include <fmt/format.h>
#include <functional>
#include <memory>
#include <set>
#include <utility>

#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "base/words.hpp"
#include "input/capped_sink.hpp"
#include "input/document.hpp"
#include "input/foreign.hpp"
#include "input/line_window.hpp"
#include "input/shifted_sink.hpp"
#include "input/windows.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kWindow = 256 * 1024;

std::size_t behind_last_line(std::string_view text) {
  return text.rfind('\n') + 1;  // npos + 1 is 0
}

// Whether another value begins behind this line.
bool begins_next(std::string_view text) {
  text = base::trimmed_front(text);
  return text.starts_with('{') || text.starts_with('[');
}

// Whether every bracket that is opened on the line is closed on it.
bool is_balanced(std::string_view line) {
  std::size_t open = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '{' || c == '['))
      ++open;
    else if (!in_string && (c == '}' || c == ']') && open-- == 0)
      return false;
  }
  return open == 0 && !in_string;
}

// With its first key.
std::string_view beginning_of(std::string_view line) {
  return line.substr(0, line.find(':'));
}

// Of one line: that it holds nothing waits until it is known what the line is. Of half a
// line of our own, or of a log that is still written, what is wrong with it is no matter.
class LineSink final : public ArtifactSink {
 public:
  LineSink(bool half, ArtifactSink& sink) : half_(half), sink_(sink) {}
  void artifact(Artifact&& artifact) override { sink_.artifact(std::move(artifact)); }
  void object(std::shared_ptr<const KubernetesObject> object) override { sink_.object(std::move(object)); }
  void defect(Defect&& defect) override {
    if (defect.kind == DefectKind::no_certificates && defect.where.pointer.empty()) {
      nothing_ = std::move(defect);
      return;
    }
    if (half_ && defect.kind == DefectKind::malformed) return;
    lost_ = lost_ || defect.lost;
    sink_.defect(std::move(defect));
  }
  [[nodiscard]] bool lost() const { return lost_; }
  [[nodiscard]] std::optional<Defect>& nothing() { return nothing_; }

 private:
  bool half_;
  ArtifactSink& sink_;
  bool lost_ = false;
  std::optional<Defect> nothing_;
};

// Reads lines, and says of all of them what is to be said of nothing: as of the elements of a
// list, what one object lacks is no fault.
class LinesReader {
 public:
  /// `known`: a line before these was of a shape we know.
  LinesReader(const std::string& name, const ReadOptions& options, bool known, ArtifactSink& sink)
      : name_(name), scope_(options), known_(known), capped_(options.limits, sink) {}

  void read(std::string_view text, std::uint32_t line) {
    for (; !text.empty(); ++line) {
      const bool last = text.find('\n') == std::string_view::npos;
      const std::string_view document = base::take_line(text);
      if (!base::is_blank(document)) read_line(document, line, last);
    }
  }
  [[nodiscard]] bool known() const { return known_; }

  void finish() {
    if (first_other_ && known_)
      capped_.defect(Defect{DefectKind::unsupported_block, first_other_->where,
                            fmt::format("{} of no known format, passed over", base::counted(others_, "line")),
                            false, "nothing to do where the others are what was meant"});
    else if (!known_ && !lost_)
      note_nothing();
    capped_.finish();
  }

 private:
  void read_line(std::string_view document, std::uint32_t line, bool last) {
    ShiftedSink shifted(line, 0, capped_);
    LineSink sink(last && (own_ || is_more_of_the_same(document)), shifted);
    MemorySource source(as_bytes(document));
    const bool known = read_json_documents(name_, source, scope_, sink, line - 1);
    known_ = known_ || known;
    lost_ = lost_ || sink.lost();
    std::optional<Defect>& nothing = sink.nothing();
    if (!nothing) return;
    if (known) return shifted.defect(std::move(*nothing));
    if (nothing->detail.starts_with(kNoneOfOurs)) return note_kinds(nothing->detail);
    ++others_;
    if (first_other_) return;
    nothing->where.line = line;
    own_ = recognise_own_line(document);
    other_beginning_ = beginning_of(document);
    first_other_ = std::move(*nothing);
  }

  // Where no line before it was of a format we know, and they began as it does.
  [[nodiscard]] bool is_more_of_the_same(std::string_view document) const {
    return first_other_ && !known_ && kinds_.empty() && !document.empty() &&
           document.substr(0, other_beginning_.size()) ==
               std::string_view(other_beginning_).substr(0, document.size());
  }

  void note_kinds(std::string_view detail) {
    detail.remove_prefix(kNoneOfOurs.size());
    if (kinds_.emplace(detail).second) kinds_text_.add(detail);
  }

  void note_nothing() {
    if (!first_other_ && kinds_.empty()) return;
    if (!first_other_)
      return capped_.defect(Defect{DefectKind::no_certificates, SourceRef{name_},
                                   std::string(kNoneOfOurs) + kinds_text_.text(), true});
    if (own_) {
      first_other_->detail = own_->what;
      first_other_->fix = own_->fix;
    } else if (others_ > 1) {
      first_other_->detail = fmt::format("{} of no known format, the first: {}",
                                         base::counted(others_, "line"), first_other_->detail);
    }
    capped_.defect(std::move(*first_other_));
  }

  const std::string& name_;
  DocumentScope scope_;
  bool known_, lost_ = false;
  CappedSink capped_;
  std::size_t others_ = 0;             ///< lines of no known format, no objects of Kubernetes
  std::optional<Defect> first_other_;  ///< what is said of the first of them
  std::optional<Foreign> own_;         ///< where that is of what we wrote
  std::string other_beginning_;        ///< of its line
  std::set<std::string, std::less<>> kinds_;
  NameList kinds_text_;
};

}  // namespace

bool looks_like_json_lines(std::string_view text) {
  text = base::without_mark(text);
  for (int tried = 0; tried < 2 && !text.empty();) {
    const std::string_view line = base::take_line(text);
    if (base::is_blank(line)) continue;
    if (tried == 0 && recognise_own_line(line)) return true;
    const bool begins = line.front() == '{' || line.front() == '[';
    if (!begins || !begins_next(text)) return false;
    if (line.find_last_of("}]") == line.find_last_not_of(" \t\r") && is_balanced(line)) return true;
    ++tried;
  }
  return false;
}

Result<std::optional<Format>, std::string> read_json_lines(const std::string& name, ByteSource& source,
                                                           const ReadOptions& options, ArtifactSink& sink) {
  LineWindow window(source, kWindow, options.limits.value_bytes, behind_last_line);
  // A walk has to know whether a file is ours: until a line is, nobody else reads.
  LinesReader reader(name, options, false, sink);
  WindowText text = window.next();
  for (; !text.empty() && !reader.known(); text = window.next()) reader.read(text, window.line());
  if (!window.failure() || reader.known()) reader.finish();
  for (; !text.empty(); text = window.next()) {
    auto shared = std::make_shared<const WindowText>(std::move(text));
    sink.later([name, shared, line = window.line(), options](ArtifactSink& out) {
      LinesReader piece(name, options, true, out);
      piece.read(*shared, line);
      piece.finish();
    });
  }
  if (window.failure()) return fail(*window.failure());
  return reader.known() ? std::optional(Format::envoy_secrets) : std::nullopt;
}

}  // namespace meshcert::input
