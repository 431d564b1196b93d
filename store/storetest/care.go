package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store/queue"
)

func unsettled(ctx context.Context, tx desk.Tx) (refs []string, err error) {
	for after := escalate.TicketID(""); ; {
		rows, err := tx.Unsettled(ctx, after, 2)
		if err != nil || len(rows) == 0 {
			slices.Sort(refs)
			return refs, err
		}
		for _, r := range rows {
			if r.Err != nil || r.ID <= after {
				return nil, errors.Join(errors.New("unreadable, or twice"), r.Err)
			}
			refs, after = append(refs, r.Ticket.Ref.ID), r.ID
		}
	}
}

var careTests = []test{
	{"a ticket is unsettled until nothing is open on it", func(t *testing.T, db desk.Store) {
		solved, left, waits := newTicket(t, db, "1"), newTicket(t, db, "2"), newTicket(t, db, "3")
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(
				save(ctx, tx, solved.ID, func(t *escalate.Ticket) { t.Conversation.Status = escalate.StatusSolved }, escalate.Read{}),
				save(ctx, tx, left.ID, func(t *escalate.Ticket) { t.Conversation.Status = escalate.StatusOpen }, escalate.Read{}),
				save(ctx, tx, waits.ID, func(t *escalate.Ticket) {
					t.Conversation = escalate.Conversation{Status: escalate.StatusOpen, Customer: "m1", WaitingSince: noon}
				}, escalate.Read{}))
		})
		newTicket(t, db, "4") // nobody has read it yet
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := unsettled(ctx, tx)
			if n, countErr := tx.CountUnsettled(ctx); n != 2 || countErr != nil {
				t.Errorf("%d are unsettled, %v", n, countErr)
			}
			if !slices.Equal(got, []string{"3", "4"}) {
				t.Errorf("unsettled are %q", got)
			}
			return err
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			now, err := tx.Ticket(ctx, waits.ID)
			if err != nil {
				return err
			}
			before := *now
			before.Version--
			return tx.Settle(ctx, []*escalate.Ticket{&before}) // it has changed since
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			if n, err := tx.CountUnsettled(ctx); n != 2 || err != nil {
				t.Errorf("%d are unsettled after an outdated word, %v", n, err)
			}
			return nil
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			now, err := tx.Ticket(ctx, waits.ID)
			return errors.Join(err, tx.Settle(ctx, []*escalate.Ticket{now}))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			if n, err := tx.CountUnsettled(ctx); n != 1 || err != nil {
				t.Errorf("%d are unsettled at last, %v", n, err)
			}
			return nil
		})
	}},
	{"jobs that wait are found by kind and key", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			var errs []error
			for _, key := range []string{"a", "b"} {
				errs = append(errs, tx.Enqueue(ctx, desk.Job{Kind: "wake", Key: key, At: noon.AddDate(10, 0, 0)}))
			}
			return errors.Join(append(errs, tx.Enqueue(ctx, desk.Job{Kind: "lease", Key: "c"}))...)
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			keys := []string{"a", "c"}
			for range 200 {
				keys = append(keys, "of none")
			}
			got, err := tx.JobKeys(ctx, "wake", append(keys, "b"))
			if diff := cmp.Diff(map[string]bool{"a": true, "b": true}, got); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			none, noneErr := tx.JobKeys(ctx, "wake", nil)
			if len(none) > 0 {
				t.Errorf("found %v of no keys", none)
			}
			return errors.Join(err, noneErr)
		})
	}},
	{"a notice that no reading followed is found", func(t *testing.T, db desk.Store) {
		told, read := newTicket(t, db, "1"), newTicket(t, db, "2")
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			for _, ref := range []string{"1", "2"} {
				if _, err := tx.AddNotice(ctx, desk.Notice{Ref: escalate.Ref{Desk: "main", ID: ref}, Delivery: "d"}); err != nil {
					return err
				}
			}
			return nil
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.SaveContent(ctx, read.ID, &read.Content) })
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			now := tx.Now()
			got, err := tx.Unread(ctx, now.Add(-time.Hour), now, 10)
			if !slices.Equal(got, []escalate.TicketID{told.ID}) {
				t.Errorf("unread is %q, want %q", got, told.ID)
			}
			later, laterErr := tx.Unread(ctx, now.Add(-time.Hour), now.Add(-time.Minute), 10)
			if len(later) > 0 {
				t.Errorf("unread before a minute ago is %q", later)
			}
			return errors.Join(err, laterErr)
		})
	}},
	{"what nobody looks after is kept until somebody does", func(t *testing.T, db desk.Store) {
		solved := newTicket(t, db, "1")
		first := desk.Loose{Subject: "job:slack", Channel: "support", Why: "slack", Since: noon}
		of := desk.Loose{Subject: string(solved.ID), Ticket: solved.ID, Channel: "support", Why: "unclaimed", Since: noon.Add(time.Hour)}
		fails := desk.Loose{Subject: "job:desk:" + string(solved.ID), Ticket: solved.ID, Channel: "support", Why: "helpdesk", Since: noon.Add(2 * time.Hour)}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SaveLoose(ctx, &of), tx.SaveLoose(ctx, &first), tx.SaveLoose(ctx, &fails))
		})
		of.Told, of.ToldAt = 1, noon.Add(3*time.Hour)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SaveLoose(ctx, &of), tx.DropSettled(ctx))
		})
		want := []desk.Loose{first, of, fails}
		for _, solve := range []bool{false, true} {
			if solve {
				update(t, db, func(ctx context.Context, tx desk.Tx) error {
					err := save(ctx, tx, solved.ID, func(t *escalate.Ticket) { t.Conversation.Status = escalate.StatusSolved }, escalate.Read{})
					return errors.Join(err, tx.DropSettled(ctx), tx.DropLoose(ctx, []string{"job:slack", "nobody's"}))
				})
				want = []desk.Loose{fails} // a write to it that fails is news, however settled it is
			}
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				got, err := tx.AllLoose(ctx, 10)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("solved %v (-want +got):\n%s", solve, diff)
				}
				return err
			})
		}
	}},
}

