// 8 floats in AVX registers, with FMA. For kernels-avx2.cc only.
#include <immintrin.h>

namespace winograd {
namespace {

using Vector = __m256;
constexpr int kWidth = 8, kRows = 6;

#define INLINE static inline __attribute__((always_inline))

alignas(64) const int kFirst[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

INLINE Vector zero() { return _mm256_setzero_ps(); }
INLINE Vector broadcast(float x) { return _mm256_set1_ps(x); }
INLINE Vector load(const float* p) { return _mm256_loadu_ps(p); }
INLINE void store(float* p, Vector x) { _mm256_storeu_ps(p, x); }
INLINE __m256i first(int count) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kFirst + kWidth - (count < kWidth ? count : kWidth)));
}
INLINE Vector load_part(const float* p, int count) { return _mm256_maskload_ps(p, first(count)); }
INLINE void store_part(float* p, Vector x, int count) { _mm256_maskstore_ps(p, first(count), x); }
INLINE Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
INLINE Vector subtract(Vector a, Vector b) { return _mm256_sub_ps(a, b); }
INLINE Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
INLINE Vector multiply_add(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }        // a b + c
INLINE Vector multiply_subtract(Vector a, Vector b, Vector c) { return _mm256_fnmadd_ps(a, b, c); }  // c - a b

}  // namespace
}  // namespace winograd
