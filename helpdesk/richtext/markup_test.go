package richtext_test

import (
	"testing"

	"warmline/helpdesk/richtext"
)

func TestTextReadsMarkdown(t *testing.T) {
	for _, tc := range []struct{ name, md, want string }{
		{"emphasis", "a **bold** and *it* and ~~no~~ __b__ _i_ snake_case 2*3*4", "a bold and it and no b i snake_case 234"},
		{"emphasis that is none", "2 * 3 * 4, *open, a_b_c, ~~~", "2 * 3 * 4, *open, a_b_c, ~~~"},
		{"headings and lists", "## Steps\n* one\n+ two\n  - deep\n1. first", "Steps\n- one\n- two\n  - deep\n1. first"},
		{
			"links and images", "[page](https://a.test/x) <https://b.test> ![cat](c.png) ![](c.png) [https://a.test](https://a.test) [x](javascript:y)",
			"page (https://a.test/x) https://b.test cat [image] https://a.test x",
		},
		{"code", "run `a*b*` now\n```go\nx  := *p\n\n\ny\n```\nend", "run a*b* now\nx  := *p\n\ny\nend"},
		{"quotes", "> said\n> so\n\nyes", "> said\n> so\n\nyes"},
		{"breaks and blanks", "one  \ntwo\\\nthree\n\n\n\nfour\n\n", "one\ntwo\nthree\n\nfour"},
		{"escapes and references", `\*no\* &lt;b&gt; &amp;amp; C:\dir \`, `*no* <b> &amp; C:\dir`},
	} {
		if got := richtext.TextOfMarkdown(tc.md); got != tc.want {
			t.Errorf("%s:\n got %q\nwant %q", tc.name, got, tc.want)
		}
	}
}

func TestTextReadsWikiMarkup(t *testing.T) {
	for _, tc := range []struct{ name, wiki, want string }{
		{"phrases", "a *bold* _it_ -no- +u+ ^s^ ~b~ ??c?? {{mono}} {color:red}red{color} 2*3 well-known e-mail", "a bold it no u s b c mono red 2*3 well-known e-mail"},
		{"headings and quotes", "h1. Head\nbq. said\n{quote}\nso\n{quote}\nyes", "Head\n> said\n\n> so\n\nyes"},
		{"lists", "* one\n** deep\n# first\n# second\n## in\n# third\n\n# anew", "- one\n  - deep\n1. first\n2. second\n  1. in\n3. third\n\n1. anew"},
		{"links", "[page|https://a.test/x] [https://b.test] [~accountid:5f] [^a.txt] [x|#y] [no link]", "page (https://a.test/x) https://b.test @5f a.txt [x|#y] [no link]"},
		{"images", "see !a.png|thumbnail! now! and !b.png!", "see [image] now! and [image]"},
		{"code", "{code:java}\nint *x*;\n{code}\n{noformat}\n_y_\n{noformat}\nend", "int *x*;\n_y_\nend"},
		{"tables", "||Item||Price||\n|Mug|[5|https://a.test]|", "Item | Price\nMug | 5 (https://a.test)"},
		{"escapes and breaks", `\*no\* a\\b &lt; C:\dir`, "*no* a\nb < C:\\dir"},
	} {
		if got := richtext.TextOfWiki(tc.wiki); got != tc.want {
			t.Errorf("%s:\n got %q\nwant %q", tc.name, got, tc.want)
		}
	}
}
