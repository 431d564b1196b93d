package desk

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

// warmTicket is Ana's since 9:00; an acknowledgement went out then, and one update at 13:00 that said 18:00.
func warmTicket(change ...func(*escalate.Ticket)) *escalate.Ticket {
	nine := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return nine.Add(time.Duration(hours) * time.Hour) }
	t := &escalate.Ticket{
		Conversation: escalate.Conversation{WaitingSince: nine, CustomerAt: nine},
		Handoff:      &escalate.Handoff{ID: "h1", State: escalate.HandoffClaimed, Owner: "U1", Warmed: 1},
		Replies: []escalate.Reply{
			{ID: "a1", Purpose: escalate.PurposeAck, State: escalate.ReplySent, BegunAt: nine},
			{ID: "w1", Purpose: escalate.PurposeWarm, State: escalate.ReplySent, BegunAt: at(4), ApprovedAt: at(4), Until: at(9)},
		},
		Content: escalate.Content{Messages: []escalate.Message{
			{ID: "m1", Public: true, At: nine}, {ID: "m2", Public: true, Marker: "a1", At: nine}, {ID: "m3", Public: true, Marker: "w1", At: at(4)},
		}},
	}
	t.Handoff.Wait = escalate.Wait{Reason: escalate.WaitPayment, Until: at(9), By: "U1", At: nine}
	for _, f := range change {
		f(t)
	}
	return t
}

func TestWhenTheNextUpdateIsDue(t *testing.T) {
	p := &escalate.Policy{KeepWarm: escalate.KeepWarm{Schedule: []time.Duration{4 * time.Hour, 8 * time.Hour}, Cap: 3}}
	nine := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*escalate.Ticket)
		due    int    // hours after nine
		why    string // "" when one is due
	}{
		"as it is":                  {func(*escalate.Ticket) {}, 12, ""},
		"they wrote again":          {func(t *escalate.Ticket) { wroteAt(t, nine.Add(6*time.Hour)) }, 10, ""},
		"an inside note is nothing": {func(t *escalate.Ticket) { wroteAt(t, nine.Add(6*time.Hour)); t.Content.Messages[3].Public = false }, 12, ""},
		"one is on its way": {func(t *escalate.Ticket) {
			t.Replies[1].State, t.Replies[1].BegunAt = escalate.ReplyApproved, time.Time{}
		}, 12, ""},
		"it was withdrawn":                  {func(t *escalate.Ticket) { t.Replies[1].State = escalate.ReplyWithdrawn }, 4, ""},
		"the time was moved":                {func(t *escalate.Ticket) { t.Handoff.Wait.Until = nine.Add(30 * time.Hour) }, 9, ""},
		"moved, though the cap is reached":  {func(t *escalate.Ticket) { t.Handoff.Wait.Until, t.Handoff.Warmed = nine.Add(30*time.Hour), 3 }, 9, ""},
		"taken back, a person had answered": {func(t *escalate.Ticket) { t.Handoff.Wait, t.Conversation.WaitingSince = escalate.Wait{}, time.Time{} }, 9, ""},
		"answered, and waiting":             {func(t *escalate.Ticket) { t.Conversation.WaitingSince = time.Time{} }, 12, ""},
		"snoozed with a reason":             {func(t *escalate.Ticket) { t.Handoff.Snoozed = nine.Add(90 * time.Hour) }, 12, ""},
		"snoozed without": {func(t *escalate.Ticket) {
			t.Handoff.Snoozed, t.Handoff.Wait, t.Replies[1].Until = nine.Add(90*time.Hour), escalate.Wait{}, time.Time{}
		}, 90, ""},
		"answered": {func(t *escalate.Ticket) {
			t.Conversation.WaitingSince, t.Handoff.Wait, t.Replies[1].Until = time.Time{}, escalate.Wait{}, time.Time{}
		}, 0, "a person has answered"},
		"the cap":               {func(t *escalate.Ticket) { t.Handoff.Warmed = 3 }, 0, "the 3 that the policy allows"},
		"off":                   {func(t *escalate.Ticket) { t.Handoff.Quiet, t.Handoff.Wait.Until = true, time.Time{} }, 0, "off for this ticket"},
		"they want none":        {func(t *escalate.Ticket) { t.Content.Tags, t.Handoff.Wait.Until = []string{"No-Updates"}, time.Time{} }, 0, stopTag},
		"of a customer, always": {func(t *escalate.Ticket) { t.Content.Customer.Tags = []string{escalate.TagNoUpdates} }, 0, stopTag},
		"pending without a reason": {func(t *escalate.Ticket) {
			t.Conversation.Status, t.Handoff.Wait, t.Replies[1].Until = escalate.StatusPending, escalate.Wait{}, time.Time{}
		}, 0, stopPending},
		"pending with one": {func(t *escalate.Ticket) { t.Conversation.Status = escalate.StatusPending }, 12, ""},
		"in other hands":   {func(t *escalate.Ticket) { t.Handoff.State = escalate.HandoffTaken }, 0, "nobody in Slack"},
	} {
		due, why := nextWarm(p, warmTicket(c.change))
		if c.why != "" {
			if !strings.Contains(why, c.why) {
				t.Errorf("%s: due at %v, %q, want %q", name, due, why, c.why)
			}
			continue
		}
		if want := nine.Add(time.Duration(c.due) * time.Hour); why != "" || !due.Equal(want) {
			t.Errorf("%s: due at %v, %q, want %v", name, due, why, want)
		}
	}
	p.KeepWarm.Off = true
	if _, why := nextWarm(p, warmTicket()); why != "the policy sends no updates" {
		t.Errorf("the policy says no: %q", why)
	}
}

