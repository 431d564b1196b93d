package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"warmline/escalate"
	"warmline/escalate/desk"
)

var updateTests = []test{
	{"an error leaves nothing behind", func(t *testing.T, db desk.Store) {
		boom := errors.New("boom")
		err := db.Update(t.Context(), func(tx desk.Tx) error {
			return errors.Join(tx.PutSetting(t.Context(), "a", "1"), boom)
		})
		wantError(t, err, boom)
		wantSetting(t, db, "a", "")
	}},
	{"a closure's error does not touch its neighbours", func(t *testing.T, db desk.Store) {
		var all sync.WaitGroup
		boom := errors.New("boom")
		for i := range 50 {
			all.Go(func() {
				err := db.Update(t.Context(), func(tx desk.Tx) error {
					if err := tx.PutSetting(t.Context(), fmt.Sprint("key", i), "1"); err != nil || i%3 != 0 {
						return err
					}
					return boom
				})
				if i%3 == 0 {
					wantError(t, err, boom)
				} else if err != nil {
					t.Errorf("update %d: %v", i, err)
				}
			})
		}
		all.Wait()
		for i := range 50 {
			want := "1"
			if i%3 == 0 {
				want = ""
			}
			wantSetting(t, db, fmt.Sprint("key", i), want)
		}
	}},
	{"a panic is its caller's error", func(t *testing.T, db desk.Store) {
		err := db.Update(t.Context(), func(desk.Tx) error { panic("at the disco") })
		if err == nil || !strings.Contains(err.Error(), "at the disco") || !strings.Contains(err.Error(), "storetest") {
			t.Errorf("error = %v, want the panic with its stack", err)
		}
		update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.PutSetting(ctx, "a", "1") })
	}},
	{"an update inside an update is refused", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, _ desk.Tx) error {
			if err := db.Update(ctx, func(desk.Tx) error { return nil }); err == nil {
				t.Error("the inner update went through")
			}
			return nil
		})
	}},
	{"a context that has ended runs nothing", func(t *testing.T, db desk.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := db.Update(ctx, func(desk.Tx) error { t.Error("it ran"); return nil })
		wantError(t, err, context.Canceled)
	}},
	{"a view does not write", func(t *testing.T, db desk.Store) {
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			if tx.PutSetting(ctx, "a", "1") == nil || tx.Enqueue(ctx, desk.Job{Kind: "a"}) == nil {
				t.Error("a write in a view went through")
			}
			return nil
		})
		wantSetting(t, db, "a", "")
	}},
	{"a view sees one snapshot", func(t *testing.T, db desk.Store) {
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			if _, err := tx.Setting(ctx, "a"); err != nil {
				return err
			}
			update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.PutSetting(ctx, "a", "1") })
			got, err := tx.Setting(ctx, "a")
			if got != "" {
				t.Errorf("setting = %q: the view saw a later commit", got)
			}
			return err
		})
		wantSetting(t, db, "a", "1")
	}},
	{"text loses NUL and invalid UTF-8", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.PutSetting(ctx, "a", "x\x00y\xffz") })
		wantSetting(t, db, "a", "xyz")
	}},
	{"now is in whole microseconds of UTC", func(t *testing.T, db desk.Store) {
		update(t, db, func(_ context.Context, tx desk.Tx) error {
			if now := tx.Now(); now.Location() != time.UTC || now.Nanosecond()%1000 != 0 {
				t.Errorf("now = %v", now)
			}
			return nil
		})
	}},
}

func wantSetting(t *testing.T, db desk.Store, key, want string) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		got, err := tx.Setting(ctx, key)
		if got != want {
			t.Errorf("setting %s = %q, want %q", key, got, want)
		}
		return err
	})
}

