#include "meshcert/feeder.hpp"

#include <algorithm>
#include <utility>

#include "base/glob.hpp"
#include "input/known_values.hpp"
#include "input/line_window.hpp"
#include "meshcert/kubectl_words.hpp"
#include "meshcert/messages.hpp"

namespace meshcert::cli {
namespace {

constexpr std::uint64_t kLarge = std::uint64_t{1} << 20;       // read here, in windows
constexpr std::uint64_t kJobsSize = std::uint64_t{256} << 10;  // of one task
constexpr std::size_t kJobs = 64;
constexpr std::size_t kFlushed = std::size_t{256} << 10;  // rows that wait here

// Ends with the first signal, as if nothing came behind what was read until then; counts
// what goes by.
class Watched final : public ByteSource {
 public:
  Watched(ByteSource& source, Env& env, Progress& progress)
      : source_(source), env_(env), progress_(progress) {}
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) override {
    if (env_.interrupted()) return stop();
    const auto got = source_.read(into);
    if (got) progress_.note(*got, 0);
    return !got && env_.interrupted() ? stop() : got;
  }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::uint64_t expected() const override { return source_.expected(); }

 private:
  Result<std::size_t, std::string> stop() {
    stopped_ = true;
    return 0;
  }

  ByteSource& source_;
  Env& env_;
  Progress& progress_;
  bool stopped_ = false;
};

/// read_source answers whether the source is an input: what is met in a walk may be of no known format.
Result<bool, std::string> read_source(const std::string& name, ByteSource& source, bool named,
                                      const ReadOptions& read, JudgeSink& sink) {
  if (!named) return read_found(name, source, read, sink);
  if (const auto format = read_input(name, source, read, sink); !format) return fail(format.error());
  return true;
}

std::size_t behind_newline(std::string_view text) {
  return text.rfind('\n') + 1;
}

std::size_t behind_nul(std::string_view text) {
  return text.rfind('\0') + 1;
}

}  // namespace

// Judges here what is found while reading here, and gives pieces to the crew.
class Feeder::Sink final : public JudgeSink {
 public:
  Sink(const Judging& judging, Crew& crew, std::shared_ptr<Batch> batch)
      : JudgeSink(judging, *batch), judging_(judging), crew_(crew), batch_(std::move(batch)) {}

  [[nodiscard]] Batch& batch() { return *batch_; }
  void artifact(Artifact&& artifact) override {
    JudgeSink::artifact(std::move(artifact));
    used_ = true;
    const bool full = !batch_->text.empty() && batch_->text.front().size() > kFlushed;
    if (full || batch_->prefixes.size() > kFlushed / sizeof(std::uint64_t)) flush();
  }
  void defect(Defect&& defect) override {
    used_ = true;
    JudgeSink::defect(std::move(defect));
  }
  void later(Piece piece) override {
    flush();
    crew_.add([piece = std::move(piece), &judging = judging_] {
      auto batch = std::make_shared<Batch>(judging);
      JudgeSink sink(judging, *batch);
      piece(sink);
      return batch;
    });
  }
  void use() { used_ = true; }
  void flush() {
    if (!std::exchange(used_, false)) return;
    const std::shared_ptr<Batch> done = std::exchange(batch_, std::make_shared<Batch>(judging_));
    into(*batch_);
    crew_.add([done] { return done; });
  }

 private:
  const Judging& judging_;
  Crew& crew_;
  std::shared_ptr<Batch> batch_;
  bool used_ = false;
};

Feeder::Feeder(const Options& options, Env& env, const Judging& judging, Crew& crew, Progress& progress)
    : options_(options),
      env_(env),
      judging_(judging),
      crew_(crew),
      progress_(progress),
      sink_(std::make_unique<Sink>(judging, crew, std::make_shared<Batch>(judging))) {}

Feeder::~Feeder() = default;

void Feeder::stdin_stream() {
  const std::string& cluster = options_.sweep.cluster;
  stream(cluster.empty() ? "-" : cluster, *env_.open_stdin(), true);
}

void Feeder::named(const std::string& path) {
  const auto facts = env_.look_at(path);
  if (!facts) return fault(path, facts.error());
  if (facts->kind == FileFacts::Kind::directory) return walk_tree(env_, path, facts->identity, *this);
  if (facts->kind != FileFacts::Kind::regular) return read_here(path, true);
  progress_.expect(facts->size);
  enqueue(path, true, facts->size);
}

