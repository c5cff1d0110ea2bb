#include "meshcert/walk.hpp"

#include <set>
#include <utility>
#include <vector>

namespace meshcert::cli {
namespace {

class Walk {
 public:
  Walk(Env& env, TreeVisitor& visitor) : env_(env), visitor_(visitor) {}

  void run(const std::string& top, const std::string& identity) {
    seen_.insert(identity);
    push_entries(top);
    while (!pending_.empty()) {
      const std::string path = std::move(pending_.back());
      pending_.pop_back();
      if (visitor_.wants(path)) visit(path);
    }
  }

 private:
  void push_entries(const std::string& directory) {
    const auto names = env_.list_directory(directory);
    if (!names) return visitor_.fault(directory, names.error());
    const std::string prefix = directory.ends_with('/') ? directory : directory + "/";
    for (auto name = names->rbegin(); name != names->rend(); ++name) {
      // kubelet's ..data and ..2026_11_22 hold what the names beside them lead to.
      if (!name->starts_with("..")) pending_.push_back(prefix + *name);
    }
  }

  void visit(const std::string& path) {
    const auto facts = env_.look_at(path);
    if (!facts) return visitor_.fault(path, facts.error());
    switch (facts->kind) {
      case FileFacts::Kind::regular:
        return visitor_.file(path, *facts);
      case FileFacts::Kind::fifo:
        return visitor_.skipped(path, "a FIFO is read only when it is named");
      case FileFacts::Kind::other:
        return visitor_.skipped(path, "no file: a socket or a device");
      case FileFacts::Kind::directory:
        break;
    }
    if (!seen_.insert(facts->identity).second)
      return visitor_.skipped(path, "leads to a directory already walked");
    push_entries(path);
  }

  Env& env_;
  TreeVisitor& visitor_;
  std::set<std::string> seen_;
  std::vector<std::string> pending_;
};

}  // namespace

void walk_tree(Env& env, const std::string& top, const std::string& identity, TreeVisitor& visitor) {
  Walk(env, visitor).run(top, identity);
}

}  // namespace meshcert::cli
