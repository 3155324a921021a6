#pragma once
#include "arguments.h"

// One function per group of kernels; each adds its entry points to the module.
namespace lad {
void addElementwise(Module&);
void addFunctions(Module&);
void addIntegers(Module&);
void addReductions(Module&);
void addOtherReductions(Module&);
void addScans(Module&);
void addTopk(Module&);
void addIndexing(Module&);
void addMovement(Module&);
void addPooling(Module&);
void addResize(Module&);
void addSoftmax(Module&);
void addNormalization(Module&);
void addLayerNorm(Module&);
void addConvolution(Module&);
void addMatmul(Module&);
void addMemory(Module&);
void addRoiAlign(Module&);
void addDeformConv(Module&);
void addFocalLosses(Module&);
void addDistributionLosses(Module&);
void addGiouLoss(Module&);
void addOptimizers(Module&);
}  // namespace lad
