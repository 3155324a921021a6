// The Winograd kernels for AVX2 with FMA.
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>

#include "kernels.h"
#include "matrices.h"

// To the end of the file, so that no per-file compiler flag is needed.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif

#include "vector-avx2.h"
// The two below are compiled once per instruction set.
#include "transforms.inc"
#include "products.inc"

namespace winograd {

extern const Kernels kKernelsAvx2 = {"avx2", kPanel, transforms_of<Large>(), transforms_of<Small>(), product, gradient_product};

}  // namespace winograd

#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
