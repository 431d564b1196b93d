package local

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// TestShortSentencesAreRecognised reads testdata/sentences.txt: a language and a sentence a line.
func TestShortSentencesAreRecognised(t *testing.T) {
	f, err := os.Open("testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	langs := map[string]bool{}
	n, right, sureWrong := 0, 0, 0
	in := bufio.NewScanner(f)
	for in.Scan() {
		want, text, ok := strings.Cut(in.Text(), " ")
		if !ok {
			continue
		}
		langs[want] = true
		n++
		switch g := identify(text); g.lang {
		case want:
			right++
		default:
			t.Logf("%s taken for %q (%.2f): %s", want, g.lang, g.p, text)
			if g.lang != "" && g.p >= sureLang {
				sureWrong++
			}
		}
	}
	t.Logf("%d of %d right in %d languages, %d surely wrong", right, n, len(langs), sureWrong)
	if n < 150 || len(langs) != 15 {
		t.Fatalf("only %d sentences in %d languages", n, len(langs))
	}
	if 100*right < 95*n || 100*sureWrong > 2*n {
		t.Errorf("%d of %d right, %d surely wrong", right, n, sureWrong)
	}
}

func TestWhatSaysNothingHasNoLanguage(t *testing.T) {
	for _, text := range []string{"", "12345", "???", "👍", "AB-1234 / 77"} {
		if g := identify(text); g.lang != "" {
			t.Errorf("%q taken for %v", text, g)
		}
	}
}
