//go:build cgo

// The products of kernel.go, sixteen at a time where the processor can. All is whole numbers, so every path here and the one in
// Go give the same sums to the bit; the processor only decides how soon.

#include "kernel.h"

static void plain(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows, int cols, int n) {
  for (int r = 0; r < rows; r++) {
    for (int t = 0; t < n; t++) {
      int32_t sum = 0;
      for (int c = 0; c < cols; c++) sum += (int32_t)weights[r * cols + c] * inputs[t * cols + c];
      sums[t * rows + r] = sum;
    }
  }
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline, target("avx2")))

INLINE int32_t add_up(__m256i v) {
  __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
  return _mm_cvtsi128_si32(s);
}

// tile takes the sums of h rows and w inputs, so that what is read once is used h or w times.
INLINE void tile(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows, int cols, const int h, const int w) {
  __m256i acc[2][4];
  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++) acc[i][j] = _mm256_setzero_si256();
  int c = 0;
  for (; c + 16 <= cols; c += 16) {
    __m256i a[2];
    for (int i = 0; i < h; i++) a[i] = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(weights + i * cols + c)));
    for (int j = 0; j < w; j++) {
      __m256i b = _mm256_loadu_si256((const __m256i *)(inputs + j * cols + c));
      for (int i = 0; i < h; i++) acc[i][j] = _mm256_add_epi32(acc[i][j], _mm256_madd_epi16(a[i], b));
    }
  }
  for (int i = 0; i < h; i++) {
    for (int j = 0; j < w; j++) {
      int32_t sum = add_up(acc[i][j]);
      for (int k = c; k < cols; k++) sum += (int32_t)weights[i * cols + k] * inputs[j * cols + k];
      sums[j * rows + i] = sum;
    }
  }
}

INLINE void band(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows, int cols, int n, const int h) {
  int t = 0;
  for (; t + 4 <= n; t += 4) tile(sums + t * rows, weights, inputs + t * cols, rows, cols, h, 4);
  for (; t < n; t++) tile(sums + t * rows, weights, inputs + t * cols, rows, cols, h, 1);
}

__attribute__((target("avx2"))) static void avx2(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows,
                                                 int cols, int n) {
  int r = 0;
  for (; r + 2 <= rows; r += 2) band(sums + r, weights + r * cols, inputs, rows, cols, n, 2);
  for (; r < rows; r++) band(sums + r, weights + r * cols, inputs, rows, cols, n, 1);
}

void warmline_dots(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows, int cols, int n, int wide) {
  (wide && __builtin_cpu_supports("avx2") ? avx2 : plain)(sums, weights, inputs, rows, cols, n);
}

#else

void warmline_dots(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows, int cols, int n, int wide) {
  (void)wide;
  plain(sums, weights, inputs, rows, cols, n);
}

#endif
