package desk

import (
	"context"
	"errors"
	"fmt"

	"warmline/escalate"
)

// JobWatch works out, after a judgement that speaks against a topic, whether it has to go one rung down.
const JobWatch = "watch-topic"

// judged keeps a judgement. Only a wrong answer can take a rung away, so only then is the topic looked at.
func (s *Service) judged(ctx context.Context, tx Tx, j escalate.Judgement) error {
	if err := tx.SaveJudgement(ctx, j); err != nil {
		return err
	}
	if j.Verdict != escalate.VerdictWrong {
		return nil
	}
	w, err := newJob(JobWatch, watchWork{Topic: j.Topic})
	if err != nil {
		return err
	}
	w.Key = j.Topic
	return tx.Enqueue(ctx, w)
}

// feedback keeps what a person made of a draft: for the topic's record, and as a judgement where the words were the AI's.
func (a *act) feedback(ctx context.Context, r *escalate.Reply, detail string, verdict escalate.Verdict) error {
	d, err := decisionOf(ctx, a.tx, a.ticket(), r)
	if err != nil {
		return err
	}
	seen := detail
	if detail == "cosmetic" { // in the record "unedited" means to the letter
		seen = "edited"
	}
	err = a.tx.AddFeedback(ctx, Feedback{Ticket: a.ticket().ID, Reply: r.ID, Topic: d.Topic, By: a.press.Actor, Verdict: seen})
	if err != nil || r.Edited || r.Purpose != escalate.PurposeAnswer {
		return err
	}
	return a.s.judged(ctx, a.tx, escalate.Judgement{
		Ticket: a.ticket().ID, Reply: r.ID, Topic: d.Topic, Kind: escalate.JudgedDraft, Verdict: verdict, Detail: detail,
		Way: d.Way, Confidence: d.Confidence, By: a.press.Actor,
	})
}

// edited keeps what an edit says of the draft: nothing against it when the sense is the same.
func (a *act) edited(ctx context.Context, draft *escalate.Reply, sent string) error {
	text, err := a.tx.Text(ctx, a.ticket().ID, replyKey(draft.ID))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("load draft: %w", err)
	}
	if err == nil && escalate.Cosmetic(text, sent) {
		return a.feedback(ctx, draft, "cosmetic", escalate.VerdictRight)
	}
	return a.feedback(ctx, draft, "edited", escalate.VerdictWrong)
}

// takeBack makes an approval that was undone count for nothing.
func (a *act) takeBack(ctx context.Context, r *escalate.Reply) error {
	j, err := a.tx.Judgement(ctx, r.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	void := *j
	void.Verdict, void.Detail, void.At = escalate.VerdictVoid, "undone", a.tx.Now()
	return a.tx.SaveJudgement(ctx, void)
}

// decisionOf is the decision that a reply belongs to: the newest one, unless the ticket was decided again since.
func decisionOf(ctx context.Context, tx Tx, t *escalate.Ticket, r *escalate.Reply) (escalate.Decision, error) {
	if d := t.Decision; d != nil && d.AnswerID == r.Answer && d.Newest == r.Newest {
		return *d, nil
	}
	history, err := tx.History(ctx, t.ID)
	if err != nil {
		return escalate.Decision{}, fmt.Errorf("load history: %w", err)
	}
	for _, h := range history {
		if e, ok := h.Event.(escalate.Decided); ok && e.Reply != nil && e.Reply.ID == r.ID {
			return e.Decision, nil
		}
	}
	if t.Decision == nil {
		return escalate.Decision{}, nil
	}
	return *t.Decision, nil // a person's own words: they belong to what the ticket is about now
}
