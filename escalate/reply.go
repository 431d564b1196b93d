package escalate

import "time"

// ReplyState is where one reply intent stands: the third of the three machines.
type ReplyState string

// The states of a reply intent. Sent, failed and withdrawn are final.
const (
	ReplyProposed  ReplyState = "proposed"  // a draft that waits for approval
	ReplyApproved  ReplyState = "approved"  // waits for its undo window
	ReplySending   ReplyState = "sending"   // the call may be on its way: from here the marker decides
	ReplyUnknown   ReplyState = "unknown"   // the answer was lost; only reading back can tell
	ReplySent      ReplyState = "sent"      // the helpdesk has it
	ReplyFailed    ReplyState = "failed"    // the helpdesk refused it and has it not
	ReplyWithdrawn ReplyState = "withdrawn" // it will never be sent
	ReplyAsk       ReplyState = "ask"       // nobody can tell whether it went out: a person decides
)

// Purpose says what a reply is for.
type Purpose string

// The purposes of a reply.
const (
	PurposeAnswer Purpose = "answer"    // the AI's answer, as it stands or edited
	PurposeHuman  Purpose = "human"     // a person's own words
	PurposeAck    Purpose = "ack"       // the acknowledgement at hand-off
	PurposeWarm   Purpose = "keep_warm" // an update while a human works on it
	PurposeHold   Purpose = "hold"      // a line in a chat while the AI still reads
)

// Answers reports whether a reply of this purpose answers the customer, rather than keeping them informed.
func (p Purpose) Answers() bool { return p == PurposeAnswer || p == PurposeHuman }

// Reply is one intent to tell the customer something. Its id is the marker that the helpdesk keeps.
type Reply struct {
	ID       ReplyID      `json:"id"`
	Purpose  Purpose      `json:"purpose"`
	State    ReplyState   `json:"state"`
	Answer   string       `json:"answer,omitempty"`   // which known answer it is; empty once a person has edited it
	Hash     string       `json:"hash"`               // SHA-256 of the exact bytes; the text lies in an erasable row
	Newest   MessageID    `json:"newest,omitempty"`   // the fence: newest message it takes into account
	SeenEdit time.Time    `json:"seen_edit,omitzero"` // the fence: the customer's newest edit that it takes into account
	Facts    AssessmentID `json:"facts,omitempty"`    // the fence: the assessment whose looked-up facts stand in it
	Rests    AssessmentID `json:"rests,omitempty"`    // the fence: the assessment whose sources its words come from
	Stamp    string       `json:"stamp,omitempty"`    // the helpdesk's version at the first attempt; never changes once ambiguous
	By       PersonID     `json:"by,omitempty"`       // who approved; empty: the policy
	Files    int          `json:"files,omitempty"`    // how many files go with it; they lie in an erasable row
	Edited   bool         `json:"edited,omitempty"`   // a person changed the draft
	Solve    bool         `json:"solve,omitempty"`    // solve the ticket with it; else it goes to pending
	SendAt   time.Time    `json:"send_at,omitzero"`   // end of the undo window
	// ApprovedAt is when a person approved it, or the policy an update. What a person approved before a reason to wait was given
	// does not end that wait.
	ApprovedAt time.Time `json:"approved_at,omitzero"`
	Until      time.Time `json:"until,omitzero"`     // by when its text says that the customer hears from us
	Late       bool      `json:"late,omitempty"`     // its text says that a time the customer was told is not kept
	BegunAt    time.Time `json:"begun_at,omitzero"`  // when the newest call began
	Assignee   AgentID   `json:"assignee,omitempty"` // the helpdesk's assignee when it was written
	Attempts   int       `json:"attempts,omitempty"` // calls begun
	Doubts     int       `json:"doubts,omitempty"`   // calls that repeated one whose outcome was lost; clean refusals before it do not count
	Doubt      bool      `json:"doubt,omitempty"`    // a call's outcome was lost once: no clean refusal may end it any more
	Message    MessageID `json:"message,omitempty"`  // the helpdesk's id once sent
	Detail     string    `json:"detail,omitempty"`   // why it failed or was withdrawn; a constant word, no text
}

// Live reports whether the reply still waits for a person or for its undo window.
func (r *Reply) Live() bool { return r.State == ReplyProposed || r.State == ReplyApproved }

// Begun reports whether a call may have been applied without our knowing. Only an answer or reading back ends it.
func (r *Reply) Begun() bool { return r.State == ReplySending || r.State == ReplyUnknown }

// ByPerson reports whether a person stands behind the reply: only such a reply moves a human clock.
func (r *Reply) ByPerson() bool { return r.By != "" }

// Automatic reports whether the reply is an answer that went out without a person.
func (r *Reply) Automatic() bool {
	return r.State == ReplySent && r.Purpose == PurposeAnswer && !r.ByPerson()
}

// Ended reports whether nothing more will happen to it.
func (r *Reply) Ended() bool {
	return r.State == ReplySent || r.State == ReplyFailed || r.State == ReplyWithdrawn
}
