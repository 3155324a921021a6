// The instruction set of this process.
#include <atomic>
#include <cstring>

#include "kernels.h"
#include "winograd.h"

namespace winograd {
namespace {

bool runs_here(const Kernels& k) {
#ifdef LAD_WINOGRAD_X86
  if (&k == &kKernelsAvx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
  if (&k == &kKernelsAvx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return &k == &kKernelsPortable;
}

const Kernels* const kAll[] = {
#ifdef LAD_WINOGRAD_X86
    &kKernelsAvx512, &kKernelsAvx2,
#endif
    &kKernelsPortable};

const Kernels* best() {
  for (const Kernels* k : kAll)
    if (runs_here(*k)) return k;
  return &kKernelsPortable;
}

std::atomic<const Kernels*> chosen{nullptr};

}  // namespace

const Kernels& kernels() {
  const Kernels* k = chosen.load(std::memory_order_relaxed);
  if (!k) chosen.store(k = best(), std::memory_order_relaxed);
  return *k;
}

}  // namespace winograd

const char* winograd_instruction_set(void) { return winograd::kernels().name; }

bool winograd_use_instruction_set(const char* name) {
  for (const winograd::Kernels* k : winograd::kAll)
    if (std::strcmp(k->name, name) == 0 && winograd::runs_here(*k)) {
      winograd::chosen.store(k, std::memory_order_relaxed);
      return true;
    }
  return false;
}
