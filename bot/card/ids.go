package card

import (
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// Message is something to post: blocks, and a text that says the same in words for notifications and screen readers.
type Message struct {
	Text     string // & < > escaped, at most 4,000 bytes
	Blocks   []slack.Block
	Metadata slack.SlackMetadata // zero: none
	// Broadcast shows a reply in the channel as well as in its thread.
	Broadcast bool `json:",omitempty"`
}

// What a message's metadata is called. They must not change: cards and thread posts are found again by them.
const (
	CardEvent   = "warmline_card"   // {handoff, version}
	ThreadEvent = "warmline_thread" // {key}
	NoticeEvent = "warmline_notice" // {key}
)

// MoreAction is the action id of the ⋯ menu. What was chosen is in its option's value.
const MoreAction = "more"

// Fields of modals, as they appear in desk.Press.Fields; they are also the block ids.
const (
	FieldText    = "text"    // what a person typed
	FieldReason  = "reason"  // why a draft is rejected: one of the Reason constants
	FieldMode    = "mode"    // what to do with what was typed: one of the Mode constants
	FieldTo      = "to"      // where a hand-off is passed on to
	FieldPerson  = "person"  // the colleague who gets it
	FieldWhere   = "where"   // the channel of an expert
	FieldFor     = "for"     // how long a snooze lasts
	FieldAt      = "at"      // when it ends, in Unix seconds
	FieldUpdates = "updates" // whether the customer gets updates: on or off
	FieldWait    = "wait"    // what is waited for
	FieldBy      = "by"      // by when the customer hears from us, in Unix seconds
	FieldSubject = "subject" // of a new ticket
	FieldName    = "name"    // of its customer
	FieldEmail   = "email"
	FieldPicked  = "picked" // which boxes of a message are checked: their values, with commas between
	FieldNewest  = "newest" // the newest customer message when the modal was opened; no input, it comes back by itself
	FieldFiles   = "files"  // what is attached
	FieldKept    = "kept"   // which of a draft's files stay: their refs, with commas between
	FieldEdited  = "edited" // the customer's newest edit then, in microseconds; the same
)

// Values of FieldReason.
const (
	ReasonWrong      = "wrong"
	ReasonIncomplete = "incomplete"
	ReasonTone       = "tone"
	ReasonSource     = "outdated"
	ReasonHuman      = "human"
)

// Values of FieldMode.
const (
	ModeReply = "reply"
	ModeSolve = "reply_solve"
	ModeNote  = "note"
)

// The block ids of a card.
const (
	blockHead  = "head"
	blockState = "state"
	blockWho   = "who"
	blockAsk   = "ask"
	blockTried = "tried"
	blockDraft = "draft"
	blockAct   = "act"
	blockHint  = "hint"
)

// token is the form of a button's token. A card with any other gets no buttons: they could not work.
var token = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// Pressed reads what a button or a menu's choice means. The value of a menu's option is "action:token". Where a row holds several
// buttons of one action, their ids end in ".", and what tells them apart.
func Pressed(actionID, value string) (desk.Action, string) {
	if actionID != MoreAction {
		action, _, _ := strings.Cut(actionID, ".")
		return desk.Action(action), value
	}
	action, tok, _ := strings.Cut(value, ":")
	return desk.Action(action), tok
}

// Offers reports whether some card, or App Home, offers an action.
func Offers(a desk.Action) bool {
	_, onCard := names[a]
	_, atHome := homeNames[a]
	return onCard || atHome
}
