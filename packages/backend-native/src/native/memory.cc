#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include <atomic>

#include "arguments.h"
#include "kernels.h"

namespace lad {
namespace {

constexpr Index hugePage = Index(2) << 20;
/** Of an external buffer in Node 20: a larger one is refused after its memory has been freed, or not, depending on the reason. */
constexpr Index largest = Index(1) << 32;
std::atomic<Index> held{0};

void freed(napi_env, void* data, void* bytes) {
  held -= reinterpret_cast<intptr_t>(bytes);
  free(data);
}

/** (bytes): an ArrayBuffer outside of V8's heap, 64-byte aligned, from 2 MiB on in huge pages where the system has them; undefined if this Node allows none, or none as large. */
void allocate(Arguments& call) {
  Index bytes = call.whole(0, 1);
  const Index alignment = bytes >= hugePage ? hugePage : 64;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  if (bytes > largest) return;
  void* data = nullptr;
  if (posix_memalign(&data, size_t(alignment), size_t(bytes)) != 0)
    throw std::runtime_error("out of memory: " + std::to_string(bytes) + " bytes were wanted");
#ifdef MADV_HUGEPAGE
  if (bytes >= hugePage) madvise(data, size_t(bytes), MADV_HUGEPAGE);
#endif
  held += bytes;
  void* hint = reinterpret_cast<void*>(intptr_t(bytes));
  if (napi_create_external_arraybuffer(call.env, data, size_t(bytes), freed, hint, &call.result) != napi_ok) {
    freed(call.env, data, hint);
    call.result = nullptr;
  }
}

/** (buffer): gives its memory back now instead of at the next garbage collection */
void release(Arguments& call) {
  bool isBuffer = false;
  if (call.count() < 1 || napi_is_arraybuffer(call.env, call.value(0), &isBuffer) != napi_ok || !isBuffer)
    call.refuse(0, "an ArrayBuffer");
  napi_detach_arraybuffer(call.env, call.value(0));
}

void heldBytes(Arguments& call) { call.returnNumber(double(held.load())); }

}  // namespace

void addMemory(Module& module) {
  module.add<allocate>("allocate");
  module.add<release>("release");
  module.add<heldBytes>("heldBytes");
}

}  // namespace lad
