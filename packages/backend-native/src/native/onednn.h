#pragma once
#include <oneapi/dnnl/dnnl.hpp>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include <new>
#include <string>
#include <unordered_map>
#include <utility>

#include "parallel.h"

// What the kernels on oneDNN share. All state is per thread: every worker thread of Node has its own. Works with the 2.x and the 3.x headers.
namespace lad {

inline dnnl::engine& engine() {
  static dnnl::engine* shared = new dnnl::engine(dnnl::engine::kind::cpu, 0);  // never destroyed: threads may end after it
  return *shared;
}

inline dnnl::stream& stream() {
  static thread_local dnnl::stream own(engine());
  return own;
}

/** Memory that grows and is kept for the next call. */
class Scratch {
 public:
  ~Scratch() { free(data_); }

  void* get(size_t bytes) {
    if (bytes <= size_) return data_;
    constexpr size_t page = size_t(2) << 20;
    free(data_);
    data_ = nullptr;
    size_ = 0;
    const size_t rounded = (bytes + bytes / 8 + page - 1) / page * page;
    if (posix_memalign(&data_, page, rounded) != 0) {
      data_ = nullptr;
      throw std::bad_alloc();
    }
#ifdef MADV_HUGEPAGE
    madvise(data_, rounded, MADV_HUGEPAGE);
#endif
    size_ = rounded;
    return data_;
  }

 private:
  void* data_ = nullptr;
  size_t size_ = 0;
};

/** Built primitives by the numbers that describe them and the thread count they were built for. */
template <class Value>
class Cache {
 public:
  template <class Make>
  Value& get(const int32_t* numbers, size_t count, Make make) {
    std::string key(reinterpret_cast<const char*>(numbers), count * sizeof(int32_t));
    const int32_t threadCount = threads();
    key.append(reinterpret_cast<const char*>(&threadCount), sizeof threadCount);
    const auto found = values_.find(key);
    if (found != values_.end()) return found->second;
    if (values_.size() >= 2048) values_.clear();
    return values_.emplace(std::move(key), make()).first->second;
  }

 private:
  std::unordered_map<std::string, Value> values_;
};

inline dnnl::primitive_attr userScratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

inline dnnl::memory wrap(const dnnl::memory::desc& description, const void* data) {
  return dnnl::memory(description, engine(), const_cast<void*>(data));
}

}  // namespace lad
