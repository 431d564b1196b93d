package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

// fold is one message for many hand-offs that are much alike. Each keeps its own owner, fence and clock; whoever is taken by
// somebody gets a card of its own again.
type fold struct {
	Topic   string               `json:"topic"`
	Reason  escalate.TriggerKind `json:"reason,omitempty"` // "" for drafts
	Tickets []folded             `json:"tickets"`          // in the order in which they came; a place in it never changes
}

type folded struct {
	Ticket  escalate.TicketID  `json:"ticket"`
	Handoff escalate.HandoffID `json:"handoff"`
}

// mostFolded is how many hand-offs one message stands for; the next begins another.
const mostFolded = 60

// foldIn has a hand-off that was never shown join the message of those like it, when there have been many in a short time.
func (s *Service) foldIn(ctx context.Context, tx Tx, t *escalate.Ticket, row *CardRow) error {
	h, d := t.Handoff, t.Decision
	if row.Drawn != 0 || row.Posting != 0 || h == nil || h.ID != row.Handoff || h.State != escalate.HandoffOpen || h.Raised || !foldable(d) {
		return nil
	}
	p, err := tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	if p.Fold.From == 0 {
		return nil
	}
	reason := alikeBy(d)
	since := tx.Now().Add(-p.Fold.Within)
	subject := strings.Join([]string{h.Channel, string(reason), d.Topic}, "|")
	ask, n, err := loadFold(ctx, tx, subject, since)
	if err != nil {
		return err
	}
	if ask == nil {
		alike, err := tx.CountAlike(ctx, h.Channel, d.Topic, reason, since)
		if err != nil || alike <= p.Fold.From {
			return err
		}
		ask, n = &Ask{Token: s.NewToken(), Kind: askFold, Subject: subject}, &notice{Channel: h.Channel, Fold: &fold{Topic: d.Topic, Reason: reason}}
	}
	n.Fold.Tickets = append(n.Fold.Tickets, folded{t.ID, h.ID})
	ask.At = tx.Now() // it stays open for as long as more come
	if err := saveNotice(ctx, tx, ask, n); err != nil {
		return err
	}
	row.Fold = ask.Token
	return tx.SaveCard(ctx, row)
}

// foldable reports whether a hand-off may share a message. Danger, a wish for a person and important customers never do, nor
// what has to be put right.
func foldable(d *escalate.Decision) bool {
	return d != nil && !d.Has(escalate.Safety) && !d.Has(escalate.HumanRequest) && !d.Has(escalate.VIP) && !d.World.Wrong
}

// alikeBy is the reason by which hand-offs are alike: the primary one; "" of drafts, which have none.
func alikeBy(d *escalate.Decision) escalate.TriggerKind {
	if r := d.Primary(); r != nil {
		return r.Kind
	}
	return ""
}

