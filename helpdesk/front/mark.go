package front

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mark is a place in the feed: the time of the newest event that was read, and which of that very time were. Front's own page tokens
// would end some day, and with them a cursor that was saved.
type mark struct {
	at   time.Time
	seen []string
}

// String is how a mark is saved: "1703102616.123 evt_1,evt_2".
func (m mark) String() string {
	out, gap := seconds(m.at), " "
	for _, id := range m.seen {
		out, gap = out+gap+url.QueryEscape(id), ","
	}
	return out
}

// seconds writes a time as Front takes it, to the millisecond.
func seconds(at time.Time) string {
	ms := at.UnixMilli()
	return fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
}

func parseMark(cursor string) (mark, error) {
	at, seen, _ := strings.Cut(cursor, " ")
	whole, fraction, ok := strings.Cut(at, ".")
	s, err1 := strconv.ParseInt(whole, 10, 64)
	ms, err2 := strconv.ParseInt(fraction, 10, 64)
	if !ok || len(fraction) != 3 || err1 != nil || err2 != nil || s < 0 || s > latest {
		return mark{}, errors.New("read changes: the cursor is none of ours")
	}
	m := mark{at: time.UnixMilli(s*1000 + ms)}
	if seen == "" {
		return m, nil
	}
	for id := range strings.SplitSeq(seen, ",") {
		id, err := url.QueryUnescape(id)
		if err != nil {
			return mark{}, errors.New("read changes: the cursor is none of ours")
		}
		m.seen = append(m.seen, id)
	}
	return m, nil
}

// add moves a mark behind an event. Times count by the millisecond, as the feed's own filter does; an event without one counts as of now.
func (m *mark) add(e *event) {
	switch at := e.time(m.at); {
	case at.After(m.at):
		m.at, m.seen = at, []string{string(e.ID)}
	case at.Equal(m.at) && !slices.Contains(m.seen, string(e.ID)):
		m.seen = append(m.seen, string(e.ID))
	}
}
