package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/mask"
)

// drawCard posts or updates a hand-off's card so that it shows what the database says.
func (s *Service) drawCard(ctx context.Context, j Leased) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	var card *Card
	var row *CardRow
	var now time.Time
	var later error
	var over bool
	// Commit point of a post: from here a card may be there unseen, and a later run looks for it before it posts.
	err = s.Store.Update(ctx, func(tx Tx) error {
		now, later, over = tx.Now(), nil, false
		t, err := tx.Ticket(ctx, w.Ticket)
		if err != nil {
			return err
		}
		if row, err = s.cardRow(ctx, tx, t, w.Effect.Handoff); err != nil {
			return err
		}
		h := t.FindHandoff(row.Handoff)
		if row.Place.TS == "" && h.Early(now) {
			later = &Later{At: h.ShowAt}
			return nil
		}
		if group := drawGroup(row.Place, h.Channel); group != j.Group {
			over = true
			return move(ctx, tx, j, group)
		}
		if err := s.foldIn(ctx, tx, t, row); err != nil {
			return err
		}
		if over, err = s.inFold(ctx, tx, t, row); err != nil {
			return err
		}
		if over {
			return tx.Finish(ctx, j)
		}
		if card, err = drawing(ctx, tx, t, row); err != nil {
			return err
		}
		if row.Place.TS != "" || row.Posting != 0 {
			return nil
		}
		marked := *row
		marked.Posting = escalate.At(now)
		return tx.SaveCard(ctx, &marked)
	})
	if err != nil {
		return fmt.Errorf("draw card of ticket %s: %w", w.Ticket, err)
	}
	if over || later != nil {
		return later
	}
	err = s.show(ctx, now, row, card)
	return s.drawn(ctx, j, row, card, err)
}

// show brings the card to Slack and notes in row where it is.
func (s *Service) show(ctx context.Context, now time.Time, row *CardRow, card *Card) error {
	if row.Place.TS == "" && row.Posting != 0 {
		if settled := row.Posting.Time().Add(s.Settle); now.Before(settled) {
			return &Later{At: settled}
		}
		at, err := s.Room.FindCard(ctx, row.Channel, row.Handoff, card.Handoff.OpenedAt.Add(-time.Minute))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("look for card: %w", s.unlessHeld(ctx, err))
		}
		if err != nil {
			if err := s.markPosting(ctx, row); err != nil {
				return err
			}
		}
		row.Place = at
	}
	if row.Place.TS != "" {
		err := s.Room.UpdateCard(ctx, row.Place, card)
		if !errors.Is(err, ErrNotFound) {
			return s.plainly(err, func() error { card.Plain = true; return s.Room.UpdateCard(ctx, row.Place, card) })
		}
		return errCardGone
	}
	at, err := s.Room.PostCard(ctx, card)
	err = s.plainly(err, func() (err error) { card.Plain = true; at, err = s.Room.PostCard(ctx, card); return err })
	if err == nil {
		row.Place = at
	}
	return err
}

// holdCard loads a hand-off's row anew and holds its ticket, so that nobody changes the row before the transaction ends: what
// draws a card and what posts below it run side by side.
func holdCard(ctx context.Context, tx Tx, row *CardRow) (*CardRow, error) {
	if _, err := tx.Ticket(ctx, row.Ticket); err != nil {
		return nil, err
	}
	return tx.Card(ctx, row.Handoff)
}

// markPosting notes that another post begins, so that its outcome, if it is lost, gets time to settle as well.
func (s *Service) markPosting(ctx context.Context, row *CardRow) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		row.Posting = escalate.At(tx.Now())
		return tx.SaveCard(ctx, row)
	})
	if err != nil {
		return fmt.Errorf("save card of ticket %s: %w", row.Ticket, err)
	}
	return nil
}

// plainly tries again with a card that cannot be refused for what it holds: a plain card beats none.
func (s *Service) plainly(err error, again func() error) error {
	var refused *Refused
	if errors.As(err, &refused) && refused.RetryAfter == 0 && refused.Content {
		return again()
	}
	return err
}

// errCardGone says that somebody deleted a card in Slack.
var errCardGone = errors.New("the card is gone")

// lost forgets where a card that was deleted in Slack stood, and has it posted anew with its thread. The job that found
// out is over, unless its own words were to go there.
func (s *Service) lost(ctx context.Context, j Leased, row *CardRow, over bool) error {
	var again error
	err := s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, row.Ticket)
		if err != nil {
			return err
		}
		now, err := tx.Card(ctx, row.Handoff)
		if err != nil {
			return err
		}
		if now.Place == row.Place { // else somebody else found out first, and it stands elsewhere by now
			now.Place, now.Posting, now.Thread, now.Threading = Place{}, 0, "", ""
			if err := tx.SaveCard(ctx, now); err != nil {
				return err
			}
		}
		if err := c.enqueue(ctx, escalate.Effect{Kind: escalate.EffectDrawCard, Handoff: row.Handoff}); err != nil {
			return err
		}
		again = &Later{At: tx.Now().Add(time.Second)}
		if over {
			again = nil
			return tx.Finish(ctx, j)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget card of ticket %s: %w", row.Ticket, err)
	}
	return again
}

