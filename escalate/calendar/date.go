package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the calendar, in no zone. It is written as 2026-12-24.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the date that a time has in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// ParseDate reads a date as String writes it.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date; write it as 2026-12-24", s)
	}
	return DateOf(t), nil
}

// String writes the date as 2026-12-24.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// Valid reports whether there is such a date, in the years 1 to 9999.
func (d Date) Valid() bool { return d.Year >= 1 && d.Year <= 9999 && DateOf(d.midnight()) == d }

// Compare orders dates: -1 when d is before other, 0 when they are the same, +1 when d is after it.
func (d Date) Compare(other Date) int { return d.midnight().Compare(other.midnight()) }

// AddDays returns the date so many days later, or earlier when there are fewer than none.
func (d Date) AddDays(days int) Date { return DateOf(d.midnight().AddDate(0, 0, days)) }

// DaysSince counts the days from another date to this one; they are negative when this one is earlier.
func (d Date) DaysSince(other Date) int { return int(d.number() - other.number()) }

// Weekday is the date's day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// At returns when the wall clock of a zone shows a time of the date, or a later one, for the first time: that of the shifts
// that begin at it. A time that is skipped comes at the moment of the change, of one that is shown twice the first counts.
func (d Date) At(t TimeOfDay, in *time.Location) time.Time {
	z := zone{loc: in}
	return time.Unix(z.first(d.number()*daySeconds+int64(t)*60), 0).In(in)
}

// MarshalText writes the date for JSON and YAML.
func (d Date) MarshalText() ([]byte, error) {
	if !d.Valid() {
		return nil, fmt.Errorf("%s is not a date", d)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// midnight is where the date begins in UTC.
func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// number counts the days since 1 January 1970.
func (d Date) number() int64 { return d.midnight().Unix() / daySeconds }
