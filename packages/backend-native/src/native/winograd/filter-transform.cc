// Filters into the layout of the products.
#include <algorithm>

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

// Input gradient: U[o][c] from taps w[8 - i][c][o], brought to be contiguous in c first.
void transform_mirrored(const Kernels& k, const Transforms& transforms, const float* w, float* u, const WinogradShape& s,
                        const FilterLayout& layout, int p, int from) {
  const int first = p * k.panel, channels = std::min(k.panel, s.inputs - first);
  const int count = std::min(kChannelsPerItem, s.outputs - from);
  alignas(64) float turned[kChannelsPerItem][9][kMostPanel];
  for (int i = 0; i < 9; i++)
    for (int c = 0; c < channels; c++) {
      const float* row = w + (static_cast<Offset>(8 - i) * s.inputs + first + c) * s.outputs + from;
      for (int o = 0; o < count; o++) turned[o][i][c] = row[o];
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
