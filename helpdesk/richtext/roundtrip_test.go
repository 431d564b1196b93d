package richtext_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"warmline/helpdesk/richtext"
)

// formats are all that we write, each with its reader.
var formats = []struct {
	name  string
	write func(string) string
	read  func(string) (string, error)
}{
	{"HTML", richtext.HTML, func(s string) (string, error) { return richtext.Text(s), nil }},
	{"ADF", func(s string) string { return string(richtext.ADF(s)) }, func(s string) (string, error) { return richtext.TextOfADF([]byte(s)) }},
	{"Markdown", richtext.Markdown, func(s string) (string, error) { return richtext.TextOfMarkdown(s), nil }},
	{"Wiki", richtext.Wiki, func(s string) (string, error) { return richtext.TextOfWiki(s), nil }},
}

// hostile are texts that one format or another would take for something else than text.
var hostile = []string{
	"", " ", "\n", "\n\n", "\t", "a", " a", "a ", "a\n", "\na", "a\n\n\n\nb", "  a  b  \n \n  c\t\td\t", "\u00a0", "a\u00a0b", "a \u00a0 b",
	"\u00a0\u00a0a\u00a0", "5\u00a0€", "a\n \n\n  \nb", "a\tb", "\ta", "a \t", "\t \t x", "a\u00a0\tb", " \u00a0", "\u00a0 ",
	"Grüße <b>& \"Dank\"</b>\n\n  - un café, 5\u00a0€\n  - 東京 👋🏽\n<!channel> {{name}}",
	"see https://a.example/b_c?d=e&f=(g). http://x.test/~y, (https://z.test/a(b)c)", "https://", "http://a\\b", "xhttp://a.test",
	"thanks [ref:abc]", "zero\u200bwidth\u200c \u200d \ufeff", "\ufeffa", "\u202eright to left\u202c \u200f", "עברית 123", "a\u2028b\u2029c\u0085d\u000be\u000cf \u000c",
	"*bold* _it_ ~~x~~ **b** __u__ a_b_c *", "# head\n## x #\n#tag", "1. one\n2) two\n10. ten", "> quote\n>> two", "`code` ``` ``\n```\nx\n```", "\\ \\\\ \\* \\n \\",
	"{code}\nx\n{code}\n{noformat}", "h1. head\nbq. quote\nh7. no", "!img.png! !x|y! ![a](b)", "[a|b] [a](https://b.test) [~x] <https://a.test>", "{{x}} {%x%} {{{y}}}",
	"-- --- ---- a--b a---b -x- +y+", ":) ;) :D :P (y) (!) :smile: a:b: ;-) (*)", "- a\n* b\n+ c\n-", "a\n===\nb\n---", "| a | b |\n|---|---|", "||h||\n|c|",
	"&amp; &lt;b&gt; &#32; &nbsp; & &x; &#0; &copy &copy; &#x1F600;", "<script>alert(1)</script><!-- x -->", "@you @[x](y) a@b.test", "??cite?? a? b??", "^x^ ~y~", "a\\\\b\\\\",
	"    four\n\tindented", "<wbr> <br>", "a  \nb", "a\\\nb", "]]>", "--\nJo", "\x01\x1f\x7f",
}

func TestEveryFormatReadsBackExactly(t *testing.T) {
	for _, f := range formats {
		for _, s := range hostile {
			got, err := f.read(f.write(s))
			if err != nil || got != s {
				t.Errorf("%s: %q\n     reads back as %q (%v)\n     from %q", f.name, s, got, err, f.write(s))
			}
		}
	}
}

func FuzzRoundTrip(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<16 || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r") {
			return
		}
		for _, f := range formats {
			if got, err := f.read(f.write(s)); err != nil || got != s {
				t.Errorf("%s: %q reads back as %q (%v) from %q", f.name, s, got, err, f.write(s))
			}
		}
	})
}
