package helpdesk

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate/desk"
)

// judge turns an answer that is not a 2xx into the error that says whether the call was applied.
func (h *HTTP) judge(c Call, res *http.Response, body []byte) error {
	status := res.StatusCode
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		return fmt.Errorf("%s: %w (%s)", c.Op, desk.ErrNotFound, why(status, body, c.Secrets))
	case status == http.StatusTooManyRequests:
		return &desk.Refused{Op: c.Op, Status: status, Why: why(status, body, c.Secrets), RetryAfter: retryAfter(res.Header, h.now())}
	case c.Stamped && (status == http.StatusConflict || status == http.StatusPreconditionFailed):
		return &desk.Refused{Op: c.Op, Status: status, Why: why(status, body, c.Secrets), Moved: true}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &desk.Refused{Op: c.Op, Status: status, Why: why(status, body, c.Secrets) + "; check the token and what it may do"}
	case status == http.StatusRequestTimeout:
		// Sent by whoever stands between, who cannot know what the helpdesk did.
		return fmt.Errorf("%s: %s", c.Op, why(status, body, c.Secrets))
	case status >= 400 && status < 500:
		return &desk.Refused{Op: c.Op, Status: status, Why: why(status, body, c.Secrets)}
	case status >= 300 && status < 400:
		return &RedirectError{Op: c.Op, Status: status, Location: clip(res.Header.Get("Location"), longestLocation)}
	default:
		return fmt.Errorf("%s: %s", c.Op, why(status, body, c.Secrets))
	}
}

// RedirectError says that a call was answered with another address, which is never followed. Status 303 is how some servers say
// "done, look there", so it does not say that nothing was applied; Front answers 301 where a conversation was merged.
type RedirectError struct {
	Op       string
	Status   int
	Location string // untrusted, whole: a signed address is long
}

// longestLocation bounds an address that is kept, in bytes.
const longestLocation = 8 << 10

// Error leaves out the address's query, in which a signature may stand.
func (e *RedirectError) Error() string {
	at, _, _ := strings.Cut(e.Location, "?")
	return fmt.Sprintf("%s: %s: redirected to %q, which is not followed; correct the base url", e.Op, http.StatusText(e.Status), clip(at, 200))
}

// GoString keeps a signature out of %#v.
func (e *RedirectError) GoString() string { return e.Error() }

// why gives the status and what the other side said about it, in at most a few lines.
func why(status int, body []byte, secrets []string) string {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
	var said any
	if json.Unmarshal(body, &said) != nil {
		return text
	}
	if words := wordsIn(said, 0); words != "" {
		text += ": " + clip(redact(Clean(words), secrets), 300)
	}
	return text
}

// saidIn are the members in which helpdesks say what was wrong, and those that hold such an object or a list of them.
var saidIn = []string{"error", "message", "description", "detail", "title", "field", "details", "errors", "errorMessages", "errorMessage", "_error", "_embedded"}

// wordsIn finds the words in an error's body, at most three levels down.
func wordsIn(v any, depth int) string {
	if depth > 3 {
		return ""
	}
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		for _, one := range v {
			if words := wordsIn(one, depth+1); words != "" {
				return words
			}
		}
	case map[string]any:
		var words []string
		for _, name := range saidIn {
			if w := wordsIn(v[name], depth+1); w != "" && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
		if len(words) == 0 && depth > 0 { // by field, as Jira has them: {"errors": {"labels": "…"}}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if w := wordsIn(v[name], depth+1); w != "" {
					words = append(words, name+": "+w)
				}
			}
		}
		return strings.Join(words, ": ")
	}
	return ""
}

// Bounds of the wait after a 429: a missing or broken header must not hammer, a strange one not park a ticket for days.
const (
	defaultRetryAfter = 30 * time.Second
	longestRetryAfter = 15 * time.Minute
)

// retryAfter is when to call again after a 429.
func retryAfter(header http.Header, now time.Time) time.Duration {
	if wait, said := waitIn(header, now); said {
		return wait
	}
	return defaultRetryAfter
}

// waitIn reads when to call again: Retry-After in seconds or as a date, or one of the forms that vendors use instead (reference:
// their API documentation).
func waitIn(header http.Header, now time.Time) (wait time.Duration, said bool) {
	for _, name := range []string{"Retry-After", "X-RateLimit-Retry-After", "RateLimit-Reset", "X-RateLimit-Reset"} {
		if wait, ok := waitFrom(header.Get(name), now); ok {
			return min(max(wait, 0)+time.Millisecond, longestRetryAfter), true
		}
	}
	return spentWindow(header)
}

func waitFrom(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(seconds) {
		const newestDelay = 366 * 24 * 3600 // anything above is a Unix time
		if seconds > newestDelay {
			seconds -= float64(now.Unix())
		}
		seconds = min(max(seconds, 0), longestRetryAfter.Seconds())
		return time.Duration(seconds * float64(time.Second)), true
	}
	for _, layout := range []string{http.TimeFormat, time.RFC3339, "2006-01-02T15:04Z07:00"} { // the last is Jira's
		if at, err := time.Parse(layout, value); err == nil {
			return at.Sub(now), true
		}
	}
	return 0, false
}