// drawn notes what came of drawing.
func (s *Service) drawn(ctx context.Context, j Leased, row *CardRow, card *Card, drawErr error) error {
	var refused *Refused
	clean := errors.As(drawErr, &refused)
	if _, ok := errors.AsType[*Later](drawErr); ok {
		return drawErr
	}
	if errors.Is(drawErr, errCardGone) {
		return s.lost(ctx, j, row, true)
	}
	err := s.Store.Update(ctx, func(tx Tx) error {
		now, err := holdCard(ctx, tx, row)
		if err != nil {
			return err
		}
		posted := drawErr == nil && now.Place.TS == ""
		switch {
		case drawErr == nil:
			now.Place, now.Posting, now.Drawn = row.Place, 0, card.Version
		case clean && row.Place.TS == "":
			now.Posting = 0
			if err := s.reroute(ctx, tx, now, refused); err != nil {
				return err
			}
		default:
			return nil
		}
		if err := tx.SaveCard(ctx, now); err != nil || drawErr != nil {
			return err
		}
		if posted {
			if err := s.enqueueTranscript(ctx, tx, row); err != nil {
				return err
			}
		}
		return tx.Finish(ctx, j)
	})
	switch {
	case err != nil:
		return fmt.Errorf("save card of ticket %s: %w", row.Ticket, err)
	case clean && refused.RetryAfter > 0:
		return s.after(ctx, refused.RetryAfter, drawErr)
	}
	return drawErr
}

// enqueueTranscript has a card that was just posted get its thread.
func (s *Service) enqueueTranscript(ctx context.Context, tx Tx, row *CardRow) error {
	c, err := s.change(ctx, tx, row.Ticket)
	if err != nil {
		return err
	}
	return c.enqueue(ctx, escalate.Effect{Kind: escalate.EffectTranscript, Handoff: row.Handoff})
}

// reroute sends a card whose channel cannot be posted to into the default one: a hand-off that nobody sees is a lost ticket.
func (s *Service) reroute(ctx context.Context, tx Tx, row *CardRow, refused *Refused) error {
	p, err := tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	if refused.NoChannel && row.Channel != p.Routes.Default {
		s.Logger.WarnContext(ctx, "channel cannot be posted to", "channel", row.Channel, "instead", p.Routes.Default, "error", refused)
		row.Channel = p.Routes.Default
	}
	return nil
}

// after is a Later from now that makes the whole group wait: the other side asked for it.
func (s *Service) after(ctx context.Context, d time.Duration, cause error) error {
	var now time.Time
	if err := s.Store.View(ctx, func(tx Tx) error { now = tx.Now(); return nil }); err != nil {
		return err
	}
	return &Later{At: now.Add(d), Hold: true, Cause: cause}
}

// unlessLater makes a refusal that says how long to wait a Later, for this job alone.
func (s *Service) unlessLater(ctx context.Context, err error) error {
	err = s.unlessHeld(ctx, err)
	if later, ok := errors.AsType[*Later](err); ok {
		later.Hold = false
	}
	return err
}

// unlessHeld makes a refusal to look something up that says how long to wait a Later: it is no refusal of the post before it, which may
// have been applied.
func (s *Service) unlessHeld(ctx context.Context, err error) error {
	var refused *Refused
	if !errors.As(err, &refused) || refused.RetryAfter <= 0 {
		return err
	}
	return s.after(ctx, refused.RetryAfter, err)
}

// cardRow loads a hand-off's row, or makes it.
func (s *Service) cardRow(ctx context.Context, tx Tx, t *escalate.Ticket, h escalate.HandoffID) (*CardRow, error) {
	row, err := tx.Card(ctx, h)
	if !errors.Is(err, ErrNotFound) {
		return row, err
	}
	ho := t.FindHandoff(h)
	if ho == nil {
		return nil, fmt.Errorf("ticket %s has no hand-off %s", t.ID, h)
	}
	row = &CardRow{Handoff: h, Ticket: t.ID, Token: s.NewToken(), Channel: ho.Channel}
	return row, tx.SaveCard(ctx, row)
}

// drawing makes a card's content from state.
func drawing(ctx context.Context, tx Tx, t *escalate.Ticket, row *CardRow) (*Card, error) {
	h := t.FindHandoff(row.Handoff)
	if h == nil {
		return nil, fmt.Errorf("ticket %s has no hand-off %s", t.ID, row.Handoff)
	}
	c := &Card{
		Handoff: *h, Version: t.Version, Token: row.Token, Channel: row.Channel,
		Number: t.Ref.ID, URL: t.Content.URL, Subject: t.Content.Subject, Customer: t.Content.Customer, Via: t.Content.Channel,
		Waiting: t.Conversation.WaitingSince, Due: h.DueAt, Owner: h.Owner, Status: t.Conversation.Status,
		ThreadHint: h.Active(), Automatic: lastAutomatic(t) != nil, Hidden: hides(&t.Content),
	}
	if row.Channel != h.Channel {
		c.Misrouted = h.Channel
	}
	if h.State == escalate.HandoffTaken {
		c.Assignee = lastAgent(&t.Content)
	}
	if d := t.Decision; d != nil && d.Channel == h.Channel && h.Active() {
		c.Instead = d.Instead
	}
	if t.Handoff.ID != h.ID {
		return c, nil // an earlier hand-off: its card says that it ended, no more
	}
	c.Handoff.Quiet = h.Quiet || t.OptedOut() != nil
	if err := c.fill(ctx, tx, t); err != nil {
		return nil, err
	}
	return c, c.fillReplies(ctx, tx, t)
}

