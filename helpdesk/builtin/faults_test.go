package builtin_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk/builtin"
)

func TestFaultsOfAWrite(t *testing.T) {
	for _, tc := range []struct {
		kind        string
		now, settle int // messages when the call ends, and two seconds later
		refused     bool
	}{
		{"429", 0, 0, true},
		{"500_before", 0, 0, false},
		{"500_after", 1, 1, false},
		{"timeout_after", 1, 1, false},
		{"late_apply", 0, 1, false},
		{"drop", 0, 0, false},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := start(t, builtin.Options{})
				defer w.stop()
				id := create(t, w.desk, builtin.NewTicket{Subject: "Lamp"}).ID
				w.fault(`{"op":"message","kind":"` + tc.kind + `","times":1,"retry_after":30}`)
				reply := desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: "Try this."}
				_, err := w.connector.Write(t.Context(), id, reply)
				var refused *desk.Refused
				if errors.As(err, &refused) != tc.refused || err == nil {
					t.Errorf("got %v, want refused %v", err, tc.refused)
				}
				if got := w.sent(id, "reply-1"); got != tc.now {
					t.Errorf("%d messages as the call ends, want %d", got, tc.now)
				}
				time.Sleep(2 * time.Second)
				synctest.Wait()
				if got := w.sent(id, "reply-1"); got != tc.settle {
					t.Errorf("%d messages after the settle time, want %d", got, tc.settle)
				}
				if refused != nil {
					time.Sleep(refused.RetryAfter) // until then nobody calls
				}
				if _, err := w.connector.Write(t.Context(), id, reply); err != nil {
					t.Errorf("times is 1, and yet the second call failed: %v", err)
				}
			})
		})
	}
}

func TestLateApplyRespectsTheStamp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{})
		defer w.stop()
		ticket := create(t, w.desk, builtin.NewTicket{Subject: "Lamp"})
		w.fault(`{"op":"message","kind":"late_apply","times":1}`)
		reply := desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: "Try this.", Stamp: ticket.Stamp}
		if _, err := w.connector.Write(t.Context(), ticket.ID, reply); err == nil {
			t.Fatal("the fault did not strike")
		}
		if _, err := w.connector.Write(t.Context(), ticket.ID, reply); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got := w.sent(ticket.ID, "reply-1"); got != 1 {
			t.Errorf("%d messages, want 1: the late one has an old stamp", got)
		}
	})
}

func TestStaleReadShowsTheTicketBeforeItsNewestChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{})
		defer w.stop()
		id := create(t, w.desk, builtin.NewTicket{Subject: "Lamp"}).ID
		w.fault(`{"op":"read","kind":"stale_read","times":2}`)
		if _, err := w.connector.Read(t.Context(), id); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a new ticket: got %v, want not found yet", err)
		}
		add(t, w.desk, id, builtin.NewMessage{Role: "customer", Text: "And?"})
		for _, want := range []int{1, 2} {
			s, err := w.connector.Read(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(s.Content.Messages); got != want {
				t.Errorf("read %d messages, want %d", got, want)
			}
		}
	})
}

func TestSeedDecidesWhichCallsAFaultStrikes(t *testing.T) {
	strikes := func(seed string) string {
		var pattern strings.Builder
		d := open(t, builtin.Options{})
		h := d.Handler()
		call(t, h, "POST", "/desk/api/_faults", `{"op":"read","kind":"500_before","probability":0.5,"seed":`+seed+`}`)
		for range 40 {
			status, _ := call(t, h, "GET", "/desk/api/tickets", "")
			pattern.WriteString(map[int]string{200: ".", 500: "x"}[status])
		}
		call(t, h, "DELETE", "/desk/api/_faults", "")
		if status, _ := call(t, h, "GET", "/desk/api/tickets", ""); status != 200 {
			t.Error("a cleared fault still strikes")
		}
		return pattern.String()
	}
	one, same, other := strikes("1"), strikes("1"), strikes("2")
	if one != same {
		t.Errorf("the same seed struck %s and %s", one, same)
	}
	if one == other {
		t.Errorf("another seed struck the same calls: %s", one)
	}
}
