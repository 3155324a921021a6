// 4 floats in the compiler's own vectors: SSE2, NEON or whatever the target has. For kernels-portable.cc only.
#include <cstring>

namespace winograd {
namespace {

typedef float Vector __attribute__((vector_size(16)));
constexpr int kWidth = 4;
#if defined(__aarch64__)
constexpr int kRows = 12;  // 32 registers
#else
constexpr int kRows = 5;  // 16 registers, no fused multiply-add
#endif

#define INLINE static inline __attribute__((always_inline))

INLINE Vector zero() { return Vector{0, 0, 0, 0}; }
INLINE Vector broadcast(float x) { return Vector{x, x, x, x}; }
INLINE Vector load_part(const float* p, int count) {
  Vector x = zero();
  std::memcpy(&x, p, sizeof(float) * static_cast<unsigned>(count < kWidth ? count : kWidth));
  return x;
}
INLINE void store_part(float* p, Vector x, int count) {
  std::memcpy(p, &x, sizeof(float) * static_cast<unsigned>(count < kWidth ? count : kWidth));
}
INLINE Vector load(const float* p) {
  Vector x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
INLINE void store(float* p, Vector x) { std::memcpy(p, &x, sizeof x); }
INLINE Vector add(Vector a, Vector b) { return a + b; }
INLINE Vector subtract(Vector a, Vector b) { return a - b; }
INLINE Vector multiply(Vector a, Vector b) { return a * b; }
INLINE Vector multiply_add(Vector a, Vector b, Vector c) { return a * b + c; }
INLINE Vector multiply_subtract(Vector a, Vector b, Vector c) { return c - a * b; }

}  // namespace
}  // namespace winograd
