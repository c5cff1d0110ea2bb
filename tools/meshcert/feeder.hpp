#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meshcert/batch.hpp"
#include "meshcert/crew.hpp"
#include "meshcert/env.hpp"
#include "meshcert/options.hpp"
#include "meshcert/progress.hpp"
#include "meshcert/walk.hpp"

namespace meshcert::cli {

/// Feeder goes through the inputs of a sweep and cuts them into tasks: small files
/// by the dozen, each read by the thread that judges it; large inputs are read here, in
/// windows, and decoded there.
class Feeder final : private TreeVisitor {
 public:
  Feeder(const Options& options, Env& env, const Judging& judging, Crew& crew, Progress& progress);
  ~Feeder() override;

  void stdin_stream();
  /// named takes what stands on the command line, be it a file or a directory.
  void named(const std::string& path);
  /// names_from takes the files that the text of `list` names, as if they were met in a directory.
  void names_from(const std::string& list, ByteSource& text);
  /// kubectl takes what `kubectl WORDS` prints. Throws UsageError for anything but get.
  void kubectl(const std::string& words);
  /// finish hands on what is left.
  void finish();

 private:
  class Sink;
  struct Job {
    std::string path;
    bool named;
    std::uint64_t size;
  };

  bool wants(const std::string& path) override;
  void file(const std::string& path, const FileFacts& facts) override;
  void skipped(const std::string& path, const std::string& why) override;
  void fault(const std::string& path, const std::string& why) override;

  void found(const std::string& path);
  void enqueue(const std::string& path, bool named, std::uint64_t size);
  void read_here(const std::string& path, bool named);
  void stream(const std::string& name, ByteSource& source, bool named);
  void hand_on_jobs();

  const Options& options_;
  Env& env_;
  const Judging& judging_;
  Crew& crew_;
  Progress& progress_;
  std::unique_ptr<Sink> sink_;
  std::vector<Job> jobs_;
  std::uint64_t jobs_size_ = 0;
};

}  // namespace meshcert::cli
