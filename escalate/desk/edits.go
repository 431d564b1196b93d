package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
)

// JobEdit shows in a card's thread that somebody changed what they had written.
const JobEdit = "thread-edit"

// tellEdits has the card's thread told of what the customer's side changed since the ticket was last read. It stands in the same
// commit as the reading, so each edit is told of once; its text is read from the ticket when it is posted.
func (c *change) tellEdits(ctx context.Context, snap *Snapshot) error {
	h := c.ticket.Handoff
	if h == nil {
		return nil
	}
	for i := range snap.Content.Messages {
		m := &snap.Content.Messages[i]
		known := c.ticket.Content.Find(m.ID)
		if known == nil || !m.Public || !outside(m.Role) || !m.EditedAt.After(known.EditedAt) {
			continue
		}
		j, err := newJob(JobEdit, editWork{Ticket: c.ticket.ID, Handoff: h.ID, Message: m.ID, At: m.EditedAt})
		if err != nil {
			return err
		}
		j.Key, j.Group = string(c.ticket.ID)+":"+editKey(m), c.slackGroup(h.ID)
		if err := c.tx.Enqueue(ctx, j); err != nil {
			return fmt.Errorf("enqueue edit of message %s: %w", m.ID, err)
		}
	}
	return nil
}

// outside reports whether a message's author stands on the customer's side.
func outside(r escalate.Role) bool {
	return r == escalate.RoleCustomer || r == escalate.RoleParticipant
}

// editKey marks the post about one edit of one message.
func editKey(m *escalate.Message) string { return fmt.Sprintf("%s@%d", m.ID, m.EditedAt.UnixMicro()) }

// postKey marks a message's post in the transcript. One that was edited before it came there has the edit's mark: where the same
// message stands already with its older words, this is another post, and where the edit was told of, it is not.
func postKey(m *escalate.Message) string {
	if m.EditedAt.IsZero() {
		return string(m.ID)
	}
	return editKey(m)
}

type editWork struct {
	Ticket  escalate.TicketID  `json:"ticket"`
	Handoff escalate.HandoffID `json:"handoff"`
	Message escalate.MessageID `json:"message"`
	At      time.Time          `json:"at"`
}

// threadSoon is how long what belongs below a card waits for what comes before it.
const threadSoon = 5 * time.Second

// postEdit posts one edit below the card. What the transcript has not shown yet it will show as it is now; what was edited once
// more has a job of its own.
func (s *Service) postEdit(ctx context.Context, j Leased) error {
	var w editWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	var row *CardRow
	var post *ThreadPost
	var below []photos
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		post = nil
		t, err := tx.Ticket(ctx, w.Ticket)
		if err != nil {
			return err
		}
		if row, err = tx.Card(ctx, w.Handoff); errors.Is(err, ErrNotFound) || err == nil && row.Place.TS == "" {
			return nil // its transcript is still to come
		}
		if err != nil {
			return err
		}
		m := t.Content.Find(w.Message)
		switch {
		case m == nil || !m.EditedAt.Equal(w.At):
			return nil
		case row.Threading != "":
			return &Later{At: tx.Now().Add(threadSoon)} // its older words may be on their way
		case isAfter(&t.Content, m.ID, row.Thread):
			return nil
		}
		post = s.editPost(t, m)
		below = s.photosOf(t, row, []ThreadPost{*post})
		return nil
	})
	if err != nil {
		return err
	}
	if post == nil {
		return s.finish(ctx, j)
	}
	err = s.postAll(ctx, row.Place, []ThreadPost{*post}, j.Attempt > 1)
	if errors.Is(err, ErrNotFound) {
		return s.lost(ctx, j, row, true)
	}
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(enqueuePhotos(ctx, tx, below), tx.Finish(ctx, j))
	})
}

// editPost tells of one edit, and the owner with it, as of a new message.
func (s *Service) editPost(t *escalate.Ticket, m *escalate.Message) *ThreadPost {
	post := s.postOf(t, m)
	post.At, post.Wrote = m.EditedAt, m.At
	if h := t.Handoff; h.Active() && h.Owner != "" && !m.EditedAt.Before(h.ClaimedAt) {
		post.Mention = h.Owner
	}
	return &post
}
