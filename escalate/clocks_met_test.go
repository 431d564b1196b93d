package escalate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

// met lets an event happen and says which targets it met: "claim 1h0m0s", and late where it was.
func (l *life) met(after time.Duration, e escalate.Event) string {
	l.t.Helper()
	before := l.tk.Clocks.Running()
	l.at(after, e)
	var words []string
	for _, m := range l.tk.MetSince(before) {
		s, ok, err := m.Result(l.cals)
		if err != nil || !ok || s.Target != m.Target {
			l.t.Fatalf("result of %s: %+v, %v, %v", m.Target, s, ok, err)
		}
		word := fmt.Sprintf("%s %v", m.Target, s.Used)
		if s.Late {
			word += " late"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func TestWhatAnEventMetIsTold(t *testing.T) {
	l := newLife(t, targeted(4*time.Hour))
	again := func(reply time.Duration) escalate.Read { // answered, and written to again, before anybody looked
		e := wrote("m3", t0.Add(reply+10*time.Minute))
		e.Seen.Human, e.Seen.HumanAt = "r2", t0.Add(reply)
		return e
	}
	for _, c := range []struct {
		after time.Duration
		event escalate.Event
		want  string
	}{
		{time.Hour, escalated("h1"), ""},
		{2 * time.Hour, escalate.Claimed{By: "U1"}, "claim 1h0m0s"},
		{2 * time.Hour, escalate.Alerted{Handoff: "h1", Target: escalate.TargetResolution}, ""},
		{5 * time.Hour, replied(escalate.StatusOpen, t0.Add(270*time.Minute)), "first_response 4h30m0s late"},
		{6 * time.Hour, wrote2("m2", t0.Add(330*time.Minute)), ""},
		{8 * time.Hour, again(7 * time.Hour), "next_response 1h30m0s"},
		{9 * time.Hour, escalate.Resolved{By: "U1"}, "resolution 9h0m0s late, handoff 8h0m0s late"},
	} {
		if got := l.met(c.after, c.event); got != c.want {
			t.Errorf("after %v %s met %q, want %q", c.after, c.event.EventKind(), got, c.want)
		}
	}
}

// The helpdesk's deadline is the truth for what was late, too; and what nobody set has no result.
func TestTheHelpdesksDeadlineSaysWhatWasLate(t *testing.T) {
	first := escalate.TargetFirstResponse
	l := newLife(t, targeted(0))
	l.at(0, escalate.Targeted{Deadlines: map[escalate.Target]escalate.UnixMicro{first: escalate.At(t0.Add(2 * time.Hour))}}, escalated("h1"))
	before := l.tk.Clocks.Running()
	l.at(3*time.Hour, escalate.Claimed{By: "U1"}, replied(escalate.StatusOpen, t0.Add(150*time.Minute)))
	var words []string
	for _, m := range l.tk.MetSince(before) {
		s, ok, err := m.Result(l.cals)
		words = append(words, fmt.Sprintf("%s %v %v %v %v", m.Target, ok, s.Used, s.Late, err))
	}
	if got, want := strings.Join(words, ", "), "first_response true 2h30m0s true <nil>, claim false 0s false <nil>"; got != want {
		t.Errorf("met %q, want %q", got, want)
	}
}
