package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// BenchmarkHomeOpens lets six people open App Home four times a second between them, over a queue of 500 hand-offs and a day of
// 5,000 tickets that are done. The wait is the person's: from opening the tab until Slack has the view. With Slack's limits held,
// too, the refreshing of the homes that are open must leave room.
func BenchmarkHomeOpens(b *testing.B) {
	onEachEngine(b, func(b *testing.B, open func(*testing.B) string) {
		b.Run("free", func(b *testing.B) { homeOpens(b, open(b), false) })
		b.Run("limited", func(b *testing.B) { homeOpens(b, open(b), true) })
	})
}

func homeOpens(b *testing.B, dsn string, limits bool) {
	const opens, perSecond = 60, 4
	bare := measureBare(b, dsn)
	w := newBenchWorld(b, dsn, len(benchChannels), func(w *benchWorld) { w.limits = limits })
	w.fillQueue(b, 500, 5000)
	for _, person := range benchPeople {
		if err := w.openHome(person, "of 42"); err != nil {
			b.Fatal(err)
		}
	}
	var opened sample
	for b.Loop() {
		waits := make(sample, opens)
		openLoop(b, opens, perSecond, func(i int, start time.Time) error {
			if err := w.claimOne(b, i); err != nil { // so that every open home changes all the time
				return err
			}
			err := w.openHome(benchPeople[i%len(benchPeople)], "Team queue")
			waits[i] = time.Since(start)
			return err
		})
		opened = append(opened, waits...)
	}
	bare.again(b)
	opened.report(b, bounds{p99: homeP99}, bare)
}

// openHome has a person open the Home tab, which must then show the words.
func (w *benchWorld) openHome(person, words string) error {
	var home struct {
		OK        bool            `json:"ok"`
		Published bool            `json:"published"`
		View      json.RawMessage `json:"view"`
		Error     string          `json:"error"`
	}
	err := w.post(w.slack+"/_control/home", map[string]any{"user": person}, nil, &home)
	switch {
	case err != nil:
		return err
	case !home.OK || !home.Published:
		return fmt.Errorf("open home of %s: published %v %s", person, home.Published, home.Error)
	case !bytes.Contains(home.View, []byte(words)):
		return fmt.Errorf("home of %s does not show %q: %s", person, words, home.View)
	}
	return nil
}

// queuedTicket is the nth ticket of the benchmark's queue. A hand-off that is done is no longer in it.
func queuedTicket(n int, now time.Time, state escalate.HandoffState) *escalate.Ticket {
	t := &escalate.Ticket{
		Ref: escalate.Ref{Desk: deskName, ID: strconv.Itoa(100_000 + n)},
		Handoff: &escalate.Handoff{
			ID: escalate.HandoffID(fmt.Sprint("home-", n)), State: state, Channel: benchChannels[n%len(benchChannels)],
			OpenedAt: now.Add(-time.Duration(n) * time.Minute), DueAt: now.Add(time.Duration(n*7919%1000-100) * time.Minute),
		},
		Decision: &escalate.Decision{
			Way: escalate.WayEscalate, At: now, Topic: fmt.Sprint("topic ", n%20), Reasons: []escalate.Reason{{Kind: escalate.LowConfidence}},
			Draft: escalate.DraftApproval,
		},
		Content: escalate.Content{Subject: fmt.Sprintf("Subject %d: how many days does the delivery to Cork take?", n)},
	}
	t.Conversation.WaitingSince = now.Add(-time.Hour)
	if n%3 == 0 {
		t.Replies = []escalate.Reply{{ID: escalate.ReplyID(fmt.Sprint("draft-", n)), Purpose: escalate.PurposeAnswer, State: escalate.ReplyProposed}}
	}
	return t
}

// fillQueue makes a queue of active hand-offs, whose cards are posted, and tickets that are done.
func (w *benchWorld) fillQueue(b *testing.B, active, done int) {
	b.Helper()
	err := w.app.store.Update(b.Context(), func(tx desk.Tx) error {
		for n := range active + done {
			state := escalate.HandoffOpen
			if n >= active {
				state = escalate.HandoffResolved
			}
			t := queuedTicket(n, tx.Now(), state)
			id, _, err := tx.CreateTicket(b.Context(), t)
			if err != nil {
				return err
			}
			if n >= active {
				continue
			}
			err = tx.SaveCard(b.Context(), &desk.CardRow{
				Handoff: t.Handoff.ID, Ticket: id, Token: fmt.Sprint("token-", n), Channel: t.Handoff.Channel,
				Place: desk.Place{Channel: "C0BENCH", TS: fmt.Sprintf("1795176000.%06d", n)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// claimOne claims one of the hand-offs for somebody, in the database alone: nothing of it goes to Slack or the helpdesk.
func (w *benchWorld) claimOne(b *testing.B, n int) error {
	return w.app.store.Update(b.Context(), func(tx desk.Tx) error {
		t, err := tx.TicketByRef(b.Context(), escalate.Ref{Desk: deskName, ID: strconv.Itoa(100_000 + n%500)})
		if err != nil {
			return err
		}
		claimed := escalate.Claimed{By: "U0BENCH"}
		_, err = t.Apply(tx.Now(), claimed)
		if refused := (*escalate.TransitionError)(nil); errors.As(err, &refused) {
			return nil // an earlier round claimed it
		}
		return errors.Join(err, tx.SaveTicket(b.Context(), t, []desk.Happened{{At: tx.Now(), Actor: "U0BENCH", Event: claimed}}))
	})
}
