#include "input/parts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace meshcert::input {

Artifact Parts::begin(std::uint32_t line) {
  ++begun_;
  Artifact artifact = begin_file(name_);
  artifact.source.line = line;
  if (count_ > 1) artifact.name += ", " + title();
  return artifact;
}

std::string Parts::title() const {
  return count_ > 1 ? fmt::format("{} {} of {}", noun_, begun_, count_) : "";
}

void Parts::deliver(Artifact&& artifact, const Contents& contents) {
  const bool nothing = artifact.certificates.empty() && artifact.crls.empty();
  const bool quiet = told_ >= options_.limits.defects;
  if (quiet && (nothing || !artifact.defects.empty())) {
    untold_ += std::max<std::size_t>(artifact.defects.size(), 1);
    untold_lost_ = untold_lost_ || nothing || std::ranges::any_of(artifact.defects, &Defect::lost);
    line_ = artifact.source.line;
    artifact.defects.clear();
  }
  if (quiet && nothing) return;
  told_ += nothing ? std::max<std::size_t>(artifact.defects.size(), 1) : artifact.defects.size();
  deliver_file(std::move(artifact), contents, options_.as_workload_chain, sink_);
}

void Parts::finish() {
  if (untold_ == 0) return;
  sink_.defect(Defect{DefectKind::malformed, SourceRef{name_, line_},
                      fmt::format("{} more defects, the last in the {} of line {}", untold_, noun_, line_),
                      untold_lost_});
}

}  // namespace meshcert::input
