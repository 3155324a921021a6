// The matrices of F(4x4, 3x3) at the points 0, +a, -a, +b, -b, infinity with a = 5/8, b = 3/2 (Cook-Toom).
//
// y = A' [(G g G') * (B' d B)] A for a 6x6 input tile d, a 3x3 filter g and 4x4 outputs y; in one dimension, with the points
// p0..p4 and f_i = prod_{j != i} (p_i - p_j):
//   A'[k][i] = p_i^k,                             A'[3][inf] = 1, else 0 in that column;
//   G[i][k]  = p_i^k / f_i,                       G[inf] = 0 0 1;
//   B'[i]    = coefficients of prod_{j != i} (x - p_j), lowest power first, B'[inf] those of prod_j (x - p_j).
// With s = a^2 + b^2 and q = a^2 b^2:
//   B' = | q    0   -s    0   1  0 |     A' = | 1   1    1    1    1   0 |     G = | 1/q    0     0      |
//        | 0  -ab2 -b2    a   1  0 |          | 0   a   -a    b   -b   0 |         | 1/fa   a/fa  a2/fa  |
//        | 0   ab2 -b2   -a   1  0 |          | 0   a2   a2   b2   b2  0 |         | 1/fa  -a/fa  a2/fa  |
//        | 0  -ba2 -a2    b   1  0 |          | 0   a3  -a3   b3  -b3  1 |         | 1/fb   b/fb  b2/fb  |
//        | 0   ba2 -a2   -b   1  0 |                                               | 1/fb  -b/fb  b2/fb  |
//        | 0    q    0   -s   0  1 |                                               | 0      0     1      |
//   (ab2 = a b^2 and so on), f0 = q, fa = 2 a^2 (a^2 - b^2), fb = 2 b^2 (b^2 - a^2).
// All entries of A and B are exact in float32. These points are three times more accurate than the usual 0, +-1, +-2.
//
// F(2x2, 3x3) has 4x4 input tiles and the points 0, 1, -1, infinity:
//   B' = | 1  0 -1  0 |     A' = | 1  1  1  0 |     G = | 1    0    0   |
//        | 0  1  1  0 |          | 0  1 -1  1 |         | 1/2  1/2  1/2 |
//        | 0 -1  1  0 |                                 | 1/2 -1/2  1/2 |
//        | 0 -1  0  1 |                                 | 0    0    1   |
#ifndef LAD_WINOGRAD_MATRICES_H
#define LAD_WINOGRAD_MATRICES_H

namespace winograd {

constexpr double kExactA = 5.0 / 8, kExactB = 3.0 / 2;
constexpr double kExactA2 = kExactA * kExactA, kExactB2 = kExactB * kExactB;
constexpr double kExactFa = 2 * kExactA2 * (kExactA2 - kExactB2), kExactFb = 2 * kExactB2 * (kExactB2 - kExactA2);

constexpr float kA = static_cast<float>(kExactA), kB = static_cast<float>(kExactB);
constexpr float kA2 = static_cast<float>(kExactA2), kB2 = static_cast<float>(kExactB2);
constexpr float kA3 = static_cast<float>(kExactA2 * kExactA), kB3 = static_cast<float>(kExactB2 * kExactB);

// Entries of G.
constexpr float kG0 = static_cast<float>(1 / (kExactA2 * kExactB2));
constexpr float kGa0 = static_cast<float>(1 / kExactFa), kGa1 = static_cast<float>(kExactA / kExactFa);
constexpr float kGb0 = static_cast<float>(1 / kExactFb), kGb1 = static_cast<float>(kExactB / kExactFb);
constexpr float kGa2 = static_cast<float>(kExactA2 / kExactFa), kGb2 = static_cast<float>(kExactB2 / kExactFb);

}  // namespace winograd

#endif
