package richtext_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"warmline/helpdesk/richtext"
)

// most is what a reader may give: 1 MiB, the line that says that it was cut, and the signs before a line.
const most = 1<<20 + 1<<10

// Each of these would take minutes if its length counted more than once.
func TestReadersBearAnythingRepeated(t *testing.T) {
	const size = 1 << 17
	for _, piece := range []string{
		"<div>", "<blockquote>", "<blockquote>x\n", "<ul><li>x", "<ol><li>", "<table><tr><td>", "<b>", "<b><p>", "<a href=x>", "<a href='https://a.test'>x", "<", "</", "<!--",
		"<p", "<p a", "&", "&amp;", "&#", "</p>", "</div></b>", "<pre>\n", "<br>", "<wbr>", "<script>", "<div hidden>", "<svg>", "<li><p>x", "<td>x", "x ", "\u00a0",
		"<div style='a:b;", "[", "]", "[x](", "[x](y)", "![", "](", "`", "``` ", "` `` ", "*", "* a", "a*b ", "_", "_a", "**a ", "~~", "\\", "<x", "<https://", "|", "|a", "- ",
		"# ", "> ", "{", "{{", "{code}", "{quote}\n", "{color:", "[a|", "!", "!a.b", "!a", "-a ", "^", "??", "h1. ", "bq. ", "# x\n", "*** x\n", "||", "\n", "\x00", "\xff", ":", "@", " ", "\t", " a", "#", "9", "9.", "http://", "http://-", "http://_", "http://(", "(http://a",
	} {
		source := strings.Repeat(piece, size/len(piece))
		source += strings.Repeat("a ", size/20)
		for name, text := range map[string]string{
			"Text": richtext.Text(source), "TextOfMarkdown": richtext.TextOfMarkdown(source), "TextOfWiki": richtext.TextOfWiki(source),
		} {
			if len(text) > most || !utf8.ValidString(text) {
				t.Errorf("%s of %q, again and again: %d bytes, valid: %v", name, piece, len(text), utf8.ValidString(text))
			}
		}
		for _, f := range formats {
			f.write(source)
		}
	}
}

func TestTextGoesOnBehindATooLongOne(t *testing.T) {
	got := richtext.Text("<p>" + strings.Repeat("long ", 1<<19) + "</p>")
	if len(got) > most || !strings.HasSuffix(got, "\n…") {
		t.Errorf("%d bytes, ending in %q: want 1 MiB and a line that says so", len(got), got[len(got)-10:])
	}
	picture := `<img alt="cat" src="data:image/png;base64,` + strings.Repeat("A", 3<<20) + `"><p>the end</p>`
	if got := richtext.Text(picture); got != "cat\n\nthe end" {
		t.Errorf("a picture in the mail hid what follows: %.40q", got)
	}
}

func TestDeepNestingStaysReadable(t *testing.T) {
	const deep = 10_000
	if got := richtext.Text(strings.Repeat("<div>", deep) + "x" + strings.Repeat("</div>", deep) + "<p>y"); got != "x\n\ny" {
		t.Errorf("divs: %.80q", got)
	}
	if got := richtext.Text(strings.Repeat("<blockquote>", deep) + "x" + strings.Repeat("</blockquote>", deep) + "y"); got != strings.Repeat("> ", 16)+"x\n\ny" {
		t.Errorf("quotes: %.80q", got)
	}
	adf := `{"type":"doc","version":1,"content":[` + strings.Repeat(`{"type":"blockquote","content":[`, deep) + strings.Repeat("]}", deep) + "]}"
	if _, err := richtext.TextOfADF([]byte(adf)); err == nil {
		t.Error("a document nested deeper than encoding/json reads was read")
	}
	const some = 4_000
	adf = `{"type":"doc","version":1,"content":[` + strings.Repeat(`{"type":"blockquote","content":[`, some) +
		`{"type":"paragraph","content":[{"type":"text","text":"x"}]}` + strings.Repeat("]}", some) + "]}"
	if got, err := richtext.TextOfADF([]byte(adf)); err != nil || got != strings.Repeat("> ", 16)+"x" {
		t.Errorf("quotes in ADF: %.80q, %v", got, err)
	}
}

// isTidy holds what a reader gives for anything at all.
func isTidy(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r") || len(text) > most {
		t.Errorf("not clean: %q", text)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(richtext.HTML(s))
	}
	f.Add(`<ul><li><p>a<table><tr><td>b<td><blockquote>c</ul><a href="https://x"><img><script>x`)
	f.Fuzz(func(t *testing.T, s string) {
		text := richtext.Text(s)
		isTidy(t, text)
		if again := richtext.Text(richtext.HTML(text)); len(text) < 1<<19 && again != text {
			t.Errorf("%q reads back as %q", text, again)
		}
	})
}

func FuzzTextOfMarkup(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
		f.Add(richtext.Markdown(s))
		f.Add(richtext.Wiki(s))
	}
	f.Fuzz(func(t *testing.T, s string) {
		isTidy(t, richtext.TextOfMarkdown(s))
		isTidy(t, richtext.TextOfWiki(s))
	})
}

// What the validator lets through can be read; the reader takes more than that.
func FuzzTextOfADF(f *testing.F) {
	for _, s := range hostile {
		f.Add([]byte(richtext.ADF(s)))
	}
	f.Add([]byte(fullADF))
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, err := richtext.TextOfADF(json.RawMessage(raw))
		isTidy(t, text)
		if check := richtext.CheckADF(json.RawMessage(raw)); check == nil && err != nil {
			t.Errorf("valid, and not read: %v", err)
		}
	})
}
