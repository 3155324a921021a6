#include "geometry.h"

namespace winograd {

Geometry::Geometry(const WinogradShape& s, int tile_side)
    : batch(s.batch),
      height(s.height),
      width(s.width),
      inputs(s.inputs),
      outputs(s.outputs),
      pad_top(s.pad_top),
      pad_left(s.pad_left),
      out_height(s.height + s.pad_top + s.pad_bottom - 2),
      out_width(s.width + s.pad_left + s.pad_right - 2),
      side(tile_side),
      positions((side + 2) * (side + 2)),
      tile_rows(blocks_of(out_height, side)),
      tile_columns(blocks_of(out_width, side)),
      tiles(batch * tile_rows * tile_columns) {}

WinogradShape mirrored(const WinogradShape& s) {
  const int height = s.height + s.pad_top + s.pad_bottom - 2, width = s.width + s.pad_left + s.pad_right - 2;
  return {s.batch,         height,         width,            s.outputs,        s.inputs,
          2 - s.pad_top,   2 - s.pad_left, 2 - s.pad_bottom, 2 - s.pad_right};
}

// Pixels (y0 + i, x0 + j) of a [rows, columns, channels] image, `zeros` outside it.
static void image_taps(const float* image, int rows, int columns, int channels, int y0, int x0, int size, const float* zeros,
                       const float** taps) {
  for (int i = 0; i < size; i++) {
    const int y = y0 + i;
    const bool row_inside = y >= 0 && y < rows;
    for (int j = 0; j < size; j++) {
      const int x = x0 + j;
      const bool inside = row_inside && x >= 0 && x < columns;
      taps[i * size + j] = inside ? image + (static_cast<Offset>(y) * columns + x) * channels : zeros;
    }
  }
}

void input_taps(const Geometry& g, const float* x, const Tile& t, const float* zeros, const float** taps) {
  const float* image = x + static_cast<Offset>(t.image) * g.height * g.width * g.inputs;
  image_taps(image, g.height, g.width, g.inputs, t.y - g.pad_top, t.x - g.pad_left, g.side + 2, zeros, taps);
}

void gradient_taps(const Geometry& g, const float* dy, const Tile& t, const float* zeros, const float** taps) {
  const float* image = dy + static_cast<Offset>(t.image) * g.out_height * g.out_width * g.outputs;
  image_taps(image, g.out_height, g.out_width, g.outputs, t.y, t.x, g.side, zeros, taps);
}

}  // namespace winograd

static bool pad_supported(int pad) { return pad >= 0 && pad <= 2; }

bool winograd_supported(const WinogradShape* s) {
  if (s->batch < 0 || s->height < 0 || s->width < 0 || s->inputs < 0 || s->outputs < 0) return false;
  if (!pad_supported(s->pad_top) || !pad_supported(s->pad_left) || !pad_supported(s->pad_bottom) || !pad_supported(s->pad_right))
    return false;
  const double rows = static_cast<double>(s->height) + s->pad_top + s->pad_bottom - 2;
  const double columns = static_cast<double>(s->width) + s->pad_left + s->pad_right - 2;
  if (rows < 0 || columns < 0) return false;
  const double tiles = s->batch * ((rows + 1) / 2) * ((columns + 1) / 2);
  return tiles < 1 << 30 && rows < 1 << 30 && columns < 1 << 30;
}
