#include <oneapi/dnnl/dnnl.hpp>

#include "arguments.h"
#include "kernels.h"
#include "onednn.h"

namespace lad {
namespace {

using dnnl::memory;
using Dims = memory::dims;

struct Plan {
  dnnl::primitive primitive;
  memory::desc a, b, bias, y, scratchpad;
};

thread_local Cache<Plan> plans;
thread_local Scratch scratchpad;

struct Product {
  int32_t batchA, batchB, rows, columns, depth, transposeA, transposeB, bias;
};

Plan makePlan(const Product& p) {
  constexpr auto f32 = memory::data_type::f32;
  const int64_t m = p.rows, n = p.columns, k = p.depth, batch = p.batchA > p.batchB ? p.batchA : p.batchB;
  Plan plan;
  plan.a = memory::desc(Dims{p.batchA, m, k}, f32, p.transposeA ? Dims{m * k, 1, m} : Dims{m * k, k, 1});
  plan.b = memory::desc(Dims{p.batchB, k, n}, f32, p.transposeB ? Dims{k * n, 1, k} : Dims{k * n, n, 1});
  plan.y = memory::desc(Dims{batch, m, n}, f32, Dims{m * n, n, 1});
  plan.bias = memory::desc(Dims{1, 1, n}, f32, Dims{n, n, 1});
  const auto attributes = userScratchpad();
#if DNNL_VERSION_MAJOR >= 3
  const auto description = p.bias ? dnnl::matmul::primitive_desc(engine(), plan.a, plan.b, plan.bias, plan.y, attributes)
                                  : dnnl::matmul::primitive_desc(engine(), plan.a, plan.b, plan.y, attributes);
#else
  const auto description = dnnl::matmul::primitive_desc(
      p.bias ? dnnl::matmul::desc(plan.a, plan.b, plan.bias, plan.y) : dnnl::matmul::desc(plan.a, plan.b, plan.y), attributes, engine());
#endif
  plan.primitive = dnnl::matmul(description);
  plan.scratchpad = description.scratchpad_desc();
  return plan;
}

/** (a, b, bias or null, y, numbers: batchA, batchB, rows, columns, depth, transposeA, transposeB); a batch of 1 serves all of the other */
void matmul(Arguments& call) {
  const int32_t* n = call.integers(4, 7);
  for (int i = 0; i < 5; i++)
    if (n[i] < 1) call.refuse(4, "sizes of a product, at least 1");
  if (n[0] != n[1] && n[0] != 1 && n[1] != 1) call.refuse(4, "two batches of one size, or one of 1");
  const Product p{n[0], n[1], n[2], n[3], n[4], n[5] != 0, n[6] != 0, !call.missing(2)};
  const Index m = p.rows, k = p.depth, columns = p.columns, batch = p.batchA > p.batchB ? p.batchA : p.batchB;
  const float *a = call.floats(0, p.batchA * m * k), *b = call.floats(1, p.batchB * k * columns), *bias = call.optionalFloats(2, columns);
  float* y = call.floats(3, batch * m * columns);
  const SmallWork small(double(batch) * m * columns * k);
  Plan& plan = plans.get(reinterpret_cast<const int32_t*>(&p), sizeof p / sizeof(int32_t), [&] { return makePlan(p); });
  std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, wrap(plan.a, a)},
                                            {DNNL_ARG_WEIGHTS, wrap(plan.b, b)},
                                            {DNNL_ARG_DST, wrap(plan.y, y)},
                                            {DNNL_ARG_SCRATCHPAD, wrap(plan.scratchpad, scratchpad.get(plan.scratchpad.get_size()))}};
  if (bias) arguments.insert({DNNL_ARG_BIAS, wrap(plan.bias, bias)});
  plan.primitive.execute(stream(), arguments);
  stream().wait();
}

}  // namespace

void addMatmul(Module& module) { module.add<matmul>("matmul"); }

}  // namespace lad
