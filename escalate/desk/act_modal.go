package desk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
)

// maxReply is the longest reply a person may send, in characters: what a Slack text input holds.
const maxReply = 3000

// invalid checks what was typed in a modal, by field.
func (a *act) invalid() map[string]string {
	text := strings.TrimSpace(a.press.Fields["text"])
	switch a.press.Action {
	case ActSubmitEdit, ActSubmitReply, ActSubmitCorrect, ActSubmitAnswer, ActSubmitFold:
	case ActSubmitLink:
		if !isAddress(text) {
			return map[string]string{"text": "Write the e-mail address that you sign in to the helpdesk with."}
		}
		return nil
	case ActSubmitPass:
		return a.badPass()
	case ActSubmitEscalate:
		return a.badEscalation()
	case ActSubmitInform:
		return a.badInform()
	case ActSubmitSnooze:
		if why := a.badSnooze(); why != "" {
			return map[string]string{"at": why}
		}
		return a.badInform()
	default:
		return nil
	}
	left := placeholder.FindString(text)
	switch {
	case text == "":
		return map[string]string{"text": "Write what the customer should read."}
	case a.press.Action == ActSubmitCorrect && onlyBegun(text, a.policy.Team):
		return map[string]string{"text": "Write what is right; as it stands the text only says that something was wrong."}
	case utf8.RuneCountInString(text) > maxReply:
		return map[string]string{"text": fmt.Sprintf("This is too long: %d characters at the most.", maxReply)}
	case left != "":
		return map[string]string{"text": fmt.Sprintf("Fill in %s first; the customer would see it as it stands.", left)}
	}
	return nil
}

// placeholder is a blank in a draft that nobody filled yet.
var placeholder = regexp.MustCompile(`\{\{[^{}\n]{1,80}\}\}`)

// submit sends what a person typed: an edited draft, their own reply, or an internal note.
func (a *act) submit(ctx context.Context) error {
	text := strings.TrimSpace(a.press.Fields["text"])
	files, err := a.attached(ctx, a.ticket())
	if errors.Is(err, errOtherFiles) {
		return a.keep(ctx, "Not sent: the draft was replaced meanwhile, and with it its files. Press Edit and look at them.", text)
	}
	if err != nil {
		return err
	}
	if a.press.Fields["mode"] == "note" {
		return a.note(ctx, text, files)
	}
	purpose := escalate.PurposeHuman
	if a.press.Action == ActSubmitEdit {
		purpose = escalate.PurposeAnswer
	}
	if d := a.ticket().Draft(); d != nil && d.State == escalate.ReplyApproved {
		return a.keep(ctx, fmt.Sprintf("Not sent: %s approved another reply a moment ago.", a.name(ctx, d.By)), text)
	}
	if a.ticket().UnderWay() != nil {
		return a.keep(ctx, "Not sent: another reply is on its way to the customer; wait until it has arrived.", text)
	}
	if ok, err := a.own(ctx); !ok || err != nil {
		return err
	}
	var facts, rests escalate.AssessmentID
	if d := a.ticket().Draft(); d != nil && purpose == escalate.PurposeAnswer {
		facts, rests = d.Facts, d.Rests
		if err := a.edited(ctx, d, text); err != nil {
			return err
		}
	}
	seen := a.seen()
	reply, err := a.change.write(ctx, purpose, text, seen.newest)
	if err != nil {
		return err
	}
	reply.SeenEdit = seen.edit
	if err := a.change.attach(ctx, reply, files); err != nil {
		return err
	}
	reply.By, reply.Edited, reply.Facts, reply.Rests = a.press.Actor, true, facts, rests
	if err := a.apply(escalate.Proposed{Reply: *reply}); err != nil {
		return a.unless(ctx, err)
	}
	if stopped, err := a.sourceStops(ctx, a.ticket().Reply(reply.ID)); stopped || err != nil {
		return err
	}
	return a.send(ctx, reply.ID, a.press.Fields["mode"] == "reply_solve", seen)
}

