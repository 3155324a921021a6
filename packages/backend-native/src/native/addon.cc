#include <oneapi/dnnl/dnnl.hpp>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"

namespace lad {

Isa isa() {
  static const Isa chosen = [] {
#if LAD_X86
    const char* asked = getenv("LAD_ISA");
    const bool baseline = asked && strcmp(asked, "baseline") == 0, narrow = asked && strcmp(asked, "avx2") == 0;
    if (!baseline && !narrow && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      return Isa::avx512;
    if (!baseline && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Isa::avx2;
#endif
    return Isa::baseline;
  }();
  return chosen;
}

namespace {

/** (threads): how many this JavaScript thread's calls use from now on */
void setThreads(Arguments& call) { omp_set_num_threads(int(call.whole(0, 1, 1024))); }
void threadCount(Arguments& call) { call.returnNumber(threads()); }
void isaName(Arguments& call) { call.returnText(loops().name); }
void libraryVersion(Arguments& call) {
  const dnnl_version_t* version = dnnl_version();
  call.returnText(std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch));
}

}  // namespace
}  // namespace lad

NAPI_MODULE_INIT() {
  lad::Module module{env, exports};
  lad::addElementwise(module);
  lad::addFunctions(module);
  lad::addIntegers(module);
  lad::addReductions(module);
  lad::addOtherReductions(module);
  lad::addScans(module);
  lad::addTopk(module);
  lad::addIndexing(module);
  lad::addMovement(module);
  lad::addPooling(module);
  lad::addResize(module);
  lad::addSoftmax(module);
  lad::addNormalization(module);
  lad::addLayerNorm(module);
  lad::addConvolution(module);
  lad::addMatmul(module);
  lad::addMemory(module);
  lad::addRoiAlign(module);
  lad::addDeformConv(module);
  lad::addFocalLosses(module);
  lad::addDistributionLosses(module);
  lad::addGiouLoss(module);
  lad::addOptimizers(module);
  module.add<lad::setThreads>("setThreads");
  module.add<lad::threadCount>("threadCount");
  module.add<lad::isaName>("isa");
  module.add<lad::libraryVersion>("libraryVersion");
  return exports;
}
