package desk

import (
	"time"

	"warmline/escalate"
)

// Card is everything that a hand-off's card shows: a value made from the ticket's state alone. Strings that came from
// a customer or a model are untrusted and must be drawn as plain text.
type Card struct {
	Handoff escalate.Handoff
	Version int64  // the ticket's version that it shows
	Token   string // what its buttons carry
	Channel string // Slack channel name

	Number   string // the helpdesk's ticket number, without #
	URL      string
	Subject  string
	Reasons  []ReasonLine // the primary one first
	Customer escalate.Customer
	Lang     string
	Via      string // "email", "chat"
	Waiting  time.Time
	Due      time.Time
	Mood     escalate.Mood
	Ask      string
	Given    []string
	Attempts []escalate.Attempt
	NextStep string
	Summary  string

	Draft      *CardDraft
	Confidence float64
	Factors    []escalate.Factor
	Sources    []escalate.Source
	Similar    []escalate.Source

	Owner      escalate.PersonID
	Last       *CardReply // the newest reply that has ended or is under way
	Moved      string     // the fence: what changed since the draft was made; "" when nothing did
	Instead    string     // the channel that it belongs into, where nobody is on shift; "" when it is there
	Misrouted  string     // the channel where it belongs and cannot be posted; "" when it is where it belongs
	ThreadHint bool       // say that what people write in the thread stays in Slack
	Hidden     bool       // the conversation holds what is not shown outside the helpdesk
	Automatic  bool       // an answer went out here without a person
	Plain      bool       // draw only what can never be refused: words, no blocks that depend on content
	Status     escalate.Status
	Assignee   string // in the helpdesk, when someone took it over there
}

// ReasonLine is a reason with the words that led to it. Quotes are untrusted.
type ReasonLine struct {
	Kind   escalate.TriggerKind
	Words  string // ours: "High-risk topic: refund"
	Quotes []string
}

// CardDraft is the draft exactly as it would be sent.
type CardDraft struct {
	Reply    escalate.ReplyID
	Text     string // untrusted
	Use      escalate.DraftUse
	Unfilled []string
	State    escalate.ReplyState // proposed or approved
	By       escalate.PersonID   // who approved
	Edited   bool                // a person's words
	Hidden   bool                // it holds what is not shown outside the helpdesk: approved from a private preview only
	SendAt   time.Time
	Files    []FileLine // what goes with it
}

// CardReply is a reply's fate.
type CardReply struct {
	Purpose escalate.Purpose
	State   escalate.ReplyState
	By      escalate.PersonID
	At      time.Time
	Detail  string
	Text    string // untrusted; only where a person must decide
	Files   []FileLine
}

// Answer is something told to one person, or to a channel through the Board. Lines are drawn as plain text: they may quote customers.
type Answer struct {
	Text  string // the full sense in one line, for notifications and screen readers
	Lines []Line
	// Mentions are told by name, below the first line.
	Mentions []escalate.PersonID `json:",omitempty"`
	Keep     string              // typed text that must not be lost; shown whole
	// Actions are buttons below it, which carry Token. Without a token there are none.
	Actions []Action
	Token   string
	// Boxes can be checked, above the buttons; what is checked comes with the press as field "picked".
	Boxes []Box
}

// Box is one box to check. Text and Note are untrusted.
type Box struct {
	Value, Text, Note string
	At                time.Time // when it is due; zero: never
}

// Line is one line of an answer.
type Line struct {
	Head string // drawn bold, before Text
	Text string
	URL  string // drawn as a link on Head; only ours or the configured helpdesk's
	Code bool   // draw Text as code: a command to copy
	Bare bool   // draw Text as it is, card numbers and keys included: for one person, who asked for it
}
