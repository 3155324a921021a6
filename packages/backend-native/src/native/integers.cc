#include "arguments.h"
#include "kernels.h"
#include "pairs.h"
#include "parallel.h"

// int32 and bool. Sums and products wrap around, as an Int32Array's elements do.
namespace lad {
namespace {

enum Operation { add, subtract, multiply, maximum, minimum, squaredDifference, floorDivide, modulo, operationCount };
enum Comparison { equal, notEqual, greater, greaterEqual, less, lessEqual, both, either, comparisonCount };
enum Single { negative, absolute, square, sign, singleCount };

inline int32_t wrapped(int64_t value) { return int32_t(uint32_t(uint64_t(value))); }

template <int op>
inline int32_t operate(int64_t a, int64_t b) {
  switch (op) {
    case add: return wrapped(a + b);
    case subtract: return wrapped(a - b);
    case multiply: return wrapped(a * b);
    case maximum: return int32_t(a > b ? a : b);
    case minimum: return int32_t(a < b ? a : b);
    case squaredDifference: return wrapped(int64_t(uint64_t(a - b) * uint64_t(a - b)));
    // by 0: what JavaScript stores for an infinite or undefined quotient
    case floorDivide: return b == 0 ? 0 : wrapped(a / b - (a % b != 0 && (a < 0) != (b < 0)));
    case modulo: return b == 0 ? 0 : int32_t(a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0));
    default: return 0;
  }
}

template <int op>
inline bool compares(int32_t a, int32_t b) {
  switch (op) {
    case equal: return a == b;
    case notEqual: return a != b;
    case greater: return a > b;
    case greaterEqual: return a >= b;
    case less: return a < b;
    case lessEqual: return a <= b;
    case both: return a != 0 && b != 0;
    case either: return a != 0 || b != 0;
    default: return false;
  }
}

template <int op>
inline int32_t single(int64_t x) {
  switch (op) {
    case negative: return wrapped(-x);
    case absolute: return wrapped(x < 0 ? -x : x);
    case square: return wrapped(x * x);
    case sign: return x > 0 ? 1 : (x < 0 ? -1 : 0);
    default: return 0;
  }
}

template <int op>
void operateLoop(const int32_t* a, const int32_t* b, int32_t* y, Index count, Index stepA, Index stepB) {
  for (Index i = 0; i < count; i++) y[i] = operate<op>(a[i * stepA], b[i * stepB]);
}
template <int op, class T>
void compareLoop(const T* a, const T* b, uint8_t* y, Index count, Index stepA, Index stepB) {
  for (Index i = 0; i < count; i++) y[i] = compares<op>(a[i * stepA], b[i * stepB]);
}
template <int op>
void singleLoop(const int32_t* x, int32_t* y, Index count) {
  for (Index i = 0; i < count; i++) y[i] = single<op>(x[i]);
}

/** (operation, a, b, y, meta) on int32 */
void integerBinary(Arguments& call) {
  constexpr void (*table[operationCount])(const int32_t*, const int32_t*, int32_t*, Index, Index, Index) = {
      operateLoop<0>, operateLoop<1>, operateLoop<2>, operateLoop<3>, operateLoop<4>, operateLoop<5>, operateLoop<6>, operateLoop<7>};
  overPairs<int32_t, int32_t>(call, table[call.whole(0, 0, operationCount - 1)]);
}

template <class T>
void compareAs(Arguments& call) {
  constexpr void (*table[comparisonCount])(const T*, const T*, uint8_t*, Index, Index, Index) = {
      compareLoop<0, T>, compareLoop<1, T>, compareLoop<2, T>, compareLoop<3, T>,
      compareLoop<4, T>, compareLoop<5, T>, compareLoop<6, T>, compareLoop<7, T>};
  overPairs<T, uint8_t>(call, table[call.whole(0, 0, comparisonCount - 1)]);
}

/** (comparison, a, b, y, meta) of int32 or of bool */
void integerCompare(Arguments& call) { compareAs<int32_t>(call); }
void truthCompare(Arguments& call) { compareAs<uint8_t>(call); }

/** (operation, x, y) on int32 */
void integerUnary(Arguments& call) {
  constexpr void (*table[singleCount])(const int32_t*, int32_t*, Index) = {singleLoop<0>, singleLoop<1>, singleLoop<2>, singleLoop<3>};
  const auto loop = table[call.whole(0, 0, singleCount - 1)];
  Index count;
  const int32_t* x = call.integers(1, 0, &count);
  int32_t* y = call.integers(2, count);
  parallel(count, 32768, [&](Index begin, Index end) { loop(x + begin, y + begin, end - begin); });
}

/** (x, y): 1 where a bool is 0 */
void truthNot(Arguments& call) {
  Index count;
  const uint8_t* x = call.bytes(0, 0, &count);
  uint8_t* y = call.bytes(1, count);
  parallel(count, 65536, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) y[i] = x[i] == 0;
  });
}

/** (x, y): bool to int32, or int32 to bool */
void integersFrom(Arguments& call) {
  Index count;
  const uint8_t* x = call.bytes(0, 0, &count);
  int32_t* y = call.integers(1, count);
  parallel(count, 32768, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) y[i] = x[i];
  });
}
void truthFrom(Arguments& call) {
  Index count;
  const int32_t* x = call.integers(0, 0, &count);
  uint8_t* y = call.bytes(1, count);
  parallel(count, 32768, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) y[i] = x[i] != 0;
  });
}

}  // namespace

void addIntegers(Module& module) {
  module.add<integerBinary>("integerBinary");
  module.add<integerCompare>("integerCompare");
  module.add<truthCompare>("truthCompare");
  module.add<integerUnary>("integerUnary");
  module.add<truthNot>("truthNot");
  module.add<integersFrom>("integersFrom");
  module.add<truthFrom>("truthFrom");
}

}  // namespace lad
