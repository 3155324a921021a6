// Whether Winograd is expected to win, and with which tiles: a model of time in steps of one 16-lane multiply-add, fixed for all
// machines.
//
// Fitted to measurements (Zen 4, one step a cycle, oneDNN 2.6 direct on NHWC), then made cautious: whatever is not a product
// counts twice, as on cores with two multiply-adds a cycle and the same memory, and Winograd must be 10 % ahead.
#include <algorithm>
#include <atomic>

#include "geometry.h"

namespace winograd {
namespace {

constexpr double kProductEfficiency = 0.9;
// Of one position, in vectors of 16 channels:
constexpr double kTileTransform = 600. / 36;    // per tile, in or out
constexpr double kFilterTransform = 500. / 36;  // per reduced channel and vector of others, cached
constexpr double kFilterMemory = 1300. / 36;    // the same, added when a transformed filter of kFilterCache bytes leaves the caches
constexpr double kFilterCache = 32e6, kMargin = 1.1;

std::atomic<int> forced{0};

double vectors(int channels) { return blocks_of(channels, 16); }

// The inputs are summed over by the products or, for the filter gradient, are their rows; the outputs are vectorised.
double winograd_steps(const Geometry& g) {
  const double filter = static_cast<double>(g.inputs) * vectors(g.outputs);
  const double outside = 4.0 * g.positions * filter * 16 / kFilterCache;  // rises with the size, for no cache is empty
  return g.positions * (g.tiles * filter / kProductEfficiency + g.tiles * kTileTransform * (vectors(g.inputs) + vectors(g.outputs)) +
                        filter * (kFilterTransform + kFilterMemory * std::min(1.0, outside * outside)));
}

// The smaller of the two maps counts: a direct convolution skips the padding.
double direct_steps(const Geometry& g) {
  const double pixels = static_cast<double>(g.batch) * std::min(g.height, g.out_height) * std::min(g.width, g.out_width);
  return pixels * 9 * g.inputs * vectors(g.outputs);
}

bool wins(const Geometry& g) { return g.tiles > 0 && kMargin * winograd_steps(g) < direct_steps(g); }

}  // namespace

// Small tiles take more products but have the smaller filters: they are for maps on which large ones do not win.
int tile_side(const WinogradShape& shape) {
  if (const int side = forced.load(std::memory_order_relaxed)) return side;
  return !wins(Geometry(shape, 4)) && wins(Geometry(shape, 2)) ? 2 : 4;
}

}  // namespace winograd

using namespace winograd;

bool winograd_wins(const WinogradShape* shape, WinogradDirection direction) {
  if (!winograd_supported(shape) || shape->inputs == 0 || shape->outputs == 0) return false;
  return wins(Geometry(direction == WINOGRAD_INPUT_GRADIENT ? mirrored(*shape) : *shape));
}

void winograd_use_tiles(int side) { forced.store(side, std::memory_order_relaxed); }
