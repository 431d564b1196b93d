package localslack

import (
	"fmt"
	"math"
	"time"
)

// tier is Slack's rate-limit tier of a method: calls a minute for one app.
// https://docs.slack.dev/apis/web-api/rate-limits
type tier int

const (
	unlimited   tier = 0
	tierOne     tier = 1
	tierTwo     tier = 20
	tierThree   tier = 50
	tierFour    tier = 100
	tierSpecial tier = 300 // "several hundred messages a minute"
)

// channelBurst is how many messages a channel takes at once before the pace of
// one a second begins. Slack says "short bursts" and no number.
const channelBurst = 5

// rateLimitError is a call that came too early.
type rateLimitError struct{ wait time.Duration }

func (e *rateLimitError) Error() string { return fmt.Sprintf("ratelimited: retry after %v", e.wait) }

// seconds is the Retry-After value: whole seconds, rounded up.
func (e *rateLimitError) seconds() int { return max(1, int(math.Ceil(e.wait.Seconds()))) }

// limiter remembers, for each key, the calls of the last minute. A nil limiter
// allows everything.
type limiter struct {
	calls map[string][]time.Time
	pace  map[string]time.Time // channel to when its burst will have drained
}

func newLimiter() *limiter {
	return &limiter{calls: map[string][]time.Time{}, pace: map[string]time.Time{}}
}

// wait counts a call and returns zero, or returns how long the caller must wait.
func (l *limiter) wait(now time.Time, key string, t tier) time.Duration {
	if l == nil || t == unlimited {
		return 0
	}
	calls := l.calls[key]
	for len(calls) > 0 && now.Sub(calls[0]) >= time.Minute {
		calls = calls[1:]
	}
	if len(calls) >= int(t) {
		l.calls[key] = calls
		return calls[0].Add(time.Minute).Sub(now)
	}
	l.calls[key] = append(calls, now)
	return 0
}

// waitChannel does the same for the pace of messages in one channel.
func (l *limiter) waitChannel(now time.Time, channel string) time.Duration {
	if l == nil {
		return 0
	}
	drained := l.pace[channel]
	if drained.Before(now) {
		drained = now
	}
	if over := drained.Sub(now) - (channelBurst-1)*time.Second; over > 0 {
		return over
	}
	l.pace[channel] = drained.Add(time.Second)
	return 0
}
