package desk

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"warmline/escalate"
)

// review asks whether an automatic answer was right. It keeps what the decision said, because the ticket moves on.
type review struct {
	Ticket     escalate.TicketID `json:"ticket"`
	Reply      escalate.ReplyID  `json:"reply"`
	Topic      string            `json:"topic"`
	Confidence float64           `json:"confidence"`
	Verdict    escalate.Verdict  `json:"verdict,omitempty"`
	By         escalate.PersonID `json:"by,omitempty"`
}

const (
	// reviewAfter is how long after an answer its review is asked for: by then the customer has often said what they make of
	// it, and nobody is called away from a ticket that waits.
	reviewAfter = time.Hour
	// reviewsKept is for how long a review may be answered.
	reviewsKept = 90 * 24 * time.Hour
)

// drawReview puts an automatic answer that has just been sent before a reviewer, if it is drawn: by the ticket's hash, so that
// nobody can pick which answers are looked at.
func (c *change) drawReview(ctx context.Context, r *escalate.Reply) error {
	if r.ByPerson() || r.Purpose != escalate.PurposeAnswer {
		return nil
	}
	d, err := decisionOf(ctx, c.tx, c.ticket, r)
	if err != nil {
		return err
	}
	week := c.tx.Now().Add(-7 * 24 * time.Hour)
	answered, err := c.tx.AutoCount(ctx, d.Topic, week)
	if err != nil {
		return err
	}
	asked, err := c.tx.CountAsks(ctx, askReview, d.Topic, week)
	if err != nil {
		return err
	}
	if !escalate.Sampled(string(c.ticket.ID), "review", escalate.ReviewShare(answered, asked)) {
		return nil
	}
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	return c.s.notify(ctx, c.tx, &Ask{Token: c.s.NewToken(), Kind: askReview, Subject: d.Topic, At: c.tx.Now().Add(reviewAfter)}, &notice{
		Channel: p.ChannelOf(d.Topic),
		Review:  &review{Ticket: c.ticket.ID, Reply: r.ID, Topic: d.Topic, Confidence: d.Confidence},
	})
}

// answer draws the question, or once it is answered who said what.
func (r *review) answer(ctx context.Context, tx Tx, token string) (Answer, error) {
	t, err := tx.Ticket(ctx, r.Ticket)
	if err != nil {
		return Answer{}, err
	}
	number := "#" + t.Ref.ID
	if r.Verdict != "" {
		text := fmt.Sprintf("Review of %s: the automatic answer was %s, says %s.", number, r.Verdict, personName(ctx, tx, r.By))
		return Answer{Text: text, Lines: []Line{{Text: text}}}, nil
	}
	sent, err := tx.Text(ctx, r.Ticket, replyKey(r.Reply))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Answer{}, fmt.Errorf("load reply: %w", err)
	}
	asked, since := r.heard(t)
	ans := Answer{
		Text: fmt.Sprintf("Review of %s: was this automatic answer right?", number),
		Lines: []Line{
			{Head: "Was this automatic answer right?", Text: fmt.Sprintf("%s, topic %s, confidence %s. It was sent already; say what you think of it.",
				number, topicWords(r.Topic), percent(r.Confidence))},
			{Head: number, Text: shortened(t.Content.Subject, 200), URL: t.Content.URL},
			{Head: "Asked", Text: shortened(asked, 700)},
			{Head: "Sent", Text: shortened(sent, maxReply)},
		},
		Actions: []Action{ActRight, ActWrong}, Token: token,
	}
	if since != "" {
		ans.Lines = append(ans.Lines, Line{Head: "The customer since", Text: shortened(since, 700)})
	}
	return ans, nil
}

// heard is what the customer asked, and what they wrote since the answer.
func (r *review) heard(t *escalate.Ticket) (asked, since string) {
	reply := t.Reply(r.Reply)
	if reply == nil {
		return "", ""
	}
	if m := t.Content.Find(reply.Newest); m != nil {
		asked = m.Text
	}
	if m := t.Content.LastFrom(escalate.RoleCustomer); m != nil && m.At.After(reply.BegunAt) {
		since = m.Text
	}
	return asked, since
}

// shortened cuts a text and says so.
func shortened(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + " … (the rest is in the helpdesk)"
}

// reviewed takes a reviewer's verdict. The first one stands; who thinks otherwise has the wrong command.
func (a *act) reviewed(ctx context.Context) error {
	row, n, err := loadNotice(ctx, a.tx, a.press.Token)
	on := a.press.On
	if errors.Is(err, ErrNotFound) || err == nil && (n.Review == nil || n.elsewhere(on)) {
		return a.refuse(ctx, "That button belongs to no question of mine.")
	}
	if err != nil {
		return err
	}
	r := n.Review
	if a.change, err = a.s.change(ctx, a.tx, r.Ticket); err != nil {
		return err
	}
	if r.Verdict != "" {
		return a.noEffect(ctx, fmt.Sprintf("%s said so before you: %s.", a.name(ctx, r.By), r.Verdict))
	}
	if known, err := a.tx.Judgement(ctx, r.Reply); err == nil && known.Kind == escalate.JudgedComplaint {
		return a.noEffect(ctx, a.name(ctx, known.By)+" called it wrong already.")
	}
	r.Verdict, r.By = escalate.VerdictRight, a.press.Actor
	if a.press.Action == ActWrong {
		r.Verdict = escalate.VerdictWrong
		if err := a.say(ctx, "It counts as wrong. To stop that answer and correct it with everybody who got it: /escalate wrong %s", a.ticket().Ref.ID); err != nil {
			return err
		}
	}
	err = a.s.judged(ctx, a.tx, escalate.Judgement{
		Ticket: r.Ticket, Reply: r.Reply, Topic: r.Topic, Kind: escalate.JudgedReview, Verdict: r.Verdict, Detail: "review",
		Way: escalate.WayAuto, Confidence: r.Confidence, By: r.By,
	})
	if err != nil {
		return err
	}
	if n.Place.TS == "" {
		n.Place = on // pressed before we noted where it is
	}
	if err := saveNotice(ctx, a.tx, row, n); err != nil {
		return err
	}
	if err := enqueueNotice(ctx, a.tx, row.Token, a.tx.Now()); err != nil {
		return err
	}
	return a.done(ctx, string(r.Verdict))
}
