#pragma once
#include "arguments.h"

// One function per group of kernels; each adds its entry points to the module.
namespace lad {
void addElementwise(Module&);
void addReductions(Module&);
void addMovement(Module&);
void addPooling(Module&);
void addNormalization(Module&);
void addConvolution(Module&);
void addMatmul(Module&);
void addMemory(Module&);
void addRoiAlign(Module&);
void addDeformConv(Module&);
}  // namespace lad
