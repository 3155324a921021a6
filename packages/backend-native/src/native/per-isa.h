#pragma once

// Tables of loops are compiled once per instruction set (every *loops.cc) and chosen when the add-on is loaded.
#define LAD_JOIN_TEXT(a, b) a##_##b
#define LAD_JOIN(a, b) LAD_JOIN_TEXT(a, b)
/** In a *loops.cc: the function that returns the table of the instruction set that is being compiled. */
#define LAD_FOR_ISA(name) LAD_JOIN(name, LAD_ISA)

namespace lad {

enum class Isa { baseline, avx2, avx512 };

/** The widest that this processor runs; the environment variable LAD_ISA (baseline, avx2, avx512) may ask for a narrower one. */
Isa isa();

}  // namespace lad

/** Declares the tables `name_<isa>()` and `name()`, which returns the one of this processor. Of internal linkage: see loops.cc. */
#if LAD_X86
#define LAD_TABLE(Type, name)                                                     \
  const Type& name##_baseline();                                                  \
  const Type& name##_avx2();                                                      \
  const Type& name##_avx512();                                                    \
  static inline const Type& name() {                                              \
    const Isa chosen = isa();                                                     \
    return chosen == Isa::avx512 ? name##_avx512() : chosen == Isa::avx2 ? name##_avx2() : name##_baseline(); \
  }
#else
#define LAD_TABLE(Type, name)    \
  const Type& name##_baseline(); \
  static inline const Type& name() { return name##_baseline(); }
#endif
