#pragma once

#include <memory>
#include <string_view>

#include "meshcert/env.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {

/// Outlet is where a streamed report goes: stdout, or a file that is replaced whole.
class Outlet {
 public:
  Outlet(const Options& options, Env& env) : options_(options), env_(env) {}
  /// write says once on stderr why it could not; a reader that went away is no failure.
  void write(std::string_view text);
  /// close answers whether all of it was delivered.
  [[nodiscard]] bool close();

 private:
  void open();
  void failed(const WriteFailure& failure);

  const Options& options_;
  Env& env_;
  std::unique_ptr<Replacement> file_;
  bool ended_ = false, good_ = true;
};

}  // namespace meshcert::cli
