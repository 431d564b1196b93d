#include <stdint.h>

// warmline_dots is dotsPlain of kernel.go. With wide it uses the widest vectors that it knows and the processor has.
void warmline_dots(int32_t *sums, const int8_t *weights, const int16_t *inputs, int rows, int cols, int n, int wide);
