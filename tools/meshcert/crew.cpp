#include "meshcert/crew.hpp"

#include <algorithm>
#include <utility>

namespace meshcert::cli {

Crew::Crew(std::size_t threads, Consume consume)
    : consume_(std::move(consume)), most_(std::clamp<std::size_t>(3 * threads, 8, 64)) {
  if (threads < 2) return;
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Crew::~Crew() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    waiting_.clear();
  }
  for_workers_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Crew::add(Task task) {
  if (threads_.empty()) return consume_(std::move(*task()));
  auto slot = std::make_shared<Slot>();
  slot->task = std::move(task);
  std::unique_lock lock(mutex_);
  slots_.push_back(slot);
  waiting_.push_back(std::move(slot));
  for_workers_.notify_one();
  while (slots_.size() >= most_ || front_is_done()) consume_front(lock);
}

void Crew::finish() {
  std::unique_lock lock(mutex_);
  while (!slots_.empty()) consume_front(lock);
}

void Crew::consume_front(std::unique_lock<std::mutex>& lock) {
  for_consumer_.wait(lock, [this] { return front_is_done(); });
  const std::shared_ptr<Slot> slot = std::move(slots_.front());
  slots_.pop_front();
  lock.unlock();
  if (slot->thrown) std::rethrow_exception(slot->thrown);
  consume_(std::move(*slot->result));
  lock.lock();
}

void Crew::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    for_workers_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::shared_ptr<Slot> slot = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      slot->result = slot->task();
    } catch (...) {
      slot->thrown = std::current_exception();
    }
    slot->task = nullptr;
    lock.lock();
    slot->done = true;
    if (slots_.front() == slot) for_consumer_.notify_one();
  }
}

}  // namespace meshcert::cli