func wroteAt(t *escalate.Ticket, at time.Time) {
	t.Content.Messages = append(t.Content.Messages, escalate.Message{ID: "m4", Public: true, At: at})
}

// Between its approval and its call an update may become untrue.
func TestAnUpdateIsHeldBackWhenItIsNotTrueAnyMore(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*escalate.Ticket)
		want   string
	}{
		"nothing moved":  {func(*escalate.Ticket) {}, ""},
		"turned off":     {func(t *escalate.Ticket) { t.Handoff.Quiet = true }, movedQuiet},
		"they want none": {func(t *escalate.Ticket) { t.Content.Tags = []string{escalate.TagNoUpdates} }, movedQuiet},
		"pending": {func(t *escalate.Ticket) {
			t.Conversation.Status, t.Handoff.Wait, t.Replies[1].Until = escalate.StatusPending, escalate.Wait{}, time.Time{}
			t.Replies[1].State = escalate.ReplyApproved
		}, movedPending},
		"another time":           {func(t *escalate.Ticket) { t.Handoff.Wait.Until = t.Handoff.Wait.Until.Add(time.Hour) }, movedTime},
		"no reason to wait left": {func(t *escalate.Ticket) { t.Handoff.Wait = escalate.Wait{} }, movedTime},
		"answered before it":     {func(t *escalate.Ticket) { answeredAt(t, t.Replies[1].ApprovedAt.Add(-time.Hour)) }, ""},
		"answered since":         {func(t *escalate.Ticket) { answeredAt(t, t.Replies[1].ApprovedAt.Add(time.Second)) }, movedHuman},
		"it ended":               {func(t *escalate.Ticket) { t.Conversation.Status = escalate.StatusSolved }, movedClosed},
	} {
		tk := warmTicket(c.change)
		if got := moved(tk, &tk.Replies[1], ""); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	tk := warmTicket(func(t *escalate.Ticket) { answeredAt(t, t.Conversation.CustomerAt) })
	if got := moved(tk, &tk.Replies[0], ""); got != movedHuman {
		t.Errorf("an acknowledgement after an answer: %q", got)
	}
}

func answeredAt(t *escalate.Ticket, at time.Time) {
	t.Conversation.HumanAt, t.Conversation.WaitingSince = at, time.Time{}
}
