package main

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/localslack/slackstory"
)

// What stories about the promise and the ladder do and look up.

// judged has people have said of so many drafts on a topic, some time ago, that they were right or wrong.
func (s *story) judged(topic string, n int, confidence float64, verdict escalate.Verdict) {
	s.t.Helper()
	err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
		for i := range n {
			err := tx.SaveJudgement(s.t.Context(), escalate.Judgement{
				Reply: escalate.ReplyID(fmt.Sprintf("%s-%s-%v-%d", topic, verdict, confidence, i)), Topic: topic, Kind: escalate.JudgedDraft,
				Verdict: verdict, Way: escalate.WayDraft, Confidence: confidence, At: tx.Now().Add(-48 * time.Hour),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// verdicts are what people said of a topic's answers, newest first, as "kind verdict detail".
func (s *story) verdicts(topic string) (all []string) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		js, err := tx.Judgements(s.t.Context(), topic, time.Time{}, 10)
		for _, j := range js {
			all = append(all, fmt.Sprintf("%s %s %s", j.Kind, j.Verdict, j.Detail))
		}
		return err
	})
	return all
}

// confirms has a lead type a command that lets the machine do more, read what it would do, and press Apply.
func (s *story) confirms(command, shows, done string) {
	s.t.Helper()
	s.escalate(command, "lea").ExpectPrivate(shows).Click("Apply").As("lea")
	s.privately("support", "lea", done)
}

// rung is where a topic stands, by the policy in force.
func (s *story) rung(topic string) (stage escalate.Stage) {
	s.t.Helper()
	_, stage = s.policy().For(topic)
	return stage
}

func (s *story) policy() (p *escalate.Policy) {
	s.t.Helper()
	s.view(func(tx desk.Tx) (err error) {
		p, err = tx.Policy(s.t.Context())
		return err
	})
	return p
}

// changedBy is who made the newest versions of the policy, newest first, and why.
func (s *story) changedBy(n int) (all []string) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		log, err := tx.PolicyLog(s.t.Context(), n)
		for _, e := range log {
			all = append(all, e.By+": "+e.Why)
		}
		return err
	})
	return all
}

// review waits for the review of an automatic answer.
func (s *story) review(t *ticket) *slackstory.Card {
	s.t.Helper()
	s.later(time.Hour)
	return s.Channel("support").ExpectCard(t.Number()).ExpectText("Was this automatic answer right?")
}

// decidesAgain takes every decision in a ticket's history anew, from what was stored with it and before it, and fails unless
// each comes out as it did then.
func (s *story) decidesAgain(t *ticket) (bounds []escalate.Bound) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		now, err := tx.FindTicket(s.t.Context(), t.id)
		if err != nil {
			return err
		}
		history, err := tx.History(s.t.Context(), now.ID)
		if err != nil {
			return err
		}
		replayed := &escalate.Ticket{ID: now.ID, Ref: now.Ref, Content: now.Content}
		for _, h := range history {
			if e, ok := h.Event.(escalate.Decided); ok {
				p, err := tx.PolicyVersion(s.t.Context(), e.Decision.Policy)
				if err != nil {
					return err
				}
				a, err := tx.Assessment(s.t.Context(), now.ID, e.Decision.Assessment)
				if err != nil {
					return err
				}
				again := escalate.Decide(e.Decision.At, p, replayed, *a, e.Decision.World)
				if diff := cmp.Diff(e.Decision, again); diff != "" {
					s.t.Errorf("%s is decided otherwise when it is replayed (-then +again):\n%s", t.Number(), diff)
				}
				bounds = append(bounds, again.Bound)
			}
			if _, err := replayed.Apply(h.At, h.Event); err != nil {
				return err
			}
		}
		return nil
	})
	return bounds
}

// wantAudit waits until the audit log holds what somebody did to something.
func (s *story) wantAudit(actor, action, subject string) {
	s.t.Helper()
	s.eventually(fmt.Sprintf("%s %s by %s in the audit log", action, subject, actor), func() (found bool) {
		s.view(func(tx desk.Tx) error {
			rows, err := tx.AuditRows(s.t.Context(), desk.AuditFilter{Limit: 1000})
			for _, r := range rows {
				found = found || r.Actor == actor && r.Action == action && r.Subject == subject
			}
			return err
		})
		return found
	}, func() string { return "" })
}
