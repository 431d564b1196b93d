package richtext

import (
	"bytes"
	"strings"
)

// Limits of what a reader gives back, so that a hostile text cannot grow under our hands. All readers take time linear in what
// they read; how much that is, is up to who fetched it.
const (
	maxText  = 1 << 20 // bytes of plain text; what comes after is cut, and a last line "…" says so
	maxDepth = 16      // quotes and lists inside one another that are still shown as such
)

const (
	nbsp = '\u00a0'
	// mark stands in an unfinished line for something that has no width and is there all the same, as <wbr> is in HTML: spacing
	// beside it is meant, and a line that has one is not blank. No text holds a NUL of its own (clean), so none is taken for it.
	mark = 0
)

// A pending break is made up for by the next text only: what ends a text leaves nothing behind.
type pending int

const (
	none     pending = iota
	nextCell         // of a table's row, on the same line
	nextLine
	nextBlock // after a blank line
)

// page writes readable text line by line: it collapses spaces, turns spacing no-break spaces into spaces, trims what trails, leaves
// at most one blank line and begins each line with the signs of the quotes and lists that it stands in.
type page struct {
	exact bool // every character and every line counts: nothing is collapsed, turned or trimmed

	out   strings.Builder
	line  []byte
	link  *link // the open one, which is told what is said
	begun bool  // exact, and a line's end came before: the line counts even if nothing follows
	space bool  // a space is due before the next word
	due   pending
	at    *container // the innermost around what comes next
	from  *container // the innermost around the line, which ends only when more is said
	fresh bool       // nothing has been said since a table's cell or a list's item began
	older bool       // what follows is quoted history, for want of an element around it

	lines  int        // how many have ended
	some   bool       // a line has been written
	blank  bool       // a blank line is due before the next one
	last   *container // that the last written line lies in
	quoted bool       // the last written line was history
	full   bool
}

func (p *page) push(first, rest string) {
	depth := 1
	if p.at != nil {
		depth = p.at.depth + 1
	}
	if depth <= maxDepth {
		p.at = &container{up: p.at, first: first, rest: rest, depth: depth}
	}
}

func (p *page) quote() { p.push("> ", "> ") }

// apart makes the next text begin on a line of its own or after a blank line, if it does not already.
func (p *page) apart(how pending) {
	if !p.fresh { // a first paragraph goes beside its item's sign or its row's other cells
		p.due = max(p.due, how)
	}
}

// sublist keeps a list that lies in an item close to it.
func (p *page) sublist() {
	if p.due == nextBlock {
		p.due = none
	}
	p.apart(nextLine)
}

// item begins an item of a list.
func (p *page) item(sign string) {
	p.apart(nextLine)
	p.settle()
	p.push(sign, strings.Repeat(" ", len(sign)))
	p.fresh = true
}

// endItem ends an item before whose first line so many others had ended: items of one paragraph each stay together.
func (p *page) endItem(line int) {
	p.fresh = false
	if p.lines == line && p.due == nextBlock {
		p.due = none
	}
	p.apart(nextLine)
}

// endCell ends a cell in the same way: the next one goes beside it if it is one line.
func (p *page) endCell(line int) {
	p.fresh = false
	if p.lines == line {
		p.due = none
	}
}

// nextCell makes the next text go beside what its row has said so far.
func (p *page) nextCell() {
	if p.due == none && len(p.line) > 0 {
		p.due = nextCell
	} else {
		p.settle()
	}
	p.fresh = true
}

// text writes what collapses: runs of white space are one space, or none where a line begins.
func (p *page) text(s string) {
	for s != "" {
		n := strings.IndexAny(s, " \t\n\r\f")
		switch {
		case n == 0:
			p.space = true
			s = s[1:]
		case n < 0:
			p.word(s)
			return
		default:
			p.word(s[:n])
			s = s[n:]
		}
	}
}

// word writes characters as they are, but for a space that is due before them.
func (p *page) word(s string) {
	if s == "" {
		return
	}
	p.settle()
	p.fresh = false
	if p.space {
		p.space = false
		if said := bytes.TrimRight(p.line, "\x00"); len(said) > 0 && said[len(said)-1] != ' ' {
			p.line = append(p.line, ' ')
			if p.link != nil {
				p.link.said.WriteByte(' ')
			}
		}
	}
	if p.out.Len()+len(p.line) > maxText {
		p.full = true
		return
	}
	if len(p.line) == 0 {
		p.from = p.at
	}
	p.line = append(p.line, s...)
	if p.link != nil {
		p.link.said.WriteString(s)
	}
}

// verbatim writes text in which spaces and line ends count.
func (p *page) verbatim(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			p.newline()
		}
		p.word(line)
	}
}

// settle makes the break that is due.
func (p *page) settle() {
	due := p.due
	p.due = none
	if due == none {
		return
	}
	if due == nextCell && len(p.line) > 0 {
		p.line = append(p.line, " | "...)
		p.space = false
		return
	}
	p.flush()
	p.space = false
	p.blank = p.blank || due == nextBlock
}

// flush ends the line if there is one.
func (p *page) flush() {
	if len(p.line) > 0 || p.begun {
		p.newline()
		p.begun = false
	}
}

// newline ends the line, be it empty.
func (p *page) newline() {
	p.settle()
	if len(p.line) == 0 && !p.begun {
		p.from = p.at
	}
	p.lines++
	text, hard := string(p.line), p.exact
	if !p.exact {
		text, hard = tidy(p.line)
	}
	p.line, p.space, p.begun = p.line[:0], false, p.exact
	if text == "" && !hard {
		p.blank = true
	} else {
		p.write(text)
	}
	p.from = p.at
}

func (p *page) write(text string) {
	if p.full {
		return
	}
	if p.some {
		p.out.WriteByte('\n')
		if p.blank {
			p.out.WriteString(strings.TrimRight(history(p.quoted)+common(p.last, p.from).begin(false), " "))
			p.out.WriteByte('\n')
		}
	}
	before := history(p.older) + p.from.begin(true)
	if text == "" {
		before = strings.TrimRight(before, " ")
	}
	p.out.WriteString(before)
	p.out.WriteString(text)
	p.some, p.blank, p.last, p.quoted = true, false, p.from, p.older
	p.full = p.out.Len() > maxText
}

func history(older bool) string {
	if older {
		return "> "
	}
	return ""
}

// String ends the text and returns it.
func (p *page) String() string {
	p.due = none
	p.flush()
	if p.full {
		s := p.out.String()
		return clean(s[:min(len(s), maxText)]) + "\n…"
	}
	return p.out.String()
}
