#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

// exp and log that compilers vectorise: no calls, no branches, right at ±0, infinities, NaN and subnormals. Polynomials of Cephes; at most 2 units in the last place.
namespace lad {
namespace {

inline uint32_t bitsOf(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}
inline float floatOf(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

inline float expOf(float x) {
  const float bounded = x > 100.f ? 100.f : (x < -120.f ? -120.f : x);
  const float rounder = 12582912.f;  // 1.5·2²³: adding it rounds to a whole number
  const float shifted = bounded * 1.44269504088896341f + rounder;
  const uint32_t power = bitsOf(shifted) - bitsOf(rounder);
  const float whole = shifted - rounder;
  const float r = bounded - whole * 0.693359375f + whole * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float e = p * (r * r) + r + 1.f;
  // 2^power in two factors, so that results may be subnormal or infinite
  const uint32_t half = uint32_t(int32_t(power) >> 1);
  return e * floatOf((half + 127u) << 23) * floatOf((power - half + 127u) << 23);
}

/** log(m·2^e) for a finite m in the normal range; `extra` is added to the exponent. */
inline float logOfNormal(float x, float extra) {
  const uint32_t bits = bitsOf(x);
  const float exponent = float(int32_t(bits >> 23) - 126) + extra;
  const float mantissa = floatOf((bits & 0x007fffffu) | 0x3f000000u);  // [0.5, 1)
  const bool low = mantissa < 0.707106781186547524f;
  const float m = low ? mantissa + mantissa - 1.f : mantissa - 1.f;
  const float e = low ? exponent - 1.f : exponent;
  const float z = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  const float y = p * m * z + e * -2.12194440e-4f - 0.5f * z;
  return m + y + e * 0.693359375f;
}

inline float logOf(float x) {
  const bool tiny = x < 1.17549435e-38f;
  const float y = logOfNormal(tiny ? x * 8388608.f : x, tiny ? -23.f : 0.f);
  const float finite = x == INFINITY ? x : y;
  const float positive = x > 0 ? finite : (x == 0 ? -INFINITY : NAN);
  return x == x ? positive : x;
}

/** log(1 + x) without losing the digits of a small x: log(u) · x / (u − 1) with u = 1 + x. */
inline float log1pOf(float x) {
  const float u = 1.f + x;
  const float rest = u - 1.f;
  const float scaled = logOf(u) * (x / rest);
  const float result = rest == 0 ? x : scaled;
  return x == INFINITY ? x : result;
}

}  // namespace
}  // namespace lad
