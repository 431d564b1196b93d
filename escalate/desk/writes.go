package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate"
)

// write performs a harmless write to a ticket's helpdesk and ends the job. A ticket that is gone needs nothing.
func (s *Service) write(ctx context.Context, j Leased, t *escalate.Ticket, w Write) error {
	hd, err := s.helpdesk(t.Ref)
	if err != nil {
		return err
	}
	_, err = hd.Write(ctx, t.Ref.ID, w)
	return s.written(ctx, j, t, w.Kind, err)
}

// written ends the job of a harmless write, or has it come again.
func (s *Service) written(ctx context.Context, j Leased, t *escalate.Ticket, kind WriteKind, err error) error {
	var refused *Refused
	switch {
	case errors.As(err, &refused) && (refused.RetryAfter > 0 || refused.Moved):
		// One that moved under a note's stamp is read anew, and gets its note then.
		return s.after(ctx, max(refused.RetryAfter, patience(j.Attempt-1)), err)
	case gone(j, err):
	case errors.As(err, &refused):
		// The same again would be refused again, and the ticket's other work waits behind this.
		s.Logger.WarnContext(ctx, "helpdesk write refused", "kind", kind, "ticket", t.Ref.ID, "error", err)
	case err != nil:
		return fmt.Errorf("write %s to ticket %s: %w", kind, t.Ref.ID, err)
	}
	return s.finish(ctx, j)
}

// writeNote leaves the one internal note of a hand-off: summary, what was tried, why, what next.
func (s *Service) writeNote(ctx context.Context, j Leased) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	var t *escalate.Ticket
	var text string
	err = s.Store.View(ctx, func(tx Tx) error {
		if t, err = tx.Ticket(ctx, w.Ticket); err != nil || t.Decision == nil {
			return err
		}
		a, err := tx.Assessment(ctx, t.ID, t.Decision.Assessment)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		text = noteText(t, a)
		return nil
	})
	if err != nil {
		return fmt.Errorf("load ticket %s: %w", w.Ticket, err)
	}
	if text == "" {
		return s.finish(ctx, j)
	}
	return s.write(ctx, j, t, Write{Kind: WriteNote, Key: "note-" + string(w.Effect.Handoff), Text: text})
}

// noteText is the hand-off in words, for people who work in the helpdesk.
func noteText(t *escalate.Ticket, a *escalate.Assessment) string {
	var b strings.Builder
	h := t.Handoff
	if t.Decision.Way == escalate.WayDraft {
		fmt.Fprintf(&b, "Warmline has drafted an answer; it waits for approval in #%s.\n", h.Channel)
	} else {
		fmt.Fprintf(&b, "Warmline handed this to a person in #%s.\n", h.Channel)
	}
	for i := range t.Decision.Reasons {
		fmt.Fprintf(&b, "Why: %s\n", t.Decision.Reasons[i].Words())
	}
	if a.Summary != "" {
		fmt.Fprintf(&b, "\nSummary: %s\n", a.Summary)
	}
	for _, at := range a.Attempts {
		fmt.Fprintf(&b, "Tried: %s", at.Text)
		if at.Reaction != "" {
			fmt.Fprintf(&b, " (customer: %s)", at.Reaction)
		}
		b.WriteByte('\n')
	}
	if a.NextStep != "" {
		fmt.Fprintf(&b, "Suggested next step: %s\n", a.NextStep)
	}
	return strings.TrimSpace(b.String())
}

// writeTags tags the ticket with reason and topic.
func (s *Service) writeTags(ctx context.Context, j Leased) error {
	_, t, _, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	tags := []string{"warmline"}
	if d := t.Decision; d != nil {
		if r := d.Primary(); r != nil {
			tags = append(tags, "reason-"+string(r.Kind))
		}
		if d.Topic != "" {
			tags = append(tags, "topic-"+strings.ReplaceAll(d.Topic, " ", "-"))
		}
	}
	if t.Handoff.Active() && t.Handoff.Quiet {
		tags = append(tags, escalate.TagNoUpdates)
	}
	return s.write(ctx, j, t, Write{Kind: WriteTags, Key: j.ID, Tags: tags})
}

