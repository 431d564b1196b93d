package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

// heard is what Slack was told of deadlines: when, where, and in which words.
type heard struct {
	at      time.Time
	channel string
	text    string
}

// listening is Slack as far as deadlines go: it keeps what is said and takes everything.
type listening struct {
	noRoom

	mu    sync.Mutex
	heard []heard
	away  time.Time // until when Slack answers nothing
}

// answers fails while Slack is away.
func (l *listening) answers() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Now().Before(l.away) {
		return errors.New("slack is away")
	}
	return nil
}

func (l *listening) hear(channel, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, heard{time.Now(), channel, text})
}

func (l *listening) all() []heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]heard(nil), l.heard...)
}

func (l *listening) UpdateCard(context.Context, desk.Place, *desk.Card) error { return nil }

func (l *listening) PostThread(_ context.Context, at desk.Place, posts []desk.ThreadPost, _ bool) error {
	if err := l.answers(); err != nil {
		return err
	}
	for _, p := range posts {
		l.hear(at.Channel, "#"+at.TS+" "+p.Text)
	}
	return nil
}

// listeningBoard takes what a channel as a whole is told.
type listeningBoard struct {
	noBoard
	*listening
}

func (l listeningBoard) PostNotice(_ context.Context, channel, _ string, a desk.Answer) (desk.Place, error) {
	if err := l.answers(); err != nil {
		return desk.Place{}, err
	}
	var text strings.Builder
	for _, line := range a.Lines {
		text.WriteString(line.Head + " " + line.Text + "\n")
	}
	l.hear(channel, text.String())
	return desk.Place{Channel: channel, TS: "1"}, nil
}

func (l listeningBoard) FindNotice(context.Context, string, string, time.Time) (desk.Place, error) {
	return desk.Place{}, desk.ErrNotFound
}

// targetsWorld is a store full of tickets that people have, and a runner that looks at their clocks.
type targetsWorld struct {
	store  *store.Store
	runner *queue.Runner
	slack  *listening
	policy *escalate.Policy
}

func newTargetsWorld(tb testing.TB, dsn string, change func(*escalate.Policy)) *targetsWorld {
	tb.Helper()
	w := &targetsWorld{slack: &listening{}, policy: escalate.DefaultPolicy()}
	w.policy.KeepWarm.Off = true // there is no helpdesk to send updates by
	w.policy.Version = 1
	change(w.policy)
	var err error
	if w.store, err = store.Open(tb.Context(), dsn, store.Options{}); err != nil {
		tb.Fatal(err)
	}
	service, err := desk.New(desk.Options{
		Store: w.store, Helpdesks: map[string]desk.Helpdesk{deskName: noDesk{}}, Room: w.slack, Board: listeningBoard{listening: w.slack},
		Messenger: noMessenger{}, Brain: noBrain{}, Directory: slackOfAll{}, Hours: workingHours{}, NewID: store.NewID, NewToken: newToken,
	})
	if err == nil {
		w.runner, err = newRunner(tb.Context(), w.store, service, prometheus.NewRegistry(), appConfig{Logger: slog.New(slog.DiscardHandler)})
	}
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// fill makes tickets that began to wait at given times, each handed over in a channel at once, and has their clocks looked at.
func (w *targetsWorld) fill(tb testing.TB, channel func(n int) string, began []time.Time) {
	tb.Helper()
	err := w.store.Update(tb.Context(), func(tx desk.Tx) error {
		if err := tx.SavePolicy(tb.Context(), w.policy, "warmline", "first"); err != nil {
			return err
		}
		return tx.PutSetting(tb.Context(), "targets:policy", "1") // nothing has changed since
	})
	for n := 0; n < len(began) && err == nil; {
		err = w.store.Update(tb.Context(), func(tx desk.Tx) error {
			for end := min(n+500, len(began)); n < end; n++ {
				if err := w.ticket(tb.Context(), tx, n, channel(n), began[n]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func (w *targetsWorld) ticket(ctx context.Context, tx desk.Tx, n int, channel string, began time.Time) error {
	ref := fmt.Sprintf("%05d", n)
	content := escalate.Content{Subject: "Where is my order & when does it come? I have waited for <two> weeks", Channel: "email"}
	id, _, err := tx.CreateTicket(ctx, &escalate.Ticket{Ref: escalate.Ref{Desk: deskName, ID: ref}, Content: content})
	if err != nil {
		return err
	}
	t, err := tx.Ticket(ctx, id)
	if err != nil {
		return err
	}
	handoff := escalate.HandoffID("h" + ref)
	var happened []desk.Happened
	for _, e := range []escalate.Event{
		escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m1", Customer: "m1", CustomerAt: began, WaitingSince: began}},
		escalate.Targeted{Terms: w.policy.Targets(&content)},
		escalate.Decided{Decision: escalate.Decision{Way: escalate.WayEscalate, Channel: channel, Newest: "m1", At: began}, Handoff: handoff},
	} {
		if _, err := t.Apply(began, e); err != nil {
			return err
		}
		happened = append(happened, desk.Happened{Seq: t.Version, At: began, Actor: "policy", Event: e})
	}
	watch, err := t.Watch(began, nil)
	if err != nil {
		return err
	}
	if _, err := t.Apply(began, escalate.Timed{Handoff: handoff, Due: watch.Due}); err != nil {
		return err
	}
	happened = append(happened, desk.Happened{Seq: t.Version, At: began, Actor: "warmline", Event: escalate.Timed{Handoff: handoff, Due: watch.Due}})
	if err := tx.SaveTicket(ctx, t, happened); err != nil {
		return err
	}
	card := &desk.CardRow{Handoff: handoff, Ticket: id, Token: "card" + ref, Channel: channel, Drawn: t.Version, Place: desk.Place{Channel: channel, TS: ref}}
	if err := tx.SaveCard(ctx, card); err != nil {
		return err
	}
	payload, err := json.Marshal(map[string]any{"ticket": id})
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, desk.Job{Kind: string(escalate.EffectSLA), Key: string(id), At: watch.Next, Payload: payload})
}
