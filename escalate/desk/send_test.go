package desk

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// newerStamp orders stamps by length, then by text: good enough for "7" and "10".
func newerStamp(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

func TestWhatAReadingSettles(t *testing.T) {
	with := func(stamp string, markers ...string) *Snapshot {
		s := &Snapshot{Status: escalate.StatusOpen, Stamp: stamp}
		for i, m := range markers {
			s.Content.Messages = append(s.Content.Messages, escalate.Message{ID: escalate.MessageID(rune('a' + i)), Marker: m})
		}
		return s
	}
	sending := escalate.Reply{ID: "r1", Purpose: escalate.PurposeAnswer, State: escalate.ReplySending, Stamp: "7", Attempts: 1}
	unknown := escalate.Reply{ID: "r1", Purpose: escalate.PurposeAnswer, State: escalate.ReplyUnknown, Stamp: "7", Attempts: 2, Doubts: 1, Doubt: true}
	tired := unknown
	tired.Attempts, tired.Doubts = 5, 4
	crashing := sending
	crashing.Attempts, crashing.Doubts = 5, 4
	refused := sending
	refused.Attempts = 9 // all but the last were cleanly refused, so that only one is in doubt
	update := tired
	update.Purpose = escalate.PurposeAck
	ordered := Limits{Stamps: true, Newer: newerStamp}
	for name, c := range map[string]struct {
		reply  escalate.Reply
		snap   *Snapshot
		limits Limits
		event  escalate.Event
		again  bool
	}{
		"it is there":                       {sending, with("8", "other", "r1"), ordered, escalate.Sent{Reply: "r1", Message: "b"}, false},
		"it is there, whatever the stamp":   {unknown, with("7", "r1"), ordered, escalate.Sent{Reply: "r1", Message: "a"}, false},
		"the ticket is gone":                {sending, nil, ordered, escalate.Sent{Reply: "r1"}, false},
		"not there, nothing moved":          {unknown, with("7"), ordered, nil, true},
		"not there under a newer stamp":     {unknown, with("10", "other"), ordered, escalate.Missing{Reply: "r1"}, false},
		"crashed before the call, it moved": {sending, with("9"), ordered, escalate.Missing{Reply: "r1"}, false},
		"a stale reading proves nothing":    {unknown, with("6"), ordered, nil, true},
		"no stamps: the marker decides":     {unknown, with("9"), Limits{}, nil, true},
		"looked often enough: ask a person": {tired, with("7"), Limits{}, escalate.Asked{Reply: "r1"}, false},
		"crashed often enough: ask as well": {crashing, with("7"), Limits{}, escalate.Asked{Reply: "r1"}, false},
		"often refused, then lost once":     {refused, with("7"), Limits{}, nil, true},
		"nobody is asked about an update":   {update, with("7"), Limits{}, escalate.Failed{Reply: "r1", Detail: "its answer was lost"}, false},
	} {
		event, again := settled(&c.reply, c.snap, c.limits, 5)
		if diff := cmp.Diff(c.event, event); diff != "" || again != c.again {
			t.Errorf("%s: again %v, want %v; event (-want +got):\n%s", name, again, c.again, diff)
		}
	}
}

// A clean refusal ends a reply only when no earlier call can have been applied.
func TestWhatACallsAnswerMeans(t *testing.T) {
	limits := Limits{Settle: 2 * time.Second}
	moved := &Refused{Op: "reply", Why: "moved", Moved: true}
	busy := &Refused{Op: "reply", Why: "busy", RetryAfter: time.Minute}
	bad := &Refused{Op: "reply", Why: "the ticket has no conversation"}
	judged := &Refused{Op: "reply", Why: "422: dear Ina is no text", Status: 422}
	lost := errors.New("connection reset")
	lostEvent := escalate.Lost{Reply: "r1"}
	for name, c := range map[string]struct {
		doubt bool
		err   error
		event escalate.Event
		later time.Time
	}{
		"sent":                             {false, nil, escalate.Sent{Reply: "r1", Message: "m1"}, time.Time{}},
		"sent, after doubt":                {true, nil, escalate.Sent{Reply: "r1", Message: "m1"}, time.Time{}},
		"moved":                            {false, moved, escalate.Returned{Reply: "r1", SendAt: escalate.At(noon)}, time.Time{}},
		"moved, in doubt: perhaps by us":   {true, moved, lostEvent, noon.Add(2 * time.Second)},
		"busy":                             {false, busy, escalate.Returned{Reply: "r1", SendAt: escalate.At(noon.Add(time.Minute))}, time.Time{}},
		"busy, in doubt: no fresh attempt": {true, busy, lostEvent, noon.Add(time.Minute)},
		"refused":                          {false, bad, escalate.Failed{Reply: "r1", Detail: "the ticket has no conversation"}, time.Time{}},
		"refused in words that may quote":  {false, judged, escalate.Failed{Reply: "r1", Detail: "HTTP 422"}, time.Time{}},
		"refused, in doubt":                {true, bad, lostEvent, noon.Add(2 * time.Second)},
		"gone":                             {false, ErrNotFound, escalate.Failed{Reply: "r1", Detail: "ticket gone"}, time.Time{}},
		"lost":                             {false, lost, lostEvent, noon.Add(2 * time.Second)},
		"lost again":                       {true, lost, lostEvent, noon.Add(2 * time.Second)},
	} {
		event, later := outcome(noon, &outgoing{reply: "r1", doubt: c.doubt}, "m1", c.err, limits)
		var at time.Time
		if later != nil {
			at = later.At
		}
		if diff := cmp.Diff(c.event, event); diff != "" || !at.Equal(c.later) {
			t.Errorf("%s: again at %v, want %v; event (-want +got):\n%s", name, at, c.later, diff)
		}
	}
}

func TestFenceNamesWhatMoved(t *testing.T) {
	messages := []escalate.Message{{ID: "m1"}, {ID: "m2"}, {ID: "m3"}}
	answer := escalate.Reply{Purpose: escalate.PurposeAnswer, Newest: "m1"}
	ack := escalate.Reply{Purpose: escalate.PurposeAck, Newest: "m1"}
	still := escalate.Conversation{Status: escalate.StatusOpen, Customer: "m1", Newest: "m1", WaitingSince: noon}
	with := func(edit func(*escalate.Conversation)) escalate.Conversation {
		c := still
		edit(&c)
		return c
	}
	for name, c := range map[string]struct {
		conversation escalate.Conversation
		reply        escalate.Reply
		want         string
	}{
		"nothing":                     {still, answer, ""},
		"the customer":                {with(func(c *escalate.Conversation) { c.Customer, c.Newest = "m2", "m2" }), answer, movedCustomer},
		"a human":                     {with(func(c *escalate.Conversation) { c.Human, c.Newest = "m2", "m2" }), answer, movedHuman},
		"a human, before it":          {with(func(c *escalate.Conversation) { c.Human = "m0" }), answer, ""},
		"closed":                      {with(func(c *escalate.Conversation) { c.Status = escalate.StatusSolved }), answer, movedClosed},
		"closed, for an update":       {with(func(c *escalate.Conversation) { c.Status = escalate.StatusClosed }), ack, movedClosed},
		"assigned to a colleague":     {with(func(c *escalate.Conversation) { c.Assignee = "ben" }), answer, movedAssignee},
		"assigned to the approver":    {with(func(c *escalate.Conversation) { c.Assignee = "ana" }), answer, ""},
		"assigned to the owner":       {with(func(c *escalate.Conversation) { c.Assignee = "own" }), answer, ""},
		"the customer, for an update": {with(func(c *escalate.Conversation) { c.Customer, c.Newest = "m3", "m3" }), ack, ""},
		"answered, for an update":     {with(func(c *escalate.Conversation) { c.WaitingSince = time.Time{} }), ack, movedHuman},
	} {
		tk := &escalate.Ticket{Conversation: c.conversation, Handoff: &escalate.Handoff{State: escalate.HandoffClaimed, Agent: "own", OpenedAt: noon}}
		tk.Content.Messages = messages
		if got := moved(tk, &c.reply, "ana"); got != c.want {
			t.Errorf("%s: fence says %q, want %q", name, got, c.want)
		}
	}
}
