#include <stdint.h>

void warmline_dots(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows, int cols, int n);
