package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Fault is one thing wrong with working hours: where, what, and what to do.
type Fault struct {
	Path string // "week.mon[0]", "special[2].date"
	What string
}

// Error implements error.
func (f *Fault) Error() string { return f.Path + ": " + f.What }

// faults collects what is wrong.
type faults []error

func (fs *faults) add(path, format string, args ...any) {
	*fs = append(*fs, &Fault{Path: path, What: fmt.Sprintf(format, args...)})
}

// Validate names every fault of the hours at once: each error joined is a *Fault. Shifts that overlap are none, because they
// are merged. Whether there is a zone of that name is for the caller to find out.
func (h *Hours) Validate() error {
	var fs faults
	for day := time.Monday; day < time.Monday+7; day++ {
		weekday := day % 7
		fs.shifts("week."+strings.ToLower(weekday.String()[:3]), h.Week.On(weekday))
	}
	seen := map[Date]string{}
	for i := range h.Closed {
		fs.date(fmt.Sprintf("closed[%d].date", i), h.Closed[i].Date, seen)
	}
	for i := range h.Special {
		path := fmt.Sprintf("special[%d]", i)
		fs.date(path+".date", h.Special[i].Date, seen)
		if len(h.Special[i].Shifts) == 0 {
			fs.add(path+".shifts", "is empty; give the shifts of that date, or list it under closed")
		}
		fs.shifts(path+".shifts", h.Special[i].Shifts)
	}
	return errors.Join(fs...)
}

func (fs *faults) shifts(path string, shifts []Shift) {
	for i, s := range shifts {
		if what := s.fault(); what != "" {
			fs.add(fmt.Sprintf("%s[%d]", path, i), "%s %s", s, what)
		}
	}
}

// date checks that there is such a date and that it is listed once; seen holds where the others are.
func (fs *faults) date(path string, d Date, seen map[Date]string) {
	if !d.Valid() {
		fs.add(path, "%s is not a date; write it as 2026-12-24", d)
		return
	}
	if other := seen[d]; other != "" {
		fs.add(path, "%s is listed twice, here and in %s; remove one", d, other)
		return
	}
	seen[d] = path
}
