package desk

import "strings"

// nearest is the command that a mistyped one most likely meant; "" when none is near.
func nearest(typed string) string {
	var names []string
	for _, c := range commands {
		names = append(names, c.name)
	}
	return closest(typed, names)
}

// closest is the word of a list that a mistyped one most likely meant; "" when none is near. The first of several wins.
func closest(typed string, words []string) string {
	typed = strings.ToLower(typed)
	best, at := "", 3
	if len(typed) < 4 {
		at = 2 // of a short word two slips leave too little
	}
	for _, w := range words {
		word := strings.ToLower(w)
		if d := distance(typed, word); d < at || strings.HasPrefix(word, typed) && len(typed) > 1 && at > 1 {
			best, at = w, min(d, 1)
		}
	}
	return best
}

// distance is the number of single-letter changes, neighbours swapped counting as one, between two words.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
