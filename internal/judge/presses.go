package judge

import (
	"fmt"
	"time"

	"warmline/internal/localslack"
)

// effects names the event that each action leaves in the history when it was done. An action that is not here changes
// nothing by itself: it opens a window.
var effects = map[string]string{
	"claim": "claimed", "release": "released", "resolve": "resolved", "approve": "approved", "approve_solve": "approved",
	"undo": "undone", "submit_edit": "approved", "submit_reply": "approved", "submit_reject": "withdrawn", "arrived": "sent",
	"send_again": "approved", "reassess": "",
}

// judgePresses holds every press that was acknowledged to be in the database, applied, exactly once.
func (t *trial) judgePresses() {
	for _, r := range t.evidence.Slack {
		i := r.Interaction
		if r.Kind != localslack.InteractionAcked || i == nil || i.What != "block_actions" && i.What != "view_submission" {
			continue
		}
		if _, kept := t.presses[i.EnvelopeID]; !kept {
			t.find(PressLost, "-", "%s pressed %s%s in envelope %s, which was acknowledged", r.User, i.ActionID, i.What, i.EnvelopeID)
		}
	}
	type by struct{ actor, action, ticket string }
	pressed, noted := map[by]int{}, map[by]int{}
	for _, p := range t.presses {
		if _, acts := effects[p.body.Action]; !acts || len(p.ack.Errors) > 0 {
			continue
		}
		id, ok := t.tokens[p.body.Token]
		if !ok {
			continue // a forged button belongs to no ticket
		}
		pressed[by{p.body.Actor, p.body.Action, id}]++
		if p.state != "applied" && p.state != "refused" {
			t.find(PressStuck, t.number(id), "%s of %s in envelope %s is %s", p.body.Action, p.body.Actor, p.id, p.state)
		}
	}
	for _, a := range t.audits {
		if _, acts := effects[a.action]; acts && t.byID[a.subject] != nil {
			noted[by{a.actor, a.action, a.subject}]++
			pressed[by{a.actor, a.action, a.subject}] += 0 // so that an effect without a press is seen below
		}
	}
	for b, n := range pressed {
		if noted[b] != n {
			t.find(PressTwice, t.number(b.ticket), "%s pressed %s %d times, the audit log tells of %d", b.actor, b.action, n, noted[b])
		}
	}
	t.judgeEffects()
	t.judgeTold()
}

// deed is one thing that one person did to one ticket at one instant.
type deed struct {
	at            int64
	actor, ticket string
	event         string // "" is any
}

// judgeEffects holds what people did by the audit log against the history: one transaction writes both, so a person, a
// ticket and an instant have the same events in both.
func (t *trial) judgeEffects() {
	noted, done, happened := map[deed]bool{}, map[deed]int{}, map[deed]int{}
	for _, a := range t.audits {
		if t.byID[a.subject] == nil {
			continue
		}
		noted[deed{a.at, a.actor, a.subject, ""}] = true
		if e := effects[a.action]; e != "" && a.outcome == "done" && a.detail != "noted" {
			done[deed{a.at, a.actor, a.subject, e}]++
		}
	}
	for _, known := range t.tickets {
		for i := range known.history {
			if e := &known.history[i]; e.person() {
				happened[deed{e.at, e.actor, known.id, e.kind}]++
			}
		}
	}
	for d, n := range done {
		if happened[d] != n {
			t.find(PressTwice, t.number(d.ticket), "%s: %d times by the audit log, %d times by the history", d, n, happened[d])
		}
	}
	for d := range happened {
		if !noted[deed{d.at, d.actor, d.ticket, ""}] {
			t.find(PressTwice, t.number(d.ticket), "%s, and no press stands behind it", d)
		}
	}
}

// String says it in words.
func (d deed) String() string {
	return fmt.Sprintf("%s by %s at %s", d.event, d.actor, time.UnixMicro(d.at).UTC().Format(time.RFC3339Nano))
}
