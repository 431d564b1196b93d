package desk

import (
	"testing"
	"time"

	"warmline/escalate"
)

func TestATicketIsSolvedByWhatAPersonStandsBehind(t *testing.T) {
	sent := func(change ...func(*escalate.Reply)) escalate.Reply {
		r := escalate.Reply{
			ID: "r1", Purpose: escalate.PurposeAnswer, State: escalate.ReplySent, Answer: "pair", By: "U1", Solve: true, BegunAt: noon,
		}
		for _, f := range change {
			f(&r)
		}
		return r
	}
	typed := escalate.Message{ID: "m1", Role: escalate.RoleAgent, Public: true, Text: "Hold the button.", At: noon.Add(-time.Hour)}
	later := typed
	later.At = noon.Add(time.Hour)
	note, auto, marked := typed, typed, typed
	note.Public, auto.Auto, marked.Marker = false, true, "r1"
	over := escalate.Read{Seen: escalate.Seen{Status: escalate.StatusClosed}}
	gone := escalate.Read{Seen: escalate.Seen{Status: escalate.StatusGone}}
	excluded := &escalate.Decision{Reasons: []escalate.Reason{{Kind: escalate.Excluded}}}
	for name, c := range map[string]struct {
		event    escalate.Event
		replies  []escalate.Reply
		messages []escalate.Message
		decision *escalate.Decision
		want     Solved // zero: it is not solved
	}{
		"approved and solved":                 {escalate.Sent{Reply: "r1"}, []escalate.Reply{sent()}, nil, nil, Solved{Ticket: "t1", Answer: "pair", By: "U1"}},
		"approved, and it goes on":            {escalate.Sent{Reply: "r1"}, []escalate.Reply{sent(func(r *escalate.Reply) { r.Solve = false })}, nil, nil, Solved{}},
		"sent by itself":                      {escalate.Sent{Reply: "r1"}, []escalate.Reply{sent(func(r *escalate.Reply) { r.By = "" })}, nil, nil, Solved{}},
		"an update to the customer":           {escalate.Sent{Reply: "r1"}, []escalate.Reply{sent(func(r *escalate.Reply) { r.Purpose = escalate.PurposeWarm })}, nil, nil, Solved{}},
		"in their own words":                  {escalate.Sent{Reply: "r1"}, []escalate.Reply{sent(func(r *escalate.Reply) { r.Answer = "" })}, nil, nil, Solved{Ticket: "t1", By: "U1"}},
		"resolved after an answer":            {escalate.Resolved{By: "U2"}, []escalate.Reply{sent()}, nil, nil, Solved{Ticket: "t1", Answer: "pair", By: "U1"}},
		"resolved without one":                {escalate.Resolved{By: "U2"}, nil, nil, nil, Solved{}},
		"typed in the helpdesk":               {over, nil, []escalate.Message{typed}, nil, Solved{Ticket: "t1"}},
		"typed after an approved one":         {over, []escalate.Reply{sent()}, []escalate.Message{later}, nil, Solved{Ticket: "t1"}},
		"typed before an approved one":        {over, []escalate.Reply{sent()}, []escalate.Message{typed}, nil, Solved{Ticket: "t1", Answer: "pair", By: "U1"}},
		"a note, a machine, and our own":      {over, nil, []escalate.Message{note, auto, marked}, nil, Solved{}},
		"the ticket was deleted":              {gone, nil, []escalate.Message{typed}, nil, Solved{}},
		"kept from the AI":                    {over, []escalate.Reply{sent()}, []escalate.Message{typed}, excluded, Solved{}},
		"only claimed":                        {escalate.Claimed{By: "U1"}, []escalate.Reply{sent()}, nil, nil, Solved{}},
		"an approved one that never went out": {over, []escalate.Reply{sent(func(r *escalate.Reply) { r.State = escalate.ReplyFailed })}, nil, nil, Solved{}},
	} {
		tk := &escalate.Ticket{ID: "t1", Decision: c.decision, Replies: c.replies, Content: escalate.Content{Messages: c.messages}}
		got, ok := solution(tk, []Happened{{Event: c.event}})
		if got != c.want || ok != (c.want != Solved{}) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, ok, c.want)
		}
	}
}