// failing runs a queue whose jobs end as the test says, and returns how each attempt ended.
func failing(t *testing.T, db queue.Store, attempts int, end func() error) <-chan queue.Outcome {
	t.Helper()
	ended := make(chan queue.Outcome, 100)
	runner(t, db, queue.Options{
		RetryMin: time.Millisecond, RetryMax: time.Millisecond, Ended: func(_ string, o queue.Outcome) { ended <- o },
		Kinds: map[string]queue.Kind{"work": {MaxAttempts: attempts, Handle: func(context.Context, desk.Leased) error { return end() }}},
	})
	return ended
}

// failingJobs are what is told of jobs that have failed since before an instant, a while ahead of now.
func failingJobs(t *testing.T, db desk.Store, ahead time.Duration) (jobs []desk.FailingJob) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) (err error) {
		jobs, err = tx.FailingJobs(ctx, tx.Now().Add(ahead), 10)
		return err
	})
	return jobs
}

var failingTests = []queueTest{
	{"since when a job fails is known until it succeeds", func(t *testing.T, db queue.Store) {
		ends := make(chan error)
		ended := failing(t, db, 100, func() error { return <-ends })
		enqueue(t, db, desk.Job{Kind: "work", Key: "k", Payload: []byte("of t1")})
		ends <- errors.New("no")
		await(t, "the first end", ended)
		first := failingJobs(t, db, time.Hour)
		if len(first) != 1 || first[0].Kind != "work" || string(first[0].Payload) != "of t1" {
			t.Fatalf("failing are %v", first)
		}
		if got := failingJobs(t, db, -time.Hour); len(got) != 0 {
			t.Errorf("it is said to have failed for an hour: %v", got)
		}
		for _, err := range []error{errors.New("no again"), &desk.Later{Cause: errors.New("not yet")}, &desk.Later{}} {
			ends <- err
			await(t, "the next end", ended)
			if diff := cmp.Diff(first, failingJobs(t, db, time.Hour)); diff != "" {
				t.Errorf("after %v (-want +got):\n%s", err, diff)
			}
		}
		ends <- nil
		await(t, "the last end", ended)
		if got := failingJobs(t, db, time.Hour); len(got) != 0 {
			t.Errorf("failing are %v after it was done", got)
		}
	}},
	{"a timer that failed once and waits for long does not fail", func(t *testing.T, db queue.Store) {
		ends := make(chan error)
		ended := failing(t, db, 100, func() error { return <-ends })
		enqueue(t, db, desk.Job{Kind: "work", Key: "k"})
		for _, err := range []error{errors.New("no"), &desk.Later{At: time.Now().Add(time.Hour)}} {
			ends <- err
			await(t, "an end", ended)
		}
		if got := failingJobs(t, db, time.Hour); len(got) != 0 {
			t.Errorf("failing are %v", got)
		}
	}},
	{"a job that was given up counts at once, and is forgotten in the end", func(t *testing.T, db queue.Store) {
		ended := failing(t, db, 2, func() error { return errors.New("no") })
		enqueue(t, db, desk.Job{Kind: "work", Key: "k"})
		for range 2 {
			await(t, "an end", ended)
		}
		if got := failingJobs(t, db, -time.Hour); len(got) != 1 {
			t.Errorf("given up are %v", got)
		}
		for _, c := range []struct {
			ago  time.Duration
			gone int
		}{{time.Hour, 0}, {-time.Hour, 1}, {-time.Hour, 0}} {
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				n, err := tx.ForgetDead(ctx, tx.Now().Add(-c.ago))
				if n != c.gone {
					t.Errorf("forgot %d that failed %s ago, want %d", n, c.ago, c.gone)
				}
				return err
			})
		}
	}},
	{"what holds its group keeps its place in it", func(t *testing.T, db queue.Store) {
		var ran []string
		done := make(chan struct{})
		held := false
		runner(t, db, queue.Options{Kinds: kind(func(_ context.Context, j desk.Leased) error {
			if string(j.Payload) == "0" && !held {
				held = true
				return &desk.Later{At: time.Now().Add(50 * time.Millisecond), Hold: true, Failed: true, Cause: errors.New("away")}
			}
			if string(j.Payload) == "0" && j.Attempt != 2 {
				t.Errorf("attempt %d follows one that counts", j.Attempt)
			}
			if ran = append(ran, string(j.Payload)); len(ran) == 3 {
				close(done)
			}
			return nil
		})})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			var errs []error
			for _, n := range []string{"0", "1", "2"} {
				errs = append(errs, tx.Enqueue(ctx, desk.Job{Kind: "work", Group: "g", Payload: []byte(n)}))
			}
			return errors.Join(errs...)
		})
		await(t, "the last", done)
		if got := strings.Join(ran, ""); got != "012" {
			t.Errorf("they ran in the order %s", got)
		}
	}},
}
