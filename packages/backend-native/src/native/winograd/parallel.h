// Items of work over the caller's threads.
#ifndef LAD_WINOGRAD_PARALLEL_H
#define LAD_WINOGRAD_PARALLEL_H

#include <atomic>

#include "winograd.h"

namespace winograd {

inline int threads_of(const WinogradParallel* parallel) {
  return parallel && parallel->run && parallel->threads > 1 ? parallel->threads : 1;
}

// Calls work(item, task) once for every item in 0..items-1; calls with the same task number never overlap.
template <typename Work>
void for_each_item(const WinogradParallel* parallel, int items, const Work& work) {
  const int threads = threads_of(parallel), tasks = threads < items ? threads : items;
  if (tasks <= 1) {
    for (int item = 0; item < items; item++) work(item, 0);
    return;
  }
  struct Context {
    const Work& work;
    int items;
    std::atomic<int> next;
  } context{work, items, {0}};
  auto task = [](void* pointer, int index) {
    Context& c = *static_cast<Context*>(pointer);
    for (int item; (item = c.next.fetch_add(1, std::memory_order_relaxed)) < c.items;) c.work(item, index);
  };
  parallel->run(parallel->pool, tasks, task, &context);
}

}  // namespace winograd

#endif
