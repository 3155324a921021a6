#include <oneapi/dnnl/dnnl.hpp>

#include "arguments.h"
#include "instruction-set.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"

namespace lad {

const Loops& loops() {
  static const Loops& chosen = pick<Loops>(LAD_TABLES);
  return chosen;
}

namespace {

/** (threads): how many this JavaScript thread's calls use from now on */
void setThreads(Arguments& call) { omp_set_num_threads(int(call.whole(0, 1, 1024))); }
void threadCount(Arguments& call) { call.returnNumber(threads()); }
void isa(Arguments& call) { call.returnText(loops().name); }
void libraryVersion(Arguments& call) {
  const dnnl_version_t* version = dnnl_version();
  call.returnText(std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch));
}

}  // namespace
}  // namespace lad

NAPI_MODULE_INIT() {
  lad::Module module{env, exports};
  lad::addElementwise(module);
  lad::addReductions(module);
  lad::addMovement(module);
  lad::addPooling(module);
  lad::addNormalization(module);
  lad::addConvolution(module);
  lad::addMatmul(module);
  lad::addMemory(module);
  lad::addRoiAlign(module);
  lad::addDeformConv(module);
  module.add<lad::setThreads>("setThreads");
  module.add<lad::threadCount>("threadCount");
  module.add<lad::isa>("isa");
  module.add<lad::libraryVersion>("libraryVersion");
  return exports;
}
