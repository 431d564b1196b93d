package escalate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

func apply(t *testing.T, tk *escalate.Ticket, at time.Time, events ...escalate.Event) []escalate.Effect {
	t.Helper()
	var last []escalate.Effect
	for _, e := range events {
		effects, err := tk.Apply(at, e)
		if err != nil {
			t.Fatalf("%s: %v", e.EventKind(), err)
		}
		last = effects
	}
	return last
}

// statedAt is when the timer of a stated time fires; the zero time when there is none.
func statedAt(effects []escalate.Effect) time.Time {
	for _, e := range effects {
		if e.Kind == escalate.EffectStated {
			return e.At.Time()
		}
	}
	return time.Time{}
}

func TestAStatedTimeIsATimerForItsReminder(t *testing.T) {
	for name, c := range map[string]struct{ in, fires time.Duration }{
		"far off":            {5 * time.Hour, 4 * time.Hour},
		"too near to remind": {40 * time.Minute, 40 * time.Minute},
	} {
		tk := ticketWith(escalated("h1"), escalate.Claimed{By: "U1"})
		e := waitsFor("h1")
		e.Until = escalate.At(t0.Add(c.in))
		if got := statedAt(apply(t, tk, t0, e)); !got.Equal(t0.Add(c.fires)) {
			t.Errorf("%s: the timer fires at %v, want %v", name, got, t0.Add(c.fires))
		}
	}
}

func TestATimeThatStaysKeepsWhatWasDoneAboutItAndAMovedOneBegins(t *testing.T) {
	tk := ticketWith(escalated("h1"), escalate.Claimed{By: "U1"}, waitsFor("h1"))
	apply(t, tk, t0.Add(4*time.Hour), escalate.Reminded{Handoff: "h1", Until: waitsFor("h1").Until})
	if got := statedAt(apply(t, tk, t0.Add(4*time.Hour), waitsFor("h1"))); !got.IsZero() {
		t.Errorf("the same time has another timer, at %v", got)
	}
	if w := tk.Handoff.Wait; !w.Reminded || !w.Since.Equal(t0) || !w.At.Equal(t0.Add(4*time.Hour)) {
		t.Errorf("said again: %+v", w)
	}
	moved := waitsFor("h1")
	moved.Until = escalate.At(t0.Add(30 * time.Hour))
	if got := statedAt(apply(t, tk, t0.Add(4*time.Hour), moved)); !got.Equal(t0.Add(29 * time.Hour)) {
		t.Errorf("the moved time's timer fires at %v", got)
	}
	if w := tk.Handoff.Wait; w.Reminded || !w.Since.Equal(t0) {
		t.Errorf("moved: %+v", w)
	}
	moved.Reason = escalate.WaitDelivery
	apply(t, tk, t0.Add(5*time.Hour), moved)
	if w := tk.Handoff.Wait; !w.Since.Equal(t0.Add(5 * time.Hour)) {
		t.Errorf("another reason is waited for since %v", w.Since)
	}
}

// What is passed on keeps what was said, and its timer; what ends does not.
func TestAWaitStaysWithTheMatter(t *testing.T) {
	for name, c := range map[string]struct {
		event escalate.Event
		kept  bool
	}{
		"passed to a colleague": {escalate.Reassigned{By: "U1", To: "U2"}, true},
		"released":              {escalate.Released{By: "U1"}, true},
		"passed up":             {escalate.Raised{By: "U1", Handoff: "h2", Channel: "managers"}, true},
		"resolved":              {escalate.Resolved{By: "U1"}, false},
		"given back":            {escalate.HandedBack{By: "U1"}, false},
	} {
		off := waitsFor("h1")
		off.Off = true
		tk := ticketWith(escalated("h1"), escalate.Claimed{By: "U1"}, off)
		effects := apply(t, tk, t0, c.event)
		if h := tk.Handoff; h.Wait.Set() != c.kept || h.Quiet != c.kept {
			t.Errorf("%s: %+v, quiet %v, want it kept: %v", name, h.Wait, h.Quiet, c.kept)
		}
		if name == "passed up" && (statedAt(effects).IsZero() || tk.Past[0].Wait.Set()) {
			t.Errorf("%s: effects %+v, and before it %+v", name, effects, tk.Past[0].Wait)
		}
	}
}