// seen is what the person had before them when the modal opened.
func (a *act) seen() known {
	seen := a.before()
	if m := a.press.Fields["newest"]; m != "" {
		edit, _ := strconv.ParseInt(a.press.Fields["edited"], 10, 64) // absent: there was none
		seen = known{escalate.MessageID(m), escalate.UnixMicro(edit).Time()}
	}
	return seen
}

// keep tells the person what happened and gives back what they typed.
func (a *act) keep(ctx context.Context, why, text string) error {
	if err := a.audit(ctx, string(a.ticket().ID), outcomeNothing, why); err != nil {
		return err
	}
	return a.answer(ctx, Answer{Text: why, Lines: []Line{{Text: why}}, Keep: text})
}

// note puts a person's internal note on the ticket.
func (a *act) note(ctx context.Context, text string, files []Attached) error {
	key := "note:" + a.press.ID
	if err := a.tx.PutText(ctx, a.ticket().ID, key, fmt.Sprintf("%s (from Slack):\n%s", a.who.Name, text)); err != nil {
		return fmt.Errorf("save note: %w", err)
	}
	w := work{Ticket: a.ticket().ID, Press: a.press.ID}
	if len(files) > 0 {
		if err := putFiles(ctx, a.tx, a.ticket().ID, noteFilesKey(a.press.ID), files); err != nil {
			return err
		}
		to := a.recipient()
		w.Tell = &to
	}
	j, err := newJob(JobPersonNote, w)
	if err != nil {
		return err
	}
	j.Key, j.Group = a.press.ID, ticketGroup(a.ticket())
	if err := a.tx.Enqueue(ctx, j); err != nil {
		return err
	}
	return a.done(ctx, "noted")
}

// open opens a modal, made from the state of this moment.
func (a *act) open(ctx context.Context) error {
	card, err := drawing(ctx, a.tx, a.ticket(), a.card)
	if err != nil {
		return err
	}
	m := &Modal{Token: a.card.Token, Card: card, Newest: a.ticket().Conversation.Newest, Edited: a.ticket().Conversation.Edited}
	if a.press.Action == ActEdit || a.press.Action == ActReply {
		m.MaxFiles, m.MaxUpload = a.s.takes(a.ticket())
	}
	switch a.press.Action {
	case ActEdit:
		m.Action = ActSubmitEdit
		if card.Draft == nil {
			return a.noEffect(ctx, "There is no draft to edit any more; press Reply to write your own.")
		}
		m.Text, m.Warn, m.Kept = card.Draft.Text, card.Moved, card.Draft.Files
	case ActReply:
		m.Action = ActSubmitReply
	case ActReject:
		m.Action = ActSubmitReject
	case ActPass:
		m.Action = ActSubmitPass
	case ActSnooze:
		m.Action = ActSubmitSnooze
	case ActInform:
		m.Action = ActSubmitInform
	default:
		m.Action = ActDetails
	}
	a.ack.Open = m
	return nil
}

// reject withdraws the draft and keeps why.
func (a *act) reject(ctx context.Context) error {
	draft := a.ticket().Draft()
	if draft == nil || draft.State != escalate.ReplyProposed {
		return a.noEffect(ctx, "There is no draft to reject any more.")
	}
	verdict := "rejected:" + rejectReason(a.press.Fields["reason"])
	if err := a.feedback(ctx, draft, verdict, escalate.VerdictWrong); err != nil {
		return err
	}
	if err := a.apply(escalate.Withdrawn{Reply: draft.ID, By: a.press.Actor, Detail: verdict}); err != nil {
		return a.unless(ctx, err)
	}
	return a.done(ctx, verdict)
}

// rejectReason is one of the reasons that a draft may be rejected for.
func rejectReason(r string) string {
	switch r {
	case "wrong", "incomplete", "tone", "outdated", "human":
		return r
	}
	return "other"
}
