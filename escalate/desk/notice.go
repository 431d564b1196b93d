package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
)

// JobNotice posts or redraws what a channel as a whole is told.
const JobNotice = "draw-notice"

// The kinds of Ask.
const (
	askPolicy  = "policy"  // a change of the policy that waits for a lead's click
	askReview  = "review"  // was this automatic answer right?
	askFold    = "fold"    // one message for many hand-offs
	askExpert  = "expert"  // a question about a ticket to people of another channel
	askCorrect = "correct" // an answer that was wrong: who puts it right?
	askAudit   = "audit"   // the next page of the audit log
	askLink    = "link"    // is this helpdesk account that person's?
	askNews    = "news"    // nothing is asked: a channel is told something
	askCare    = "care"    // nothing is asked: a channel is told what nobody looks after
)

// notice is a message in a channel, as its row keeps it. What it shows follows from the row and the ticket alone.
type notice struct {
	Channel string             `json:"channel"`         // by name
	Place   Place              `json:"place"`           // zero until posted
	Posting escalate.UnixMicro `json:"posting"`         // when a post began whose outcome is not known; 0 when there is none
	Tried   escalate.UnixMicro `json:"tried,omitempty"` // when the newest of several such posts began
	News    *Answer            `json:"news,omitempty"`
	Review  *review            `json:"review,omitempty"`
	Expert  *expert            `json:"expert,omitempty"`
	Fold    *fold              `json:"fold,omitempty"`
	Pairing *pairing           `json:"pairing,omitempty"`
	Care    *care              `json:"care,omitempty"`
	Unheard bool               `json:"unheard,omitempty"` // Slack does not take it: it will never be posted
}

// elsewhere reports whether a notice was pressed at a place where it is not: a copied or forged message.
func (n *notice) elsewhere(on Place) bool { return on.TS != "" && n.Place.TS != "" && on != n.Place }

type noticeWork struct {
	Token string `json:"token"`
}

// announce has a channel told something.
func (s *Service) announce(ctx context.Context, tx Tx, channel string, a Answer) error {
	n := &notice{Channel: channel, News: &a}
	return s.notify(ctx, tx, &Ask{Token: s.NewToken(), Kind: askNews, Subject: channel, At: tx.Now()}, n)
}

// notify keeps a notice and has it posted at the row's instant.
func (s *Service) notify(ctx context.Context, tx Tx, row *Ask, n *notice) error {
	if err := saveNotice(ctx, tx, row, n); err != nil {
		return err
	}
	return enqueueNotice(ctx, tx, row.Token, row.At)
}

// enqueueNotice has a notice drawn; nothing when it was forgotten.
func enqueueNotice(ctx context.Context, tx Tx, token string, at time.Time) error {
	_, n, err := loadNotice(ctx, tx, token)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	j, err := newJob(JobNotice, noticeWork{Token: token})
	if err != nil {
		return err
	}
	j.Key, j.Group, j.At = token, drawGroup(n.Place, n.Channel), at
	j.Urgent = n.Fold != nil // it stands for cards
	return tx.Enqueue(ctx, j)
}

func saveNotice(ctx context.Context, tx Tx, row *Ask, n *notice) error {
	var err error
	if row.Body, err = json.Marshal(n); err != nil {
		return fmt.Errorf("encode notice: %w", err)
	}
	return tx.PutAsk(ctx, row)
}