func TestOnlyAnAnswerGivenAfterItEndsAWait(t *testing.T) {
	answer := proposal("r1", escalate.PurposeHuman)
	tk := ticketWith(escalated("h1"), escalate.Claimed{By: "U1"}, escalate.Proposed{Reply: answer}, escalate.Approved{Reply: "r1", By: "U1"})
	apply(t, tk, t0.Add(time.Second), waitsFor("h1")) // within the undo window
	apply(t, tk, t0.Add(10*time.Second), escalate.Sending{Reply: "r1"}, escalate.Sent{Reply: "r1"})
	if !tk.Handoff.Wait.Set() {
		t.Error("an answer that was approved before ended the wait")
	}
	answer.ID = "r2"
	apply(t, tk, t0.Add(time.Hour), escalate.Proposed{Reply: answer}, escalate.Approved{Reply: "r2", By: "U1"}, escalate.Sending{Reply: "r2"}, escalate.Sent{Reply: "r2"})
	if tk.Handoff.Wait.Set() {
		t.Error("an answer did not end the wait")
	}
}

func TestToldIsTheNewestUpdateThatMayHaveArrived(t *testing.T) {
	warm := proposal("w1", escalate.PurposeWarm)
	warm.Until = waitsFor("h1").Until
	tk := ticketWith(escalated("h1"), escalate.Claimed{By: "U1"}, waitsFor("h1"), escalate.Warmed{Handoff: "h1", Reply: warm})
	if tk.Told() != nil {
		t.Error("what waits to be sent counts as told")
	}
	apply(t, tk, t0.Add(time.Minute), escalate.Sending{Reply: "w1"})
	if r := tk.Told(); r == nil || !tk.Outdated().IsZero() {
		t.Errorf("told %+v, outdated %v", r, tk.Outdated())
	}
	apply(t, tk, t0.Add(time.Minute), escalate.Sent{Reply: "w1"}, escalate.Waiting{Handoff: "h1", By: "U1"})
	if got := tk.Outdated(); !got.Equal(warm.Until.Time()) {
		t.Errorf("the time was taken back, outdated is %v", got)
	}
	apply(t, tk, t0.Add(time.Hour), escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m3", Human: "m3", HumanAt: t0.Add(time.Hour), Customer: "m1"}})
	if tk.Told() != nil || !tk.Outdated().IsZero() {
		t.Error("a person has written since; what was told before counts no more")
	}
}

// A row from before there were waits says nothing of them, and takes none of their space.
func TestAHandoffFromBeforeLoads(t *testing.T) {
	var h escalate.Handoff
	if err := json.Unmarshal([]byte(`{"id":"h1","kind":"escalation","state":"claimed","channel":"support","opened_at":"2026-03-02T09:00:00Z","owner":"U1"}`), &h); err != nil {
		t.Fatal(err)
	}
	if h.Wait.Set() || h.Quiet {
		t.Errorf("got %+v", h)
	}
	b, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	if _, there := fields["wait"]; there {
		t.Errorf("an empty wait is written: %s", b)
	}
	if diff := cmp.Diff(6, len(fields)); diff != "" {
		t.Errorf("%s: %s", diff, b)
	}
}

func TestEveryReasonToWaitHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range escalate.WaitReasons {
		words := r.Words()
		if !r.Known() || words == string(r) || seen[words] {
			t.Errorf("%q is %q in words", r, words)
		}
		seen[words] = true
	}
	if escalate.WaitNone.Known() || escalate.WaitReason("the moon").Known() {
		t.Error("what is no reason is known")
	}
}
