// Filter gradient: dw = G' [sum over tiles of (B' d B) * (A dy A')] G.
#include <algorithm>
#include <cstring>

#include "drivers.h"
#include "geometry.h"
#include "parallel.h"

namespace winograd {
namespace {

// Tiles summed between two visits of the sums. Fixed, so that the order of summation does not depend on the threads.
constexpr int kGradientTiles = 128, kTilesPerItem = 8, kChannelsPerItem = 16;

struct Scratch {
  size_t zeros, input, gradient, sums;
  InputLayout inputs;
  FilterLayout filter;
  PanelLayout gradients;
  Scratch(const Kernels& k, const Geometry& g)
      : inputs(g.positions, std::min(kGradientTiles, g.tiles), g.inputs),
        filter(k, g.positions, g.inputs, g.outputs),
        gradients(k, g.positions, std::min(kGradientTiles, g.tiles), filter.panels) {
    zeros = aligned(static_cast<size_t>(std::max(g.inputs, g.outputs)));
    input = aligned(inputs.size());
    gradient = aligned(gradients.size());
    sums = aligned(filter.size());
  }
  size_t total() const { return zeros + input + gradient + sums; }
};

struct FilterGradient {
  const Kernels& k;
  const Transforms& transforms;
  const Geometry& g;
  const Scratch& layout;
  const float *x, *dy, *zeros;
  float *v, *d, *s, *dw;

  void transform(int block_begin, int from, int to) const {
    const float* taps[kMostPositions];
    for (int t = from; t < to; t++) {
      const Tile tile = tile_at(g, t);
      const Offset row = t - block_begin;
      input_taps(g, x, tile, zeros, taps);
      transforms.input(taps, g.inputs, v + row * kBlockChannels, layout.inputs.position_stride, layout.inputs.block_stride);
      gradient_taps(g, dy, tile, zeros, taps);
      transforms.gradient(taps, g.outputs, d + row * k.panel, layout.gradients.position_stride, layout.gradients.panel_stride);
    }
  }

  void product(int position, int panel, int tiles, bool accumulate) const {
    k.gradient_product(v + position * layout.inputs.position_stride, layout.inputs.block_stride, tiles, g.inputs,
                       d + position * layout.gradients.position_stride + panel * layout.gradients.panel_stride,
                       s + panel * layout.filter.panel_stride + position * layout.filter.position_stride,
                       std::min(k.panel, g.outputs - panel * k.panel), accumulate);
  }

  void finish(int panel, int from, int to) const {
    const int first = panel * k.panel, channels = std::min(k.panel, g.outputs - first);
    float* taps[9];
    for (int c = from; c < to; c++) {
      for (int i = 0; i < 9; i++) taps[i] = dw + (static_cast<Offset>(i) * g.inputs + c) * g.outputs + first;
      const float* sums = s + panel * layout.filter.panel_stride + static_cast<Offset>(c) * k.panel;
      transforms.filter_gradient(sums, layout.filter.position_stride, taps, channels);
    }
  }
};

}  // namespace

size_t filter_gradient_scratch(const WinogradShape& shape) { return Scratch(kernels(), Geometry(shape)).total(); }

}  // namespace winograd

using namespace winograd;

void winograd_filter_gradient(const float* x, const float* dy, float* dw, const WinogradShape* shape, float* scratch,
                              const WinogradParallel* parallel) {
  const Kernels& k = kernels();
  const Geometry g(*shape);
  if (g.inputs == 0 || g.outputs == 0) return;
  if (g.tiles == 0) {
    std::memset(dw, 0, sizeof(float) * 9 * static_cast<size_t>(g.inputs) * static_cast<size_t>(g.outputs));
    return;
  }
  const Scratch layout(k, g);
  std::memset(scratch, 0, layout.zeros * sizeof(float));
  float* v = scratch + layout.zeros;
  const FilterGradient f{k, g.transforms(k), g, layout, x, dy, scratch, v, v + layout.input, v + layout.input + layout.gradient, dw};
  const int panels = layout.filter.panels;
  for (int begin = 0; begin < g.tiles; begin += kGradientTiles) {
    const int end = std::min(g.tiles, begin + kGradientTiles);
    for_each_item(parallel, blocks_of(end - begin, kTilesPerItem), [&](int item, int) {
      const int from = begin + item * kTilesPerItem;
      f.transform(begin, from, std::min(end, from + kTilesPerItem));
    });
    for_each_item(parallel, g.positions * panels, [&](int item, int) {
      f.product(item / panels, item % panels, end - begin, begin > 0);
    });
  }
  const int groups = blocks_of(g.inputs, kChannelsPerItem);
  for_each_item(parallel, panels * groups, [&](int item, int) {
    const int from = item % groups * kChannelsPerItem;
    f.finish(item / groups, from, std::min(g.inputs, from + kChannelsPerItem));
  });
}
