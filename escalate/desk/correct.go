package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate"
)

// JobCorrect brings one ticket that got a wrong answer before people.
const JobCorrect = "correct"

type correctWork struct {
	Ticket escalate.TicketID `json:"ticket"`
	Text   string            `json:"text"` // the right answer, as a person typed it
	Lang   string            `json:"lang"` // the language that it is in
	By     Recipient         `json:"by"`
}

// correct asks for the right answer, and with it has the corrections drafted.
func (a *act) correct(ctx context.Context) error {
	row, c, err := loadCorrection(ctx, a.tx, a.press.Token)
	if errors.Is(err, ErrNotFound) {
		return a.refuse(ctx, "That button belongs to no question of mine. Please say again: /escalate wrong N")
	}
	if err != nil {
		return err
	}
	if a.change, err = a.s.change(ctx, a.tx, c.Ticket); err != nil {
		return err
	}
	if c.By != "" {
		return a.noEffect(ctx, a.name(ctx, c.By)+" had the corrections drafted already.")
	}
	others, err := c.others(ctx, a.tx)
	if err != nil {
		return err
	}
	lang, err := langOf(ctx, a.tx, a.ticket())
	if err != nil {
		return err
	}
	if a.press.Action == ActCorrect {
		head := fmt.Sprintf("The wrong answer went to #%s and to %s.", a.ticket().Ref.ID, others.words())
		c.In = a.press.On.Channel
		a.ack.Open = &Modal{Action: ActSubmitCorrect, Token: row.Token, Head: head, Text: correctionText(lang, a.policy.Team)}
		return c.save(ctx, a.tx, row.Token, row.At)
	}
	c.By, a.press.On.Channel = a.press.Actor, c.In
	// Commit point: from here each ticket is brought back once, whatever happens to this process.
	if err := c.save(ctx, a.tx, row.Token, row.At); err != nil {
		return err
	}
	all := slices.Insert(others.now, 0, a.ticket())
	for _, t := range all {
		j, err := newJob(JobCorrect, correctWork{Ticket: t.ID, Text: strings.TrimSpace(a.press.Fields["text"]), Lang: lang, By: a.recipient()})
		if err != nil {
			return err
		}
		j.Key, j.Group = row.Token+":"+string(t.ID), ticketGroup(t)
		if err := a.tx.Enqueue(ctx, j); err != nil {
			return err
		}
	}
	if err := a.done(ctx, escalate.Counted(len(all), "correction drafted", "corrections drafted")); err != nil {
		return err
	}
	text := fmt.Sprintf("Tickets to correct: %d. Each comes as a card in its channel; nothing is sent before a person approves it.", len(all))
	return a.answer(ctx, Answer{Text: text, Lines: append([]Line{{Text: text}}, others.restWords(a.ticket().Ref.ID)...)})
}

