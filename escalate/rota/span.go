package rota

import (
	"fmt"
	"time"

	"warmline/escalate/calendar"
)

// furthestSpan is how far ahead a span may begin: further is a slip of the pen.
const furthestSpan = 366 * 24 * time.Hour

// Span is a stretch of time: from From on, and no longer at To.
type Span struct{ From, To time.Time }

// SpanFault says what is not understood of a span that somebody wrote.
type SpanFault struct {
	Text string // what they wrote, cut short
	What string
}

// Error implements error. It says how a span may be written.
func (f *SpanFault) Error() string {
	return fmt.Sprintf("%q: %s; write for example: fri 9:00-13:00, tomorrow 9-13, now-17:00, for 2h, 2026-12-24 18:00 - 2026-12-27 9:00", f.Text, f.What)
}

// ParseSpan reads a span as people write it, with days and times as the clocks of a zone show them: theirs. It has begun by
// now if what they wrote has, and never ends before now; it is 90 days long at the most. The error is a *SpanFault.
//
//	fri 9:00-13:00                   the next Friday, or today's while it is not over
//	tomorrow 9-13; today 6pm-10pm
//	9-13; 22:00-06:00                today, and where the end is before the begin, into tomorrow
//	tomorrow; mon-fri                whole days
//	now-17:00; until fri 17:00
//	for 2h; for 3 days; sat 9:00 for 90 min
//	2026-12-24 18:00 - 2026-12-27 9:00
//
// An en dash, "to" and "until" stand for the hyphen, and "from" may come first.
func ParseSpan(text string, now time.Time, zone *time.Location) (Span, error) {
	words, what := lex(text)
	if what != "" {
		return Span{}, &SpanFault{Text: short(text), What: what}
	}
	p := phrase{words: words, now: now.In(zone)}
	span, what := p.span()
	if what == "" {
		what = span.fault(p.now)
	}
	if what != "" {
		return Span{}, &SpanFault{Text: short(text), What: what}
	}
	return Span{From: later(span.From, p.now), To: span.To}, nil
}

// fault says what is wrong with a span that was understood; "" is nothing.
func (s *Span) fault(now time.Time) string {
	switch {
	case !s.To.After(s.From):
		return "it ends when it begins, or before"
	case s.From.Sub(now) > furthestSpan:
		return "it begins more than a year from now"
	case !s.To.After(now):
		return "it is over since " + s.To.Format("Monday, 2 January, 15:04")
	case s.To.Sub(later(s.From, now)) > MaxOverride:
		return "it is longer than 90 days; change the rota instead"
	}
	return ""
}

// point is a time as somebody wrote it: a day, a time of day, or both; or now.
type point struct {
	now     bool
	date    calendar.Date // zero: none
	weekday bool          // the date is the next one of a weekday that they named
	timed   bool
	time    calendar.TimeOfDay
	behind  bool // the day stood behind the time
	half    bool // with am or pm
	either  bool // without, though it could be either
}

// between makes a span of its ends.
func (p *phrase) between(a, b point) (Span, string) {
	begins := a
	if begins.date == (calendar.Date{}) {
		begins.date = calendar.DateOf(p.now)
	}
	if b.date == (calendar.Date{}) {
		b.date = begins.date
		if begins.timed && b.time < begins.time || a.now && !b.date.At(b.time, p.now.Location()).After(p.now) {
			b.date = b.date.AddDays(1)
		}
	} else if b.weekday {
		b.date = p.following(b, begins, a.now)
	}
	switch {
	case b.now:
		return Span{}, "it ends now"
	case !b.timed && (a.timed || a.now):
		return Span{}, "say at what time it ends"
	case !b.timed:
		b.time = 24 * 60
	}
	s := p.place(a, begins, b)
	if a.weekday && !s.To.After(p.now) {
		begins.date, b.date = begins.date.AddDays(7), b.date.AddDays(7)
		s = p.place(a, begins, b)
	}
	return s, ""
}

// following is the first date of a weekday on which something ends that begins at a point, or now.
func (p *phrase) following(b, begins point, now bool) calendar.Date {
	ahead := (int(b.date.Weekday()) - int(begins.date.Weekday()) + 7) % 7
	over := begins.timed && b.timed && b.time <= begins.time
	if now {
		over = b.timed && !b.date.At(b.time, p.now.Location()).After(p.now)
	}
	if ahead == 0 && over {
		ahead = 7
	}
	return begins.date.AddDays(ahead)
}

// place finds the two ends in time.
func (p *phrase) place(a, begins, b point) Span {
	zone := p.now.Location()
	s := Span{From: p.now, To: b.date.At(b.time, zone)}
	if !a.now {
		s.From = begins.date.At(begins.time, zone)
	}
	return s
}

// short cuts what somebody wrote for a message.
func short(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
