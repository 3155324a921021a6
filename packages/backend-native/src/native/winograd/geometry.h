// Sizes, strides and tile addresses of one convolution.
#ifndef LAD_WINOGRAD_GEOMETRY_H
#define LAD_WINOGRAD_GEOMETRY_H

#include "kernels.h"
#include "winograd.h"

namespace winograd {

// Outputs a tile has on a side, 4 or 2: a function of the shape alone.
int tile_side(const WinogradShape& shape);

struct Geometry {
  int batch, height, width, inputs, outputs, pad_top, pad_left;
  int out_height, out_width;
  int side, positions, tile_rows, tile_columns, tiles;  // `side` x `side` outputs a tile
  Geometry(const WinogradShape& shape, int side);
  explicit Geometry(const WinogradShape& shape) : Geometry(shape, tile_side(shape)) {}
  const Transforms& transforms(const Kernels& k) const { return side == k.large.out ? k.large : k.small; }
};

// One output tile: its image and the output pixel of its corner.
struct Tile {
  int image, y, x;
};

inline Tile tile_at(const Geometry& g, int tile) {
  const int in_image = tile % (g.tile_rows * g.tile_columns);
  return {tile / (g.tile_rows * g.tile_columns), in_image / g.tile_columns * g.side, in_image % g.tile_columns * g.side};
}

// The convolution that computes the input gradient: channels exchanged, pads 2 - pad.
WinogradShape mirrored(const WinogradShape& shape);

// The input pixels under a tile (`zeros` where padded) and the output pixels of a tile (`zeros` beyond the edge).
void input_taps(const Geometry& g, const float* x, const Tile& tile, const float* zeros, const float** taps);
void gradient_taps(const Geometry& g, const float* dy, const Tile& tile, const float* zeros, const float** taps);

inline int blocks_of(int count, int size) { return count / size + (count % size != 0); }
inline size_t aligned(size_t floats) { return (floats + 15) / 16 * 16; }

// Transformed filters (U) and their gradients (S): [panel][position][reduced][panel].
struct FilterLayout {
  int panels;
  Offset position_stride, panel_stride;
  FilterLayout(const Kernels& k, int positions, int reduced, int columns)
      : panels(blocks_of(columns, k.panel)),
        position_stride(static_cast<Offset>(reduced) * k.panel + kSkew),
        panel_stride(positions * position_stride) {}
  size_t size() const { return static_cast<size_t>(panels) * static_cast<size_t>(panel_stride); }
};

// Transformed inputs (V) of a block of tiles: [position][channel block][tile][64].
struct InputLayout {
  int positions;
  Offset block_stride, position_stride;
  InputLayout(int positions, int tiles, int channels)
      : positions(positions),
        block_stride(static_cast<Offset>(tiles) * kBlockChannels),
        position_stride(blocks_of(channels, kBlockChannels) * block_stride + kSkew) {}
  size_t size() const { return static_cast<size_t>(positions * position_stride); }
};

// Transformed output gradients (D) of a block of tiles, or with one panel the products (M): [position][panel][tile][panel].
struct PanelLayout {
  int positions;
  Offset panel_stride, position_stride;
  PanelLayout(const Kernels& k, int positions, int tiles, int panels)
      : positions(positions),
        panel_stride(static_cast<Offset>(tiles) * k.panel),
        position_stride(panels * panel_stride + kSkew) {}
  size_t size() const { return static_cast<size_t>(positions * position_stride); }
};

}  // namespace winograd

#endif
