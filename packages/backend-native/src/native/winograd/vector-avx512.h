// 16 floats in AVX-512 registers. For kernels-avx512.cc only.
#include <immintrin.h>

namespace winograd {
namespace {

using Vector = __m512;
constexpr int kWidth = 16, kRows = 14;

#define INLINE static inline __attribute__((always_inline))

INLINE Vector zero() { return _mm512_setzero_ps(); }
INLINE Vector broadcast(float x) { return _mm512_set1_ps(x); }
INLINE Vector load(const float* p) { return _mm512_loadu_ps(p); }
INLINE void store(float* p, Vector x) { _mm512_storeu_ps(p, x); }
INLINE __mmask16 first(int count) { return static_cast<__mmask16>(count >= kWidth ? 0xffff : (1u << count) - 1); }
INLINE Vector load_part(const float* p, int count) { return _mm512_maskz_loadu_ps(first(count), p); }
INLINE void store_part(float* p, Vector x, int count) { _mm512_mask_storeu_ps(p, first(count), x); }
INLINE Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
INLINE Vector subtract(Vector a, Vector b) { return _mm512_sub_ps(a, b); }
INLINE Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
INLINE Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }        // a b + c
INLINE Vector multiply_subtract(Vector a, Vector b, Vector c) { return _mm512_fnmadd_ps(a, b, c); }  // c - a b

}  // namespace
}  // namespace winograd