// loadFold returns the message that takes in hand-offs of a kind; nil when there is none, or it is full.
func loadFold(ctx context.Context, tx Tx, subject string, since time.Time) (*Ask, *notice, error) {
	row, err := tx.NewestAsk(ctx, askFold, subject, since)
	if errors.Is(err, ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	_, n, err := loadNotice(ctx, tx, row.Token)
	if err != nil || len(n.Fold.Tickets) >= mostFolded {
		return nil, nil, err
	}
	return row, n, nil
}

// inFold draws a hand-off as part of its fold, and reports whether that is all there is to do: one that somebody has taken
// leaves it for a card of its own.
func (s *Service) inFold(ctx context.Context, tx Tx, t *escalate.Ticket, row *CardRow) (bool, error) {
	if row.Fold == "" {
		return false, nil
	}
	token, h := row.Fold, t.FindHandoff(row.Handoff)
	_, _, err := loadNotice(ctx, tx, token)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	stays := err == nil && folds(t, h) // a message that was forgotten shows nobody
	if stays {
		row.Drawn = t.Version
	} else {
		row.Fold = ""
	}
	if err := tx.SaveCard(ctx, row); err != nil {
		return false, err
	}
	return stays, enqueueNotice(ctx, tx, token, tx.Now())
}

// dissolve gives every hand-off that the fold shows a card of its own: Slack does not take the message.
func (f *fold) dissolve(ctx context.Context, s *Service, tx Tx, token string) error {
	for _, one := range f.Tickets {
		c, err := s.change(ctx, tx, one.Ticket)
		if errors.Is(err, ErrNotFound) {
			continue // erased
		}
		if err != nil {
			return err
		}
		if _, err := c.unfold(ctx, one.Handoff, token); err != nil {
			return err
		}
		if err := c.save(ctx); err != nil {
			return err
		}
	}
	return nil
}

// unfold takes a hand-off out of a fold and has it shown by a card of its own; false when the fold does not show it. Having been
// shown, it does not fold again.
func (c *change) unfold(ctx context.Context, handoff escalate.HandoffID, token string) (bool, error) {
	row, err := c.tx.Card(ctx, handoff)
	if err != nil || row.Fold != token {
		return false, err
	}
	row.Fold = ""
	c.effects = append(c.effects, escalate.Effect{Kind: escalate.EffectDrawCard, Handoff: handoff})
	return true, c.tx.SaveCard(ctx, row)
}

// folds reports whether nothing about a hand-off asks for a card of its own.
func folds(t *escalate.Ticket, h *escalate.Handoff) bool {
	draft := t.Draft()
	switch h.State {
	case escalate.HandoffOpen:
		return draft == nil || !draft.Edited // else words of a person were given back to them
	case escalate.HandoffClaimed:
		return draft != nil && draft.State == escalate.ReplyApproved || t.UnderWay() != nil ||
			t.Conversation.WaitingSince.IsZero() && t.Asked() == nil && draft == nil
	default:
		return true
	}
}

// answer draws the fold: what is alike, and each ticket with a box to check, or what became of it.
func (f *fold) answer(ctx context.Context, tx Tx, token string) (Answer, error) {
	what := "drafts to approve"
	if f.Reason != "" {
		what = strings.ToLower(f.Reason.Words()[:1]) + f.Reason.Words()[1:]
	}
	ans := Answer{Token: token}
	waiting, undoable := 0, false
	for i, one := range f.Tickets {
		t, err := tx.Ticket(ctx, one.Ticket)
		if errors.Is(err, ErrNotFound) {
			continue // erased
		}
		if err != nil {
			return Answer{}, err
		}
		row, err := tx.Card(ctx, one.Handoff)
		if err != nil {
			return Answer{}, err
		}
		h := t.FindHandoff(one.Handoff)
		if row.Fold == token && h.State == escalate.HandoffOpen {
			waiting++
			ans.Boxes = append(ans.Boxes, Box{
				Value: strconv.Itoa(i), Text: "#" + t.Ref.ID + " " + shortened(t.Content.Subject, 60), Note: t.Content.Customer.Name, At: h.DueAt,
			})
			continue
		}
		if d := t.Draft(); d != nil && d.State == escalate.ReplyApproved {
			undoable = true
		}
		ans.Lines = append(ans.Lines, Line{Head: "#" + t.Ref.ID, Text: foldedWords(ctx, tx, t, h, row.Fold == token), URL: t.Content.URL})
	}
	text := foldTitle(len(f.Tickets), waiting, fmt.Sprintf("%s, topic %s", what, topicWords(f.Topic)))
	ans.Text = text
	ans.Lines = slices.Insert(ans.Lines, 0, Line{Head: text})
	if waiting > 0 {
		ans.Actions = []Action{ActFoldReply, ActFoldClaim, ActFoldShow}
	}
	if undoable {
		ans.Actions = append(ans.Actions, ActFoldUndo)
	}
	return ans, nil
}

// foldTitle says how many tickets share the message, and how many of them wait. The first one is alone in it for a moment.
func foldTitle(all, waiting int, what string) string {
	switch {
	case all != 1:
		return fmt.Sprintf("%d tickets much alike: %s. %s.", all, what, escalate.Counted(waiting, "of them waits", "of them wait"))
	case waiting == 0:
		return fmt.Sprintf("1 ticket much like others: %s. It waits no more.", what)
	}
	return fmt.Sprintf("1 ticket much like others: %s. It waits.", what)
}

// foldedWords says what became of a ticket that waits no more.
func foldedWords(ctx context.Context, tx Tx, t *escalate.Ticket, h *escalate.Handoff, inside bool) string {
	who := func(id escalate.PersonID) string { return personName(ctx, tx, id) }
	draft := t.Draft()
	switch {
	case !inside:
		return "has a card of its own"
	case h.State == escalate.HandoffTaken:
		return "taken over in the helpdesk"
	case slices.ContainsFunc(t.Replies, func(r escalate.Reply) bool {
		return r.State == escalate.ReplySent && r.Purpose.Answers() && r.By == h.Owner
	}):
		return "answered by " + who(h.Owner)
	case h.State == escalate.HandoffResolved && h.EndedBy != "":
		return "resolved by " + who(h.EndedBy)
	case !h.Active():
		return "is dealt with"
	case draft != nil && draft.State == escalate.ReplyApproved:
		return who(draft.By) + "'s reply is about to be sent"
	case t.UnderWay() != nil:
		return who(h.Owner) + "'s reply is on its way"
	}
	return "claimed by " + who(h.Owner)
}
