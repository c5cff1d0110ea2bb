#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "meshcert/batch.hpp"

namespace meshcert::cli {

/// Crew does tasks on several threads and hands their results on in the order of the
/// tasks, so that output does not depend on how many threads there are. Results are
/// consumed on the thread that adds tasks. No more than a few tasks for each thread
/// wait: whoever adds more has to wait too, which bounds memory.
class Crew {
 public:
  using Task = std::function<std::shared_ptr<Batch>()>;
  using Consume = std::function<void(Batch&&)>;

  /// With one thread, tasks are done where they are added.
  Crew(std::size_t threads, Consume consume);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void add(Task task);
  /// finish waits for all tasks. What a task threw is thrown here or by add.
  void finish();

 private:
  struct Slot {
    Task task;
    std::shared_ptr<Batch> result;
    std::exception_ptr thrown;
    bool done = false;
  };
  void work();
  void consume_front(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool front_is_done() const { return !slots_.empty() && slots_.front()->done; }

  Consume consume_;
  std::size_t most_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable for_workers_, for_consumer_;
  std::deque<std::shared_ptr<Slot>> slots_;    ///< in order, until consumed
  std::deque<std::shared_ptr<Slot>> waiting_;  ///< nobody has begun them
  bool closing_ = false;
};

}  // namespace meshcert::cli
