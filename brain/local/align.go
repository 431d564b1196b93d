package local

import "slices"

// alignment is where a template's words stand in another reply: an index, or -1.
type alignment struct {
	at    []int
	words int // of the other reply
}

// inOrder returns where the words of a stand in b, by a longest common subsequence of both.
func inOrder(a []templateWord, b []token) []int {
	width := len(b) + 1
	length := make([]uint16, (len(a)+1)*width) // of the best from i and j on; at most maxAligned
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x.word == y.word {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	out := make([]int, len(a))
	for i := range out {
		out[i] = -1
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].word == b[j].word:
			out[i] = j
			i++
			j++
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	slide(a, b, out)
	return out
}

// slide moves a match to where it joins the next one, when the same word stands there too and it joins nothing where it is: the
// I of "and I took over" is not the I of "I have changed".
func slide(a []templateWord, b []token, at []int) {
	next := len(a) // the nearest match to the right
	for i := len(a) - 1; i >= 0; i-- {
		j := at[i]
		if j < 0 {
			continue
		}
		joined := i > 0 && at[i-1] >= 0 && at[i-1] == j-1
		if to := next - 1; next < len(a) && to > i && at[next] == j+1 && !joined && a[to].word == b[j].word {
			at[i], at[to] = -1, j
			next = to
			continue
		}
		next = i
	}
}
