#include "input/log_file.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/files.hpp"
#include "input/foreign.hpp"
#include "input/log_clock.hpp"
#include "input/log_context.hpp"
#include "input/log_fields.hpp"
#include "input/log_line.hpp"
#include "input/log_origin.hpp"
#include "input/log_scan.hpp"
#include "input/log_store.hpp"
#include "input/log_tally.hpp"
#include "input/log_text.hpp"
#include "meshcert/log.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kWindow = 1U << 20U;
constexpr std::size_t kMostPods = 1024;  // whose failures and certificates are told apart

// What else is looked for: certificates, which a reader of logs does not decode.
constexpr std::string_view kCertificate = "-----BEGIN CERTIFICATE-----";

const LogScan& scan() {
  static const LogScan kScan = [] {
    std::vector<std::string_view> literals;
    for (const LogPattern& pattern : log_patterns()) literals.push_back(pattern.literal);
    literals.push_back(kCertificate);
    return LogScan(literals);
  }();
  return kScan;
}

// A row of the table, and where the line says it.
struct Match {
  const LogPattern* pattern = nullptr;
  std::string_view said = {};
};

// A line of the file, which may hold thousands: its time and its pod are looked for once.
struct Whole {
  std::string_view text;
  std::optional<Instant> time = std::nullopt;
  std::string origin = {};
  bool has_time = false, has_origin = false;
};

// An access log is Envoy's, whatever else it seems to say.
bool may_say(const LogLine& line, const LogPattern& pattern) {
  return line.kind != LogLine::Kind::access || pattern.source == LogSource::envoy ||
         pattern.source == LogSource::any;
}

// The first row that the line fulfils; none if none.
Match find_pattern(const LogLine& line) {
  const auto patterns = log_patterns();
  std::size_t first = patterns.size();
  Match match;
  for (const std::string_view said : line.said) {
    const auto literals = scan().all(said);
    for (std::size_t row = 0; row < first; ++row) {
      if (!literals.test(row) || !may_say(line, patterns[row]) || !has_words(said, patterns[row].also))
        continue;
      first = row;
      match = {&patterns[row], said};
    }
  }
  return match;
}

class Reader {
 public:
  explicit Reader(const Limits& limits) : limits_(limits), groups_(log_patterns().size()) {}

  /// take reads whole lines, and the last one where it does not end.
  void take(std::string_view text) {
    if (!is_begun_ && text.starts_with(base::kByteOrderMark)) text.remove_prefix(base::kByteOrderMark.size());
    is_begun_ = true;
    if (!log_.first) find_first_time(text);
    contexts_.begin_text();
    const bool goes_on = is_open_;  // the first line is the rest of one
    std::size_t counted = 0;        // up to here line breaks are counted
    for (std::size_t at = scan().find(text, 0); at != std::string_view::npos;) {
      const std::size_t before = text.rfind('\n', at);
      const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
      const std::size_t end = std::min(text.find('\n', at), text.size());
      count(text.substr(counted, begin - counted));
      counted = begin;
      is_piece_ = goes_on && begin == 0;
      line(text.substr(begin, end - begin), text.substr(end));
      at = scan().find(text, end);
    }
    count(text.substr(counted));
    is_open_ = !text.ends_with('\n');
    note_last_time(text);
  }

  [[nodiscard]] std::shared_ptr<const Log> finish() && {
    if (is_open_) ++log_.lines;
    for (LogGroup& group : groups_) {
      if (group.lines == 0) continue;
      sort_names(group);
      log_.groups.push_back(std::move(group));
    }
    return std::make_shared<const Log>(std::move(log_));
  }
  /// certificate_line is where the first certificate begins; 0 without one.
  [[nodiscard]] std::uint32_t certificate_line() const { return certificate_line_; }
  [[nodiscard]] bool is_log() const {
    return log_.first || std::ranges::any_of(groups_, [](const LogGroup& group) { return group.lines != 0; });
  }

