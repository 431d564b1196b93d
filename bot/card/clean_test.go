package card

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain\r\ntext\rhere\u2028now": "plain\ntext\nhere\nnow",
		"a\u200Bb\u202Ec\uFEFFd\x00e":  "abcde",
		"tag\U000E0041\U000E007F":      "tag",
		"heart ❤️":                     "heart ❤",
		"blank\u3164\u2800":            "blank",
		"bad\xffbyte":                  "bad\uFFFDbyte",
		"tab\tstays":                   "tab\tstays",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHides(t *testing.T) {
	for in, want := range map[string]bool{
		"Hi Ina,\r\n\tbest ❤️ 👩‍👧": false, "نمی\u200cخواهم": false, "co\u00ADoperate": false,
		"pay\u202Eme": true, "a\u200Bb": true, "\u200D": true, "x\uFE0E\uFE0E": true, "t\U000E0041": true, "n\x00": true, "b\xff": true,
	} {
		if got := Hides(in); got != want {
			t.Errorf("Hides(%q) = %t", in, got)
		}
	}
}

func TestCutKeepsGraphemesWhole(t *testing.T) {
	for _, tc := range []struct {
		in      string
		n       int
		want    string
		missing int
	}{
		{"short", 5, "short", 0},
		{"longer", 5, "long…", 2},
		{"<<<", 9, "<<…", 1},
		{"ae\u0301e\u0301", 4, "ae\u0301…", 2},
		{"🇩🇪🇫🇷", 5, "🇩🇪…", 2},
	} {
		got, missing := Cut(tc.in, tc.n)
		if got != tc.want || missing != tc.missing {
			t.Errorf("Cut(%q, %d) = %q, %d; want %q, %d", tc.in, tc.n, got, missing, tc.want, tc.missing)
		}
		if cost(got) > tc.n {
			t.Errorf("Cut(%q, %d) costs %d", tc.in, tc.n, cost(got))
		}
	}
}

func FuzzChunksJoinToTheWhole(f *testing.F) {
	f.Add("some\n\ntext", 4)
	f.Add("e"+strings.Repeat("\u0301", 50), 7)
	f.Add("<<<<&&&&", 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = 10 + (n&0x7fff)%3000
		s = Clean(s)
		parts := chunks(s, n)
		if got := strings.Join(parts, ""); got != s {
			t.Errorf("chunks of %q join to %q", s, got)
		}
		for _, p := range parts {
			if p == "" || cost(p) > n || !utf8.ValidString(p) {
				t.Errorf("chunk %q costs %d of %d", p, cost(p), n)
			}
		}
	})
}

func TestTextForNotificationsFitsAndStaysEscaped(t *testing.T) {
	for _, s := range []string{strings.Repeat("&", 5000), strings.Repeat("ä<", 3000), strings.Repeat("x", 4000), "see https://a.example/b or me@b.example"} {
		got := inText(s)
		if len(got) > maxText || !utf8.ValidString(got) || strings.ContainsAny(got, "<>") || liveAmp.MatchString(got) {
			t.Errorf("inText(%.20q…) has %d bytes and ends in %q", s, len(got), got[len(got)-10:])
		}
	}
	if got := inText("see https://a.example/b or me@b.example"); got != "see https[:]//a[.]example/b or me[at]b[.]example" {
		t.Errorf("addresses are written as %q", got)
	}
}
