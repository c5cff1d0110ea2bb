// The program: builds the real world and hands over to cli::run.

#include <csignal>
#include <exception>
#include <string>
#include <vector>

#ifdef __GLIBC__
#  include <malloc.h>
#endif

#include "meshcert/cli.hpp"
#include "meshcert/messages.hpp"
#include "meshcert/real_env.hpp"
#include "meshcert/report.hpp"

// Windows of a file come and go by the thousand: what is freed is kept for the next
// one, not given back to the system and asked for again.
static void keep_memory() {
#ifdef __GLIBC__
  constexpr int kOctets = 8 << 20;
  mallopt(M_MMAP_THRESHOLD, kOctets);
  mallopt(M_TRIM_THRESHOLD, kOctets);
#endif
}

int main(int argc, char** argv) {
  using namespace meshcert;
  // A reader that goes away is seen by write(2), not by a signal.
  std::signal(SIGPIPE, SIG_IGN);
  keep_memory();
  cli::RealEnv env;
  try {
    const std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
    return cli::run(args, env);
  } catch (const std::exception& error) {
    cli::write_error(env, std::string("internal error: ") + error.what());
  } catch (...) {
    cli::write_error(env, "internal error");
  }
  return static_cast<int>(ExitStatus::internal);
}
