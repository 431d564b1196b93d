package escalate_test

import (
	"testing"
	"time"

	"warmline/escalate"
)

// saysFive is an acknowledgement that says that the customer hears from us within five hours.
func saysFive() escalate.Decided {
	e := escalated("h1")
	e.Ack.Until = escalate.At(t0.Add(5 * time.Hour))
	return e
}

// told has a reply arrive.
func told(id escalate.ReplyID) []escalate.Event {
	return []escalate.Event{escalate.Sending{Reply: id}, escalate.Sent{Reply: id, Message: "b-" + escalate.MessageID(id)}}
}

func TestATimeThatAnAcknowledgementSaysIsATimer(t *testing.T) {
	tk := ticketWith()
	if got := statedAt(apply(t, tk, t0, saysFive())); !got.Equal(t0.Add(4 * time.Hour)) {
		t.Errorf("the timer fires at %v, want an hour before", got)
	}
	if w := tk.Handoff.Wait; !w.Measured() || w.Set() || !w.Until.Equal(t0.Add(5*time.Hour)) {
		t.Errorf("the wait is %+v", w)
	}
	if tk.Told() != nil {
		t.Error("they know of a time that has not arrived")
	}
	apply(t, tk, t0, told("ack-h1")...)
	if r := tk.Told(); r == nil || !r.Until.Equal(tk.Handoff.Wait.Until) {
		t.Errorf("what they know is %+v", r)
	}
	apply(t, tk, t0.Add(4*time.Hour), escalate.Reminded{Handoff: "h1", Until: saysFive().Ack.Until})
	apply(t, tk, t0.Add(5*time.Hour), escalate.Missed{Handoff: "h1", Until: saysFive().Ack.Until})
	if w := tk.Handoff.Wait; !w.Missed || !w.Measured() {
		t.Errorf("after it passed: %+v", w)
	}
}

func TestAMeasuredTimeStandsUntilAPersonSaysAnother(t *testing.T) {
	five, nine := t0.Add(5*time.Hour), t0.Add(9*time.Hour)
	for name, c := range map[string]struct {
		says     escalate.Waiting
		until    time.Time
		measured bool
		outdated bool
	}{
		"nothing in particular": {escalate.Waiting{}, five, true, false},
		"a reason alone":        {escalate.Waiting{Reason: escalate.WaitPayment}, five, false, false},
		"another time":          {escalate.Waiting{Reason: escalate.WaitPayment, Until: escalate.At(nine)}, nine, false, true},
		"updates off":           {escalate.Waiting{Off: true}, five, true, false},
	} {
		tk := ticketWith(append([]escalate.Event{saysFive()}, told("ack-h1")...)...)
		c.says.Handoff, c.says.By = "h1", "U1"
		apply(t, tk, t0.Add(time.Hour), escalate.Claimed{By: "U1"}, c.says)
		if w := tk.Handoff.Wait; !w.Until.Equal(c.until) || w.Measured() != c.measured || tk.Outdated().IsZero() == c.outdated {
			t.Errorf("%s: %+v, outdated %v", name, w, tk.Outdated())
		}
	}
}

// An answer ends it, wherever the hand-off goes it stays, and when the matter is over it says nothing any more.
func TestAMeasuredTimeGoesWithItsMatter(t *testing.T) {
	build := func(events ...escalate.Event) *escalate.Ticket {
		return ticketWith(append(append([]escalate.Event{saysFive()}, told("ack-h1")...), events...)...)
	}
	answered := build()
	apply(t, answered, t0.Add(time.Hour), escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m2", Human: "m2", HumanAt: t0.Add(time.Hour), Customer: "m1", CustomerAt: t0}})
	if w := answered.Handoff.Wait; w != (escalate.Wait{}) {
		t.Errorf("answered: %+v", w)
	}
	for name, e := range map[string]escalate.Event{"passed up": escalate.Raised{By: "U1", Handoff: "h2", Channel: "managers"}, "moved": elsewhere("h2")} {
		tk := build(e)
		if w := tk.Handoff.Wait; tk.Handoff.ID != "h2" || !w.Measured() || !w.Until.Equal(t0.Add(5*time.Hour)) {
			t.Errorf("%s: %+v", name, w)
		}
		if all := tk.Origins(); len(all) != 1 || all[0].ID != "h1" {
			t.Errorf("%s: it began as %+v", name, all)
		}
	}
	draft := ticketWith(drafted("h1", "r1"))
	moved := elsewhere("h3")
	moved.Ack.Until = escalate.At(t0.Add(3 * time.Hour))
	if got := statedAt(apply(t, draft, t0, moved)); !got.Equal(t0.Add(2 * time.Hour)) {
		t.Errorf("a draft that became a matter for others: timer at %v", got)
	}
	over := build()
	apply(t, over, t0.Add(time.Hour), escalate.Resolved{By: "U1"})
	apply(t, over, t0.Add(48*time.Hour), escalated("h2"))
	if !over.Outdated().IsZero() || over.Told() != nil || len(over.Origins()) != 2 {
		t.Errorf("what was said before it was resolved is still said: %v", over.Outdated())
	}
}
