package simulate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteJSON writes the report as one indented JSON object.
func (rep *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rep); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

const width = 80

// WriteText writes the report for a terminal of 80 columns. Ticket text is reduced to printable characters on one line.
func (rep *Report) WriteText(w io.Writer) error {
	t := &page{}
	t.head(rep)
	t.promise(rep)
	t.budgets(rep)
	t.shares(rep)
	t.topics(rep)
	t.triggers(rep)
	t.wrong(rep)
	t.gaps(rep)
	t.change(rep)
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// page collects lines.
type page struct{ b strings.Builder }

func (t *page) line(format string, args ...any) {
	fmt.Fprintf(&t.b, format, args...)
	t.b.WriteByte('\n')
}

// para breaks a sentence into lines, each behind an indent.
func (t *page) para(indent, text string) {
	at := 0
	for word := range strings.FieldsFuncSeq(together(text), func(r rune) bool { return r == ' ' || r == '\n' }) {
		word = strings.ReplaceAll(word, "\u00a0", " ")
		n := len([]rune(word))
		switch {
		case at == 0:
			t.b.WriteString(indent)
			at = len(indent)
		case at+1+n > width:
			t.b.WriteString("\n" + indent)
			at = len(indent)
		default:
			t.b.WriteByte(' ')
			at++
		}
		t.b.WriteString(word)
		at += n
	}
	t.b.WriteByte('\n')
}

func (t *page) head(rep *Report) {
	title := "Simulation"
	if rep.Team != "" {
		title += " for " + oneLine(rep.Team)
	}
	if !rep.At.IsZero() {
		title += ", " + rep.At.Format(time.DateOnly)
	}
	t.line("%s", title)
	t.line("%s", strings.Repeat("=", min(width, len([]rune(title)))))
	t.para("", rep.basis())
	t.line("")
}

func (t *page) promise(rep *Report) {
	t.para("", rep.Headline())
	t.line("")
	then := &rep.Then
	t.para("", fmt.Sprintf("Of %s, with as many new ones as are expected: %s answered, %s drafted, %s to a human, %s left alone. Of the %s judged answers %s were wrong.",
		tickets(then.Tickets), number(then.Auto), number(then.Draft), number(then.Escalate), number(then.Nothing), number(then.Judged), number(then.Wrong)))
	t.line("")
}

func (t *page) budgets(rep *Report) {
	t.line("BUDGET   FROM      ANSWERED   WRONG (90 %% INTERVAL)      AT MOST")
	for _, b := range rep.Budgets {
		mark := " "
		if b.Budget == rep.Budget {
			mark = "*"
		}
		if !b.OK {
			t.line("%s%-7s %-9s %-10s %s", mark, short(b.Budget), "draft", "-", "not carried by the evidence")
			continue
		}
		from := line(b.From)
		if b.From == 1 {
			from = "by topic"
		}
		t.line("%s%-7s %-9s %-10s %-26s %s", mark, short(b.Budget), from, percent(b.Auto), interval(b.Wrong), percent(b.Wrong.High))
	}
	t.line("")
}

func interval(r Rate) string {
	return fmt.Sprintf("%s (%s to %s)", percent(r.Estimate), percent(r.Low), percent(r.High))
}

func (t *page) shares(rep *Report) {
	t.line("IF MORE QUESTIONS ARE NEW")
	t.line("NEW      WRONG AT THE RECOMMENDED THRESHOLD    TO KEEP %s ANSWER FROM", short(rep.Budget))
	for _, s := range rep.Shares {
		wrong := "-"
		if rep.Recommended.Auto > 0 {
			wrong = fmt.Sprintf("%s, at most %s", percent(s.Wrong.Estimate), percent(s.Wrong.High))
		}
		keep := "nothing"
		if s.OK {
			keep = fmt.Sprintf("%s (%s answered)", line(s.From), percent(s.Auto))
		}
		t.line("%-8s %-37s %s", about(s.Unknown), wrong, keep)
	}
	t.line("")
}

const mostTopics = 15

func (t *page) topics(rep *Report) {
	if len(rep.Topics) < 2 {
		return
	}
	t.line("TOPIC                     TICKETS  AUTO  DRAFT  HUMAN  WRONG   FROM")
	for i, l := range rep.Topics {
		if i == mostTopics {
			t.line("… and %s more", plural(len(rep.Topics)-mostTopics, "topic"))
			break
		}
		from := "draft"
		if l.From < 1 {
			from = line(l.From)
		}
		if l.Advice == AdviceOwn {
			from += " own"
		}
		t.line("%s %7s %5s %6s %6s %6s   %s", pad(cmp.Or(oneLine(l.Topic), "(none)"), 25), number(l.Ways.Tickets), number(l.Ways.Auto),
			number(l.Ways.Draft), number(l.Ways.Escalate), number(l.Ways.Wrong), from)
	}
	t.line("")
}

// pad cuts or fills a text to so many characters.
func pad(s string, n int) string {
	rs := []rune(s)
	if len(rs) > n {
		return string(rs[:n-1]) + "…"
	}
	return s + strings.Repeat(" ", n-len(rs))
}

func (t *page) triggers(rep *Report) {
	if len(rep.Triggers) == 0 {
		return
	}
	t.line("WHY A HUMAN                             FIRED   FIRST   RIGHT ANSWERS KEPT BACK")
	for _, l := range rep.Triggers {
		t.line("%s %7s %7s   %7s", pad(l.Words, 37), number(l.Fired), number(l.First), number(l.Kept))
	}
	t.line("")
}

const mostWrongText = 5

func (t *page) wrong(rep *Report) {
	if len(rep.Wrong) == 0 {
		return
	}
	t.line("THE MOST CONFIDENT WRONG ANSWERS")
	for _, c := range rep.Wrong[:min(len(rep.Wrong), mostWrongText)] {
		t.line("%s  %s  %s", pad(fmt.Sprintf("%.1f %%", 100*c.Confidence), 6), oneLine(c.ID), cmp.Or(oneLine(c.Topic), "no topic"))
		t.para("  ", "asked: "+shorten(oneLine(c.Question), 150))
		t.para("  ", "said:  "+oneLine(cmp.Or(c.AnswerTitle, c.Answer))+c.instead())
		t.para("  ", "fix:   "+oneLine(c.Fix))
		if c.Exclude != "" {
			t.para("  ", "or:    "+oneLine(c.Exclude))
		}
	}
	t.line("")
}

// instead says what would have been right.
func (c *Case) instead() string {
	more := ""
	if c.Alike > 0 {
		more = fmt.Sprintf(" (%s more like it)", number(c.Alike))
	}
	switch {
	case c.Left:
		return "; right would have been " + oneLine(cmp.Or(c.TruthTitle, c.Truth)) + ", which was left out as if it were new" + more
	case c.New && c.Truth != "":
		return "; right was " + oneLine(cmp.Or(c.TruthTitle, c.Truth)) + ", which was new then" + more
	case c.New:
		return "; nothing on file answers it" + more
	}
	return "; right was " + oneLine(cmp.Or(c.TruthTitle, c.Truth)) + more
}

func (t *page) gaps(rep *Report) {
	if len(rep.Gaps) == 0 {
		return
	}
	t.line("QUESTIONS THAT NOBODY HAS AN ANSWER FOR")
	for _, g := range rep.Gaps {
		t.line("%7s  %s", number(g.Tickets), pad(oneLine(strings.Join(g.Words, ", ")), 68))
		t.para("         ", "e.g. "+shorten(oneLine(g.Questions[0]), 120))
	}
	t.line("")
}

func (t *page) change(rep *Report) {
	c := &rep.Change
	t.line("WITH %s INSTEAD OF THE POLICY AS IT IS", strings.ToUpper(c.What))
	t.para("", c.Words)
	for _, m := range c.Moves {
		t.line("%7s  %s to %s%s", number(m.Tickets), m.From, m.To, m.worth())
		for _, x := range m.Examples[:min(1, len(m.Examples))] {
			t.para("         ", "e.g. "+oneLine(x.ID)+": "+shorten(oneLine(x.Question), 120))
		}
	}
}

func (m *Move) worth() string {
	if m.Judged == 0 {
		return ""
	}
	return fmt.Sprintf(" (their answers: %s of %s right)", number(m.Right), number(m.Judged))
}
