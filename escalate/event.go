package escalate

import (
	"encoding/json"
	"fmt"
	"time"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

// Event is something that happened to a ticket. History keeps events; they hold ids, spans and hashes, never text.
type Event interface {
	// EventKind is the constant name under which history keeps the event.
	EventKind() string
}

// The events of a ticket.
type (
	// Read says that the ticket was read from its helpdesk and what was seen.
	Read struct {
		Seen Seen `json:"seen"`
	}
	// Decided says which way a ticket goes. Handoff and Reply name what it opens, when it opens something.
	Decided struct {
		Decision Decision  `json:"decision"`
		Handoff  HandoffID `json:"handoff,omitempty"`
		Reply    *Proposal `json:"reply,omitempty"`
		Ack      *Proposal `json:"ack,omitempty"`
		Clock    Clock     `json:"clock"`
	}
	// Claimed says that one person owns the hand-off from now on.
	Claimed struct {
		By    PersonID `json:"by"`
		Agent AgentID  `json:"agent,omitempty"` // the same person in the helpdesk
	}
	// Linked says that the owner's account in the helpdesk became known after they had claimed.
	Linked struct {
		By    PersonID `json:"by"`
		Agent AgentID  `json:"agent"`
	}
	// Released says that the owner gave the hand-off back to its channel.
	Released struct {
		By PersonID `json:"by"`
	}
	// Reassigned says that the hand-off is somebody else's from now on.
	Reassigned struct {
		By    PersonID `json:"by"`
		To    PersonID `json:"to"`
		Agent AgentID  `json:"agent,omitempty"` // the new owner in the helpdesk
	}
	// Offered says whom an open hand-off is offered to, or why nobody is.
	Offered struct {
		Handoff HandoffID   `json:"handoff"`
		Rota    string      `json:"rota,omitempty"`
		Choice  rota.Choice `json:"choice"`
		Next    UnixMicro   `json:"next,omitempty"`  // when the next person is asked
		Opens   UnixMicro   `json:"opens,omitempty"` // nobody is on: when somebody comes on
		Paged   bool        `json:"paged,omitempty"` // by the rota that stands in while nobody is on
	}
	// Climbed says that an unclaimed hand-off was brought before those above.
	Climbed struct {
		Handoff HandoffID `json:"handoff"`
		Rung    Rung      `json:"rung"`
	}
	// Nudged says that the owner was reminded of a claim without a reply.
	Nudged struct {
		Handoff HandoffID `json:"handoff"`
	}
	// Snoozed says that the owner has nothing to do before an instant.
	Snoozed struct {
		By    PersonID  `json:"by"`
		Until UnixMicro `json:"until"`
	}
	// Woken says that a snooze is over.
	Woken struct {
		Handoff HandoffID `json:"handoff"`
	}
	// Raised says that a person passed the hand-off up: it goes on in another channel, whatever is decided from now on.
	Raised struct {
		By      PersonID  `json:"by"`
		Handoff HandoffID `json:"handoff"` // the new one
		Channel string    `json:"channel"`
		Reply   *Proposal `json:"reply,omitempty"` // the draft that goes with it
		Clock   Clock     `json:"clock"`
	}
	// HandedBack says that a person gave the ticket back to the AI, which may answer in it again.
	HandedBack struct {
		By PersonID `json:"by"`
	}
	// Resolved says that a person ended the ticket.
	Resolved struct {
		By PersonID `json:"by"`
	}
	// Looked says what a person who resolved a ticket thinks of it afterwards: should the AI have handled it?
	Looked struct {
		By        PersonID  `json:"by"`
		Hindsight Hindsight `json:"hindsight"`
	}
	// Proposed says that a reply waits for approval.
	Proposed struct {
		Reply Proposal `json:"reply"`
	}
	// Approved says that a reply is to be sent when its undo window ends.
	Approved struct {
		Reply  ReplyID   `json:"reply"`
		By     PersonID  `json:"by,omitempty"` // empty: the policy
		SendAt UnixMicro `json:"send_at"`
		Solve  bool      `json:"solve,omitempty"`
		// Newest, SeenEdit and Assignee are what the approver had before them: from now on the reply is fenced by these.
		Newest   MessageID `json:"newest,omitempty"`
		SeenEdit time.Time `json:"seen_edit,omitzero"`
		Assignee AgentID   `json:"assignee,omitempty"`
	}
	// Undone says that an approval was taken back within its undo window.
	Undone struct {
		Reply ReplyID  `json:"reply"`
		By    PersonID `json:"by"`
	}
	// Sending says that a call to the helpdesk is about to begin: the commit point of a send.
	Sending struct {
		Reply ReplyID `json:"reply"`
		Stamp string  `json:"stamp,omitempty"`
	}
	// Returned says that the helpdesk cleanly refused a never ambiguous attempt: nothing was sent, it may be tried anew.
	Returned struct {
		Reply  ReplyID   `json:"reply"`
		SendAt UnixMicro `json:"send_at"`
	}
	// Missing says that reading back under a newer stamp proved that no call of the reply was, or can still be, applied.
	Missing struct {
		Reply  ReplyID   `json:"reply"`
		SendAt UnixMicro `json:"send_at"`
	}
	// Lost says that a call's outcome is not known.
	Lost struct {
		Reply ReplyID `json:"reply"`
	}
	// Sent says that the helpdesk holds the reply.
	Sent struct {
		Reply   ReplyID   `json:"reply"`
		Message MessageID `json:"message,omitempty"`
		By      PersonID  `json:"by,omitempty"` // whose word it is; empty: the helpdesk's
	}
	// Failed says that the helpdesk refused the reply for good and does not hold it.
	Failed struct {
		Reply  ReplyID `json:"reply"`
		Detail string  `json:"detail"`
	}
	// Asked says that reading back could not tell: a person decides.
	Asked struct {
		Reply ReplyID `json:"reply"`
	}
	// Withdrawn says that a reply will not be sent.
	Withdrawn struct {
		Reply  ReplyID  `json:"reply"`
		By     PersonID `json:"by,omitempty"`
		Detail string   `json:"detail"` // a constant word: "rejected:tone", "fence", "closed"
	}
	// Targeted says what holds of a ticket's targets from now on: the terms of the policy in force, and the helpdesk's own
	// deadlines. What is not named stays as it is.
	Targeted struct {
		Terms     map[Target]Terms     `json:"terms,omitempty"`     // all of them, or none
		Deadlines map[Target]UnixMicro `json:"deadlines,omitempty"` // 0: the helpdesk has none any more
	}
	// Timed says which deadline of a hand-off is the nearest, as the calendars had it, and how it stands. The card shows it.
	Timed struct {
		Handoff HandoffID `json:"handoff"`
		Due     Due       `json:"due"`
	}
	// Alerted says that people are told of stages that a target has reached.
	Alerted struct {
		Handoff HandoffID        `json:"handoff"`
		Target  Target           `json:"target"`
		Stages  []calendar.Stage `json:"stages"` // the newest is told of; what lies before it is over
	}
	// Warned says that the SLA warning was given. Earlier versions wrote it; it changes nothing but the mark.
	Warned struct {
		Handoff HandoffID `json:"handoff"`
	}
	// Warmed says that an update to the waiting customer begins.
	Warmed struct {
		Handoff HandoffID `json:"handoff"`
		Reply   Proposal  `json:"reply"`
		Next    UnixMicro `json:"next,omitempty"` // when the following update is due; zero: none
	}
	// Waiting says what the owner waits for, and what the customer hears of it. It replaces what was said before.
	Waiting struct {
		Handoff HandoffID  `json:"handoff"`
		By      PersonID   `json:"by"`
		Reason  WaitReason `json:"reason,omitempty"` // empty: nothing in particular
		Until   UnixMicro  `json:"until,omitempty"`  // by when the customer hears from us; never without a reason
		Off     bool       `json:"off,omitempty"`    // the customer gets no updates
		On      bool       `json:"on,omitempty"`     // they get updates although they, or the helpdesk, had said that they want none
		Warm    UnixMicro  `json:"warm,omitempty"`   // when the next update is due; zero: none is
	}
	// Reminded says that the owner was reminded of a stated time.
	Reminded struct {
		Handoff HandoffID `json:"handoff"`
		Until   UnixMicro `json:"until"`
	}
	// Missed says that a stated time has passed without a word from a person.
	Missed struct {
		Handoff HandoffID `json:"handoff"`
		Until   UnixMicro `json:"until"`
		Reply   *Proposal `json:"reply,omitempty"` // what the customer is told; nil: nothing, they were not told the time
	}
)

// Proposal is a reply as an event carries it.
type Proposal struct {
	ID      ReplyID   `json:"id"`
	Purpose Purpose   `json:"purpose"`
	Answer  string    `json:"answer,omitempty"`
	Hash    string    `json:"hash"`
	Newest  MessageID `json:"newest,omitempty"`
	By      PersonID  `json:"by,omitempty"`
	Edited  bool      `json:"edited,omitempty"`
	// Facts is the assessment whose looked-up facts stand in the text; empty when none do.
	Facts AssessmentID `json:"facts,omitempty"`
	// Files is how many files go with it.
	Files int `json:"files,omitempty"`
	// SeenEdit is the customer's newest edit that it takes into account.
	SeenEdit time.Time `json:"seen_edit,omitzero"`
	// Rests is the assessment whose sources its words come from; empty when they come from none.
	Rests AssessmentID `json:"rests,omitempty"`
	// Assignee is who had the ticket in the helpdesk when the reply was written.
	Assignee AgentID `json:"assignee,omitempty"`
	// Until is by when its text says that the customer hears from us; zero when it says no time.
	Until UnixMicro `json:"until,omitempty"`
	// Late says that its text owns up to a time that is not kept.
	Late bool `json:"late,omitempty"`
}

// Clock holds the instants that a decision sets in motion; zero ones are off. They come from the policy that was in
// force, so that replay needs no policy.
type Clock struct {
	Due    UnixMicro `json:"due,omitempty"`     // first human response, as earlier versions wrote it; now Timed says so
	Warm   UnixMicro `json:"warm,omitempty"`    // first update to the customer
	SendAt UnixMicro `json:"send_at,omitempty"` // end of the burst window of an automatic reply
}

// EventKind implements Event.
func (Read) EventKind() string       { return "read" }
func (Decided) EventKind() string    { return "decided" }
func (Claimed) EventKind() string    { return "claimed" }
func (Linked) EventKind() string     { return "linked" }
func (Released) EventKind() string   { return "released" }
func (Reassigned) EventKind() string { return "reassigned" }
func (Offered) EventKind() string    { return "offered" }
func (Climbed) EventKind() string    { return "climbed" }
func (Nudged) EventKind() string     { return "nudged" }
func (Snoozed) EventKind() string    { return "snoozed" }
func (Woken) EventKind() string      { return "woken" }
func (Raised) EventKind() string     { return "raised" }
func (HandedBack) EventKind() string { return "handed_back" }
func (Looked) EventKind() string     { return "looked" }
func (Resolved) EventKind() string   { return "resolved" }
func (Proposed) EventKind() string   { return "proposed" }
func (Approved) EventKind() string   { return "approved" }
func (Undone) EventKind() string     { return "undone" }
func (Sending) EventKind() string    { return "sending" }
func (Returned) EventKind() string   { return "returned" }
func (Missing) EventKind() string    { return "missing" }
func (Lost) EventKind() string       { return "lost" }
func (Sent) EventKind() string       { return "sent" }
func (Failed) EventKind() string     { return "failed" }
func (Asked) EventKind() string      { return "asked" }
func (Withdrawn) EventKind() string  { return "withdrawn" }
func (Targeted) EventKind() string   { return "targeted" }
func (Timed) EventKind() string      { return "timed" }
func (Alerted) EventKind() string    { return "alerted" }
func (Warned) EventKind() string     { return "warned" }
func (Warmed) EventKind() string     { return "warmed" }
func (Waiting) EventKind() string    { return "waiting" }
func (Reminded) EventKind() string   { return "reminded" }
func (Missed) EventKind() string     { return "missed" }

// decoders make an event of each kind from JSON.
var decoders = map[string]func([]byte) (Event, error){
	"read": decode[Read], "decided": decode[Decided], "claimed": decode[Claimed], "linked": decode[Linked],
	"released": decode[Released], "resolved": decode[Resolved], "proposed": decode[Proposed], "approved": decode[Approved], "undone": decode[Undone],
	"sending": decode[Sending], "returned": decode[Returned], "missing": decode[Missing], "lost": decode[Lost], "sent": decode[Sent],
	"failed": decode[Failed], "asked": decode[Asked], "withdrawn": decode[Withdrawn], "warned": decode[Warned],
	"warmed": decode[Warmed], "reassigned": decode[Reassigned], "offered": decode[Offered], "climbed": decode[Climbed], "nudged": decode[Nudged], "snoozed": decode[Snoozed], "woken": decode[Woken], "raised": decode[Raised],
	"handed_back": decode[HandedBack], "looked": decode[Looked],
	"targeted": decode[Targeted], "timed": decode[Timed], "alerted": decode[Alerted],
	"waiting": decode[Waiting], "reminded": decode[Reminded], "missed": decode[Missed],
}

func decode[E Event](b []byte) (Event, error) {
	var e E
	err := json.Unmarshal(b, &e)
	return e, err
}

// DecodeEvent reads an event as history keeps it. An unknown kind is an error: replay must not skip what it does
// not understand.
func DecodeEvent(kind string, body []byte) (Event, error) {
	dec, ok := decoders[kind]
	if !ok {
		return nil, fmt.Errorf("decode event: unknown kind %q", kind)
	}
	e, err := dec(body)
	if err != nil {
		return nil, fmt.Errorf("decode event %s: %w", kind, err)
	}
	return e, nil
}
