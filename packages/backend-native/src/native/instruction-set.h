#pragma once

// Which of the tables of loops, compiled once per instruction set, a group of kernels takes.
namespace lad {

enum class InstructionSet { baseline, avx2, avx512 };

/** The widest that this processor runs; the environment variable LAD_ISA (baseline, avx2, avx512) may ask for a narrower one. */
InstructionSet instructionSet();

/** The table for this processor. `pick<Table>(LAD_TABLES)`, where the three functions are declared. */
template <class Table>
const Table& pick(const Table& (*baseline)(), const Table& (*avx2)(), const Table& (*avx512)()) {
  const InstructionSet set = instructionSet();
  return set == InstructionSet::avx512 ? avx512() : set == InstructionSet::avx2 ? avx2() : baseline();
}

#if LAD_X86
#define LAD_TABLES baselineLoops, avx2Loops, avx512Loops
#else
#define LAD_TABLES baselineLoops, baselineLoops, baselineLoops
#endif

}  // namespace lad
