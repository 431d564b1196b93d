package holidays

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2"

	"warmline/escalate/calendar"
)

// The years that can be asked for. Before and after them the rules for Easter and the equinoxes do not hold.
const (
	FirstYear = 2000
	LastYear  = 2099
)

// ErrUnknownCode says that there is no such country or region.
var ErrUnknownCode = errors.New("unknown holidays")

// Codes lists all that can be asked for, in order.
func Codes() []string { return slices.Sorted(maps.Keys(lists)) }

// working guards the library, which is not made for several callers at once: to find a day it writes to its own rules.
var working sync.Mutex

// Of returns the public holidays of a country or region in the years from one to another, both included, in the order of their
// dates. A date is there once, with all its names; a holiday that is moved to another day is there twice, because people are
// off on either. The error is ErrUnknownCode, or says which years can be asked for.
func Of(code string, from, to int) ([]calendar.Holiday, error) {
	code = strings.ToLower(code)
	list, ok := lists[code]
	if !ok {
		return nil, unknown(code)
	}
	if from < FirstYear || to > LastYear || from > to {
		return nil, fmt.Errorf("find holidays of %d to %d: the years must be in order, from %d to %d", from, to, FirstYear, LastYear)
	}
	list = slices.Concat(list, amended[code])
	names := map[calendar.Date][]string{}
	working.Lock()
	defer working.Unlock()
	cal.DefaultLoc = time.UTC // in the machine's own zone a midnight that is skipped would give the day before
	for year := from - 1; year <= to+1; year++ {
		for _, h := range list {
			day, off := h.Calc(year)
			for _, at := range []time.Time{day, off} {
				if date := calendar.DateOf(at); !at.IsZero() && date.Year >= from && date.Year <= to && !slices.Contains(names[date], h.Name) {
					names[date] = append(names[date], h.Name)
				}
			}
		}
	}
	return inOrder(names), nil
}

func inOrder(names map[calendar.Date][]string) []calendar.Holiday {
	all := make([]calendar.Holiday, 0, len(names))
	for date, list := range names {
		all = append(all, calendar.Holiday{Date: date, Name: strings.Join(list, ", ")})
	}
	slices.SortFunc(all, func(a, b calendar.Holiday) int { return a.Date.Compare(b.Date) })
	return all
}

// unknown names what could have been meant: the regions of a country that has no holidays of its own here.
func unknown(code string) error {
	country, _, _ := strings.Cut(code, "-")
	known := slices.DeleteFunc(Codes(), func(c string) bool { return c != country && !strings.HasPrefix(c, country+"-") })
	if len(known) == 0 {
		return fmt.Errorf("find holidays of %q: %w; list their dates under closed instead", code, ErrUnknownCode)
	}
	return fmt.Errorf("find holidays of %q: %w; write %s", code, ErrUnknownCode, strings.Join(known, ", "))
}
