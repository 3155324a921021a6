// Forward convolution and, with the mirrored shape, input gradient: block by block of tiles, panel by panel of outputs.
#include <algorithm>
#include <cstring>

#include "drivers.h"
#include "geometry.h"
#include "parallel.h"

namespace winograd {
namespace {

// How the work is cut. Outputs do not depend on it.
struct Plan {
  int block;          // most tiles of a block
  int blocks;
  bool share_blocks;  // all threads work on one block, each on its own panels; else each has its own block
};

// A block is long enough to reuse each panel of the filter often, short enough for its products to stay in the second cache.
constexpr int kBlockTiles = 112, kFewTiles = 42;

Plan plan_of(const Geometry& g, int threads) {
  const int rounds = std::max(1, blocks_of(g.tiles, kBlockTiles * threads));
  const int own = blocks_of(g.tiles, rounds * threads);
  if (threads == 1 || own > kFewTiles) return {own, own ? blocks_of(g.tiles, own) : 0, false};
  const int shared = blocks_of(g.tiles, std::max(1, blocks_of(g.tiles, kBlockTiles)));
  return {shared, shared ? blocks_of(g.tiles, shared) : 0, true};
}

struct Scratch {
  size_t zeros, input, products;  // floats of each part; `input` and `products` once per task
  Scratch(const Kernels& k, const Geometry& g, const Plan& plan)
      : zeros(aligned(static_cast<size_t>(g.inputs))),
        input(aligned(InputLayout(g.positions, plan.block, g.inputs).size())),
        products(aligned(PanelLayout(k, g.positions, plan.block, 1).size())) {}
  size_t total(int threads) const { return zeros + (input + products) * static_cast<size_t>(threads); }
};

struct Forward {
  const Kernels& k;
  const Transforms& transforms;
  const Geometry& g;
  const Plan& plan;
  const float *x, *u, *bias, *zeros;
  float* y;
  FilterLayout filter;
  InputLayout input;
  PanelLayout products;

  int begin(int block) const { return block * plan.block; }
  int end(int block) const { return std::min(g.tiles, begin(block) + plan.block); }

  void transform(int block, int from, int to, float* v) const {
    const float* taps[kMostPositions];
    for (int t = from; t < to; t++) {
      input_taps(g, x, tile_at(g, t), zeros, taps);
      float* row = v + static_cast<Offset>(t - begin(block)) * kBlockChannels;
      transforms.input(taps, g.inputs, row, input.position_stride, input.block_stride);
    }
  }

  void panel(int block, int p, const float* v, float* m) const {
    const int first = p * k.panel, channels = std::min(k.panel, g.outputs - first), tiles = end(block) - begin(block);
    const float* up = u + p * filter.panel_stride;
    for (int i = 0; i < g.positions; i++)
      k.product(v + i * input.position_stride, input.block_stride, tiles, g.inputs, up + i * filter.position_stride,
                m + i * products.position_stride, channels);
    const Offset column = g.outputs, row = column * g.out_width;
    for (int t = 0; t < tiles; t++) {
      const Tile at = tile_at(g, begin(block) + t);
      float* corner = y + (static_cast<Offset>(at.image) * g.out_height + at.y) * row + at.x * column + first;
      transforms.output(m + static_cast<Offset>(t) * k.panel, products.position_stride, bias ? bias + first : nullptr, corner, row,
                        column, std::min(g.side, g.out_height - at.y), std::min(g.side, g.out_width - at.x), channels);
    }
  }
};

constexpr int kTilesPerItem = 8;

void run(const Forward& f, const Scratch& sizes, float* inputs, float* products, const WinogradParallel* parallel) {
  if (!f.plan.share_blocks) {
    for_each_item(parallel, f.plan.blocks, [&](int block, int task) {
      float* v = inputs + sizes.input * static_cast<size_t>(task);
      f.transform(block, f.begin(block), f.end(block), v);
      for (int p = 0; p < f.filter.panels; p++) f.panel(block, p, v, products + sizes.products * static_cast<size_t>(task));
    });
    return;
  }
  for (int block = 0; block < f.plan.blocks; block++) {
    const int begin = f.begin(block), end = f.end(block);
    for_each_item(parallel, blocks_of(end - begin, kTilesPerItem), [&](int item, int) {
      const int from = begin + item * kTilesPerItem;
      f.transform(block, from, std::min(end, from + kTilesPerItem), inputs);
    });
    for_each_item(parallel, f.filter.panels, [&](int p, int task) {
      f.panel(block, p, inputs, products + sizes.products * static_cast<size_t>(task));
    });
  }
}

}  // namespace

size_t forward_scratch(const WinogradShape& shape, int threads) {
  const Geometry g(shape);
  size_t most = 0;  // a call with fewer threads is cut otherwise and must fit as well
  for (int count = 1; count <= std::max(1, threads); count++)
    most = std::max(most, Scratch(kernels(), g, plan_of(g, count)).total(count));
  return most;
}

void forward(const float* x, const float* u, const float* bias, float* y, const WinogradShape& shape, float* scratch,
             const WinogradParallel* parallel) {
  const Kernels& k = kernels();
  const Geometry g(shape);
  const int threads = threads_of(parallel);
  const Plan plan = plan_of(g, threads);
  const Scratch sizes(k, g, plan);
  if (g.tiles == 0 || g.outputs == 0) return;
  std::memset(scratch, 0, sizes.zeros * sizeof(float));
  float* inputs = scratch + sizes.zeros;
  float* products = inputs + sizes.input * static_cast<size_t>(threads);
  const FilterLayout filter(k, g.positions, g.inputs, g.outputs);
  const InputLayout input(g.positions, plan.block, g.inputs);
  const PanelLayout panels(k, g.positions, plan.block, 1);
  const Forward f{k, g.transforms(k), g, plan, x, u, bias, scratch, y, filter, input, panels};
  run(f, sizes, inputs, products, parallel);
}

}  // namespace winograd
