package calendar

import "time"

// Hours are when people work, as a policy writes it down. The zero value is around the clock, every day.
type Hours struct {
	// Zone is the name of the time zone in the IANA database, such as Europe/Berlin. Whoever calls New looks it up: that
	// reads files, and only the caller can say what follows when there is no such zone.
	Zone string `json:"zone,omitempty" yaml:"zone,omitempty"`
	// Week holds the shifts of each day. A week without any shift is around the clock; a day without one, in a week that has
	// some, is off.
	Week Week `json:"week,omitzero" yaml:"week,omitempty"`
	// Closed are dates on which no shift begins.
	Closed []Holiday `json:"closed,omitempty" yaml:"closed,omitempty"`
	// Special are dates with shifts of their own in place of the week's, such as half days. They also count on a public
	// holiday: so a team says that it works on one.
	Special []Special `json:"special,omitempty" yaml:"special,omitempty"`
	// Holidays is the code of a country or region, such as de-by: nobody works on its public holidays. Empty: only on the dates
	// that are closed. Whoever calls New looks them up, as the zone.
	Holidays string `json:"holidays,omitempty" yaml:"holidays,omitempty"`
}

// Week holds the shifts of the seven days, any number of each, in any order.
type Week struct {
	Mon []Shift `json:"mon,omitempty" yaml:"mon,omitempty"`
	Tue []Shift `json:"tue,omitempty" yaml:"tue,omitempty"`
	Wed []Shift `json:"wed,omitempty" yaml:"wed,omitempty"`
	Thu []Shift `json:"thu,omitempty" yaml:"thu,omitempty"`
	Fri []Shift `json:"fri,omitempty" yaml:"fri,omitempty"`
	Sat []Shift `json:"sat,omitempty" yaml:"sat,omitempty"`
	Sun []Shift `json:"sun,omitempty" yaml:"sun,omitempty"`
}

// Weekdays is a week with the same shifts from Monday to Friday and a free weekend.
func Weekdays(shifts ...Shift) Week {
	return Week{Mon: shifts, Tue: shifts, Wed: shifts, Thu: shifts, Fri: shifts}
}

// On returns the shifts of a day; nil for what is no weekday.
func (w *Week) On(day time.Weekday) []Shift {
	switch day {
	case time.Monday:
		return w.Mon
	case time.Tuesday:
		return w.Tue
	case time.Wednesday:
		return w.Wed
	case time.Thursday:
		return w.Thu
	case time.Friday:
		return w.Fri
	case time.Saturday:
		return w.Sat
	case time.Sunday:
		return w.Sun
	}
	return nil
}

// empty reports whether no day has a shift.
func (w *Week) empty() bool {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if len(w.On(day)) > 0 {
			return false
		}
	}
	return true
}

// Holiday is a date on which nobody works, and what it is called.
type Holiday struct {
	Date Date   `json:"date" yaml:"date"`
	Name string `json:"name,omitempty" yaml:"name,omitempty"`
}

// Special is a date with shifts of its own; at least one, because a date without any is closed.
type Special struct {
	Date   Date    `json:"date" yaml:"date"`
	Name   string  `json:"name,omitempty" yaml:"name,omitempty"`
	Shifts []Shift `json:"shifts" yaml:"shifts"`
}
