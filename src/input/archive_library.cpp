#include "input/archive_library.hpp"

#include <dlfcn.h>

#include <optional>

namespace meshcert::input {
namespace {

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<ArchiveLibrary> load() {
  void* library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  ArchiveLibrary functions;
#define MESHCERT_FIND(name) \
  if (!find(library, #name, functions.name)) return std::nullopt;
  MESHCERT_ARCHIVE_FUNCTIONS(MESHCERT_FIND)
#undef MESHCERT_FIND
  return functions;
}

}  // namespace

const ArchiveLibrary* archive_library() {
  static const std::optional<ArchiveLibrary> library = load();
  return library ? &*library : nullptr;
}

}  // namespace meshcert::input
