/*
 * Winograd F(4x4, 3x3) and, on small maps, F(2x2, 3x3) convolution: 3x3 filters, stride 1, dilation 1, no groups, float32.
 *
 * Data are NHWC, filters HWIO [3, 3, inputs, outputs]; both are read and written in place, no tensor changes its layout.
 * Products are 36 per 4x4 outputs (of small tiles 16 per 2x2) instead of 144 (36). Everything here is self-contained: no library, no allocation, no global
 * state but the instruction set found once. All functions may be called from several threads at once on distinct scratch.
 *
 * Results do not depend on the number of threads: every output is summed in one fixed order.
 * NaN and infinity are not confined to the outputs a direct convolution would give them to: they reach the whole tile.
 */
#ifndef LAD_WINOGRAD_H
#define LAD_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The forward convolution; gradients take the same shape. Output rows = height + pad_top + pad_bottom - 2, columns alike. */
typedef struct WinogradShape {
  int batch, height, width, inputs, outputs;
  int pad_top, pad_left, pad_bottom, pad_right; /* zeros around the input, each 0..2 */
} WinogradShape;

typedef enum WinogradDirection {
  WINOGRAD_FORWARD = 0,
  WINOGRAD_INPUT_GRADIENT = 1,
  WINOGRAD_FILTER_GRADIENT = 2
} WinogradDirection;

/*
 * How to use several threads. `run` calls task(context, i) once for each i in 0..tasks-1, in any order, concurrently or not,
 * and returns when all have ended. A null pointer to this struct, a null `run` or threads <= 1 means: on the calling thread.
 * `threads` is the most tasks ever asked for.
 */
typedef struct WinogradParallel {
  int threads;
  void (*run)(void* pool, int tasks, void (*task)(void* context, int index), void* context);
  void* pool;
} WinogradParallel;

/* Whether the shape can be computed here at all: pads 0..2, no negative size. Empty batches and maps are fine. */
bool winograd_supported(const WinogradShape* shape);

/*
 * Whether Winograd is expected to beat a direct convolution in this direction, the transform of the filter counted.
 * A fixed model of the shape alone: the same answer on every run, machine and thread count.
 */
bool winograd_wins(const WinogradShape* shape, WinogradDirection direction);

/* Floats of scratch (64-byte aligned, contents of no matter) for one call with this many threads or fewer. */
size_t winograd_scratch(const WinogradShape* shape, WinogradDirection direction, int threads);

/*
 * Floats of a transformed filter (64-byte aligned) for the forward or input-gradient direction. Of one filter and direction,
 * maps that take as many floats can share it.
 */
size_t winograd_transformed_filter_size(const WinogradShape* shape, WinogradDirection direction);

/*
 * Brings filter [3, 3, inputs, outputs] into the layout winograd_forward (WINOGRAD_FORWARD) or winograd_input_gradient
 * (WINOGRAD_INPUT_GRADIENT: rotated, channels exchanged) reads. Do it once per update of the filter. The layout belongs to this
 * process' instruction set: never store it.
 */
void winograd_transform_filter(const float* filter, float* transformed, const WinogradShape* shape, WinogradDirection direction,
                               const WinogradParallel* parallel);

/* y [batch, outHeight, outWidth, outputs] = x [batch, height, width, inputs] * filter + bias; bias [outputs] or null. */
void winograd_forward(const float* x, const float* transformed, const float* bias, float* y, const WinogradShape* shape,
                      float* scratch, const WinogradParallel* parallel);

/* dx [batch, height, width, inputs] from dy [batch, outHeight, outWidth, outputs]. */
void winograd_input_gradient(const float* dy, const float* transformed, float* dx, const WinogradShape* shape, float* scratch,
                             const WinogradParallel* parallel);

/* dw [3, 3, inputs, outputs] (overwritten) from x and dy. */
void winograd_filter_gradient(const float* x, const float* dy, float* dw, const WinogradShape* shape, float* scratch,
                              const WinogradParallel* parallel);

/* "avx512", "avx2" or "portable": the kernels in use. */
const char* winograd_instruction_set(void);

/* For tests, before any other call: use these kernels. False, and no change, if the machine lacks them. */
bool winograd_use_instruction_set(const char* name);

/* For tests, before any other call: tiles of this many outputs a side, 4 or 2; 0: as the model says. */
void winograd_use_tiles(int side);

#ifdef __cplusplus
}
#endif
#endif
