package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text returns HTML as readable plain text: paragraphs are apart by one blank line, list items begin with "- " or their number,
// quotes with "> ", a link is its text with the address behind it, an image its alternative text or "[image]", a table its rows with " | "
// between the cells. Scripts, styles, comments and what is hidden are left out. Nothing trails a line, and no two blank lines
// follow each other, unless a <wbr> says that it is meant, as HTML does.
//
// Quoted history that is no <blockquote> because Outlook wrote it is marked as a quote to the end.
func Text(source string) string {
	w := walker{tags: html.NewTokenizer(strings.NewReader(clean(source))), open: map[string]int{}}
	for !w.full {
		switch w.tags.Next() {
		case html.ErrorToken: // the text's end: a strings.Reader has no other error
			w.closeLink()
			return w.String()
		case html.TextToken:
			w.said(string(w.tags.Text()))
		case html.StartTagToken:
			w.start(w.tag())
		case html.SelfClosingTagToken:
			t := w.tag()
			w.start(t)
			if w.raw == "" && !isVoid(t.atom) { // <script/> is one without an end, as in browsers
				w.end(t.name)
			}
		case html.EndTagToken:
			name, _ := w.tags.TagName()
			w.end(string(name))
		default:
		}
	}
	return w.String()
}

// walker reads tags one after another and keeps what is open. It builds no tree: what browsers do to repair one is not linear, and a
// reader of text needs no more than what an element means for the text inside it.
type walker struct {
	page

	tags  *html.Tokenizer
	stack []element
	open  map[string]int // how many of a name are in the stack
	raw   string         // the element whose text comes next and is none

	hidden int // open elements that show nothing
	pre    int // open elements in which white space counts
	list   *list
}

type element struct {
	name   string
	atom   atom.Atom
	apart  pending    // from what comes after it
	line   int        // lines that had ended before its first
	at     *container // the one around it
	list   *list      // the one around it
	hidden bool
	pre    bool
}

type list struct {
	numbered bool
	next     int
}

type tag struct {
	name string
	atom atom.Atom
	attr map[string]string
}

// tag reads a start tag. Of several attributes with one name the first counts, as in browsers.
func (w *walker) tag() tag {
	name, more := w.tags.TagName()
	t := tag{name: string(name), atom: atom.Lookup(name), attr: map[string]string{}}
	for more {
		var key, value []byte
		key, value, more = w.tags.TagAttr()
		if _, ok := t.attr[string(key)]; !ok {
			t.attr[string(key)] = clean(string(value))
		}
	}
	return t
}

func (w *walker) said(text string) {
	if w.raw != "" {
		return
	}
	text = clean(text) // character references can name what no text may hold
	switch {
	case w.hidden > 0:
	case w.pre > 0:
		w.verbatim(text)
	default:
		w.text(text)
	}
}

func (w *walker) start(t tag) {
	w.raw = ""
	if slices.Contains(rawElements, t.atom) {
		w.raw = t.name
	}
	for _, name := range impliedEnds[t.atom] {
		w.closeImplied(name)
	}
	w.before(t)
	if isVoid(t.atom) {
		if w.hidden == 0 && !isHidden(t) {
			w.empty(t)
		}
		return
	}
	e := element{
		name: t.name, atom: t.atom, apart: breakOf(t), at: w.at, list: w.list,
		hidden: isHidden(t), pre: t.atom == atom.Pre || t.atom == atom.Textarea || t.atom == atom.Xmp || keepsSpace(t.attr["style"]),
	}
	w.stack = append(w.stack, e)
	w.open[e.name]++
	w.hidden += count(e.hidden)
	w.pre += count(e.pre)
	if w.hidden == 0 {
		w.inside(t)
	}
	w.stack[len(w.stack)-1].line = w.lines
}

func (w *walker) end(name string) {
	w.raw = ""
	if name == "p" && w.open[name] == 0 || name == "br" {
		w.before(tag{name: name, atom: atom.Lookup([]byte(name))})
		return
	}
	for w.open[name] > 0 {
		if w.pop() == name {
			return
		}
	}
}

// pop closes the innermost element and says which it was.
func (w *walker) pop() string {
	e := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	w.open[e.name]--
	if w.hidden == 0 {
		w.after(e)
	}
	w.hidden -= count(e.hidden)
	w.pre -= count(e.pre)
	w.at, w.list = e.at, e.list
	return e.name
}

// lookBack bounds how far an implied end is looked for, so that the whole stays linear.
const lookBack = 32

// closeImplied ends an element that the next start tag ends without saying so, unless another one keeps it open.
func (w *walker) closeImplied(name string) {
	if w.open[name] == 0 {
		return
	}
	for i := len(w.stack) - 1; i >= max(0, len(w.stack)-lookBack); i-- {
		switch e := w.stack[i]; {
		case e.name == name:
			for len(w.stack) > i {
				w.pop()
			}
			return
		case slices.Contains(scopes, e.atom) || name == "p" && (e.atom == atom.Div || e.atom == atom.Td || e.atom == atom.Li || e.atom == atom.Blockquote):
			return
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
