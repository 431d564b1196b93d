package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// TimeOfDay is a time on the wall clock, in minutes after midnight: 0 to 1440, which is 24:00.
type TimeOfDay int

const endOfDay TimeOfDay = 24 * 60

// ParseTimeOfDay reads 09:00, 9:00 or 24:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	hour, minute, found := strings.Cut(s, ":")
	h, okHour := digits(hour, 1)
	m, okMinute := digits(minute, 2)
	t := TimeOfDay(h*60 + m)
	if !found || !okHour || !okMinute || m > 59 || t > endOfDay {
		return 0, fmt.Errorf("%q is not a time of day; write it as 09:00", s)
	}
	return t, nil
}

// digits reads a number of at least so many digits, and of two at the most.
func digits(s string, least int) (int, bool) {
	if len(s) < least || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// String writes the time as 09:00.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText writes the time for JSON and YAML.
func (t TimeOfDay) MarshalText() ([]byte, error) {
	if t < 0 || t > endOfDay {
		return nil, fmt.Errorf("%d minutes after midnight is not a time of day", int(t))
	}
	return []byte(t.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (t *TimeOfDay) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTimeOfDay(string(text))
	return err
}

// Shift is a stretch of a day in which people work: from From on, and no longer at To. A shift whose To is not after its
// From ends on the next day. It is written as 09:00-12:30.
type Shift struct{ From, To TimeOfDay }

// AllDay is a shift of a whole day: 24 hours, but for days on which the clocks change.
var AllDay = Shift{To: endOfDay}

// ParseShift reads a shift as String writes it. A dash may stand for the hyphen, with spaces around it.
func ParseShift(s string) (Shift, error) {
	from, to, found := strings.Cut(strings.ReplaceAll(s, "–", "-"), "-")
	if !found {
		return Shift{}, fmt.Errorf("%q is not a shift; write it as 09:00-17:00", s)
	}
	var sh Shift
	var err error
	if sh.From, err = ParseTimeOfDay(strings.TrimSpace(from)); err != nil {
		return Shift{}, err
	}
	if sh.To, err = ParseTimeOfDay(strings.TrimSpace(to)); err != nil {
		return Shift{}, err
	}
	if what := sh.fault(); what != "" {
		return Shift{}, fmt.Errorf("%q %s", s, what)
	}
	return sh, nil
}

// String writes the shift as 09:00-12:30.
func (s Shift) String() string { return s.From.String() + "-" + s.To.String() }

// MarshalText writes the shift for JSON and YAML.
func (s Shift) MarshalText() ([]byte, error) {
	if what := s.fault(); what != "" {
		return nil, fmt.Errorf("shift %s %s", s, what)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText wrote, and what ParseShift reads.
func (s *Shift) UnmarshalText(text []byte) (err error) {
	*s, err = ParseShift(string(text))
	return err
}

// fault says what is wrong with a shift; "" is nothing.
func (s Shift) fault() string {
	switch {
	case s.From < 0 || s.From >= endOfDay:
		return "begins outside the day; the last minute is 23:59"
	case s.To < 0 || s.To > endOfDay:
		return "ends outside the day; midnight is 24:00"
	case s.From == s.To:
		return "begins and ends at the same time; a whole day is 00:00-24:00"
	}
	return ""
}

// span is the shift on the day on which it begins, in minutes; what ends on the next day ends after 1440.
func (s Shift) span() span {
	if s.To <= s.From {
		s.To += endOfDay
	}
	return span{int64(s.From), int64(s.To)}
}
