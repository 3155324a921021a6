#pragma once
#include <omp.h>

#include <cstdint>

namespace lad {

/** Threads that a call from this JavaScript thread uses. */
inline int threads() { return omp_get_max_threads(); }

/** While it lives, small work of this JavaScript thread stays on one thread: waking others would take longer than the work, and much longer on a busy machine. */
class SmallWork {
 public:
  explicit SmallWork(double multiplications) : before_(threads()), small_(before_ > 1 && multiplications < 2e6) {
    if (small_) omp_set_num_threads(1);
  }
  ~SmallWork() {
    if (small_) omp_set_num_threads(before_);
  }
  SmallWork(const SmallWork&) = delete;
  SmallWork& operator=(const SmallWork&) = delete;

 private:
  int before_;
  bool small_;
};

/** Runs `work(begin, end)` over [0, count) on all threads, on one if there are at most `grain` items. The split depends on count and threads only. */
template <class Work>
inline void parallel(int64_t count, int64_t grain, Work work) {
  if (count <= 0) return;
  if (threads() == 1 || count <= grain) {
    work(int64_t(0), count);
    return;
  }
#pragma omp parallel
  {
    const int64_t all = omp_get_num_threads();
    const int64_t share = (count + all - 1) / all;
    const int64_t begin = omp_get_thread_num() * share;
    const int64_t end = begin + share < count ? begin + share : count;
    if (begin < end) work(begin, end);
  }
}

/** As `parallel`, but each thread takes its share from the end on, `block` items at a time: of what another pass has just read, the end is still in the caches. */
template <class Work>
inline void parallelFromEnd(int64_t count, int64_t grain, int64_t block, Work work) {
  parallel(count, grain, [&](int64_t begin, int64_t end) {
    for (int64_t from = end; from > begin;) {
      const int64_t to = from;
      from = to - block > begin ? to - block : begin;
      work(from, to);
    }
  });
}

/** How many pieces a reduction of `rows` rows of `width` is split into. */
inline int pieces(int64_t rows, int64_t width) {
  const int64_t all = rows * width < 16384 ? 1 : threads();
  return int(all < rows ? all : rows > 0 ? rows : 1);
}

/** Runs `work(piece, begin, end)` for every piece of [0, count). */
template <class Work>
inline void inPieces(int all, int64_t count, Work work) {
  const int64_t share = (count + all - 1) / all;
#pragma omp parallel for num_threads(all) schedule(static, 1) if (all > 1)
  for (int piece = 0; piece < all; piece++) {
    const int64_t begin = piece * share, end = begin + share < count ? begin + share : count;
    if (begin < end) work(piece, begin, end);
  }
}

}  // namespace lad
