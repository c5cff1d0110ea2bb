#include "meshcert/outlet.hpp"

#include <utility>

#include "meshcert/messages.hpp"

namespace meshcert::cli {

void Outlet::failed(const WriteFailure& failure) {
  ended_ = true;
  if (failure.closed) return;
  good_ = false;
  write_error(env_,
              "cannot write to " + options_.output_file.value_or("standard output") + ": " + failure.message);
}

void Outlet::open() {
  if (ended_ || file_) return;
  auto opened = env_.begin_replacing(*options_.output_file);
  if (!opened) return failed(opened.error());
  file_ = std::move(*opened);
}

void Outlet::write(std::string_view text) {
  if (ended_ || text.empty()) return;
  if (!options_.output_file) {
    if (const auto written = env_.write_stdout(text); !written) failed(written.error());
    return;
  }
  open();
  if (ended_) return;
  if (const auto written = file_->write(text); !written) failed(written.error());
}

bool Outlet::close() {
  if (options_.output_file) open();  // a report of nothing takes the place of the last one, too
  if (file_ && good_) {
    if (const auto done = file_->commit(); !done) failed(done.error());
  }
  file_.reset();
  return good_;
}

}  // namespace meshcert::cli
