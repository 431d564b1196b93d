package judge

import "fmt"

// Kind names a broken promise.
type Kind string

// The kinds of findings.
const (
	TicketUnknown Kind = "ticket_unknown" // the helpdesk holds a ticket that the database does not know
	TicketLost    Kind = "ticket_lost"    // the customer waits and nobody has the ticket
	TicketStale   Kind = "ticket_stale"   // the newest customer message was never read
	HistoryTorn   Kind = "history_torn"   // the history does not lead to the ticket's state

	HandoffTwice Kind = "handoff_twice" // two hand-offs of one ticket are open
	OwnerTwice   Kind = "owner_twice"   // a hand-off was claimed while somebody had it
	OwnerUntrue  Kind = "owner_untrue"  // the owner is not who claimed, or others were told a wrong name

	CardTwice   Kind = "card_twice"   // a hand-off has two cards
	CardMissing Kind = "card_missing" // a hand-off that waits for a person has no card
	CardUntrue  Kind = "card_untrue"  // the card says something else than the database

	MessageTwice       Kind = "message_twice"       // the customer got the same message twice
	MessageUnexplained Kind = "message_unexplained" // no approval and no decision of the policy stands behind it
	MessageAltered     Kind = "message_altered"     // other bytes were sent than were approved
	MessageMissing     Kind = "message_missing"     // the database says sent, the helpdesk does not have it
	NoteTwice          Kind = "note_twice"          // an internal note was written twice
	ReplyStuck         Kind = "reply_stuck"         // a reply waits for something that will never come

	PressLost  Kind = "press_lost"  // acknowledged, and not in the database
	PressStuck Kind = "press_stuck" // acknowledged, and never applied
	PressTwice Kind = "press_twice" // its effect is not there exactly once

	JobDead  Kind = "job_dead"  // work was given up
	JobStuck Kind = "job_stuck" // work is long due, or leased by nobody
)

// Finding is one broken promise, with what proves it.
type Finding struct {
	Kind     Kind
	Ticket   string // the helpdesk's number where it is known, else the database's id
	Evidence string
}

// String says it in one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: ticket %s: %s", f.Kind, f.Ticket, f.Evidence)
}