 private:
  void count(std::string_view text) { log_.lines += base::count_lines(text); }

  void find_first_time(std::string_view text) {
    constexpr int kMostLines = 200;
    for (int lines = 0; lines < kMostLines && !text.empty() && !log_.first; ++lines) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      log_.first = log_.last = time_of(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  // Of a line without a time of its own, that of the last line in it.
  std::optional<Instant> time_of(std::string_view line) {
    if (const auto time = clock_.read(line, log_)) return time;
    std::optional<Instant> last;
    for (const std::string& text : stored_log_lines(line, limits_))
      for (std::string_view rest = text; !rest.empty();)
        if (const auto time = clock_.read(base::take_line(rest), log_)) last = time;
    return last;
  }

  // Of the last lines of this text, whatever they say.
  void note_last_time(std::string_view text) {
    constexpr int kMostLines = 200;
    for (int lines = 0; lines < kMostLines && !text.empty(); ++lines) {
      while (text.ends_with('\n')) text.remove_suffix(1);
      const std::size_t before = text.rfind('\n');
      const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
      if (const auto time = time_of(text.substr(begin))) return extend(*time);
      text = text.substr(0, begin);
    }
  }

  // Of the line that is looked at: all before it are counted.
  [[nodiscard]] std::uint32_t line_number() const {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(log_.lines + 1, UINT32_MAX));
  }

  void extend(Instant time) {
    log_.first = std::min(log_.first.value_or(time), time);
    log_.last = std::max(log_.last.value_or(time), time);
  }

  // Of a long line that is read in pieces the first piece counts.
  [[nodiscard]] bool is_counted(const LogGroup& group) const {
    const auto number = static_cast<std::size_t>(&group - groups_.data());
    return is_piece_ && group.lines != 0 && counted_[number] == log_.lines;
  }

  void line(std::string_view whole, std::string_view behind) {
    if (certificate_line_ == 0 && whole.find(kCertificate) != std::string_view::npos)
      certificate_line_ = line_number();
    const auto stored = stored_log_lines(whole, limits_);
    Whole source{whole};
    if (stored.empty()) say(source, whole, behind);
    for (const std::string& text : stored)
      for (std::string_view rest = text; !rest.empty();) say(source, base::take_line(rest), behind);
  }

  // What the text says, which the whole line is or holds.
  void say(Whole& whole, std::string_view text, std::string_view behind) {
    const LogLine read = read_log_line(text);
    const Match match = find_pattern(read);
    const LogPattern* pattern = match.pattern;
    if (pattern == nullptr) return;
    LogParties parties = log_parties(read);
    if (pattern->cause == LogCause::context) return contexts_.begin(text, behind, std::move(parties));
    // The rules of a dry-run speak before those that count.
    const bool counts = pattern->literal.starts_with("enforced ");
    if (counts || pattern->literal.starts_with("shadow ")) {
      auto known = contexts_.of(text, counts);
      if (known && parties.identities.empty()) parties = std::move(*known);
    }
    LogGroup& group = groups_[static_cast<std::size_t>(pattern - log_patterns().data())];
    if (!std::exchange(whole.has_time, true)) whole.time = clock_.read(whole.text, log_);
    const auto time = whole.time ? whole.time : clock_.read(text, log_);
    if (time) note_time(*time, group);
    if (time && (gets_certificate(*pattern) || is_issued(*pattern))) {
      if (!std::exchange(whole.has_origin, true)) whole.origin = log_origin(whole.text);
      note_origin(group.origins, whole.origin, *time, kMostPods);
    }
    note(text, match, parties, group);
  }

  void note(std::string_view text, const Match& match, const LogParties& parties, LogGroup& group) {
    const LogPattern& pattern = *match.pattern;
    if (is_counted(group)) return;
    counted_[static_cast<std::size_t>(&group - groups_.data())] = log_.lines;
    group.pattern = &pattern;
    if (group.lines++ == 0) group.first_line = line_number();
    for (const std::string& identity : parties.identities)
      group.more_identities |= !tally(group.identities, identity, limits_.log_names);
    if (!parties.peer.empty()) group.more_peers |= !tally(group.peers, parties.peer, limits_.log_names);
    LogValues values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = captured(match.said, pattern.captures[i]);
    if (values != LogValues{})
      group.more_named |=
          !tally(group.named, std::move(values), pattern.captures[0].is_deadline, limits_.log_names);
    const auto before = static_cast<std::size_t>(match.said.data() - text.data());
    group.example = log_example(text, before + find_words(match.said, pattern.literal));
  }

  void note_time(Instant time, LogGroup& group) {
    extend(time);
    if (group.last) group.longest_pause = std::max(group.longest_pause, time - *group.last);
    group.first = std::min(group.first.value_or(time), time);
    group.last = std::max(group.last.value_or(time), time);
  }

  const Limits& limits_;
  Log log_;
  std::vector<LogGroup> groups_;  // by the row of their pattern
  LogContexts contexts_;
  bool is_begun_ = false;
  std::vector<std::uint64_t> counted_ = std::vector<std::uint64_t>(groups_.size());  // the last line of each
  bool is_open_ = false;   // what was read does not end a line
  bool is_piece_ = false;  // the line that is looked at began in an earlier text
  std::uint32_t certificate_line_ = 0;
  LogClock clock_;
};

void deliver(const std::string& name, Reader&& reader, std::string_view head, ArtifactSink& sink) {
  if (!reader.is_log()) {
    const auto foreign = recognise_foreign(as_bytes(head));
    return sink.defect(
        Defect{DefectKind::no_certificates, SourceRef{name},
               foreign ? foreign->what : "no log: no line has a time, and none is a known one", true,
               foreign ? foreign->fix
                       : "give what kubectl logs prints: kubectl logs -n istio-system deploy/istiod | "
                         "meshcert logs"});
  }
  Artifact artifact = begin_file(name);
  artifact.kind = ArtifactKind::log_file;
  if (const std::uint32_t line = reader.certificate_line(); line != 0)
    artifact.defects.push_back(Defect{DefectKind::unsupported_block, SourceRef{name, line},
                                      "a certificate in a log, which is passed over", false,
                                      "cut it out: sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' FILE | "
                                      "meshcert inspect"});
  artifact.log = std::move(reader).finish();
  sink.artifact(std::move(artifact));
}

}  // namespace

