#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert {

/// GivenInput is one INPUT of a run as it was named, a file, a directory or "-". Its artifacts stand
/// behind those of the one before it, up to the index `end`.
struct GivenInput {
  std::string name;
  std::size_t end = 0;
};

/// Inventory is everything found in the inputs of one run, for the rules that
/// relate two artifacts and for reports.
struct Inventory {
  std::vector<Artifact> artifacts;
  std::vector<Defect> defects;
  std::vector<std::shared_ptr<const KubernetesObject>> objects;
  std::vector<GivenInput> given;  ///< in order; loose keys stand behind the last
  std::vector<Error> errors;      ///< inputs whose octets could not be had at all
  std::uint64_t inputs = 0;       ///< files read
  std::uint64_t skipped = 0;      ///< files of no known format met in a directory walk
};

/// newest_updates: the newest update in each file; a dump is no older than what it holds.
[[nodiscard]] std::map<std::string_view, Instant> newest_updates(const Inventory& inventory);

/// InventorySink keeps all that is found: what `judge` and reports take. Whoever reads counts the inputs.
struct InventorySink : ArtifactSink {
  Inventory inventory;

  void artifact(Artifact&& artifact) override { inventory.artifacts.push_back(std::move(artifact)); }
  void defect(Defect&& defect) override { inventory.defects.push_back(std::move(defect)); }
  void object(std::shared_ptr<const KubernetesObject> object) override {
    inventory.objects.push_back(std::move(object));
  }
  void passed_over(const std::string& /*name*/, const std::string& /*why*/) override { ++inventory.skipped; }
};

}  // namespace meshcert
