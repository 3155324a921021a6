// Sizes, strides and tile addresses of one convolution.
#ifndef LAD_WINOGRAD_GEOMETRY_H
#define LAD_WINOGRAD_GEOMETRY_H

#include "kernels.h"
#include "winograd.h"

namespace winograd {

struct Geometry {
  int batch, height, width, inputs, outputs, pad_top, pad_left;
  int out_height, out_width, tile_rows, tile_columns, tiles;
  explicit Geometry(const WinogradShape& shape);
};

// One 4x4 output tile: its image and the output pixel of its corner.
struct Tile {
  int image, y, x;
};

inline Tile tile_at(const Geometry& g, int tile) {
  const int in_image = tile % (g.tile_rows * g.tile_columns);
  return {tile / (g.tile_rows * g.tile_columns), in_image / g.tile_columns * 4, in_image % g.tile_columns * 4};
}

// The convolution that computes the input gradient: channels exchanged, pads 2 - pad.
WinogradShape mirrored(const WinogradShape& shape);

// The 36 input pixels under a tile (`zeros` where padded) and the 16 output pixels of a tile (`zeros` beyond the edge).
void input_taps(const Geometry& g, const float* x, const Tile& tile, const float* zeros, const float** taps);
void gradient_taps(const Geometry& g, const float* dy, const Tile& tile, const float* zeros, const float** taps);

inline int blocks_of(int count, int size) { return count / size + (count % size != 0); }
inline size_t aligned(size_t floats) { return (floats + 15) / 16 * 16; }

// Transformed filters (U) and their gradients (S): [panel][36][reduced][panel].
struct FilterLayout {
  int panels;
  Offset position_stride, panel_stride;
  FilterLayout(const Kernels& k, int reduced, int columns)
      : panels(blocks_of(columns, k.panel)),
        position_stride(static_cast<Offset>(reduced) * k.panel + kSkew),
        panel_stride(kPositions * position_stride) {}
  size_t size() const { return static_cast<size_t>(panels) * static_cast<size_t>(panel_stride); }
};

// Transformed inputs (V) of a block of tiles: [36][channel block][tile][64].
struct InputLayout {
  Offset block_stride, position_stride;
  InputLayout(int tiles, int channels)
      : block_stride(static_cast<Offset>(tiles) * kBlockChannels),
        position_stride(blocks_of(channels, kBlockChannels) * block_stride + kSkew) {}
  size_t size() const { return static_cast<size_t>(kPositions * position_stride); }
};

// Transformed output gradients (D) of a block of tiles, or with one panel the products (M): [36][panel][tile][panel].
struct PanelLayout {
  Offset panel_stride, position_stride;
  PanelLayout(const Kernels& k, int tiles, int panels)
      : panel_stride(static_cast<Offset>(tiles) * k.panel), position_stride(panels * panel_stride + kSkew) {}
  size_t size() const { return static_cast<size_t>(kPositions * position_stride); }
};

}  // namespace winograd

#endif
