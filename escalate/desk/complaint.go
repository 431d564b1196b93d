package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
)

// wrong takes a complaint about the newest automatic answer in a ticket.
func (a *act) wrong(ctx context.Context, args []string) error {
	id, err := a.find(ctx, "wrong", args)
	if id == "" {
		return err
	}
	if a.change, err = a.s.change(ctx, a.tx, id); err != nil {
		return err
	}
	return a.complain(ctx)
}

// complain makes the newest automatic answer of the ticket at hand count as wrong, stops that answer for everybody, and offers
// to put it right with those who got it.
func (a *act) complain(ctx context.Context) error {
	t := a.ticket()
	r := lastAutomatic(t)
	if r == nil {
		return a.say(ctx, "I sent no automatic answer in #%s.", t.Ref.ID)
	}
	d, err := decisionOf(ctx, a.tx, t, r)
	if err != nil {
		return err
	}
	err = a.s.judged(ctx, a.tx, escalate.Judgement{
		Ticket: t.ID, Reply: r.ID, Topic: d.Topic, Kind: escalate.JudgedComplaint, Verdict: escalate.VerdictWrong, Detail: "complaint",
		Way: escalate.WayAuto, Confidence: d.Confidence, By: a.press.Actor,
	})
	if err != nil {
		return err
	}
	if err := a.done(ctx, "complaint"); err != nil {
		return err
	}
	stopped, err := a.stop(ctx, r.Answer, d.Topic)
	if err != nil {
		return err
	}
	c := &correction{Ticket: t.ID, Topic: d.Topic, Answer: r.Answer, Since: a.tx.Now().Add(-correctedWithin)}
	others, err := c.others(ctx, a.tx)
	if err != nil {
		return err
	}
	token := a.s.NewToken()
	if err := c.save(ctx, a.tx, token, a.tx.Now()); err != nil {
		return err
	}
	text := fmt.Sprintf("Thank you: the answer in #%s counts as wrong.", t.Ref.ID)
	lines := []Line{{Text: text}, {Text: stopped}, {Head: "The same answer went to", Text: others.words()}, {Text: correctWords}}
	return a.answer(ctx, Answer{
		Text:    text + " " + stopped,
		Lines:   append(lines, others.restWords(t.Ref.ID)...),
		Actions: []Action{ActCorrect}, Token: token,
	})
}

const correctWords = "The customers have not been told anything. “Draft corrections” asks you for the right answer and brings each ticket " +
	"here with it as a draft; nothing is sent before a person approves it."

// stop keeps an answer from being given again. It makes the machine do less, so it holds at once; a lead may allow it again.
func (a *act) stop(ctx context.Context, answer, topic string) (words string, err error) {
	if answer == "" {
		return "It was no answer on file, so there is none to stop.", nil
	}
	for i := range a.policy.Exclusions {
		if x := &a.policy.Exclusions[i]; x.Answer == answer {
			return fmt.Sprintf("That answer (%s) is stopped already, as %s.", answer, x.ID), nil
		}
	}
	edit, err := exclusionEdit("answer", answer)
	if err != nil {
		return "", err
	}
	next, err := a.policy.Clone()
	if err != nil {
		return "", err
	}
	edit(next)
	next.Version = a.policy.Version + 1
	x := next.Exclusions[len(next.Exclusions)-1].ID
	if err := a.save(ctx, next, fmt.Sprintf("the answer %s was called wrong in #%s", answer, a.ticket().Ref.ID)); err != nil {
		return "", err
	}
	text := fmt.Sprintf("I do not give the answer %s any more: %s called it wrong in #%s.", answer, a.who.Name, a.ticket().Ref.ID)
	err = a.s.announce(ctx, a.tx, next.ChannelOf(topic), Answer{Text: text, Lines: []Line{
		{Head: text},
		{Head: "Policy", Text: fmt.Sprintf("version %d. Mend where it comes from; then a lead allows it again:", next.Version)},
		{Head: "Allow", Text: "/escalate exclude remove " + x, Code: true},
	}})
	return fmt.Sprintf("That answer (%s) is not given any more. A lead allows it again with /escalate exclude remove %s.", answer, x), err
}

// correctedWithin is how far back an answer that was wrong is put right.
const correctedWithin = 30 * 24 * time.Hour

// correction is an answer that was wrong, as the row of its question keeps it.
type correction struct {
	Ticket escalate.TicketID `json:"ticket"` // in which it was called wrong
	Topic  string            `json:"topic"`
	Answer string            `json:"answer,omitempty"` // "" when it is no answer on file: then nobody else got it
	Since  time.Time         `json:"since"`
	In     string            `json:"in,omitempty"` // Slack channel id in which the right answer was asked for
	By     escalate.PersonID `json:"by,omitempty"` // who had the corrections drafted; "" until somebody has
}

func (c *correction) save(ctx context.Context, tx Tx, token string, at time.Time) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode correction: %w", err)
	}
	return tx.PutAsk(ctx, &Ask{Token: token, Kind: askCorrect, Subject: c.Topic, At: at, Body: body})
}

const (
	// mostCorrected bounds how many tickets one complaint brings back: all of it is one transaction, and a flood of cards for people.
	mostCorrected = 200
	// mostAnswered is how many receivers are counted: as many as the store looks at.
	mostAnswered = 1000
)

// receivers are the other tickets that got the same answer by itself.
type receivers struct {
	now  []*escalate.Ticket // whom one complaint brings back, those decided last first
	more int                // whom it leaves for the next one
	back int                // who was brought back for a wrong answer before, and still is
}

// others finds who else got the answer.
func (c *correction) others(ctx context.Context, tx Tx) (*receivers, error) {
	r := new(receivers)
	if c.Answer == "" {
		return r, nil
	}
	all, err := tx.AnsweredWith(ctx, c.Topic, c.Answer, c.Since, mostAnswered)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		switch {
		case t.ID == c.Ticket:
		case t.Decision != nil && t.Decision.World.Wrong:
			r.back++
		case len(r.now) < mostCorrected:
			r.now = append(r.now, t)
		default:
			r.more++
		}
	}
	return r, nil
}

// restWords says how those are reached that one complaint does not bring back.
func (r *receivers) restWords(number string) []Line {
	if r.more == 0 {
		return nil
	}
	return []Line{
		{Head: "At most", Text: fmt.Sprintf("%d are brought back at once; %d more got it. Once these have their cards, say it again for the rest:", mostCorrected, r.more)},
		{Text: "/escalate wrong " + number, Code: true},
	}
}

// words names them, of many only the first, and says how many there are beside them.
func (r *receivers) words() string {
	words := "nobody else in the last 30 days"
	if len(r.now) > 0 {
		var numbers []string
		for _, t := range r.now[:min(len(r.now), linesShown)] {
			numbers = append(numbers, "#"+t.Ref.ID)
		}
		words = strings.Join(numbers, ", ")
		if more := len(r.now) + r.more - len(numbers); more > 0 {
			words += fmt.Sprintf(" and %d more", more)
		}
	}
	if r.back > 0 {
		words += fmt.Sprintf(", beside %d brought back already", r.back)
	}
	return words
}

// lastAutomatic is the newest answer that went out without a person, or nil.
func lastAutomatic(t *escalate.Ticket) *escalate.Reply {
	for i := len(t.Replies) - 1; i >= 0; i-- {
		if r := &t.Replies[i]; r.Automatic() {
			return r
		}
	}
	return nil
}
