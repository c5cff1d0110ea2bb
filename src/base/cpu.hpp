#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#  define MESHCERT_AVX2 1
#endif

namespace meshcert::base {

/// has_avx2: the processor that runs the program has AVX2 and, as all that do, PCLMULQDQ, and it is
/// written for that kind at all. A function for it bears the attribute target("avx2") or
/// target("avx2,pclmul"); it is called only then.
[[nodiscard]] inline bool has_avx2() {
#ifdef MESHCERT_AVX2
  static const bool has = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("pclmul") != 0;
  return has;
#else
  return false;
#endif
}

}  // namespace meshcert::base