// loadNotice returns ErrNotFound for a token that belongs to no notice.
func loadNotice(ctx context.Context, tx Tx, token string) (*Ask, *notice, error) {
	row, err := tx.Ask(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Contains([]string{askReview, askNews, askExpert, askFold, askLink, askCare}, row.Kind) {
		return nil, nil, fmt.Errorf("read notice: %w", ErrNotFound)
	}
	n := new(notice)
	if err := json.Unmarshal(row.Body, n); err != nil {
		return nil, nil, fmt.Errorf("decode notice: %w", err)
	}
	return row, n, nil
}

// drawNotice posts or redraws a notice so that it shows what the database says.
func (s *Service) drawNotice(ctx context.Context, j Leased) error {
	var w noticeWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	var row *Ask
	var n *notice
	var show Answer
	var now escalate.UnixMicro
	var moved bool
	// Commit point of a post: from here the message may be there unseen, and a later run looks for it before it posts.
	err := s.Store.Update(ctx, func(tx Tx) (err error) {
		now, moved = escalate.At(tx.Now()), false
		if row, n, err = loadNotice(ctx, tx, w.Token); err != nil {
			return err
		}
		if group := drawGroup(n.Place, n.Channel); group != j.Group {
			moved = true
			return move(ctx, tx, j, group)
		}
		if show, err = n.answer(ctx, s, tx, w.Token); err != nil || n.Place.TS != "" || n.Posting != 0 {
			return err
		}
		marked := *n
		marked.Posting = now
		return saveNotice(ctx, tx, row, &marked)
	})
	if errors.Is(err, ErrNotFound) {
		return s.finish(ctx, j) // forgotten, or its ticket was erased
	}
	if err != nil {
		return fmt.Errorf("draw notice: %w", err)
	}
	if moved {
		return nil
	}
	at, err := s.showNotice(ctx, now, w.Token, n, show)
	return s.noticeDrawn(ctx, j, w.Token, at, err)
}

func (n *notice) answer(ctx context.Context, s *Service, tx Tx, token string) (Answer, error) {
	switch {
	case n.Review != nil:
		return n.Review.answer(ctx, tx, token)
	case n.Fold != nil:
		return n.Fold.answer(ctx, tx, token)
	case n.Expert != nil:
		return n.Expert.answer(ctx, tx, token)
	case n.Pairing != nil:
		return n.Pairing.answer(ctx, s, tx, token)
	case n.Care != nil:
		return n.Care.answer(ctx, tx)
	}
	return *n.News, nil
}

// showNotice brings a notice to Slack and returns where it is. The token stays ours: what marks the message is its hash.
func (s *Service) showNotice(ctx context.Context, now escalate.UnixMicro, token string, n *notice, a Answer) (Place, error) {
	key := hashOf(token)[:32]
	if n.Place.TS != "" {
		err := s.Board.UpdateNotice(ctx, n.Place, key, a)
		switch {
		case errors.Is(err, ErrNotFound) && n.Fold != nil:
			return Place{}, errCardGone // it stands for hand-offs that are shown nowhere else
		case errors.Is(err, ErrNotFound):
			err = nil // somebody deleted it; what was said stays in the audit log
		}
		return n.Place, err
	}
	if n.Posting != 0 {
		if settled := max(n.Posting, n.Tried).Time().Add(s.Settle); now.Time().Before(settled) {
			return Place{}, &Later{At: settled}
		}
		at, err := s.Board.FindNotice(ctx, n.Channel, key, n.Posting.Time())
		if err == nil {
			return at, s.Board.UpdateNotice(ctx, at, key, a) // it shows what was true when it was posted
		}
		if !errors.Is(err, ErrNotFound) {
			return at, s.unlessHeld(ctx, err)
		}
		if err := s.markNotice(ctx, token); err != nil {
			return Place{}, err
		}
	}
	return s.Board.PostNotice(ctx, n.Channel, key, a)
}

// markNotice notes that another post begins, so that its outcome, if it is lost, gets time to settle as well.
func (s *Service) markNotice(ctx context.Context, token string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		row, n, err := loadNotice(ctx, tx, token)
		if err != nil {
			return err
		}
		n.Tried = escalate.At(tx.Now())
		return saveNotice(ctx, tx, row, n)
	})
	if err != nil {
		return fmt.Errorf("save notice: %w", err)
	}
	return nil
}

// noticeDrawn notes what came of it. A channel that cannot be posted to gives way to the default one.
func (s *Service) noticeDrawn(ctx context.Context, j Leased, token string, at Place, drawErr error) error {
	if _, ok := errors.AsType[*Later](drawErr); ok {
		return drawErr
	}
	var refused *Refused
	deleted := errors.Is(drawErr, errCardGone)
	if drawErr != nil && !deleted && !errors.As(drawErr, &refused) {
		return drawErr // it may be there: the next run looks
	}
	var again bool
	err := s.Store.Update(ctx, func(tx Tx) error {
		row, n, err := loadNotice(ctx, tx, token)
		if err != nil {
			return err
		}
		p, err := tx.Policy(ctx)
		if err != nil {
			return fmt.Errorf("load policy: %w", err)
		}
		again = n.settle(at, refused, p.Routes.Default)
		n.Unheard = refused != nil && !again
		if err := saveNotice(ctx, tx, row, n); err != nil || again {
			return err
		}
		switch {
		case deleted:
			err = enqueueNotice(ctx, tx, token, tx.Now())
		case refused != nil && n.Expert != nil:
			err = n.Expert.unheard(ctx, s, tx, refused.Why)
		case refused != nil && n.Fold != nil:
			err = n.Fold.dissolve(ctx, s, tx, token)
		case refused != nil && (n.News != nil || n.Care != nil):
			err = n.unheard(ctx, s, tx, token)
		}
		return errors.Join(err, tx.Finish(ctx, j))
	})
	switch {
	case err != nil:
		return fmt.Errorf("save notice: %w", err)
	case refused == nil:
		return nil
	case refused.RetryAfter > 0:
		return s.after(ctx, refused.RetryAfter, drawErr)
	case again:
		return drawErr
	}
	s.Logger.WarnContext(ctx, "notice not posted", "error", drawErr) // the same again would be refused again
	return nil
}

// settle takes a clean outcome: where the notice is, or why it was refused. It reports whether to try again.
func (n *notice) settle(at Place, refused *Refused, fallback string) (again bool) {
	n.Posting, n.Tried = 0, 0
	if at.TS != "" {
		n.Place = at // found again: it stands there, whatever became of its redrawing
	}
	switch {
	case refused == nil:
		n.Place = at
		return false
	case refused.NoChannel && n.Expert == nil && n.Channel != fallback:
		n.Channel = fallback
		return true
	}
	return refused.RetryAfter > 0
}
