package card

import (
	"strings"

	"warmline/escalate/calendar"
	"warmline/escalate/desk"
)

// due adds what people have to do, by when, and how that stands; nothing when nothing is due. The time is the reader's own, and
// the words change by stage: a card that counted minutes would be wrong, or redrawn, every minute.
func due(r row, c *desk.Card) row {
	what, at := dueWords(c)
	if what == "" {
		return r
	}
	if len(r) > 0 {
		r = r.say(" · ")
	}
	if !at {
		return r.strong(what)
	}
	return r.strong(what+" ").at(c.Due, onDay)
}

// dueText says the same in words alone.
func dueText(c *desk.Card) string {
	what, at := dueWords(c)
	if at {
		what += " " + utc(c.Due)
	}
	return what
}

// dueWords says what is due on an active hand-off and how it stands, and whether an instant belongs to it; "" when nothing is due.
// Earlier versions kept an instant alone, which binds while the customer waits.
func dueWords(c *desk.Card) (words string, at bool) {
	d := c.Handoff.Due
	switch {
	case !c.Handoff.Active() || d.Target == "" && (c.Due.IsZero() || !waits(c)):
		return "", false
	case d.Target == "":
		return "Answer due", true
	}
	return strings.ToUpper(d.Target.Words()[:1]) + d.Target.Words()[1:] + dueStates[d.State], d.State != calendar.Paused && !c.Due.IsZero()
}

// dueStates say how a deadline stands; the instant follows, if there is one.
var dueStates = map[calendar.State]string{
	calendar.Running:  " due",
	calendar.DueSoon:  " due soon:",
	calendar.Breached: " overdue since",
	calendar.Paused:   ": the clock stands still",
}

// dueIn adds the same to a row of the queue.
func (d *rows) dueIn(r row, q *desk.QueueRow) row {
	what := q.Handoff.Due.Target.Words()
	switch at := q.Handoff.DueAt; {
	case !q.Waiting && what == "":
		if !at.IsZero() {
			r = r.say(" · answered")
		}
	case q.Handoff.Due.State == calendar.Paused:
		r = r.say(" · the clock stands still")
	case at.IsZero():
	case q.Overdue(d.h.At):
		r = r.strong(" · "+spaced(what)+"overdue since ").at(at, onDay)
	default:
		r = r.say(" · "+spaced(what)+"due ").at(at, onDay)
	}
	return r
}

func spaced(words string) string {
	if words == "" {
		return ""
	}
	return words + " "
}
