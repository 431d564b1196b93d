package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/brain"
	"warmline/brain/files"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// pastDesk has 95 past tickets in pages of ten, of which the last comes twice because it changed meanwhile.
type pastDesk struct {
	helpdesk.Connector

	reads []string
	fail  func(read int) error // of the n-th read, from 1
}

//nolint:unparam // helpdesk.Archive has the error
func (p *pastDesk) Past(_ context.Context, _ time.Time, cursor string) (ids []string, next string, err error) {
	from, _ := strconv.Atoi(cursor)
	for n := from; n < min(from+10, 95); n++ {
		ids = append(ids, strconv.Itoa(n))
	}
	if from+10 >= 95 {
		return append(ids, "3"), "", nil
	}
	return ids, strconv.Itoa(from + 10), nil
}

func (p *pastDesk) Read(_ context.Context, id string) (*desk.Snapshot, error) {
	p.reads = append(p.reads, id)
	if p.fail != nil {
		if err := p.fail(len(p.reads)); err != nil {
			return nil, err
		}
	}
	if id == "7" {
		return nil, fmt.Errorf("read ticket: %w", desk.ErrNotFound)
	}
	return &desk.Snapshot{Status: escalate.StatusSolved, Content: escalate.Content{
		Subject: "Lamp " + id, Customer: escalate.Customer{Name: "Ina Berg"}, Messages: []escalate.Message{
			{Role: escalate.RoleCustomer, Public: true, Text: "It stays dark.", At: time.Unix(1_700_000_000, 0).UTC()},
			{Role: escalate.RoleAgent, Text: "For colleagues only."},
			{Role: escalate.RoleBot, Public: true, Auto: true, Text: "We have received your message."},
			{Role: escalate.RoleAgent, Public: true, Text: "Hold the button."},
		},
	}}, nil
}

//nolint:unparam // helpdesk.MacroReader has the error
func (*pastDesk) Macros(context.Context, string) ([]helpdesk.Macro, string, error) {
	return []helpdesk.Macro{{ID: "m1", Title: "Reset", Body: "Hold the button."}}, "", nil
}

func imported(t *testing.T, dir string) []brain.Past {
	t.Helper()
	var all []brain.Past
	err := files.Options{}.Tickets(filepath.Join(dir, importTickets), func(_ int, p brain.Past) error { all = append(all, p); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnImportGoesOnWhereItEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, since := t.TempDir(), time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
		d := &pastDesk{fail: func(n int) error {
			switch {
			case n == 12: // asked to wait
				return &desk.Refused{Op: "read ticket", Why: "429", RetryAfter: 20 * time.Minute}
			case n == 25: // once
				return errors.New("connection reset")
			case n >= 40: // for good
				return &desk.Refused{Op: "read ticket", Why: "401: the token was revoked"}
			}
			return nil
		}}
		first := &importing{from: "shop", out: dir, since: since, connector: d, say: io.Discard}
		begun := time.Now()
		if err := first.tickets(t.Context()); err == nil || !strings.Contains(err.Error(), "token was revoked") {
			t.Fatalf("got %v, want what ended it", err)
		}
		if waited := time.Since(begun); waited != 20*time.Minute+importPause {
			t.Errorf("waited %s, want as long as it was asked to, and a second", waited)
		}
		if _, err := os.Stat(filepath.Join(dir, importTickets)); err == nil {
			t.Error("half an import looks like a whole one")
		}
		d.fail, d.reads = nil, nil
		again := &importing{from: "shop", out: dir, since: since, connector: d, say: io.Discard}
		if err := errors.Join(again.tickets(t.Context()), again.knowledge(t.Context())); err != nil {
			t.Fatal(err)
		}
		if d.reads[0] != "30" {
			t.Errorf("it went on at ticket %s, want at the page that was not whole: 30", d.reads[0])
		}
		all := imported(t, dir)
		seen := make(map[string]bool)
		for _, p := range all {
			if seen[p.ID] || p.Content.Subject != "Lamp "+p.ID {
				t.Errorf("ticket %s is there twice, or is another: %q", p.ID, p.Content.Subject)
			}
			seen[p.ID] = true
			if n := len(p.Content.Messages); n != 2 || p.Reply() != "Hold the button." {
				t.Errorf("ticket %s has %d messages and the reply %q; notes and automatic mail stay out", p.ID, n, p.Reply())
			}
		}
		if len(all) != 94 || again.read != 94 || first.gone != 1 || again.macros != 1 {
			t.Errorf("%d tickets, %d read, %d gone, %d macros", len(all), again.read, first.gone, again.macros)
		}
		left, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(left) != 2 {
			t.Errorf("left over: %q, %v", left, err)
		}
	})
}

func TestAnImportOfSomethingElseBeginsAnew(t *testing.T) {
	dir := t.TempDir()
	d := &pastDesk{fail: func(n int) error {
		if n == 15 {
			return &desk.Refused{Op: "read ticket", Why: "401"}
		}
		return nil
	}}
	im := &importing{from: "shop", out: dir, connector: d, say: io.Discard}
	if err := im.tickets(t.Context()); err == nil {
		t.Fatal("no error")
	}
	d.fail, d.reads = nil, nil
	other := &importing{from: "shop", out: dir, since: time.Unix(1, 0).UTC(), connector: d, say: io.Discard}
	if err := other.tickets(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.reads[0] != "0" || len(imported(t, dir)) != 94 {
		t.Errorf("it went on at %s, and has %d tickets", d.reads[0], len(imported(t, dir)))
	}
}
