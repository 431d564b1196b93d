package desk

import (
	"strings"
	"time"

	"warmline/escalate"
)

// Action is what a person did in Slack.
type Action string

// The actions. Their strings are the buttons' action ids and must not change: old cards carry them.
const (
	ActClaim    Action = "claim"
	ActApprove  Action = "approve"
	ActSolve    Action = "approve_solve" // approve & solve
	ActUndo     Action = "undo"
	ActEdit     Action = "edit"    // opens a modal
	ActReject   Action = "reject"  // opens a modal
	ActReply    Action = "reply"   // opens a modal
	ActDetails  Action = "details" // opens a modal
	ActResolve  Action = "resolve"
	ActRelease  Action = "release"
	ActArrived  Action = "arrived"    // an unknown reply did arrive
	ActResend   Action = "send_again" // an unknown reply did not
	ActReassess Action = "reassess"
	ActComplain Action = "wrong_answer" // the AI's automatic answer was wrong

	ActPass   Action = "pass_on" // opens a modal
	ActSnooze Action = "snooze"  // opens a modal
	ActWake   Action = "wake"    // ends a snooze
	ActInform Action = "inform"  // opens a modal: what the customer waits for, and hears of it
	// Of a message for many.
	ActFoldReply Action = "fold_reply" // opens a modal
	ActFoldClaim Action = "fold_claim"
	ActFoldShow  Action = "fold_show"
	ActFoldUndo  Action = "fold_undo"

	ActReveal  Action = "reveal"        // shows what is hidden to one person
	ActPreview Action = "preview"       // opens a modal: the draft with what the card hides
	ActAnswer  Action = "answer_expert" // opens a modal

	// Of a resolved hand-off: should the AI have handled it?
	ActShouldAuto  Action = "should_auto"
	ActShouldDraft Action = "should_draft"
	ActShouldHuman Action = "should_human"

	ActApply   Action = "apply_policy"      // a lead confirms a change of the policy that was shown
	ActCorrect Action = "draft_corrections" // opens a modal: the right answer, for everybody who got the wrong one
	ActRight   Action = "review_right"      // an automatic answer was right
	ActWrong   Action = "review_wrong"      // or it was not

	ActSetup   Action = "setup"        // how far is the setup?
	ActOlder   Action = "audit_older"  // the next page of the audit log
	ActLink    Action = "link"         // opens a modal: which helpdesk account is mine
	ActPair    Action = "link_confirm" // a lead says that an account is somebody's
	ActNotPair Action = "link_refuse"  // or that it is not

	ActSubmitEdit     Action = "submit_edit"
	ActSubmitReject   Action = "submit_reject"
	ActSubmitReply    Action = "submit_reply"
	ActSubmitCorrect  Action = "submit_corrections"
	ActSubmitEscalate Action = "submit_escalate"
	ActSubmitFold     Action = "submit_fold"
	ActSubmitPreview  Action = "submit_preview"
	ActSubmitPass     Action = "submit_pass"
	ActSubmitSnooze   Action = "submit_snooze"
	ActSubmitInform   Action = "submit_inform"
	ActSubmitLink     Action = "submit_link"
	ActSubmitAnswer   Action = "submit_answer"

	ActCommand  Action = "command"          // /escalate …
	ActHome     Action = "home"             // App Home opened
	ActEscalate Action = "escalate_message" // a message's shortcut; opens a modal
	ActAsked    Action = "asked"            // somebody mentioned us in a thread

	// In App Home. Token is what was chosen: see choice and HomeShow; of the pages it is a number from 0.
	ActHomeShow     Action = "home_show"
	ActHomeChannel  Action = "home_channel"
	ActHomeTopic    Action = "home_topic"
	ActHomePrevious Action = "home_previous"
	ActHomeNext     Action = "home_next"
	ActHomeRefresh  Action = "home_refresh"
	ActPause        Action = "pause" // of what a choice names
	ActResume       Action = "resume"
)

// Press is one thing a person did. Actor and Team come from Slack's envelope, never from a payload a person can write.
type Press struct {
	ID      string            `json:"id"` // de-duplicates: the envelope's id
	At      time.Time         `json:"at"` // when it was received
	Actor   escalate.PersonID `json:"actor"`
	Team    string            `json:"team"`
	Action  Action            `json:"action"`
	Token   string            `json:"token,omitempty"`   // the opaque button value, or a modal's private metadata
	On      Place             `json:"on,omitzero"`       // the message that was pressed; zero for modals and App Home
	Home    bool              `json:"home,omitempty"`    // it was in App Home, as Slack's envelope says: answers are shown there
	Fields  map[string]string `json:"fields,omitempty"`  // of a modal, by field name; "text" of a command
	Files   []Attached        `json:"files,omitempty"`   // what was picked in a modal
	Respond string            `json:"respond,omitempty"` // response URL: a secret that lives 30 minutes
	Trigger string            `json:"trigger,omitempty"` // opens a modal, within 3 s, once
}

// names lists the people whom a press is about, beside who pressed: picked in a modal, or mentioned in a command.
func (p *Press) names() []escalate.PersonID {
	var ids []escalate.PersonID
	if id := p.Fields["person"]; id != "" {
		ids = append(ids, escalate.PersonID(id))
	}
	if p.Action != ActCommand {
		return ids
	}
	for word := range strings.FieldsSeq(p.Fields["text"]) {
		if m := mentioned.FindStringSubmatch(word); m != nil && len(ids) < 5 {
			ids = append(ids, escalate.PersonID(m[1]))
		}
	}
	return ids
}

// Ack is what Slack is told in answer to a press, once it is committed.
type Ack struct {
	// Answer is shown to the person privately. Only a command has one; other presses are answered by a job.
	Answer *Answer `json:"answer,omitempty"`
	// Errors keep a modal open, by field name.
	Errors map[string]string `json:"errors,omitempty"`
	// Open is the modal to open inline with the press's trigger.
	Open *Modal `json:"open,omitempty"`
}

// Modal is a dialog to open.
type Modal struct {
	Action Action             `json:"action"` // what its submission does; ActDetails has none
	Token  string             `json:"token"`  // the card's
	Card   *Card              `json:"card"`
	Head   string             `json:"head,omitempty"`   // what it is about, where there is no card
	Text   string             `json:"text"`             // the initial text of its input: a draft
	Warn   string             `json:"warn,omitempty"`   // shown above: what moved since
	Newest escalate.MessageID `json:"newest,omitempty"` // the newest customer message then; comes back as field "newest"
	// MaxFiles is how many files may be attached, with MaxUpload bytes together; 0: none. Kept are those that the draft has already:
	// the ones that stay checked come back as field "kept", by their Ref.
	MaxFiles  int        `json:"max_files,omitempty"`
	MaxUpload int64      `json:"max_upload,omitempty"`
	Kept      []FileLine `json:"kept,omitempty"`
	Edited    time.Time  `json:"edited,omitzero"` // the customer's newest edit then; comes back as field "edited", in microseconds
}

// Notice is a helpdesk's hint that a ticket changed. It carries no authority: the ticket is read back.
type Notice struct {
	Ref      escalate.Ref
	Delivery string // the webhook's id, or "poll:" and the change's; the same twice is one notice
	Urgent   bool   // a chat: wait less
}
