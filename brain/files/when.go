package files

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dates is how a file writes dates: "", dayFirst, monthFirst or a layout.
type dates string

const (
	dayFirst   = "day-first"
	monthFirst = "month-first"
)

// clear are the layouts that can be read one way only. What names no zone is UTC.
var clearLayouts = []string{
	time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 MST",
	"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly,
	"2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006, 15:04", "2.1.2006", "2.1.06 15:04",
	"2 Jan 2006 15:04", "2 Jan 2006", "Jan 2, 2006 15:04", "Jan 2, 2006 3:04 PM", "Jan 2, 2006", time.RFC1123Z, time.RFC1123,
}

var slashed = map[dates][]string{
	dayFirst:   {"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006 3:04 PM", "2/1/2006", "2-1-2006 15:04", "2-1-2006"},
	monthFirst: {"1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006 3:04 PM", "1/2/2006", "1-2-2006 15:04", "1-2-2006"},
}

// read returns a point in time, zero for "". A date that can be read two ways is an error unless the file says how.
func (d dates) read(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	layouts := clearLayouts
	if l, ok := slashed[d]; ok {
		layouts = append(slices.Clip(layouts), l...)
	} else if d != "" {
		layouts = append([]string{string(d)}, layouts...)
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return t, nil
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 1e8 && n < 1e14 {
		if n > 1e11 { // milliseconds
			return time.UnixMilli(n).UTC(), nil
		}
		return time.Unix(n, 0).UTC(), nil
	}
	if strings.Count(s, "/") == 2 || strings.Count(s, "-") == 2 {
		return time.Time{}, fmt.Errorf("%q can be read two ways; say date: day-first or month-first in the mapping", s)
	}
	return time.Time{}, fmt.Errorf("%q is no date that is known; say date: with its layout in the mapping", s)
}
