package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
)

// transcript copies the messages that a card's thread does not show yet.
func (s *Service) transcript(ctx context.Context, j Leased) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	var row *CardRow
	var posts []ThreadPost
	var below []photos
	var repeat bool
	// Commit point: from here some of these posts may be there; a later run leaves out those that it finds.
	err = s.Store.Update(ctx, func(tx Tx) error {
		t, err := tx.Ticket(ctx, w.Ticket)
		if err != nil {
			return err
		}
		row, err = tx.Card(ctx, w.Effect.Handoff)
		if errors.Is(err, ErrNotFound) || err == nil && row.Place.TS == "" {
			return tx.Finish(ctx, j) // the card comes first; once it is posted, it asks for its transcript
		}
		if err != nil {
			return err
		}
		var last escalate.MessageID
		posts, last, repeat = s.unposted(t, row)
		below = s.photosOf(t, row, posts)
		if len(posts) == 0 {
			return tx.Finish(ctx, j)
		}
		repeat = repeat || row.Threading != ""
		row.Threading = last
		return tx.SaveCard(ctx, row)
	})
	if err != nil || len(posts) == 0 {
		return err
	}
	err = s.postAll(ctx, row.Place, posts, repeat)
	if errors.Is(err, ErrNotFound) {
		return s.lost(ctx, j, row, true)
	}
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		now, err := holdCard(ctx, tx, row)
		if err != nil {
			return err
		}
		if now.Place == row.Place { // else the card was lost meanwhile: it is posted anew, and asks for all of it again
			now.Thread, now.Threading = row.Threading, ""
			if err := enqueuePhotos(ctx, tx, below); err != nil {
				return err
			}
		}
		return errors.Join(tx.SaveCard(ctx, now), tx.Finish(ctx, j))
	})
}

// postAll posts below a card; ErrNotFound when the card is gone.
func (s *Service) postAll(ctx context.Context, at Place, posts []ThreadPost, repeat bool) error {
	err := s.Room.PostThread(ctx, at, posts, repeat)
	var refused *Refused
	if errors.As(err, &refused) && refused.RetryAfter > 0 {
		return s.after(ctx, refused.RetryAfter, err)
	}
	return err
}

// unposted returns the messages after the newest that the thread shows. Our own notes are left out: the card says the
// same. The first that the customer wrote since the claim mentions the owner: what the ticket says decides, because one
// job may post for several changes. unsure says that the newest message shown is not there any more, so that some may be
// there already.
func (s *Service) unposted(t *escalate.Ticket, row *CardRow) (posts []ThreadPost, last escalate.MessageID, unsure bool) {
	msgs := t.Content.Messages
	i := slices.IndexFunc(msgs, func(m escalate.Message) bool { return m.ID == row.Thread })
	msgs = msgs[i+1:]
	mentioned := t.Handoff == nil || t.Handoff.Owner == ""
	for i := range msgs {
		m := &msgs[i]
		last = m.ID
		if m.Marker != "" && !m.Public {
			continue
		}
		post := s.postOf(t, m)
		if !mentioned && m.Role == escalate.RoleCustomer && t.Handoff.Active() && !m.At.Before(t.Handoff.ClaimedAt) {
			post.Mention, mentioned = t.Handoff.Owner, true
		}
		posts = append(posts, post)
	}
	return posts, last, i < 0 && row.Thread != ""
}

// postOf shows one message in a thread.
func (s *Service) postOf(t *escalate.Ticket, m *escalate.Message) ThreadPost {
	return ThreadPost{
		Key: postKey(m), Head: headOf(m), Text: m.Text, Note: !m.Public, At: m.At, Files: s.fileLines(t, m), URL: t.Content.URL, message: m.ID,
	}
}

// headOf says who wrote a message, and who can read it.
func headOf(m *escalate.Message) string {
	name := m.Author
	if name == "" {
		name = string(m.Role)
	}
	switch {
	case !m.Public:
		return name + " · internal note"
	case m.Role == escalate.RoleBot:
		return name + " · sent by Warmline to the customer"
	case m.Role == escalate.RoleAgent:
		return name + " · to the customer"
	}
	return name + " · " + string(m.Role)
}

// postThread posts our own words below a card.
func (s *Service) postThread(ctx context.Context, j Leased) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	var row *CardRow
	var at Place
	err = s.Store.View(ctx, func(tx Tx) error {
		if row, err = tx.Card(ctx, w.Effect.Handoff); err != nil {
			return err
		}
		if at, err = placeOf(ctx, tx, row); err == nil && at.TS == "" {
			return &Later{At: tx.Now().Add(5 * time.Second)}
		}
		if row.Fold == "" || err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, row.Ticket)
		for i := range w.Posts { // many share the thread
			w.Posts[i].Head = "#" + t.Ref.ID + " · " + w.Posts[i].Head
		}
		return err
	})
	if err != nil {
		return err
	}
	err = s.postAll(ctx, at, w.Posts, j.Attempt > 1)
	if errors.Is(err, ErrNotFound) && row.Fold == "" {
		return s.lost(ctx, j, row, false)
	}
	if err != nil {
		return err
	}
	return s.finish(ctx, j)
}

// placeOf is where a hand-off is shown: its own card's place, or that of the message for many. Zero until it is posted.
func placeOf(ctx context.Context, tx Tx, row *CardRow) (Place, error) {
	if row.Fold == "" {
		return row.Place, nil
	}
	_, n, err := loadNotice(ctx, tx, row.Fold)
	if err != nil {
		return Place{}, err
	}
	return n.Place, nil
}

// enqueueThread has our own words posted below a card.
func (c *change) enqueueThread(ctx context.Context, h *escalate.Handoff, post ThreadPost) error {
	post.Note = true
	j, err := newJob(JobThread, work{
		Ticket: c.ticket.ID, Effect: escalate.Effect{Handoff: h.ID}, Posts: []ThreadPost{post},
	})
	if err != nil {
		return err
	}
	j.Key, j.Group = post.Key, channelGroup(h.Channel)
	if err := c.tx.Enqueue(ctx, j); err != nil {
		return fmt.Errorf("enqueue thread post: %w", err)
	}
	return nil
}
