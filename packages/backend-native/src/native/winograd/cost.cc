// Whether Winograd is expected to win: a model of time in steps of one 16-lane multiply-add, fixed for all machines.
//
// Fitted to measurements (Zen 4, one step a cycle, oneDNN 2.6 direct on NHWC), then made cautious: whatever is not a product
// counts twice, as on cores with two multiply-adds a cycle and the same memory, and Winograd must be 10 % ahead.
#include <algorithm>

#include "geometry.h"

namespace winograd {
namespace {

constexpr double kProductEfficiency = 0.9;
constexpr double kTileTransform = 600;    // per tile and 16 channels, in or out
constexpr double kFilterTransform = 500;  // per reduced channel and 16 others, cached
constexpr double kFilterMemory = 1300;    // the same, added when a transformed filter of kFilterCache bytes leaves the caches
constexpr double kFilterCache = 32e6, kMargin = 1.1;

double vectors(int channels) { return blocks_of(channels, 16); }

// `reduced` channels are summed over by the products or, for the filter gradient, are their rows; `columns` are vectorised.
double winograd_steps(double tiles, int reduced, int columns) {
  const double filter = static_cast<double>(reduced) * vectors(columns);
  const double bytes = 4.0 * kPositions * filter * 16;
  const double outside = bytes / kFilterCache;  // rises with the size, for no cache is empty
  return tiles * kPositions * filter / kProductEfficiency + tiles * kTileTransform * (vectors(reduced) + vectors(columns)) +
         filter * (kFilterTransform + kFilterMemory * std::min(1.0, outside * outside));
}

double direct_steps(double pixels, int reduced, int columns) { return pixels * 9 * reduced * vectors(columns); }

}  // namespace
}  // namespace winograd

using namespace winograd;

bool winograd_wins(const WinogradShape* shape, WinogradDirection direction) {
  if (!winograd_supported(shape) || shape->inputs == 0 || shape->outputs == 0) return false;
  const Geometry out(*shape), in(mirrored(*shape));
  const Geometry& g = direction == WINOGRAD_INPUT_GRADIENT ? in : out;
  if (g.tiles == 0) return false;
  const double pixels = static_cast<double>(g.batch) * out.out_height * out.out_width;  // a direct convolution skips the padding
  return kMargin * winograd_steps(g.tiles, g.inputs, g.outputs) < direct_steps(pixels, g.inputs, g.outputs);
}
