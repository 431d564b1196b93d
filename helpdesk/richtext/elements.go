package richtext

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// rawElements have text that nobody sees, and that the tokenizer gives as one piece.
var rawElements = []atom.Atom{atom.Script, atom.Style, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript}

// hiddenElements show nothing of what they hold.
var hiddenElements = []atom.Atom{
	atom.Head, atom.Template, atom.Select, atom.Datalist, atom.Svg, atom.Math, atom.Object, atom.Audio, atom.Video, atom.Canvas, atom.Map,
}

// scopes end the search for an element that a start tag ends.
var scopes = []atom.Atom{atom.Table, atom.Ul, atom.Ol, atom.Body, atom.Html}

// impliedEnds names what ends where an element begins.
var impliedEnds = map[atom.Atom][]string{
	atom.Li: {"li"}, atom.Dt: {"dt", "dd"}, atom.Dd: {"dt", "dd"}, atom.Body: {"head"},
	atom.Td: {"td", "th"}, atom.Th: {"td", "th"}, atom.Tr: {"td", "th", "tr"},
	atom.P: {"p"}, atom.Div: {"p"}, atom.Ul: {"p"}, atom.Ol: {"p"}, atom.Table: {"p"}, atom.Blockquote: {"p"}, atom.Pre: {"p"}, atom.Hr: {"p"},
	atom.H1: {"p"}, atom.H2: {"p"}, atom.H3: {"p"}, atom.H4: {"p"}, atom.H5: {"p"}, atom.H6: {"p"},
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Image, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	default:
	}
	return false
}

// breakOf says how an element stands apart from what is around it.
func breakOf(t tag) pending {
	switch t.atom {
	case atom.P:
		if isTight(t) {
			return nextLine
		}
		return nextBlock
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Table, atom.Dl, atom.Fieldset, atom.Figure, atom.Hr:
		return nextBlock
	case atom.Address, atom.Article, atom.Aside, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Details, atom.Div, atom.Dt,
		atom.Figcaption, atom.Footer, atom.Form, atom.Header, atom.Legend, atom.Li, atom.Main, atom.Nav, atom.Option, atom.Section,
		atom.Summary, atom.Tr, atom.Xmp, atom.Textarea:
		return nextLine
	default:
	}
	return none
}

// before is what the start of an element does to the text so far.
func (w *walker) before(t tag) {
	if w.hidden > 0 {
		return
	}
	switch t.atom {
	case atom.Br:
		w.newline()
	case atom.Ul, atom.Ol:
		w.apartAsList()
	case atom.Td, atom.Th:
		w.nextCell()
	default:
		w.apart(breakOf(t))
	}
}

// apartAsList keeps a list apart, unless it lies in another one.
func (w *walker) apartAsList() {
	if w.list != nil {
		w.sublist()
	} else {
		w.apart(nextBlock)
	}
}

// inside is what an element means for the text in it.
func (w *walker) inside(t tag) {
	if isHistory(t) {
		w.apart(nextBlock)
		w.settle()
		w.older = true
	}
	switch t.atom {
	case atom.Blockquote:
		w.quote()
	case atom.Ul, atom.Ol, atom.Menu:
		w.list = &list{numbered: t.atom == atom.Ol, next: number(t.attr["start"], 1)}
	case atom.Li:
		w.item(w.sign(t))
	case atom.A:
		w.openLink(t.attr["href"])
	default:
	}
}

// sign returns what an item of the list around it begins with.
func (w *walker) sign(t tag) string {
	if w.list == nil || !w.list.numbered {
		return "- "
	}
	n := number(t.attr["value"], w.list.next)
	w.list.next = n + 1
	return strconv.Itoa(n) + ". "
}

// number reads an attribute that numbers a list.
func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && -1e6 < n && n < 1e6 {
		return n
	}
	return otherwise
}

// after is what the end of an element does.
func (w *walker) after(e element) {
	switch e.atom {
	case atom.A:
		w.closeLink()
	case atom.Ul, atom.Ol:
		w.list = e.list
		w.apartAsList()
	case atom.Td, atom.Th:
		w.endCell(e.line)
	case atom.Li:
		w.endItem(e.line)
	default:
		w.apart(e.apart)
	}
}

// empty writes an element that has no end.
func (w *walker) empty(t tag) {
	switch t.atom {
	case atom.Wbr:
		w.word("\x00")
	case atom.Img, atom.Image:
		w.image(t.attr)
	default:
	}
}

func (w *walker) image(attr map[string]string) {
	for _, side := range []string{"width", "height"} {
		if slices.Contains([]string{"0", "1", "2", "0px", "1px"}, strings.TrimSpace(attr[side])) {
			return // counts readers, or pushes things about
		}
	}
	alt := strings.Join(strings.Fields(attr["alt"]), " ")
	if alt == "" {
		alt = "[image]"
	}
	w.word(alt)
}