// fill adds what the brain knew when the decision was taken.
func (c *Card) fill(ctx context.Context, tx Tx, t *escalate.Ticket) error {
	d := t.Decision
	if d == nil {
		return nil
	}
	for i := range d.Reasons {
		c.Reasons = append(c.Reasons, reasonLine(&t.Content, &d.Reasons[i]))
	}
	a, err := tx.Assessment(ctx, t.ID, d.Assessment)
	if errors.Is(err, ErrNotFound) {
		return nil // erased
	}
	if err != nil {
		return fmt.Errorf("load assessment: %w", err)
	}
	c.Lang, c.Mood, c.Ask, c.Given, c.Attempts = a.Lang, a.Mood, a.Ask, a.Given, a.Attempts
	c.NextStep, c.Summary, c.Confidence, c.Factors = a.NextStep, a.Summary, d.Confidence, a.Factors
	c.Sources, c.Similar = a.Sources, a.Similar
	if d.Has(escalate.Excluded) || d.World.Wrong {
		c.NextStep = "" // it would be the answer that must not be given
	}
	return nil
}

// fillReplies adds the draft that waits, and the newest reply's fate.
func (c *Card) fillReplies(ctx context.Context, tx Tx, t *escalate.Ticket) error {
	if r := t.Draft(); r != nil {
		text, err := tx.Text(ctx, t.ID, replyKey(r.ID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("load draft: %w", err)
		}
		c.Draft = &CardDraft{Reply: r.ID, Text: text, State: r.State, By: r.By, SendAt: r.SendAt, Edited: r.Edited, Use: escalate.DraftApproval}
		if !r.Edited && t.Decision != nil {
			c.Draft.Use = t.Decision.Draft
		}
		files, err := filesOf(ctx, tx, t, r)
		if err != nil {
			return err
		}
		c.Draft.Files = linesOf(files)
		c.Draft.Hidden = mask.Holds(text, mask.Secrets)
		c.Draft.Unfilled = placeholder.FindAllString(text, -1)
		c.Moved = moved(t, r, t.Handoff.Agent)
	}
	for i := len(t.Replies) - 1; i >= 0; i-- {
		r := &t.Replies[i]
		if asked := t.Asked(); asked != nil && asked != r {
			continue // what waits for a person comes before what is newer
		}
		if !r.Purpose.Answers() || r.Live() || r.State == escalate.ReplyWithdrawn && r.Detail == "superseded" {
			continue
		}
		c.Last = &CardReply{Purpose: r.Purpose, State: r.State, By: r.By, At: r.BegunAt, Detail: r.Detail}
		if r.State == escalate.ReplyAsk || r.State == escalate.ReplyFailed {
			text, err := tx.Text(ctx, t.ID, replyKey(r.ID))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return fmt.Errorf("load reply: %w", err)
			}
			files, err := filesOf(ctx, tx, t, r)
			if err != nil {
				return err
			}
			c.Last.Text, c.Last.Files = text, linesOf(files)
		}
		break
	}
	return nil
}

// reasonLine puts a reason into words, with the customer's own as evidence.
func reasonLine(c *escalate.Content, r *escalate.Reason) ReasonLine {
	line := ReasonLine{Kind: r.Kind, Words: r.Words()}
	for _, span := range r.Evidence {
		if m := c.Find(span.Message); m != nil && span.Start >= 0 && span.Start < span.End && span.End <= len(m.Text) {
			line.Quotes = append(line.Quotes, quoteOf(m.Text, span))
		}
	}
	return line
}

// quoteOf cuts a quote out of a message, with the whole of any number or key that it would cut in two: the half of one would
// not be recognised, and be shown.
func quoteOf(text string, q escalate.Span) string {
	start, end := q.Start, q.End
	for _, s := range mask.Find(text, mask.Secrets) {
		if s.Start < end && s.End > start {
			start, end = min(start, s.Start), max(end, s.End)
		}
	}
	return text[start:end]
}

// hides reports whether some message holds what is not shown outside the helpdesk.
func hides(c *escalate.Content) bool {
	return slices.ContainsFunc(c.Messages, func(m escalate.Message) bool { return mask.Holds(m.Text, mask.Secrets) })
}

// lastAgent names the human who answered last.
func lastAgent(c *escalate.Content) string {
	if m := c.LastFrom(escalate.RoleAgent); m != nil {
		return m.Author
	}
	return ""
}
