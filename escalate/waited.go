package escalate

import (
	"cmp"
	"slices"
	"time"
)

// Waited is how long a customer waited for a person's first answer. When nobody answered, it is for how long they waited at least.
type Waited struct {
	For      time.Duration
	Answered bool
}

// LeastWaits is how many measured waits it takes until they say anything.
const LeastWaits = 30

// WaitedWithin returns within what time a share (0..1) of all who waited had an answer, by the estimate of Kaplan and Meier (1958): who
// waits still counts for as long as they do, so that the answers of a bad day are not those of its easy tickets alone. It is false
// for fewer than LeastWaits answers, and when fewer of them all had one.
func WaitedWithin(waits []Waited, share float64) (time.Duration, bool) {
	waits = slices.Clone(waits)
	slices.SortFunc(waits, func(a, b Waited) int { return cmp.Compare(a.For, b.For) })
	answers, within, found := 0, time.Duration(0), false
	unanswered := 1.0
	for i := 0; i < len(waits); {
		rest, now, end := len(waits)-i, 0, i
		for ; end < len(waits) && waits[end].For == waits[i].For; end++ {
			if waits[end].Answered {
				now++
			}
		}
		answers += now
		unanswered *= 1 - float64(now)/float64(rest)
		if !found && now > 0 && unanswered <= 1-share+1e-9 {
			within, found = waits[i].For, true
		}
		i = end
	}
	return within, found && answers >= LeastWaits
}

// steps are how finely a time is told that lies so far ahead: the farther, the rounder.
var steps = []struct{ below, step time.Duration }{
	{time.Hour, 15 * time.Minute}, {4 * time.Hour, 30 * time.Minute}, {0, time.Hour},
}

// Rounded is a stretch of time in the round figure above it that people would say: whole quarters of an hour up to one, then halves, then
// hours.
func Rounded(d time.Duration) time.Duration {
	for _, s := range steps {
		if up := max((d + s.step - 1).Truncate(s.step), s.step); up <= s.below || s.below == 0 {
			return up
		}
	}
	return d
}

// RoundedTo is an instant as people would say it in its own zone, from now: never earlier, and later by less than such a step.
func RoundedTo(at, now time.Time) time.Time {
	step := steps[len(steps)-1].step
	for _, s := range steps {
		if at.Sub(now) <= s.below {
			step = s.step
			break
		}
	}
	_, offset := at.Zone()
	clock := at.Add(time.Duration(offset) * time.Second) // not every zone is whole hours from UTC
	if down := clock.Truncate(step); down.Before(clock) {
		return at.Add(down.Add(step).Sub(clock))
	}
	return at
}
