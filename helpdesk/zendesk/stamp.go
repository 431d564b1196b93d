package zendesk

import (
	"net/http"
	"strings"
	"time"
)

// A ticket's version is its updated_at, and that is a whole second: two changes in one second leave the same stamp. So a stamp
// proves something only when it was read after its second was over. Then nothing can have happened that the reading lacks and the
// stamp does not tell: every later change has a later second, a reply of ours included. One that was read too early is marked, and
// a reply is not sent with it; whoever wanted to reads the ticket again, a moment later.

// fresh marks a stamp that was read before its second was over.
const fresh = "?"

// How long after its second a stamp counts: Zendesk's clocks, those that stamp tickets and those that date answers, may differ a little;
// ours, which stands in when an answer has no date, more.
const (
	settledBy     = 2 * time.Second
	settledByOurs = 10 * time.Second
)

// stampOf is the stamp of a ticket that an answer showed.
func (c *Connector) stampOf(updated word, answer http.Header) string {
	at := instant(updated)
	date, err := http.ParseTime(answer.Get("Date"))
	over := err == nil && date.Sub(at) >= settledBy || err != nil && c.now().Sub(at) >= settledByOurs
	if over {
		return string(updated)
	}
	return string(updated) + fresh
}

// newer compares the seconds of stamps. Of two in the same second, the one that was read when it was over is later: nothing was
// ever sent with the other, so a reading that shows the one proves that nothing sent with the other can arrive.
func newer(a, b string) bool {
	early, late := strings.HasSuffix(b, fresh), !strings.HasSuffix(a, fresh)
	x, y := instant(word(strings.TrimSuffix(a, fresh))), instant(word(strings.TrimSuffix(b, fresh)))
	return !x.IsZero() && !y.IsZero() && (x.After(y) || x.Equal(y) && early && late)
}
