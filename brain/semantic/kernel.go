package semantic

// dotsPlain sets sums, n × rows, to the product of each of n inputs, n × cols, with each row of weights, rows × cols.
func dotsPlain(sums []int32, weights []int8, inputs []int16, rows, cols, n int) {
	for r := range rows {
		row := weights[r*cols : (r+1)*cols]
		t := 0
		for ; t+4 <= n; t += 4 {
			s := four(row, inputs[t*cols:(t+4)*cols])
			sums[t*rows+r], sums[(t+1)*rows+r], sums[(t+2)*rows+r], sums[(t+3)*rows+r] = s[0], s[1], s[2], s[3]
		}
		for ; t < n; t++ {
			in := inputs[t*cols : (t+1)*cols][:len(row)]
			sum := int32(0)
			for c, w := range row {
				sum += int32(w) * int32(in[c])
			}
			sums[t*rows+r] = sum
		}
	}
}

// four takes a row's products with four inputs at once, so that a weight is read once.
func four(row []int8, inputs []int16) (s [4]int32) {
	n := len(row)
	a, b, c, d := inputs[:n], inputs[n:2*n], inputs[2*n:3*n], inputs[3*n:4*n]
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	row = row[:len(a)]
	var s0, s1, s2, s3 int32
	for i, v := range a {
		w := int32(row[i])
		s0 += w * int32(v)
		s1 += w * int32(b[i])
		s2 += w * int32(c[i])
		s3 += w * int32(d[i])
	}
	return [4]int32{s0, s1, s2, s3}
}
