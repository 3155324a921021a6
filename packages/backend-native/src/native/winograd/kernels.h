// What each instruction set provides, and the scratch layouts its kernels share.
//
// A "position" is one of the entries of a transformed tile: 36 (6x6) of the large tiles, 16 (4x4) of the small. A "panel" is
// `panel` consecutive channels (two vectors).
//   V, transformed inputs:             [position][channel block of 64][tile][64]
//   D, transformed output gradients:   [position][panel][tile][panel]
//   U, transformed filters, and S,
//   the gradients of U:                [panel][position][reduced channel][panel]
//   M, products of one panel:          [position][tile][panel]
// Position strides carry kSkew extra floats: without them the stores of a transform fall into the same cache sets.
#ifndef LAD_WINOGRAD_KERNELS_H
#define LAD_WINOGRAD_KERNELS_H

#include <cstddef>

namespace winograd {

using Offset = std::ptrdiff_t;

constexpr int kMostPositions = 36, kBlockChannels = 64, kSkew = 16;

// The transforms of F(out x out, 3x3). `taps` are pointers to pixels, channel 0.
struct Transforms {
  int out;

  // B' d B of one tile of (out + 2)^2 pixels. Writes `channels` channels of V from `v` on.
  void (*input)(const float* const* taps, int channels, float* v, Offset position_stride, Offset block_stride);

  // A dy A' of one tile of out^2 pixels. Writes whole vectors of D, zeros beyond `channels`.
  void (*gradient)(const float* const* taps, int channels, float* d, Offset position_stride, Offset panel_stride);

  // A' m A of one tile and one panel, plus bias (null: none), into `rows` x `columns` <= out x out pixels of `channels` <= panel.
  void (*output)(const float* m, Offset position_stride, const float* bias, float* y, Offset row_stride, Offset column_stride,
                 int rows, int columns, int channels);

  // G g G' of one reduced channel and one panel. taps: 9 pointers to `channels` <= panel output channels. Whole vectors, zeros beyond.
  void (*filter)(const float* const* taps, int channels, float* u, Offset position_stride);

  // G' s G of one reduced channel and one panel, the transpose of `filter`.
  void (*filter_gradient)(const float* s, Offset position_stride, float* const* taps, int channels);
};

struct Kernels {
  const char* name;
  int panel;  // channels of a panel: two vectors
  Transforms large, small;

  // m [tiles, panel] = v [tiles, reduced] u [reduced, panel] of one position; only the vectors of `channels` are computed.
  void (*product)(const float* v, Offset block_stride, int tiles, int reduced, const float* u, float* m, int channels);

  // s [reduced, panel] = (accumulate ? s : 0) + v' [reduced, tiles] d [tiles, panel] of one position.
  void (*gradient_product)(const float* v, Offset block_stride, int tiles, int reduced, const float* d, float* s, int channels,
                           bool accumulate);
};

extern const Kernels kKernelsPortable;
#if defined(__x86_64__) || defined(__i386__)
#define LAD_WINOGRAD_X86 1
extern const Kernels kKernelsAvx2, kKernelsAvx512;
#endif

// The kernels of this process.
const Kernels& kernels();

}  // namespace winograd

#endif