var ticketTests = []test{
	{"a notice counts once", func(t *testing.T, db desk.Store) {
		n := desk.Notice{Ref: escalate.Ref{Desk: "main", ID: "1"}, Delivery: "d1"}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			for i, want := range []bool{true, false} {
				if got, err := tx.AddNotice(ctx, n); got != want || err != nil {
					t.Errorf("notice %d: %v, %v", i, got, err)
				}
			}
			return nil
		})
	}},
	{"a ticket is created once and comes back whole", func(t *testing.T, db desk.Store) {
		created := newTicket(t, db, "12")
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			id, added, err := tx.CreateTicket(ctx, &escalate.Ticket{ID: "other", Ref: created.Ref})
			if id != created.ID || added || err != nil {
				t.Errorf("second create: %v, %v, %v", id, added, err)
			}
			got, err := tx.TicketByRef(ctx, created.Ref)
			if diff := cmp.Diff(created, got); diff != "" {
				t.Errorf("ticket (-want +got):\n%s", diff)
			}
			return err
		})
	}},
	{"what is not there is ErrNotFound", func(t *testing.T, db desk.Store) {
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			_, err := tx.Ticket(ctx, "none")
			wantError(t, err, desk.ErrNotFound)
			_, err = tx.TicketByRef(ctx, escalate.Ref{Desk: "main", ID: "none"})
			wantError(t, err, desk.ErrNotFound)
			_, err = tx.FindTicket(ctx, "#none")
			wantError(t, err, desk.ErrNotFound)
			return nil
		})
		err := db.Update(t.Context(), func(tx desk.Tx) error {
			return tx.SaveTicket(t.Context(), &escalate.Ticket{ID: "none"}, nil)
		})
		wantError(t, err, desk.ErrNotFound)
	}},
	{"history keeps the events in order", func(t *testing.T, db desk.Store) {
		id := newTicket(t, db, "12").ID
		none := func(*escalate.Ticket) {}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return save(ctx, tx, id, none, escalate.Claimed{By: "U1", Agent: "7"}, escalate.Released{By: "U1"})
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return save(ctx, tx, id, none, escalate.Resolved{By: "U2"})
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.History(ctx, id)
			want := []desk.Happened{
				{Seq: 1, At: noon, Actor: "U1", Event: escalate.Claimed{By: "U1", Agent: "7"}},
				{Seq: 2, At: noon, Actor: "U1", Event: escalate.Released{By: "U1"}},
				{Seq: 3, At: noon, Actor: "U1", Event: escalate.Resolved{By: "U2"}},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("history (-want +got):\n%s", diff)
			}
			return err
		})
	}},
	{"an older version is stale", func(t *testing.T, db desk.Store) {
		ticket := newTicket(t, db, "12")
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return save(ctx, tx, ticket.ID, func(*escalate.Ticket) {}, escalate.Claimed{By: "U1"})
		})
		err := db.Update(t.Context(), func(tx desk.Tx) error {
			ticket.Version = 1 // it was loaded before the claim, and one event was applied
			return tx.SaveTicket(t.Context(), ticket, []desk.Happened{{Event: escalate.Claimed{By: "U2"}}})
		})
		wantError(t, err, desk.ErrStale)
	}},
	{"of a hundred claims one wins", func(t *testing.T, db desk.Store) {
		id := newTicket(t, db, "12").ID
		var all sync.WaitGroup
		var won atomic.Int64
		taken := errors.New("taken")
		for i := range 100 {
			all.Go(func() {
				err := db.Update(t.Context(), func(tx desk.Tx) error {
					ticket, err := tx.Ticket(t.Context(), id)
					if err != nil {
						return err
					}
					if ticket.Handoff != nil {
						return taken
					}
					by := escalate.PersonID(fmt.Sprint("U", i))
					return save(t.Context(), tx, id, func(t *escalate.Ticket) {
						t.Handoff = &escalate.Handoff{ID: "h1", State: escalate.HandoffClaimed, Owner: by}
					}, escalate.Claimed{By: by})
				})
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, taken) {
					t.Errorf("claim %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d claims won", won.Load())
		}
	}},
	{"content is replaced and loses NUL", func(t *testing.T, db desk.Store) {
		id := newTicket(t, db, "12").ID
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return tx.SaveContent(ctx, id, &escalate.Content{Subject: "New\x00", Customer: escalate.Customer{Name: `C:\u0000\` + "\x00ü"}})
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Ticket(ctx, id)
			want := escalate.Content{Subject: "New", Customer: escalate.Customer{Name: `C:\u0000\ü`}}
			if diff := cmp.Diff(want, got.Content); diff != "" {
				t.Errorf("content (-want +got):\n%s", diff)
			}
			return err
		})
	}},
}

var textTests = []test{
	{"texts are replaced under their key", func(t *testing.T, db desk.Store) {
		id := newTicket(t, db, "12").ID
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.PutText(ctx, id, "draft", "one"), tx.PutText(ctx, id, "draft", "two"))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Text(ctx, id, "draft")
			if got != "two" {
				t.Errorf("text = %q", got)
			}
			_, missing := tx.Text(ctx, id, "other")
			wantError(t, missing, desk.ErrNotFound)
			return err
		})
	}},
	{"assessments come back, and NaN is an error", func(t *testing.T, db desk.Store) {
		id := newTicket(t, db, "12").ID
		want := &escalate.Assessment{ID: "a1", Topic: "billing", Confidence: 0.1 + 0.2, Given: []string{"photo"}}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			zero := 0.0
			if tx.PutAssessment(ctx, id, &escalate.Assessment{ID: "a2", Confidence: zero / zero}) == nil {
				t.Error("NaN was kept")
			}
			return tx.PutAssessment(ctx, id, want)
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Assessment(ctx, id, "a1")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("assessment (-want +got):\n%s", diff)
			}
			_, missing := tx.Assessment(ctx, id, "a2")
			wantError(t, missing, desk.ErrNotFound)
			return err
		})
	}},
}

var cardTests = []test{
	{"a card is one row, found by its token too", func(t *testing.T, db desk.Store) {
		ticket := newTicket(t, db, "12")
		want := &desk.CardRow{
			Handoff: "h1", Ticket: ticket.ID, Token: "secret", Channel: "support", Place: desk.Place{Channel: "C1", TS: "1.2"},
			Posting: 2, Drawn: 3, Thread: "m1", Threading: "m2",
		}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SaveCard(ctx, &desk.CardRow{Handoff: "h1", Ticket: ticket.ID}), tx.SaveCard(ctx, want))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			for _, find := range []func() (*desk.CardRow, error){
				func() (*desk.CardRow, error) { return tx.Card(ctx, "h1") },
				func() (*desk.CardRow, error) { return tx.CardByToken(ctx, "secret") },
			} {
				got, err := find()
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("card: %v (-want +got):\n%s", err, diff)
				}
			}
			_, err := tx.Card(ctx, "none")
			wantError(t, err, desk.ErrNotFound)
			_, err = tx.CardByToken(ctx, "")
			wantError(t, err, desk.ErrNotFound)
			return nil
		})
	}},
	{"a card lags until it is drawn at its ticket's version", func(t *testing.T, db desk.Store) {
		id := newTicket(t, db, "12").ID
		card := &desk.CardRow{Handoff: "h1", Ticket: id}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SaveCard(ctx, card), save(ctx, tx, id, func(t *escalate.Ticket) {
				t.Handoff = &escalate.Handoff{ID: "h1", State: escalate.HandoffOpen}
			}, escalate.Decided{Handoff: "h1"}))
		})
		wantLagging(t, db, "h1")
		card.Drawn = 1
		update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.SaveCard(ctx, card) })
		wantLagging(t, db)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return save(ctx, tx, id, func(t *escalate.Ticket) { t.Handoff.ID = "h2" }, escalate.Decided{Handoff: "h2"})
		})
		wantLagging(t, db) // an older hand-off's card stays as it is
	}},
}

func wantLagging(t *testing.T, db desk.Store, want ...escalate.HandoffID) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		cards, err := tx.LaggingCards(ctx, 10)
		var got []escalate.HandoffID
		for _, c := range cards {
			got = append(got, c.Handoff)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("lagging cards (-want +got):\n%s", diff)
		}
		return err
	})
}

var pressTests = []test{
	{"a press counts once and keeps its answer", func(t *testing.T, db desk.Store) {
		p := &desk.PressRow{ID: "e1", At: noon, Body: []byte(`{}`), State: "waiting"}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			if _, added, err := tx.AddPress(ctx, p); !added || err != nil {
				t.Errorf("first press: %v, %v", added, err)
			}
			done := *p
			done.Ack, done.State = []byte("ack"), "applied"
			if err := tx.SavePress(ctx, &done); err != nil {
				return err
			}
			got, added, err := tx.AddPress(ctx, p)
			if diff := cmp.Diff(&done, got); added || diff != "" {
				t.Errorf("second press: %v (-want +got):\n%s", added, diff)
			}
			return err
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			if n, err := tx.ForgetPresses(ctx, noon); n != 0 || err != nil {
				t.Errorf("forgot %d, %v: a press is kept until it is older", n, err)
			}
			n, err := tx.ForgetPresses(ctx, noon.Add(time.Second))
			if n != 1 {
				t.Errorf("forgot %d", n)
			}
			_, missing := tx.PressRow(ctx, "e1")
			wantError(t, missing, desk.ErrNotFound)
			wantError(t, tx.SavePress(ctx, p), desk.ErrNotFound)
			return err
		})
	}},
}

var peopleTests = []test{
	{"a person comes back", func(t *testing.T, db desk.Store) {
		want := &desk.Person{ID: "U1", Team: "T1", Name: "Ina", Zone: "Europe/Berlin", Accounts: accounts("main", "7"), ReadAt: noon}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SavePerson(ctx, &desk.Person{ID: "U1"}), tx.SavePerson(ctx, want))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.PersonRow(ctx, "U1")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("person (-want +got):\n%s", diff)
			}
			_, missing := tx.PersonRow(ctx, "U2")
			wantError(t, missing, desk.ErrNotFound)
			return err
		})
	}},
	{"an account in the helpdesk is one person's", func(t *testing.T, db desk.Store) {
		ina := &desk.Person{ID: "U1", Accounts: map[string]desk.Account{"main": {Agent: "7", Link: desk.LinkLead}}}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SavePerson(ctx, ina), tx.SavePerson(ctx, &desk.Person{ID: "U2"}), tx.SavePerson(ctx, &desk.Person{ID: "U3"}))
		})
		if err := db.Update(t.Context(), func(tx desk.Tx) error {
			return tx.SavePerson(t.Context(), &desk.Person{ID: "U2", Accounts: accounts("main", "7")})
		}); err == nil {
			t.Error("two people got the same account")
		}
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.PersonByAgent(ctx, "main", "7")
			if diff := cmp.Diff(ina, got); diff != "" {
				t.Errorf("who has account 7 (-want +got):\n%s", diff)
			}
			_, nobody := tx.PersonByAgent(ctx, "main", "")
			wantError(t, nobody, desk.ErrNotFound)
			all, err1 := tx.Everyone(ctx)
			if diff := cmp.Diff([]desk.Person{*ina, {ID: "U2"}, {ID: "U3"}}, all); diff != "" {
				t.Errorf("everyone (-want +got):\n%s", diff)
			}
			return errors.Join(err, err1)
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SavePerson(ctx, &desk.Person{ID: "U1"}), tx.SavePerson(ctx, &desk.Person{ID: "U2", Accounts: accounts("main", "7")}))
		})
	}},
	{"two helpdesks may call different people the same", twoDesks},
	{"the reading of groups that began last stands", func(t *testing.T, db desk.Store) {
		wantGroups(t, db, time.Time{})
		agents := desk.Group{ID: "S1", Handle: "@agents", Members: []escalate.PersonID{"U1", "U2"}}
		leads := desk.Group{ID: "S2", Handle: "@leads", Members: []escalate.PersonID{"U1"}}
		saveGroups(t, db, noon, agents, leads)
		wantGroups(t, db, noon, "@agents", "@leads")
		saveGroups(t, db, noon.Add(-time.Second)) // an older reading that arrives late
		wantGroups(t, db, noon, "@agents", "@leads")
		saveGroups(t, db, noon.Add(time.Second), leads)
		wantGroups(t, db, noon.Add(time.Second), "@leads")
	}},
	{"a change outlives a reading that began before it", func(t *testing.T, db desk.Store) {
		leads := desk.Group{ID: "S2", Handle: "@leads", Members: []escalate.PersonID{"U1"}}
		saveGroups(t, db, noon, leads)
		var told time.Time
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			told = tx.Now()
			return tx.ChangeMember(ctx, "S2", "U1", false)
		})
		wantGroups(t, db, noon)
		saveGroups(t, db, told.Add(-time.Second), leads)
		wantGroups(t, db, told.Add(-time.Second))
		saveGroups(t, db, told.Add(time.Second), leads)
		wantGroups(t, db, told.Add(time.Second), "@leads")
	}},
}

func saveGroups(t *testing.T, db desk.Store, begun time.Time, groups ...desk.Group) {
	t.Helper()
	update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.SaveGroups(ctx, begun, groups) })
}

func wantGroups(t *testing.T, db desk.Store, begun time.Time, want ...string) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		got, at, err := tx.Groups(ctx, "U1")
		if diff := cmp.Diff(want, got); diff != "" || !at.Equal(begun) {
			t.Errorf("groups read at %v, want %v (-want +got):\n%s", at, begun, diff)
		}
		return err
	})
}

var policyTests = []test{
	{"versions follow each other and all stay", func(t *testing.T, db desk.Store) {
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			_, err := tx.Policy(ctx)
			wantError(t, err, desk.ErrNotFound)
			return nil
		})
		for _, c := range []struct {
			version int64
			want    error
		}{{1, nil}, {1, desk.ErrStale}, {3, desk.ErrStale}, {2, nil}} {
			err := db.Update(t.Context(), func(tx desk.Tx) error {
				p := &escalate.Policy{Version: c.version, Team: fmt.Sprint("team ", c.version)}
				return tx.SavePolicy(t.Context(), p, "U1", "why")
			})
			wantError(t, err, c.want)
		}
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			newest, err := tx.Policy(ctx)
			first, err1 := tx.PolicyVersion(ctx, 1)
			if newest.Version != 2 || newest.Team != "team 2" || first.Version != 1 || first.Team != "team 1" {
				t.Errorf("policies %+v and %+v", newest, first)
			}
			_, missing := tx.PolicyVersion(ctx, 3)
			wantError(t, missing, desk.ErrNotFound)
			return errors.Join(err, err1)
		})
	}},
	{"pauses start and end by scope", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SetPause(ctx, "", "U1"), tx.SetPause(ctx, "billing", "U2"), tx.SetPause(ctx, "", ""))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Pauses(ctx)
			if diff := cmp.Diff(map[string]string{"billing": "U2"}, got); diff != "" {
				t.Errorf("pauses (-want +got):\n%s", diff)
			}
			return err
		})
	}},
	{"the newest judgement of a reply stands", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			var errs []error
			for _, f := range []desk.Feedback{
				{Reply: "r1", Topic: "billing", Verdict: "approved"},
				{Reply: "r2", Topic: "billing", Verdict: "approved"},
				{Reply: "r2", Topic: "billing", Verdict: "rejected:tone"},
				{Reply: "r3", Topic: "other", Verdict: "edited"},
			} {
				errs = append(errs, tx.AddFeedback(ctx, f))
			}
			return errors.Join(errs...)
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.TopicRecord(ctx, "billing")
			if got.Seen != 2 || got.Unedited != 1 {
				t.Errorf("record = %+v", got)
			}
			return err
		})
	}},
}

var auditTests = []test{
	{"rows are newest first and sealed once", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			for i := range 5 {
				if err := tx.Audit(ctx, desk.AuditRow{At: noon, Actor: "U1", Action: fmt.Sprint("act ", i)}); err != nil {
					return err
				}
			}
			return nil
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			for _, want := range []int{3, 2, 0} {
				if got, err := tx.SealAudit(ctx, 3); got != want || err != nil {
					t.Errorf("sealed %d, %v; want %d", got, err, want)
				}
			}
			got, err := tx.AuditRows(ctx, desk.AuditFilter{Limit: 2})
			want := []desk.AuditRow{{At: noon, Actor: "U1", Action: "act 4"}, {At: noon, Actor: "U1", Action: "act 3"}}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(desk.AuditRow{}, "ID")); diff != "" {
				t.Errorf("audit (-want +got):\n%s", diff)
			}
			return err
		})
	}},
	{"the audit log is asked about people, tickets and the policy, page by page", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			for i, row := range []desk.AuditRow{
				{Actor: "U1", Subject: "t1"},
				{Actor: "U2", Subject: "t1"},
				{Actor: "U1", Subject: "policy 2"},
				{Actor: "U2", Subject: "policy 10"},
				{Actor: "U2", Subject: "person U1"},
				{Actor: "U2", Subject: "policymaker"},
			} {
				row.At, row.Action = noon, strconv.Itoa(i)
				if err := tx.Audit(ctx, row); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			filter desk.AuditFilter
			want   string
		}{
			{desk.AuditFilter{}, "543210"},
			{desk.AuditFilter{Person: "U1"}, "420"},
			{desk.AuditFilter{Subject: "t1"}, "10"},
			{desk.AuditFilter{Policy: true}, "32"},
			{desk.AuditFilter{Person: "U1", Policy: true}, "2"},
			{desk.AuditFilter{Subject: "' OR '1'='1"}, ""},
		} {
			for _, page := range []int{1, 2, 20} {
				c.filter.Limit = page
				if got := auditPages(t, db, c.filter); got != c.want {
					t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
				}
			}
		}
	}},
}

// auditPages reads the log as a reader does who goes on until there is no more, and returns the rows' actions.
func auditPages(t *testing.T, db desk.Store, f desk.AuditFilter) string {
	t.Helper()
	var actions strings.Builder
	for {
		var rows []desk.AuditRow
		view(t, db, func(ctx context.Context, tx desk.Tx) (err error) { rows, err = tx.AuditRows(ctx, f); return err })
		for _, r := range rows {
			actions.WriteString(r.Action)
			f.Before = r.ID
		}
		if len(rows) < f.Limit {
			return actions.String()
		}
	}
}

var queryTests = []test{
	{"the queue is most urgent first", func(t *testing.T, db desk.Store) {
		for ref, h := range map[string]escalate.Handoff{
			"late":    {ID: "h1", State: escalate.HandoffOpen, OpenedAt: noon, DueAt: noon.Add(2 * time.Hour), Offer: escalate.Offer{To: "U1"}},
			"soon":    {ID: "h2", State: escalate.HandoffClaimed, Owner: "U1", OpenedAt: noon.Add(time.Hour), DueAt: noon.Add(time.Hour)},
			"never":   {ID: "h3", State: escalate.HandoffOpen, OpenedAt: noon},
			"earlier": {ID: "h4", State: escalate.HandoffOpen, OpenedAt: noon.Add(-time.Hour)},
			"ended":   {ID: "h5", State: escalate.HandoffResolved, OpenedAt: noon, DueAt: noon, Offer: escalate.Offer{To: "U1"}},
		} {
			id := newTicket(t, db, ref).ID
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				return save(ctx, tx, id, func(t *escalate.Ticket) {
					t.Handoff = &h
					t.Decision = &escalate.Decision{Way: escalate.WayEscalate, At: noon, Reasons: []escalate.Reason{{Kind: escalate.Anger}}}
				}, escalate.Decided{})
			})
		}
		for _, c := range []struct {
			filter desk.QueueFilter
			want   []string
		}{
			{desk.QueueFilter{}, []string{"soon", "late", "earlier", "never"}},
			{desk.QueueFilter{Limit: 2}, []string{"soon", "late"}},
			{desk.QueueFilter{Owner: "U1"}, []string{"soon"}},
			{desk.QueueFilter{Offered: "U1"}, []string{"late"}},
			{desk.QueueFilter{Offered: "U2"}, nil},
			{desk.QueueFilter{Unclaimed: true}, []string{"late", "earlier", "never"}},
		} {
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				rows, err := tx.Queue(ctx, c.filter)
				var got []string
				for _, r := range rows {
					got = append(got, r.Ref.ID)
					if r.Subject != "Subject of "+r.Ref.ID || r.Reason != escalate.Anger || r.Handoff.ID == "" {
						t.Errorf("row %+v", r)
					}
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("queue %+v (-want +got):\n%s", c.filter, diff)
				}
				return err
			})
		}
	}},
	{"counts are of the time since", func(t *testing.T, db desk.Store) {
		for i, d := range []escalate.Decision{
			{Way: escalate.WayAuto, At: noon},
			{Way: escalate.WayAuto, At: noon.Add(-time.Hour)},
			{Way: escalate.WayDraft, At: noon},
			{Way: escalate.WayEscalate, At: noon},
			{Way: escalate.WayAuto, At: noon, Leave: escalate.LeaveObserve},
		} {
			id := newTicket(t, db, strconv.Itoa(i)).ID
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				return save(ctx, tx, id, func(t *escalate.Ticket) {
					t.Decision = &d
					if d.Way == escalate.WayEscalate {
						t.Handoff = &escalate.Handoff{ID: "h", State: escalate.HandoffOpen}
					}
				}, escalate.Decided{}, escalate.Sent{Reply: "r"})
			})
		}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			later := tx.Now().Add(time.Hour)
			return errors.Join(tx.Enqueue(ctx, desk.Job{Kind: "a"}), tx.Enqueue(ctx, desk.Job{Kind: "a", At: later}))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Counts(ctx, noon)
			want := desk.Counts{Tickets: 4, Auto: 1, Draft: 1, Escalate: 1, Open: 1, Sent: 5, Waiting: 1}
			if got.Late <= 0 || got.Late > patience {
				t.Errorf("the job that is due waits for %s", got.Late)
			}
			got.Late = 0
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			return err
		})
	}},
	{"a ticket is found by what people type", func(t *testing.T, db desk.Store) {
		want := newTicket(t, db, "12")
		newTicket(t, db, "13")                                // nobody has given it a number
		for _, number := range []string{"SUP-41", "SUP-42"} { // it was moved
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				return tx.SaveContent(ctx, want.ID, &escalate.Content{Number: number, Subject: "Lamp"})
			})
		}
		for _, typed := range []string{"", "#", "SUP-4", "SUP-41"} {
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				if got, err := tx.FindTicket(ctx, typed); !errors.Is(err, desk.ErrNotFound) {
					t.Errorf("%q found %v, %v", typed, got, err)
				}
				return nil
			})
		}
		for _, typed := range []string{"12", "#12", " #12 ", string(want.ID), "SUP-42", "#sup-42"} {
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				got, err := tx.FindTicket(ctx, typed)
				if err == nil && got.ID != want.ID {
					t.Errorf("%q found %s", typed, got.ID)
				}
				return err
			})
		}
	}},
}