// takeTag takes the tag for no updates from a ticket whose owner has turned them on, unless they were turned off again since. Where the
// helpdesk cannot, who turned them on was told so.
func (s *Service) takeTag(ctx context.Context, j Leased) error {
	_, t, _, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	hd, err := s.helpdesk(t.Ref)
	if err != nil {
		return err
	}
	from, able := hd.(Untagger)
	if !able || t.Handoff == nil || t.Handoff.Quiet {
		return s.finish(ctx, j)
	}
	return s.written(ctx, j, t, "tag", from.Untag(ctx, t.Ref.ID, []string{escalate.TagNoUpdates}))
}

// writeAssignee makes the hand-off's owner, as it is now, the helpdesk's assignee.
func (s *Service) writeAssignee(ctx context.Context, j Leased) error {
	w, t, _, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	h := t.Handoff
	switch {
	case h == nil || h.ID != w.Effect.Handoff || h.Owner != "" && h.Agent == "":
		return s.finish(ctx, j) // there is another one, or the owner has no account there
	case h.GivenBack() && h.Owner != "":
		return s.write(ctx, j, t, Write{Kind: WriteAssign, Key: j.ID})
	case !h.Active():
		return s.finish(ctx, j)
	}
	return s.write(ctx, j, t, Write{Kind: WriteAssign, Key: j.ID, Agent: h.Agent})
}

// writeStatus sets the status that a reply or a resolve calls for, unless the customer has written, or changed what they wrote, since.
func (s *Service) writeStatus(ctx context.Context, j Leased) error {
	w, t, _, err := s.load(ctx, j)
	if err != nil {
		return err
	}
	snap, err := s.read(ctx, j, t)
	if gone(j, err) {
		return s.finish(ctx, j)
	}
	if err != nil {
		return err
	}
	seen := t.Look(&snap.Content, snap.Status, snap.Assignee)
	if seen.Customer != t.Conversation.Customer || seen.Edited.After(t.Conversation.Edited) {
		return s.Store.Update(ctx, func(tx Tx) error {
			return errors.Join(s.enqueueAssess(ctx, tx, t.ID, false), tx.Finish(ctx, j))
		})
	}
	if snap.Status == w.Effect.Status || snap.Status.Ended() {
		return s.finish(ctx, j)
	}
	return s.write(ctx, j, t, Write{Kind: WriteStatus, Key: j.ID, Status: w.Effect.Status})
}

// personNote writes a person's internal note.
func (s *Service) personNote(ctx context.Context, j Leased) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	var t *escalate.Ticket
	var text string
	var files []Attached
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		if t, err = tx.Ticket(ctx, w.Ticket); err != nil {
			return err
		}
		if text, err = tx.Text(ctx, t.ID, "note:"+w.Press); err != nil || w.Tell == nil {
			return err
		}
		files, err = filesAt(ctx, tx, t.ID, noteFilesKey(w.Press))
		return err
	})
	if err != nil {
		return fmt.Errorf("load note of ticket %s: %w", w.Ticket, err)
	}
	got, err := s.fetch(ctx, j, files)
	if err != nil {
		return err
	}
	if got.why != "" && j.Attempt > 1 { // its files were there the first time: it may have been written
		hd, err := s.helpdesk(t.Ref)
		if err != nil {
			return err
		}
		snap, err := hd.Read(ctx, t.Ref.ID)
		if err != nil && !gone(j, err) {
			return fmt.Errorf("look for note of ticket %s: %w", t.Ref.ID, err)
		}
		if err != nil || slices.ContainsFunc(snap.Content.Messages, func(m escalate.Message) bool { return m.Marker == "note-"+w.Press }) {
			return s.finish(ctx, j)
		}
	}
	if got.why != "" {
		return s.unnoted(ctx, j, t, w.Tell, text, got.why)
	}
	return s.write(ctx, j, t, Write{Kind: WriteNote, Key: "note-" + w.Press, Text: text, Files: got.uploads})
}

// unnoted gives a note back that cannot be written with its files.
func (s *Service) unnoted(ctx context.Context, j Leased, t *escalate.Ticket, to *Recipient, text, why string) error {
	_, typed, _ := strings.Cut(text, "\n")
	said := fmt.Sprintf("Your note on #%s was not written: %s. Press Reply, attach it again, and send the note anew.", t.Ref.ID, why)
	a := Answer{Text: said, Lines: []Line{{Head: "Not written", Text: said}}, Keep: typed}
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(s.enqueueTell(ctx, tx, *to, a), tx.Finish(ctx, j))
	})
}
