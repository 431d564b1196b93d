package helpdesktest

import (
	"context"
	"errors"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

const text = "Hold the button for five seconds."

func reply() desk.Write { return desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: text} }

func wantNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("%s: got %v, want desk.ErrNotFound", what, err)
	}
}

// wantOpen checks that an error does not claim to know that nothing was applied.
func wantOpen(t *testing.T, what string, err error) {
	t.Helper()
	var refused *desk.Refused
	if err == nil || errors.As(err, &refused) || errors.Is(err, desk.ErrNotFound) {
		t.Errorf("%s: got %v, want an error that leaves open whether it was applied", what, err)
	}
}

func refusesMoved(c *contract) {
	t, f := c.t, c.Fixture
	needStamps(t, f)
	id := f.Create(t, first)
	before := read(t, f, id).Stamp
	f.CustomerSays(t, id, "Wait, it works now!")
	w := reply()
	w.Stamp = before
	_, err := f.Desk.Write(t.Context(), id, w)
	var refused *desk.Refused
	if !errors.As(err, &refused) || !refused.Moved {
		t.Errorf("got %v, want a *desk.Refused that says Moved", err)
	}
	want(t, "messages sent", f.Count(t, id, text), 0)

	w.Stamp = read(t, f, id).Stamp
	if newer := f.Desk.Limits().Newer; newer != nil {
		want(t, "the later stamp is newer", newer(w.Stamp, before), true)
		want(t, "the earlier stamp is newer", newer(before, w.Stamp), false)
		want(t, "a stamp is newer than itself", newer(before, before), false)
	}
	write(t, f, id, w)
	want(t, "messages sent at the right stamp", f.Count(t, id, text), 1)
}

func neverDoubles(c *contract) {
	t, f, m := c.t, c.Fixture, c.middle
	needStamps(t, f)
	id := f.Create(t, first)
	w := reply()
	w.Stamp = read(t, f, id).Stamp
	m.strike(errorAfter, true)
	_, err := f.Desk.Write(t.Context(), id, w)
	wantOpen(t, "applied, answered 500", err)
	_, err = f.Desk.Write(t.Context(), id, w)
	var refused *desk.Refused
	if err != nil && (!errors.As(err, &refused) || !refused.Moved) {
		t.Errorf("repeat: got %v, want success or Moved", err)
	}
	want(t, "messages sent", f.Count(t, id, text), 1)
	find(t, read(t, f, id), w.Key)
}

func needStamps(t *testing.T, f Fixture) {
	t.Helper()
	if !f.Desk.Limits().Stamps {
		t.Skip("SKIPPED: this helpdesk has no version stamps; one that has them would run it")
	}
}

func saysWhenToComeBack(c *contract) {
	t, f, m := c.t, c.Fixture, c.middle
	id := f.Create(t, first)
	calls := map[string]func() error{
		"reply":  func() error { _, err := f.Desk.Write(t.Context(), id, reply()); return err },
		"status": func() error { return setStatus(t.Context(), f, id) },
	}
	for name, call := range calls {
		m.strike(tooMany, true)
		err := call()
		var refused *desk.Refused
		if !errors.As(err, &refused) || refused.RetryAfter < 6*time.Second || refused.RetryAfter > 8*time.Second || refused.Moved {
			t.Errorf("%s: got %v, want a *desk.Refused with RetryAfter of 7 s, or what is left of them", name, err)
		}
	}
	m.strike(tooMany, false)
	_, err := f.Desk.Read(t.Context(), id)
	var refused *desk.Refused
	if !errors.As(err, &refused) || refused.RetryAfter == 0 {
		t.Errorf("read: got %v, want a *desk.Refused with RetryAfter", err)
	}
	want(t, "messages sent", f.Count(t, id, text), 0)
}

func setStatus(ctx context.Context, f Fixture, id string) error {
	_, err := f.Desk.Write(ctx, id, desk.Write{Kind: desk.WriteStatus, Key: "job-status", Status: escalate.StatusPending})
	return err
}

func leavesLostAnswerOpen(c *contract) {
	t, f, m := c.t, c.Fixture, c.middle
	for _, test := range []struct {
		fault fault
		sent  int
	}{{errorBefore, 0}, {errorAfter, 1}, {cutBefore, 0}, {cutAfter, 1}} {
		id := f.Create(t, first)
		m.strike(test.fault, true)
		_, err := f.Desk.Write(t.Context(), id, reply())
		wantOpen(t, string(test.fault), err)
		// The connector did not repeat it on its own either.
		want(t, "messages sent after "+string(test.fault), f.Count(t, id, text), test.sent)
	}
}

func saysNotFound(c *contract) {
	t, f := c.t, c.Fixture
	_, err := f.Desk.Read(t.Context(), f.Missing)
	wantNotFound(t, "read", err)
	for _, w := range []desk.Write{
		reply(),
		{Kind: desk.WriteNote, Key: "job-note", Text: text},
		{Kind: desk.WriteStatus, Key: "job-status", Status: escalate.StatusPending},
	} {
		_, err := f.Desk.Write(t.Context(), f.Missing, w)
		wantNotFound(t, "write "+string(w.Kind), err)
	}
}

func followsNoRedirect(c *contract) {
	t, f, m := c.t, c.Fixture, c.middle
	id := f.Create(t, first)
	for _, writes := range []bool{false, true} {
		m.strike(redirect, writes)
		var err error
		if writes {
			_, err = f.Desk.Write(t.Context(), id, reply())
		} else {
			_, err = f.Desk.Read(t.Context(), id)
		}
		wantOpen(t, "redirect", err)
	}
	struck, strayed := m.struck()
	want(t, "redirected", struck, true)
	want(t, "calls that reached the other host", strayed, 0)
}

func readsNoEndlessAnswer(c *contract) {
	t, f, m := c.t, c.Fixture, c.middle
	id := f.Create(t, first)
	m.strike(endless, false)
	_, err := f.Desk.Read(t.Context(), id)
	wantOpen(t, "endless answer", err)
	const most = 64 << 20
	if got := m.taken(); got > most {
		t.Errorf("read %d bytes of an endless answer, want at most %d", got, most)
	}
}

func givesUpAtDeadline(c *contract) {
	t, f, m := c.t, c.Fixture, c.middle
	id := f.Create(t, first)
	m.strike(silence, true)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := f.Desk.Write(ctx, id, reply())
	wantOpen(t, "no answer", err)
	want(t, "ended by the deadline", errors.Is(err, context.DeadlineExceeded), true)
}