Result<void, std::string> read_log(const std::string& name, ByteSource& source, const ReadOptions& options,
                                   ArtifactSink& sink) {
  constexpr std::size_t kHead = 4096;
  Reader reader(options.limits);
  std::string window(kWindow, '\0');
  std::string head;
  std::size_t filled = 0;
  for (;;) {
    const auto got =
        source.read(std::span(reinterpret_cast<std::uint8_t*>(window.data()) + filled, kWindow - filled));
    if (!got) return fail(got.error());
    filled += *got;
    if (head.empty()) head = window.substr(0, std::min(filled, kHead));
    const std::string_view text = std::string_view(window).substr(0, filled);
    const bool flush = *got == 0 || (filled == kWindow && text.find('\n') == std::string_view::npos);
    // Whole lines only; one that is longer than the window is read in pieces.
    const std::size_t whole = flush ? filled : text.rfind('\n') + 1;
    if (whole != 0) reader.take(text.substr(0, whole));
    std::memmove(window.data(), window.data() + whole, filled - whole);
    filled -= whole;
    if (*got == 0) break;
  }
  deliver(name, std::move(reader), head, sink);
  return {};
}

void read_held_log(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink) {
  MemorySource source(octets);
  static_cast<void>(read_log(name, source, options, sink));  // memory does not fail
}

}  // namespace meshcert::input
