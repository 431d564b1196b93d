package local_test

import (
	"regexp"
	"strings"
)

// rougeWord is what counts as a word: no stemming, letters and digits of ASCII only, as in the scorer that the published figures
// were made with.
var rougeWord = regexp.MustCompile(`[a-z0-9]+`)

// rouge is the F1 of single words, of pairs and of the longest common subsequence (Lin 2004, ROUGE-1, -2 and -L).
type rouge struct{ one, two, long float64 }

// scoreSummary is the mean over what several people wrote of the same thread.
func scoreSummary(summary string, people []string) rouge {
	var sum rouge
	c := rougeWord.FindAllString(strings.ToLower(summary), -1)
	for _, p := range people {
		r := rougeWord.FindAllString(strings.ToLower(p), -1)
		sum.one += f1(sharedRuns(c, r, 1), len(c), len(r))
		sum.two += f1(sharedRuns(c, r, 2), len(c)-1, len(r)-1)
		sum.long += f1(commonSubsequence(c, r), len(c), len(r))
	}
	n := float64(len(people))
	return rouge{sum.one / n, sum.two / n, sum.long / n}
}

func f1(shared, a, b int) float64 {
	if shared == 0 || a <= 0 || b <= 0 {
		return 0
	}
	p, r := float64(shared)/float64(a), float64(shared)/float64(b)
	return 2 * p * r / (p + r)
}

// sharedRuns counts the runs of n words that both hold, each as often as in the one that has fewer.
func sharedRuns(a, b []string, n int) int {
	left := map[string]int{}
	for i := 0; i+n <= len(b); i++ {
		left[strings.Join(b[i:i+n], " ")]++
	}
	shared := 0
	for i := 0; i+n <= len(a); i++ {
		if run := strings.Join(a[i:i+n], " "); left[run] > 0 {
			left[run]--
			shared++
		}
	}
	return shared
}

func commonSubsequence(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if row[j+1] = max(above, row[j]); x == y {
				row[j+1] = diagonal + 1
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
