package builtin_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/builtin"
)

func TestEveryChangeIsToldBySignedWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{})
		defer w.stop()
		id := create(t, w.desk, builtin.NewTicket{Subject: "Lamp"}).ID
		synctest.Wait()
		add(t, w.desk, id, builtin.NewMessage{Role: "customer", Text: "And?"})
		synctest.Wait()
		if got := w.got(); got != "1001 1001" {
			t.Errorf("told of %q, want of 1001 twice", got)
		}
	})
}

func TestWebhookIsRetriedUntilItIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{})
		defer w.stop()
		w.setDown(true)
		create(t, w.desk, builtin.NewTicket{Subject: "Lamp"})
		time.Sleep(time.Hour)
		w.setDown(false)
		if got := w.got(); got != "" {
			t.Fatalf("kept %q while it was down", got)
		}
		time.Sleep(time.Minute) // the longest wait between two tries
		synctest.Wait()
		if got := w.got(); got != "1001" || w.repeats != 0 {
			t.Errorf("told of %q and %d repeats, want 1001 once", got, w.repeats)
		}
	})
}

func TestOwedWebhooksSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.journal")
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{Journal: path})
		create(t, w.desk, builtin.NewTicket{Subject: "told"})
		synctest.Wait()
		w.setDown(true)
		create(t, w.desk, builtin.NewTicket{Subject: "owed"})
		time.Sleep(time.Second)
		w.stop()
		again := start(t, builtin.Options{Journal: path})
		defer again.stop()
		synctest.Wait()
		if got := again.got(); got != "1002" {
			t.Errorf("after the restart told of %q, want 1002 alone", got)
		}
	})
}

func TestWebhookFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{})
		defer w.stop()
		tell := func(fault string) {
			w.fault(fault)
			create(t, w.desk, builtin.NewTicket{Subject: "Lamp"})
			synctest.Wait()
		}
		tell(`{"op":"webhook","kind":"drop","times":1}`)
		if got := w.got(); got != "" {
			t.Errorf("dropped, and yet told of %q", got)
		}
		tell(`{"op":"webhook","kind":"duplicate","times":1}`)
		if got := w.got(); got != "1002" || w.repeats != 1 {
			t.Errorf("duplicate: told of %q and %d repeats, want 1002 and one repeat", got, w.repeats)
		}
		tell(`{"op":"webhook","kind":"late_apply","delay_ms":60000,"times":1}`)
		time.Sleep(59 * time.Second)
		if got := w.got(); got != "1002" {
			t.Errorf("told of %q before its time", got)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := w.got(); got != "1002 1003" {
			t.Errorf("told of %q, want 1003 by now", got)
		}
	})
}

func TestPollFindsEveryChangeWhenAllWebhooksAreLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{})
		defer w.stop()
		w.fault(`{"op":"webhook","kind":"drop"}`)
		w.fault(`{"op":"changes","kind":"500_before","probability":0.3,"seed":7}`)
		w.fault(`{"op":"changes","kind":"stale_read","probability":0.3,"seed":8}`)
		create(t, w.desk, builtin.NewTicket{Subject: "before go-live"})

		var cursor string
		ctx, stop := context.WithCancel(w.ctx)
		defer stop()
		poller := helpdesk.Poller{
			Desk: "shop", Changes: w.connector.Changes, Receive: w.receive,
			Load: func(context.Context) (string, error) { return cursor, nil },
			Save: func(_ context.Context, c string) error { cursor = c; return nil },
		}
		var running sync.WaitGroup
		running.Go(func() {
			if err := poller.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(10 * time.Minute)
		want := 0
		for range 3 {
			for range 150 {
				create(t, w.desk, builtin.NewTicket{Subject: "Lamp"})
				want++
			}
			time.Sleep(10 * time.Minute)
		}
		stop()
		running.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.tickets) != want || w.tickets[0] != "1002" {
			t.Errorf("found %d changes, want all %d since go-live", len(w.tickets), want)
		}
	})
}
