#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "input/files.hpp"

namespace meshcert::input {

/// Parts delivers a file that is several things one after the other, each as an
/// artifact of its own. Together they tell no more defects than one would: the
/// rest is counted in a last one.
class Parts {
 public:
  /// `noun` is what one of the parts is called: "value".
  Parts(const std::string& name, std::string_view noun, std::size_t count, const ReadOptions& options,
        ArtifactSink& sink)
      : name_(name), noun_(noun), count_(count), options_(options), sink_(sink) {}

  /// begin makes the artifact of the next part, which begins in this line.
  [[nodiscard]] Artifact begin(std::uint32_t line);
  /// title names the part that was begun, "" when it is the only one.
  [[nodiscard]] std::string title() const;
  void deliver(Artifact&& artifact, const Contents& contents);
  /// finish tells how many defects were left out.
  void finish();

 private:
  const std::string& name_;
  std::string_view noun_;
  std::size_t count_;
  const ReadOptions& options_;
  ArtifactSink& sink_;
  std::size_t begun_ = 0;
  std::size_t told_ = 0;
  std::size_t untold_ = 0;
  bool untold_lost_ = false;
  std::uint32_t line_ = 0;  // of the last part with something left out
};

}  // namespace meshcert::input
