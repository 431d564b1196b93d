package desk

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"warmline/escalate"
)

// One answer out of line must not take a ticket from its customer.
func TestATicketIsGoneOnlyWhenItStaysMissing(t *testing.T) {
	missing := fmt.Errorf("read ticket 17: %w", ErrNotFound)
	for attempt := 1; attempt <= unreadable+1; attempt++ {
		j := Leased{Attempt: attempt}
		if got, want := gone(j, missing), attempt >= unreadable; got != want {
			t.Errorf("attempt %d: gone %v, want %v", attempt, got, want)
		}
		if gone(j, errors.New("connection reset")) || gone(j, nil) {
			t.Errorf("attempt %d: gone without being missing", attempt)
		}
	}
}

// "Read again" that comes after Resolve must not open the ticket anew, and an old reply that is held must not send its
// successor's words again. A customer who came back to an old ticket is decided upon as often as it takes.
func TestWhatIsDealtWithIsNotDecidedAgain(t *testing.T) {
	ended := func(after time.Duration, state escalate.HandoffState) *escalate.Ticket {
		return &escalate.Ticket{
			Decision: &escalate.Decision{At: noon},
			Handoff:  &escalate.Handoff{State: state, EndedAt: noon.Add(after)},
		}
	}
	replied := func(newest escalate.MessageID, purpose escalate.Purpose, state escalate.ReplyState) *escalate.Ticket {
		return &escalate.Ticket{
			Decision: &escalate.Decision{At: noon, Newest: "m2"},
			Replies:  []escalate.Reply{{Newest: newest, Purpose: purpose, State: state}},
		}
	}
	for name, c := range map[string]struct {
		ticket *escalate.Ticket
		want   bool
	}{
		"answered":                     {replied("m2", escalate.PurposeAnswer, escalate.ReplySent), true},
		"an answer is on its way":      {replied("m2", escalate.PurposeAnswer, escalate.ReplyUnknown), true},
		"only the message before was":  {replied("m1", escalate.PurposeAnswer, escalate.ReplySent), false},
		"its answer was withdrawn":     {replied("m2", escalate.PurposeAnswer, escalate.ReplyWithdrawn), false},
		"only acknowledged":            {replied("m2", escalate.PurposeAck, escalate.ReplySent), false},
		"resolved since the decision":  {ended(time.Second, escalate.HandoffResolved), true},
		"resolved before the decision": {ended(-time.Second, escalate.HandoffResolved), false},
		"claimed":                      {&escalate.Ticket{Decision: &escalate.Decision{At: noon}, Handoff: &escalate.Handoff{State: escalate.HandoffClaimed}}, false},
		"never handed to a person":     {&escalate.Ticket{Decision: &escalate.Decision{At: noon}}, false},
	} {
		if got := c.ticket.DealtWith(); got != c.want {
			t.Errorf("%s: dealt with %v, want %v", name, got, c.want)
		}
	}
}

// The helpdesk's clock says when a customer wrote; when it is wrong, the answer must not wait for it.
func TestTheEndOfABurstIsNearWhateverTheHelpdesksClockSays(t *testing.T) {
	p := &escalate.Policy{Pace: escalate.Pace{EmailBurst: 30 * time.Second, ChatBurst: 2 * time.Second, BurstMax: time.Minute}}
	for name, c := range map[string]struct {
		channel string
		wrote   time.Duration // from now on
		want    time.Duration
	}{
		"a moment ago":          {"email", -10 * time.Second, 20 * time.Second},
		"in a chat":             {"chat", -time.Second, time.Second},
		"long ago":              {"email", -time.Hour, 0},
		"a little ahead":        {"email", 5 * time.Second, 30 * time.Second},
		"half an hour ahead":    {"email", 30 * time.Minute, 30 * time.Second},
		"ahead, and in a chat":  {"chat", 30 * time.Minute, 2 * time.Second},
		"ahead by a time zone ": {"email", 9 * time.Hour, 30 * time.Second},
	} {
		ticket := &escalate.Ticket{Content: escalate.Content{Channel: c.channel}, Conversation: escalate.Conversation{CustomerAt: noon.Add(c.wrote)}}
		if got := burstEnd(noon, p, ticket).Sub(noon); got != c.want {
			t.Errorf("%s: the burst ends in %v, want %v", name, got, c.want)
		}
	}
}
