#include "meshcert/progress.hpp"

#include <fmt/format.h>

namespace meshcert::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst{1000}, kTerminal{200}, kLines{1000};
constexpr double kMega = 1e6;

}  // namespace

Progress::Progress(Env& env, When when)
    : env_(env),
      wanted_(when == When::always || (when == When::automatic && env.stderr_is_terminal())),
      terminal_(env.stderr_is_terminal()),
      begun_(wanted_ ? env.elapsed() : milliseconds(0)),
      spoken_(begun_ + kFirst - (terminal_ ? kTerminal : kLines)) {}

void Progress::note(std::uint64_t bytes, std::uint64_t certificates) {
  bytes_ += bytes;
  certificates_ += certificates;
  if (!wanted_) return;
  const milliseconds now = env_.elapsed();
  if (now - spoken_ >= (terminal_ ? kTerminal : kLines)) speak(now);
}

void Progress::speak(milliseconds now) {
  spoken_ = now;
  const double seconds = static_cast<double>((now - begun_).count()) / 1000;
  const double rate = static_cast<double>(bytes_) / seconds;
  std::string line = fmt::format("meshcert: {:.1f} MB, {} certificates, {:.0f} MB/s",
                                 static_cast<double>(bytes_) / kMega, certificates_, rate / kMega);
  if (expected_ > bytes_ && rate > 0)
    line += fmt::format(", {:.0f} s left", static_cast<double>(expected_ - bytes_) / rate);
  shown_ = terminal_;
  env_.write_stderr(terminal_ ? "\r" + line + "\x1b[K" : line + "\n");
}

void Progress::finish() {
  if (shown_) env_.write_stderr("\r\x1b[K");
  shown_ = false;
}

}  // namespace meshcert::cli
