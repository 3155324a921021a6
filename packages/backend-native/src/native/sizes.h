#pragma once
#include <initializer_list>
#include <stdexcept>

#include "arguments.h"

namespace lad {

/** The product of sizes that JavaScript gave, none negative; throws where it does not fit, so that no check of a length is passed by overflow. */
inline Index elements(std::initializer_list<Index> sizes) {
  Index product = 1;
  for (const Index size : sizes)
    if (__builtin_mul_overflow(product, size, &product) || product > (Index(1) << 40)) throw std::invalid_argument("sizes too large");
  return product;
}

}  // namespace lad
