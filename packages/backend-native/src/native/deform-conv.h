#pragma once
#include <vector>

#include "arguments.h"
#include "onednn.h"
#include "sampling-loops.h"

// Deformable convolution v1 and v2: for a block of output pixels the samples of all taps are laid out as rows ("columns"), then multiplied with the filter.
namespace lad::deform {

struct Shape {
  Index batch, height, width, channels, kernelHeight, kernelWidth, outputs, outHeight, outWidth, stride, padding, dilation, groups, deformGroups;

  Index taps() const { return kernelHeight * kernelWidth; }
  Index pixels() const { return batch * outHeight * outWidth; }
  Index samples() const { return taps() * deformGroups; }
  /** Of one group's row. */
  Index depth() const { return taps() * (channels / groups); }
  Index inputs() const;
  Index results() const;
  Index filters() const;
  Index offsets() const;
};

/** The 14 numbers of a shape, in the order above. */
Shape readShape(Arguments& call, size_t at);

/** Where a tap of one pixel reads: at most four pixels of its image. */
struct Sample {
  int32_t count, cells[4];
  /** Bilinear weights, and how they change with the sample's y and x. */
  float weights[4], byY[4], byX[4];
  float mask;
};

/** Neighbouring channels that one group of the product and one deformable group share. */
struct Segment {
  Index from, count, group, within, deformGroup;
};
std::vector<Segment> segmentsOf(const Shape&);

/** What a call works on. */
struct Map {
  const float *x, *offsets, *mask;  // mask may be null
};

/** Output pixels at a time, so that their columns stay in the cache. */
Index blockRows(const Shape&);

/** The samples of `count` pixels from `begin` on: [count, taps, deformable groups]. */
void locate(const Shape&, const Map&, Index begin, Index count, Sample* samples);
/** Their columns: [groups, count, taps, channels / groups]. */
void gather(const Shape&, const Map&, const std::vector<Segment>&, const Sample* samples, Index begin, Index count, float* columns);

}  // namespace lad::deform
