#include <string.h>

#include "arguments.h"
#include "kernels.h"
#include "parallel.h"
#include "sampling-loops.h"
#include "sizes.h"

// ROIAlign as @lad/nn plans it (pool-rois.ts): each bin of each box averages cells of a map, the weight of a cell being the product of its row's and its column's.
namespace lad {
namespace {

/** The taps of all boxes along one axis. */
struct Axis {
  const int32_t *starts, *cells;
  const float* weights;
};

struct Plan {
  Index batch, height, width, channels, binRows, binColumns, level, count;
  const int32_t *levels, *images;
  Axis rows, columns;

  Index cells() const { return elements({batch, height, width, channels}); }
  Index bins() const { return elements({count, binRows, binColumns, channels}); }
};

/** Arguments `at` … `at + 2`: starts, cells, weights. Every cell lies in [0, side). */
Axis readAxis(Arguments& call, size_t at, Index bins, Index side) {
  Index taps;
  Axis axis;
  axis.cells = call.integers(at + 1, 0, &taps);
  axis.weights = call.floats(at + 2, taps);
  axis.starts = call.integers(at, bins + 1);
  Index before = 0;
  for (Index i = 0; i <= bins; i++) {
    if (axis.starts[i] < before || axis.starts[i] > taps) call.refuse(at, "ascending starts within the cells");
    before = axis.starts[i];
  }
  for (Index i = 0; i < taps; i++)
    if (axis.cells[i] < 0 || axis.cells[i] >= side) call.refuse(at + 1, "cells of the map");
  return axis;
}

/** Arguments 2 …: sizes (batch, height, width, channels, bin rows, bin columns, level), levels, images, and two axes. Cells are checked for boxes of the level only. */
Plan read(Arguments& call) {
  const int32_t* n = call.integers(2, 7);
  for (int i = 0; i < 7; i++)
    if (n[i] < (i == 4 || i == 5 ? 1 : 0)) call.refuse(2, "sizes of a pooling of boxes");
  Plan p{n[0], n[1], n[2], n[3], n[4], n[5], n[6]};
  p.levels = call.integers(3, 0, &p.count);
  p.images = call.integers(4, p.count);
  p.rows = readAxis(call, 5, p.count * p.binRows, INT32_MAX);
  p.columns = readAxis(call, 8, p.count * p.binColumns, INT32_MAX);
  const auto inside = [&](const Axis& axis, Index box, Index bins, Index side) {
    for (Index i = axis.starts[box * bins]; i < axis.starts[(box + 1) * bins]; i++)
      if (axis.cells[i] >= side) return false;
    return true;
  };
  for (Index box = 0; box < p.count; box++) {
    if (p.levels[box] != p.level) continue;
    if (p.images[box] < 0 || p.images[box] >= p.batch) call.refuse(4, "images of the batch");
    if (!inside(p.rows, box, p.binRows, p.height)) call.refuse(6, "rows of the map");
    if (!inside(p.columns, box, p.binColumns, p.width)) call.refuse(9, "columns of the map");
  }
  return p;
}

/** (x, y, sizes, levels, images, row starts, cells, weights, column starts, cells, weights): writes the bins of this level's boxes */
void roiAlign(Arguments& call) {
  const Plan p = read(call);
  const float* x = call.floats(0, p.cells());
  float* y = call.floats(1, p.bins());
  const auto gather = sampling::loops().gather;
  const Index width = p.binColumns * p.channels;
  parallel(p.count * p.binRows, 4, [&](Index begin, Index end) {
    for (Index bins = begin; bins < end; bins++) {
      const Index box = bins / p.binRows;
      if (p.levels[box] != p.level) continue;
      memset(y + bins * width, 0, width * sizeof(float));
      for (Index row = p.rows.starts[bins]; row < p.rows.starts[bins + 1]; row++) {
        const float* line = x + (p.images[box] * p.height + p.rows.cells[row]) * p.width * p.channels;
        for (Index column = 0; column < p.binColumns; column++) {
          const Index first = p.columns.starts[box * p.binColumns + column], last = p.columns.starts[box * p.binColumns + column + 1];
          gather(line, p.columns.cells + first, p.columns.weights + first, last - first, p.channels, p.channels,
                 p.rows.weights[row], y + bins * width + column * p.channels);
        }
      }
    }
  });
}

/** (dy, dx, sizes …): the whole gradient of one map. Threads share out channels, so that none meets another in a pixel and sums do not depend on their number. */
void roiAlignGradient(Arguments& call) {
  constexpr Index block = 16;  // channels that no two threads share
  const Plan p = read(call);
  const float* dy = call.floats(0, p.bins());
  float* dx = call.floats(1, p.cells());
  const auto scatter = sampling::loops().scatter;
  const Index width = p.binColumns * p.channels;
  parallel(p.batch * p.height * p.width, 16384 / (p.channels + 1) + 1,
           [&](Index begin, Index end) { memset(dx + begin * p.channels, 0, (end - begin) * p.channels * sizeof(float)); });
  parallel((p.channels + block - 1) / block, 1, [&](Index begin, Index end) {
    const Index from = begin * block, count = (end * block < p.channels ? end * block : p.channels) - from;
    for (Index bins = 0; bins < p.count * p.binRows; bins++) {
      const Index box = bins / p.binRows;
      if (p.levels[box] != p.level) continue;
      for (Index row = p.rows.starts[bins]; row < p.rows.starts[bins + 1]; row++) {
        float* line = dx + (p.images[box] * p.height + p.rows.cells[row]) * p.width * p.channels + from;
        for (Index column = 0; column < p.binColumns; column++) {
          const Index first = p.columns.starts[box * p.binColumns + column], last = p.columns.starts[box * p.binColumns + column + 1];
          scatter(line, p.columns.cells + first, p.columns.weights + first, last - first, p.channels, count,
                  p.rows.weights[row], dy + bins * width + column * p.channels + from);
        }
      }
    }
  });
}

}  // namespace

void addRoiAlign(Module& module) {
  module.add<roiAlign>("roiAlign");
  module.add<roiAlignGradient>("roiAlignGradient");
}

}  // namespace lad
