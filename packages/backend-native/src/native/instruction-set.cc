#include "instruction-set.h"

#include <stdlib.h>
#include <string.h>

namespace lad {

InstructionSet instructionSet() {
  static const InstructionSet chosen = []() {
#if LAD_X86
    const char* asked = getenv("LAD_ISA");
    const bool baseline = asked && strcmp(asked, "baseline") == 0, narrow = asked && strcmp(asked, "avx2") == 0;
    if (!baseline && !narrow && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      return InstructionSet::avx512;
    if (!baseline && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return InstructionSet::avx2;
#endif
    return InstructionSet::baseline;
  }();
  return chosen;
}

}  // namespace lad
