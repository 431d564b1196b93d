package helpdesk

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
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
		return fmt.Errorf("%s: %w (%s)", c.Op, desk.ErrNotFound, why(status, body))
	case status == http.StatusTooManyRequests:
		return &desk.Refused{Op: c.Op, Why: why(status, body), RetryAfter: retryAfter(res.Header, h.now())}
	case c.Stamped && (status == http.StatusConflict || status == http.StatusPreconditionFailed):
		return &desk.Refused{Op: c.Op, Why: why(status, body), Moved: true}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &desk.Refused{Op: c.Op, Why: why(status, body) + "; check the token and what it may do"}
	case status == http.StatusRequestTimeout:
		// Sent by whoever stands between, who cannot know what the helpdesk did.
		return fmt.Errorf("%s: %s", c.Op, why(status, body))
	case status >= 400 && status < 500:
		return &desk.Refused{Op: c.Op, Why: why(status, body)}
	case status >= 300 && status < 400:
		// 303 is how some servers say "done, look there", so this does not say that nothing was applied.
		return fmt.Errorf("%s: %s: redirected to %q, which is not followed; correct the base url", c.Op, http.StatusText(status),
			clip(res.Header.Get("Location"), 200))
	default:
		return fmt.Errorf("%s: %s", c.Op, why(status, body))
	}
}

// why gives the status and what the other side said about it, in at most a few lines.
func why(status int, body []byte) string {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
	var said struct {
		Error   any    `json:"error"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		return text
	}
	switch word, isText := said.Error.(string); {
	case isText && word != "":
		text += ": " + clip(Clean(word), 300)
	case said.Message != "":
		text += ": " + clip(Clean(said.Message), 300)
	}
	return text
}

// Bounds of the wait after a 429: a missing or broken header must not hammer, a strange one not park a ticket for days.
const (
	defaultRetryAfter = 30 * time.Second
	longestRetryAfter = 15 * time.Minute
)

// retryAfter reads when to call again: Retry-After in seconds or as a date, or one of the forms that vendors use
// instead (reference: their API documentation).
func retryAfter(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-RateLimit-Retry-After", "RateLimit-Reset", "X-RateLimit-Reset"} {
		if wait, ok := waitFrom(header.Get(name), now); ok {
			return min(max(wait, 0)+time.Millisecond, longestRetryAfter)
		}
	}
	return defaultRetryAfter
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
	for _, layout := range []string{http.TimeFormat, time.RFC3339} {
		if at, err := time.Parse(layout, value); err == nil {
			return at.Sub(now), true
		}
	}
	return 0, false
}
