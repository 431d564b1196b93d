package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"warmline/escalate"
)

// expert is a question about a ticket to people of another channel. Whoever answers need be no agent: they see what was put to
// them, and their words go to the card's thread alone.
type expert struct {
	Ticket   escalate.TicketID   `json:"ticket"`
	Handoff  escalate.HandoffID  `json:"handoff"`
	By       escalate.PersonID   `json:"by"`
	Question string              `json:"question"`
	Answered []escalate.PersonID `json:"answered,omitempty"`
}

// askExpert puts a question about the ticket to another channel. The ticket stays where it is.
func (a *act) askExpert(ctx context.Context) error {
	t := a.ticket()
	e := &expert{Ticket: t.ID, Handoff: t.Handoff.ID, By: a.press.Actor, Question: strings.TrimSpace(a.press.Fields["text"])}
	row := &Ask{Token: a.s.NewToken(), Kind: askExpert, Subject: string(t.ID), At: a.tx.Now()}
	if err := a.s.notify(ctx, a.tx, row, &notice{Channel: a.press.Fields["where"], Expert: e}); err != nil {
		return err
	}
	return a.done(ctx, "asked an expert in "+a.press.Fields["where"])
}

// answer draws the question.
func (e *expert) answer(ctx context.Context, tx Tx, token string) (Answer, error) {
	t, err := tx.Ticket(ctx, e.Ticket)
	if err != nil {
		return Answer{}, err
	}
	known, err := assessmentOf(ctx, tx, t)
	if err != nil {
		return Answer{}, err
	}
	text := fmt.Sprintf("%s asks for your help with ticket #%s.", personName(ctx, tx, e.By), t.Ref.ID)
	ans := Answer{Text: text, Lines: []Line{
		{Head: text},
		{Head: "Question", Text: e.Question},
		{Head: "#" + t.Ref.ID, Text: shortened(t.Content.Subject, 200), URL: t.Content.URL},
		{Head: "The customer wants", Text: shortened(known.Ask, 500)},
		{Head: "Summary", Text: shortened(known.Summary, 1000)},
	}, Token: token}
	if len(e.Answered) > 0 {
		names := make([]string, len(e.Answered))
		for i, id := range e.Answered {
			names[i] = personName(ctx, tx, id)
		}
		ans.Lines = append(ans.Lines, Line{Head: "Answered", Text: "by " + strings.Join(names, ", ")})
	}
	if h := t.FindHandoff(e.Handoff); h.Active() {
		ans.Actions = []Action{ActAnswer}
		ans.Lines = append(ans.Lines, Line{Text: "“Answer” brings your words to the thread of the ticket. The customer does not see them."})
	} else {
		ans.Lines = append(ans.Lines, Line{Text: "The ticket is dealt with; thank you."})
	}
	return ans, nil
}

// answerExpert takes an expert's answer to the thread of the ticket's card, and mentions who asked.
func (a *act) answerExpert(ctx context.Context) error {
	row, n, err := loadNotice(ctx, a.tx, a.press.Token)
	on := a.press.On
	if errors.Is(err, ErrNotFound) || err == nil && (n.Expert == nil || n.elsewhere(on)) {
		return a.refuse(ctx, "That button belongs to no question of mine.")
	}
	if err != nil {
		return err
	}
	e := n.Expert
	if a.change, err = a.s.change(ctx, a.tx, e.Ticket); err != nil {
		return err
	}
	h := a.ticket().FindHandoff(e.Handoff)
	if !h.Active() {
		a.press.On.Channel = n.Place.Channel
		return a.noEffect(ctx, fmt.Sprintf("#%s is dealt with; your answer is not needed any more.", a.ticket().Ref.ID))
	}
	if a.press.Action == ActAnswer {
		a.ack.Open = &Modal{Action: ActSubmitAnswer, Token: row.Token, Head: e.Question}
		return nil
	}
	post := ThreadPost{
		Key: "expert-" + a.press.ID, Head: a.who.Name + " answers", Text: strings.TrimSpace(a.press.Fields["text"]), Mention: e.By, At: a.tx.Now(),
	}
	if err := a.change.enqueueThread(ctx, h, post); err != nil {
		return err
	}
	e.Answered = append(e.Answered, a.press.Actor)
	if err := saveNotice(ctx, a.tx, row, n); err != nil {
		return err
	}
	if err := enqueueNotice(ctx, a.tx, row.Token, a.tx.Now()); err != nil {
		return err
	}
	return a.done(ctx, "answered as an expert")
}

// unheard tells who asked that their question could not be posted where they wanted it.
func (e *expert) unheard(ctx context.Context, s *Service, tx Tx, why string) error {
	c, err := s.change(ctx, tx, e.Ticket)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Your question about #%s was not posted: %s.", c.ticket.Ref.ID, why)
	return s.enqueueTell(ctx, tx, c.recipient(ctx, e.By), Answer{Text: text, Lines: []Line{{Text: text}}, Keep: e.Question})
}
