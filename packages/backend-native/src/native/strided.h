#pragma once
#include <cstdint>
#include <stdexcept>

#include "parallel.h"

namespace lad {

/** Two operands walked over one shape, each with its own steps; neighbouring axes that both operands run through evenly are merged. */
struct Strided {
  static constexpr int most = 8;
  int rank = 0;  // of the outer axes
  int64_t size[most], stepA[most], stepB[most];
  int64_t outer = 1, inner = 1, innerA = 1, innerB = 1;

  Strided(int axes, const int32_t* dims, const int32_t* a, const int32_t* b) {
    if (axes < 0 || axes > most) throw std::invalid_argument("a shape of more than 8 axes");
    for (int i = 0; i < axes; i++) {
      const int64_t n = dims[i];
      if (n < 0) throw std::invalid_argument("a shape with a negative size");
      if (n == 1) continue;
      if (rank > 0 && stepA[rank - 1] == a[i] * n && stepB[rank - 1] == b[i] * n) {
        size[rank - 1] *= n;
        stepA[rank - 1] = a[i];
        stepB[rank - 1] = b[i];
      } else {
        size[rank] = n;
        stepA[rank] = a[i];
        stepB[rank] = b[i];
        rank++;
      }
    }
    if (rank > 0) {
      rank--;
      inner = size[rank];
      innerA = stepA[rank];
      innerB = stepB[rank];
    }
    for (int i = 0; i < rank; i++) outer *= size[i];
  }

  int64_t elements() const { return outer * inner; }

  /** Throws unless every element of both operands lies inside their arrays. */
  void check(int64_t offsetA, int64_t lengthA, int64_t offsetB, int64_t lengthB) const {
    if (elements() == 0) return;
    checkOne(offsetA, stepA, innerA, lengthA);
    checkOne(offsetB, stepB, innerB, lengthB);
  }

  /** `work(row, offsetA, offsetB)` for every row of `inner` elements. */
  template <class Work>
  void eachRow(int64_t grain, Work work) const {
    if (inner == 0) return;
    parallel(outer, grain / inner + 1, [&](int64_t begin, int64_t end) {
      int64_t at[most], rest = begin, a = 0, b = 0;
      for (int i = rank - 1; i >= 0; i--) {
        at[i] = rest % size[i];
        rest /= size[i];
        a += at[i] * stepA[i];
        b += at[i] * stepB[i];
      }
      for (int64_t row = begin; row < end; row++) {
        work(row, a, b);
        for (int i = rank - 1; i >= 0; i--) {
          a += stepA[i];
          b += stepB[i];
          if (++at[i] < size[i]) break;
          a -= stepA[i] * size[i];
          b -= stepB[i] * size[i];
          at[i] = 0;
        }
      }
    });
  }

 private:
  void checkOne(int64_t offset, const int64_t* step, int64_t innerStep, int64_t length) const {
    int64_t low = offset, high = offset;
    const auto reach = [&](int64_t count, int64_t by) { (by < 0 ? low : high) += (count - 1) * by; };
    for (int i = 0; i < rank; i++) reach(size[i], step[i]);
    reach(inner, innerStep);
    if (low < 0 || high >= length) throw std::out_of_range("shape and steps reach outside an array");
  }
};

}  // namespace lad
