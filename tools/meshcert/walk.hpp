#pragma once

#include <string>

#include "meshcert/env.hpp"

namespace meshcert::cli {

/// TreeVisitor is told what stands below a directory.
class TreeVisitor {
 public:
  virtual ~TreeVisitor() = default;
  /// wants: whether a file or a directory is to be looked at at all.
  [[nodiscard]] virtual bool wants(const std::string& /*path*/) { return true; }
  virtual void file(const std::string& path, const FileFacts& facts) = 0;
  virtual void skipped(const std::string& path, const std::string& why) = 0;
  virtual void fault(const std::string& path, const std::string& why) = 0;
};

/// walk_tree goes through a directory in sorted order, with a stack of its own: how
/// deep directories nest is the input's choice. A directory is entered once, however
/// many links lead there.
void walk_tree(Env& env, const std::string& top, const std::string& identity, TreeVisitor& visitor);

}  // namespace meshcert::cli
