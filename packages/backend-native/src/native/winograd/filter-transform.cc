// Filters into the layout of the products.
#include <algorithm>
#include <cstring>

#include "geometry.h"
#include "parallel.h"

namespace winograd {
namespace {

constexpr int kChannelsPerItem = 16, kMostPanel = 32;

// Forward: U[c][o] from taps w[i][c][o], contiguous in o.
void transform_forward(const Kernels& k, const Transforms& transforms, const float* w, float* u, const WinogradShape& s,
                       const FilterLayout& layout, int p, int from) {
  const int first = p * k.panel, channels = std::min(k.panel, s.outputs - first);
  const float* taps[9];
  for (int c = from; c < std::min(s.inputs, from + kChannelsPerItem); c++) {
    for (int i = 0; i < 9; i++) taps[i] = w + (static_cast<Offset>(i) * s.inputs + c) * s.outputs + first;
    transforms.filter(taps, channels, u + p * layout.panel_stride + static_cast<Offset>(c) * k.panel, layout.position_stride);
  }
}

typedef float Four __attribute__((vector_size(16)));
typedef int Places __attribute__((vector_size(16)));

inline Four pick(Four a, Four b, Places from) {
#if defined(__clang__)
  Four both[2] = {a, b}, result;
  for (int i = 0; i < 4; i++) result[i] = both[from[i] / 4][from[i] % 4];
  return result;
#else
  return __builtin_shuffle(a, b, from);
#endif
}

// to[j * to_stride + i] = from[i * from_stride + j] for i < rows, j < columns: by 4x4 blocks, one number at a time beyond them.
void turn(const float* from, Offset from_stride, float* to, Offset to_stride, int rows, int columns) {
  const int whole = rows / 4 * 4;
  for (int i = 0; i < whole; i += 4)
    for (int j = 0; j + 4 <= columns; j += 4) {
      Four r[4];
      for (int k = 0; k < 4; k++) std::memcpy(&r[k], from + (i + k) * from_stride + j, sizeof(Four));
      const Four a = pick(r[0], r[1], Places{0, 4, 1, 5}), b = pick(r[2], r[3], Places{0, 4, 1, 5});
      const Four c = pick(r[0], r[1], Places{2, 6, 3, 7}), d = pick(r[2], r[3], Places{2, 6, 3, 7});
      const Four turned[4] = {pick(a, b, Places{0, 1, 4, 5}), pick(a, b, Places{2, 3, 6, 7}), pick(c, d, Places{0, 1, 4, 5}),
                              pick(c, d, Places{2, 3, 6, 7})};
      for (int k = 0; k < 4; k++) std::memcpy(to + (j + k) * to_stride + i, &turned[k], sizeof(Four));
    }
  for (int i = 0; i < rows; i++)
    for (int j = i < whole ? columns / 4 * 4 : 0; j < columns; j++) to[j * to_stride + i] = from[i * from_stride + j];
}

// Input gradient: U[o][c] from taps w[8 - i][c][o], brought to be contiguous in c first.
void transform_mirrored(const Kernels& k, const Transforms& transforms, const float* w, float* u, const WinogradShape& s,
                        const FilterLayout& layout, int p, int from) {
  const int first = p * k.panel, channels = std::min(k.panel, s.inputs - first);
  const int count = std::min(kChannelsPerItem, s.outputs - from);
  alignas(64) float turned[kChannelsPerItem][9][kMostPanel];
  for (int i = 0; i < 9; i++) {
    const float* rows = w + (static_cast<Offset>(8 - i) * s.inputs + first) * s.outputs + from;
    turn(rows, s.outputs, turned[0][i], 9 * kMostPanel, channels, count);
  }
  const float* taps[9];
  for (int o = 0; o < count; o++) {
    for (int i = 0; i < 9; i++) taps[i] = turned[o][i];
    float* row = u + p * layout.panel_stride + static_cast<Offset>(from + o) * k.panel;
    transforms.filter(taps, channels, row, layout.position_stride);
  }
}

}  // namespace
}  // namespace winograd

using namespace winograd;

size_t winograd_transformed_filter_size(const WinogradShape* shape, WinogradDirection direction) {
  const Geometry g(direction == WINOGRAD_INPUT_GRADIENT ? mirrored(*shape) : *shape);
  return aligned(FilterLayout(kernels(), g.positions, g.inputs, g.outputs).size());
}

void winograd_transform_filter(const float* filter, float* transformed, const WinogradShape* shape, WinogradDirection direction,
                               const WinogradParallel* parallel) {
  const Kernels& k = kernels();
  const bool mirror = direction == WINOGRAD_INPUT_GRADIENT;
  const Geometry g(mirror ? mirrored(*shape) : *shape);
  const FilterLayout layout(k, g.positions, g.inputs, g.outputs);
  const int groups = blocks_of(g.inputs, kChannelsPerItem);
  const auto transform = mirror ? transform_mirrored : transform_forward;
  for_each_item(parallel, layout.panels * groups, [&](int item, int) {
    transform(k, g.transforms(k), filter, transformed, *shape, layout, item / groups, item % groups * kChannelsPerItem);
  });
}