func loadCorrection(ctx context.Context, tx Tx, token string) (*Ask, *correction, error) {
	row, err := tx.Ask(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	if row.Kind != askCorrect {
		return nil, nil, fmt.Errorf("read correction: %w", ErrNotFound)
	}
	c := new(correction)
	if err := json.Unmarshal(row.Body, c); err != nil {
		return nil, nil, fmt.Errorf("decode correction: %w", err)
	}
	return row, c, nil
}

// langOf is the language of a ticket's newest assessment; "" when there is none.
func langOf(ctx context.Context, tx Tx, t *escalate.Ticket) (string, error) {
	a, err := assessmentOf(ctx, tx, t)
	if err != nil {
		return "", err
	}
	return a.Lang, nil
}

// assessmentOf is what the brain knew when a ticket was decided last; an empty one when it was erased.
func assessmentOf(ctx context.Context, tx Tx, t *escalate.Ticket) (*escalate.Assessment, error) {
	if t.Decision == nil {
		return &escalate.Assessment{}, nil
	}
	a, err := tx.Assessment(ctx, t.ID, t.Decision.Assessment)
	if errors.Is(err, ErrNotFound) {
		return &escalate.Assessment{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load assessment of ticket %s: %w", t.ID, err)
	}
	return a, nil
}

// broughtBack reports whether a ticket was handed back for a wrong answer before: two people may complain of the same one.
func broughtBack(ctx context.Context, tx Tx, id escalate.TicketID) (bool, error) {
	history, err := tx.History(ctx, id)
	if err != nil {
		return false, fmt.Errorf("load history: %w", err)
	}
	return slices.ContainsFunc(history, func(h Happened) bool {
		e, ok := h.Event.(escalate.Decided)
		return ok && e.Decision.World.Wrong
	}), nil
}

// reopenReads is how often a ticket that was opened again is read until it counts as closed for good.
const reopenReads = 5

// bringBack opens a ticket again that got a wrong answer, and hands it to people with the correction as its draft.
func (s *Service) bringBack(ctx context.Context, j Leased) error {
	var w correctWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	var t *escalate.Ticket
	var before bool
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		if t, err = tx.Ticket(ctx, w.Ticket); err == nil {
			before, err = broughtBack(ctx, tx, t.ID)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("load ticket %s: %w", w.Ticket, err)
	}
	if before {
		return s.notCorrected(ctx, j, &w, t, "that was done before, and its card has the draft")
	}
	snap, err := s.reopened(ctx, j, t)
	if gone(j, err) {
		return s.notCorrected(ctx, j, &w, t, "it is not in the helpdesk any more")
	}
	if err != nil {
		return err
	}
	if snap.Status.Ended() {
		return s.notCorrected(ctx, j, &w, t, "the helpdesk does not open it again. Write to the customer in a new ticket")
	}
	// Commit point: reading, hand-off and draft are there together, or not at all. The ticket may be open in the helpdesk
	// before it; the next run finds it so.
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, w.Ticket)
		if err != nil {
			return err
		}
		if err := c.take(ctx, snap); err != nil {
			return err
		}
		if err := c.putRight(ctx, &w); err != nil {
			return err
		}
		return errors.Join(c.save(ctx), tx.Finish(ctx, j))
	})
}

// reopened reads a ticket, and opens it in its helpdesk when it had ended: a reply to a solved ticket would be overlooked.
func (s *Service) reopened(ctx context.Context, j Leased, t *escalate.Ticket) (*Snapshot, error) {
	snap, err := s.read(ctx, j, t)
	if err != nil || !snap.Status.Ended() || j.Attempt > reopenReads {
		return snap, err
	}
	hd, err := s.helpdesk(t.Ref)
	if err != nil {
		return nil, err
	}
	_, err = hd.Write(ctx, t.Ref.ID, Write{Kind: WriteStatus, Key: j.ID, Status: escalate.StatusOpen})
	if refused, ok := errors.AsType[*Refused](err); ok && refused.RetryAfter == 0 {
		return snap, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open ticket %s again: %w", t.Ref.ID, err)
	}
	if snap, err = s.read(ctx, j, t); err == nil && snap.Status.Ended() {
		return nil, fmt.Errorf("open ticket %s again: it still reads as %s", t.Ref.ID, snap.Status)
	}
	return snap, err
}

// notCorrected tells who asked for a correction that one ticket cannot be brought back, and gives back the words: they may have to
// write them to the customer in another way.
func (s *Service) notCorrected(ctx context.Context, j Leased, w *correctWork, t *escalate.Ticket, why string) error {
	text := fmt.Sprintf("#%s was not brought back: %s.", t.Ref.ID, why)
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(s.enqueueTell(ctx, tx, w.By, Answer{Text: text, Lines: []Line{{Text: text}}, Keep: w.Text}), tx.Finish(ctx, j))
	})
}

// putRight decides the ticket anew, now that its answer is known to be wrong. The words are a person's, so they may be approved
// as they stand; in another language than the customer's they are of no use.
func (c *change) putRight(ctx context.Context, w *correctWork) error {
	a, err := assessmentOf(ctx, c.tx, c.ticket)
	if err != nil {
		return err
	}
	p, d, err := c.decision(ctx, a, func(w *escalate.World) { w.Wrong = true })
	if err != nil {
		return err
	}
	now := c.tx.Now()
	event := escalate.Decided{Decision: d, Clock: clock(now, p, c.ticket)}
	event.Clock.Warm = 0 // the customer does not know that they wait
	event.Decision.Leave = ""
	if c.ticket.Opens(&event.Decision) {
		event.Handoff = escalate.HandoffID(c.s.NewID(now))
	}
	if err := c.retarget(ctx, p); err != nil {
		return err
	}
	if a.Lang == w.Lang {
		if event.Reply, err = c.write(ctx, escalate.PurposeHuman, w.Text, c.ticket.Conversation.Newest); err != nil {
			return err
		}
		event.Reply.Edited = true
	}
	return c.apply(string(w.By.Person), event)
}