void Feeder::found(const std::string& path) {
  if (env_.interrupted() || base::is_within_excluded(options_.read.exclude, path)) return;
  const auto facts = env_.look_at(path);
  if (!facts) return fault(path, facts.error());
  if (facts->kind == FileFacts::Kind::directory) return walk_tree(env_, path, facts->identity, *this);
  if (facts->kind == FileFacts::Kind::regular) return file(path, *facts);
  skipped(path, "no regular file");
}

void Feeder::names_from(const std::string& list, ByteSource& names) {
  constexpr std::size_t kWindow = 64 * 1024;
  const bool nul = options_.sweep.nul;
  input::LineWindow window(names, kWindow, options_.read.limits.value_bytes,
                           nul ? behind_nul : behind_newline);
  for (input::WindowText read = window.next(); !read.empty(); read = window.next()) {
    const std::string_view text = read;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(nul ? '\0' : '\n', begin), text.size());
      if (end != begin && !env_.interrupted()) found(std::string(text.substr(begin, end - begin)));
      begin = end + 1;
    }
  }
  if (window.failure()) fault(list, *window.failure());
}

void Feeder::kubectl(const std::string& text) {
  const std::vector<std::string> words = kubectl_words(text);
  const std::string& cluster = options_.sweep.cluster;
  const std::string name = (cluster.empty() ? "" : cluster + ": ") + "kubectl " + text;
  auto command = env_.start(words);
  if (!command) return fault(name, "kubectl cannot be run: " + command.error());
  stream(name, (*command)->output(), true);
  if (const int status = (*command)->finish(); status != 0)
    fault(name, "ended with status " + std::to_string(status) + ": what it printed may not be all there is");
}

void Feeder::finish() {
  hand_on_jobs();
  sink_->flush();
}

bool Feeder::wants(const std::string& path) {
  if (env_.interrupted()) return false;
  return !base::is_excluded(options_.read.exclude, path);
}

void Feeder::file(const std::string& path, const FileFacts& facts) {
  enqueue(path, false, facts.size);
}

void Feeder::skipped(const std::string& path, const std::string& why) {
  hand_on_jobs();
  sink_->use();
  sink_->passed_over(path, why);
}

void Feeder::fault(const std::string& path, const std::string& why) {
  hand_on_jobs();
  sink_->use();
  sink_->batch().error(judging_, path, why);
}

void Feeder::enqueue(const std::string& path, bool named, std::uint64_t size) {
  if (size >= kLarge) return read_here(path, named);
  sink_->flush();
  jobs_.push_back({path, named, size});
  jobs_size_ += size;
  if (jobs_.size() >= kJobs || jobs_size_ >= kJobsSize) hand_on_jobs();
}

void Feeder::hand_on_jobs() {
  if (jobs_.empty()) return;
  jobs_size_ = 0;
  crew_.add([jobs = std::exchange(jobs_, {}), &judging = judging_, &env = env_, &options = options_.read] {
    auto batch = std::make_shared<Batch>(judging);
    JudgeSink sink(judging, *batch);
    ReadOptions together = options;
    together.known = std::make_shared<input::KnownValues>();
    for (const Job& job : jobs) {
      const auto source = env.open_sized(job.path, job.size);
      if (!source) {
        batch->error(judging, job.path, source.error());
        continue;
      }
      batch->bytes += (*source)->expected();
      const auto read = read_source(job.path, **source, job.named, together, sink);
      if (!read) batch->error(judging, job.path, read.error());
      batch->summary.inputs += read && *read ? 1 : 0;
    }
    return batch;
  });
}

void Feeder::read_here(const std::string& path, bool named) {
  const auto source = env_.open_file(path);
  if (!source) return fault(path, source.error());
  stream(path, **source, named);
}

void Feeder::stream(const std::string& name, ByteSource& source, bool named) {
  hand_on_jobs();
  sink_->use();
  Watched watched(source, env_, progress_);
  const auto read = read_source(name, watched, named, options_.read, *sink_);
  sink_->use();
  if (!read) sink_->batch().error(judging_, name, read.error());
  sink_->batch().summary.inputs += read && *read ? 1 : 0;
  if (watched.stopped()) sink_->batch().error(judging_, name, "interrupted: what follows was not read");
}

}  // namespace meshcert::cli
