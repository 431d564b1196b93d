package card

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// maxPage is what one message of a private answer, or one post in a thread, shows, in counted characters.
const maxPage = 9000

// maxPages is how many messages an answer may take: a response URL lives for five.
const maxPages = 5

// Answer draws something told to one person: one message, or more when it is long. Nothing that was typed is left out.
func Answer(a *desk.Answer) []Message {
	p := pager{text: inText(Clean(a.Text))}
	if len(a.Lines) == 0 {
		p.paragraph(text(firstOf(Clean(a.Text), maxPage), nil))
	}
	keep := chunks(Strip(a.Keep), 2900)
	for i, l := range a.Lines {
		if len(p.pages) >= maxPages-1-(len(keep)+2)/3 && p.full() {
			p.paragraph(row{}.strong(escalate.Counted(len(a.Lines)-i, "more line is not shown.", "more lines are not shown.")))
			break
		}
		p.line(l)
		if i == 0 {
			p.paragraph(mentions(a.Mentions)) // on the first page, which is all that a notice shows
		}
	}
	for i, part := range keep {
		if i == 0 {
			p.paragraph(row{}.strong("What you wrote is not lost:"))
		}
		p.add(preformatted(part), cost(part))
	}
	pages := p.done()
	if b := answerButtons(a); b != nil {
		last := &pages[len(pages)-1]
		last.Blocks = append(last.Blocks, b)
	}
	return pages
}

// Notice draws something told to a whole channel: one message, which is found again by its key. What does not fit is left
// out, and said to be; buttons always fit.
func Notice(key string, a *desk.Answer) Message {
	bare := *a
	bare.Actions = nil
	pages := Answer(&bare)
	m := pages[0]
	if len(pages) > 1 {
		m.Blocks = append(m.Blocks, block("", lines(row{}.strong("There is more that does not fit here."))))
	}
	m.Blocks = append(m.Blocks, boxes(a.Boxes)...)
	if b := answerButtons(a); b != nil {
		m.Blocks = append(m.Blocks, b)
	}
	m.Metadata = slack.SlackMetadata{EventType: NoticeEvent, EventPayload: map[string]any{"key": key}}
	return m
}

// Bounds of boxes to check: Slack takes ten in one group, and what they say counts like any text.
const (
	maxBoxes  = 60
	boxesEach = 10
)

// boxes draws them in groups of boxes to check.
func boxes(all []desk.Box) []slack.Block {
	var out []slack.Block
	for group := range slices.Chunk(all[:min(len(all), maxBoxes)], boxesEach) {
		var options []*slack.OptionBlockObject
		for _, c := range group {
			note := line(c.Note, 40)
			if !c.At.IsZero() {
				note = strings.TrimPrefix(note+" · due "+utc(c.At), " · ")
			}
			options = append(options, slack.NewOptionBlockObject(c.Value, plain(c.Text, 75), plain(note, 75)))
		}
		id := fmt.Sprintf("boxes.%d", len(out)+1)
		out = append(out, slack.NewActionBlock(id, slack.NewCheckboxGroupsBlockElement(fmt.Sprintf("box.%d", len(out)+1), options...)))
	}
	return out
}

// mostMentions is how many people one message tells by name.
const mostMentions = 20

// mentions tells people by name; nil when there are none.
func mentions(people []escalate.PersonID) row {
	var r row
	for _, p := range people[:min(len(people), mostMentions)] {
		if personID.MatchString(string(p)) {
			r = gap(r).person(p)
		}
	}
	return r
}

func firstOf(s string, n int) string {
	s, _ = Cut(s, n)
	return s
}

// pager fills messages one after the other.
type pager struct {
	text  string
	pages []Message
	parts []slack.RichTextElement
	spent int
}

func (p *pager) full() bool { return p.spent > maxPage-1000 }

// line adds one line of an answer.
func (p *pager) line(l desk.Line) {
	head, body := line(l.Head, 300), Clean(l.Text)
	if l.Bare {
		p.paragraph(lineHead(l, head))
		for _, part := range chunks(Strip(l.Text), 2900) {
			p.add(preformatted(part), cost(part))
		}
		return
	}
	for i, part := range chunks(body, 2900) {
		r := row{}
		if i == 0 {
			r = lineHead(l, head)
		}
		style := (*slack.RichTextSectionTextStyle)(nil)
		if l.Code {
			style = code
		}
		p.paragraph(append(r, text(strings.TrimSuffix(part, "\n"), style)...))
	}
	if body == "" {
		p.paragraph(lineHead(l, head))
	}
}

func lineHead(l desk.Line, head string) row {
	switch {
	case head == "":
		return nil
	case webAddress(l.URL):
		return row{}.link(head, l.URL).say(" ")
	}
	return append(row{}, text(head+" ", bold)...)
}

// paragraph adds a paragraph.
func (p *pager) paragraph(r row) {
	if len(r) == 0 {
		return
	}
	spent := 0
	for _, e := range r {
		spent += 8 // what is no text costs a little too
		if t, ok := e.(*slack.RichTextSectionTextElement); ok {
			spent += cost(t.Text)
		}
	}
	p.add(lines(r), spent)
}

func (p *pager) add(e slack.RichTextElement, spent int) {
	if p.spent > 0 && p.spent+spent > maxPage {
		p.turn()
	}
	p.parts, p.spent = append(p.parts, e), p.spent+spent
}

// turn ends a page.
func (p *pager) turn() {
	if b := block("", p.parts...); b != nil {
		p.pages = append(p.pages, Message{Text: p.text, Blocks: []slack.Block{b}})
	}
	p.parts, p.spent = nil, 0
}

func (p *pager) done() []Message {
	p.turn()
	if len(p.pages) == 0 {
		p.paragraph(row{}.say("Done."))
		p.turn()
	}
	if p.text == "" {
		for i := range p.pages {
			p.pages[i].Text = "An answer for you."
		}
	}
	return p.pages
}
