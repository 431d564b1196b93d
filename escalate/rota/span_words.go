package rota

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"warmline/escalate/calendar"
)

// The most that is read of a span.
const (
	longestSpan   = 200    // bytes
	longestNumber = 10_000 // in a length of time
)

// lexeme is a date, a time such as 9:00, a number, a word or a hyphen.
var lexeme = regexp.MustCompile(`^(?:(\d{4}-\d{2}-\d{2})t?|(\d{1,2}:\d{2})|(\d+)|([a-z]+)|(-))[\s,]*`)

// word is one of them.
type word struct {
	text   string
	date   calendar.Date      // zero: none
	clock  bool               // a time with minutes
	time   calendar.TimeOfDay // of a clock
	number int                // of digits alone; -1: none
}

// lex splits what somebody wrote; what says where that fails.
func lex(text string) (words []word, what string) {
	if len(text) > longestSpan {
		return nil, "that is too long"
	}
	rest := strings.TrimSpace(strings.NewReplacer("–", "-", "—", "-").Replace(strings.ToLower(text)))
	for rest != "" {
		m := lexeme.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Sprintf("I do not understand %q", short(rest))
		}
		rest = rest[len(m[0]):]
		w := word{text: m[1] + m[2] + m[3] + m[4] + m[5], number: -1}
		var err error
		switch {
		case m[1] != "":
			w.date, err = calendar.ParseDate(m[1])
		case m[2] != "":
			w.clock = true
			w.time, err = calendar.ParseTimeOfDay(m[2])
		case m[3] != "":
			w.number, err = strconv.Atoi(m[3])
		}
		if err != nil {
			return nil, fmt.Sprintf("there is no %q", w.text)
		}
		words = append(words, w)
	}
	return words, ""
}

// phrase is what somebody wrote, read from the left.
type phrase struct {
	words []word
	now   time.Time // in their zone
}

// take returns the next word and passes it if it is one of these.
func (p *phrase) take(texts ...string) string {
	if len(p.words) > 0 {
		for _, text := range texts {
			if p.words[0].text == text {
				p.words = p.words[1:]
				return text
			}
		}
	}
	return ""
}

// span reads all of it.
func (p *phrase) span() (s Span, what string) {
	switch {
	case len(p.words) == 0:
		return Span{}, "there is no time in it"
	case p.take("for") != "":
		s.From = p.now
		s.To, what = p.length(p.now)
	case p.take("until", "till") != "":
		s, what = p.upTo(point{now: true})
	default:
		p.take("from")
		s, what = p.pair()
	}
	switch {
	case what != "" || len(p.words) == 0:
		return s, what
	case p.words[0].text == "-":
		return s, "there is more than one begin and end in it; say one after the other"
	}
	return s, p.unknown()
}

// unknown names the word that does not fit.
func (p *phrase) unknown() string {
	if len(p.words) == 0 {
		return "something is missing at the end"
	}
	return fmt.Sprintf("I do not understand %q there", p.words[0].text)
}

// pair reads a begin and what says how long.
func (p *phrase) pair() (Span, string) {
	a, what := p.point()
	switch {
	case what != "":
		return Span{}, what
	case len(p.words) == 0 && (a.timed || a.now):
		return Span{}, "say when it ends"
	case len(p.words) == 0:
		return p.between(a, a)
	case p.take("-", "to", "until", "till") != "":
		return p.upTo(a)
	case p.take("for") == "":
		return Span{}, p.unknown()
	case !a.timed && !a.now:
		return Span{}, "say at what time it begins"
	}
	return p.lasting(a)
}

// upTo reads the end.
func (p *phrase) upTo(a point) (Span, string) {
	b, what := p.point()
	if what != "" {
		return Span{}, what
	}
	if a.timed && b.timed && (a.half && b.either || b.half && a.either) {
		return Span{}, "say am or pm at both times"
	}
	if a.timed && a.date == (calendar.Date{}) && b.behind { // 9-13 tomorrow
		a.date, a.weekday = b.date, b.weekday
		b.date, b.weekday = calendar.Date{}, false
	}
	return p.between(a, b)
}

// lasting reads how long a span is that begins at a time.
func (p *phrase) lasting(a point) (Span, string) {
	if a.date == (calendar.Date{}) {
		a.date = calendar.DateOf(p.now)
	}
	words := p.words
	s := p.place(a, a, a)
	to, what := p.length(s.From)
	if s.To = to; what == "" && a.weekday && !to.After(p.now) {
		a.date, p.words = a.date.AddDays(7), words
		s = p.place(a, a, a)
		s.To, what = p.length(s.From)
	}
	return s, what
}

// point reads a day, a time of day, or both in any order; or now.
func (p *phrase) point() (at point, what string) {
	if p.take("now") != "" {
		return point{now: true}, ""
	}
	found := p.day(&at)
	p.take("at")
	timed, what := p.time(&at)
	if what == "" && !found {
		found = p.day(&at)
		at.behind = found
	}
	if what == "" && !found && !timed {
		what = p.unknown()
	}
	return at, what
}

// day reads a day, if the next word is one.
func (p *phrase) day(at *point) bool {
	if len(p.words) == 0 {
		return false
	}
	today := calendar.DateOf(p.now)
	w := p.words[0]
	named, isWeekday := weekday(w.text)
	switch {
	case w.date != calendar.Date{}:
		at.date = w.date
	case w.text == "today":
		at.date = today
	case w.text == "tomorrow":
		at.date = today.AddDays(1)
	case isWeekday:
		at.weekday, at.date = true, today.AddDays((int(named)-int(today.Weekday())+7)%7)
	default:
		return false
	}
	p.words = p.words[1:]
	return true
}

// time reads a time of day, if the next word is one.
func (p *phrase) time(at *point) (found bool, what string) {
	if len(p.words) == 0 || !p.words[0].clock && p.words[0].number < 0 {
		return false, ""
	}
	w := p.words[0]
	p.words = p.words[1:]
	at.timed, at.time = true, w.time
	if !w.clock {
		if w.number > 24 {
			return false, fmt.Sprintf("there is no %d o'clock", w.number)
		}
		at.time = calendar.TimeOfDay(w.number * 60)
	}
	half := p.take("am", "pm")
	at.half, at.either = half != "", half == "" && at.time >= 60 && at.time < 13*60
	if half == "" {
		return true, ""
	}
	if at.time < 60 || at.time >= 13*60 {
		return false, fmt.Sprintf("there is no %s %s", w.text, half)
	}
	at.time %= 12 * 60
	if half == "pm" {
		at.time += 12 * 60
	}
	return true, ""
}

// length reads a length of time and returns when it is over. A day and a week are those of the wall clock.
func (p *phrase) length(from time.Time) (to time.Time, what string) {
	to = from
	for first := true; first || len(p.words) > 0; first = false {
		if len(p.words) < 2 || p.words[0].number < 0 {
			return to, "say how long, such as 2h, 90 min or 3 days"
		}
		n, unit := p.words[0].number, p.words[1].text
		if n > longestNumber {
			return to, fmt.Sprintf("%d is too much", n)
		}
		switch unit {
		case "m", "min", "mins", "minute", "minutes":
			to = to.Add(time.Duration(n) * time.Minute)
		case "h", "hr", "hrs", "hour", "hours":
			to = to.Add(time.Duration(n) * time.Hour)
		case "d", "day", "days":
			to = to.AddDate(0, 0, n)
		case "w", "week", "weeks":
			to = to.AddDate(0, 0, 7*n)
		default:
			return to, fmt.Sprintf("I do not know how long %q is", unit)
		}
		p.words = p.words[2:]
	}
	return to, ""
}
