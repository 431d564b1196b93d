package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
)

var learningTests = []test{
	{"the newest solution of a ticket stands, and is new to who read the one before", func(t *testing.T, db desk.Store) {
		var first, second time.Time
		solve := func(s desk.Solved) (at time.Time) {
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				at = tx.Now()
				return tx.PutSolved(ctx, s)
			})
			return at
		}
		first = solve(desk.Solved{Ticket: "t1", Answer: "pair", By: "U1"})
		for second = first; !second.After(first); {
			second = solve(desk.Solved{Ticket: "t1", By: "U2"})
		}
		wantSolved(t, db, first, "", 10, desk.Solved{Ticket: "t1", At: second, By: "U2"})
		wantSolved(t, db, second, "", 10, desk.Solved{Ticket: "t1", At: second, By: "U2"})
		wantSolved(t, db, second, "t1", 10)
		wantSolved(t, db, second.Add(time.Microsecond), "", 10)
	}},
	{"a solution is named once, and not when a newer one has come", func(t *testing.T, db desk.Store) {
		var at, named time.Time
		name := func(at time.Time, answer string) {
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				named = tx.Now()
				return tx.NameSolved(ctx, "t1", at, answer)
			})
		}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			at = tx.Now()
			return tx.PutSolved(ctx, desk.Solved{Ticket: "t1", By: "U1"})
		})
		name(at.Add(-time.Microsecond), "older")
		wantSolved(t, db, time.Time{}, "", 10, desk.Solved{Ticket: "t1", At: at, By: "U1"})
		name(at, "pair")
		then := named
		wantSolved(t, db, time.Time{}, "", 10, desk.Solved{Ticket: "t1", At: then, Answer: "pair", By: "U1"})
		name(then, "other")
		wantSolved(t, db, time.Time{}, "", 10, desk.Solved{Ticket: "t1", At: then, Answer: "pair", By: "U1"})
	}},
	{"solutions come in order and in pages, those of one instant too", func(t *testing.T, db desk.Store) {
		var at time.Time
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			at = tx.Now()
			var errs []error
			for _, id := range []escalate.TicketID{"b", "a", "c"} {
				errs = append(errs, tx.PutSolved(ctx, desk.Solved{Ticket: id, Answer: "x"}))
			}
			return errors.Join(errs...)
		})
		a, b, c := desk.Solved{Ticket: "a", At: at, Answer: "x"}, desk.Solved{Ticket: "b", At: at, Answer: "x"}, desk.Solved{Ticket: "c", At: at, Answer: "x"}
		wantSolved(t, db, time.Time{}, "", 2, a, b)
		wantSolved(t, db, at, "b", 2, c)
		wantSolved(t, db, at, "c", 2)
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			all, err := tx.CountSolved(ctx, at)
			later, err2 := tx.CountSolved(ctx, at.Add(time.Microsecond))
			if all != 3 || later != 0 {
				t.Errorf("counted %d, and %d later; want 3 and 0", all, later)
			}
			return errors.Join(err, err2)
		})
	}},
	{"a solution that was not committed is not there", func(t *testing.T, db desk.Store) {
		boom := errors.New("boom")
		err := db.Update(t.Context(), func(tx desk.Tx) error {
			_, err := tx.SaveModel(t.Context(), &desk.Model{Body: []byte("x")})
			return errors.Join(tx.PutSolved(t.Context(), desk.Solved{Ticket: "t1"}), err, boom)
		})
		wantError(t, err, boom)
		wantSolved(t, db, time.Time{}, "", 10)
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			_, err := tx.NewestModel(ctx)
			wantError(t, err, desk.ErrNotFound)
			return nil
		})
	}},
	{"a model comes back byte for byte, and the newest three stay", func(t *testing.T, db desk.Store) {
		body := bytes.Repeat([]byte{0, 1, 0xff, 0x80, '\''}, 300_000)
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			_, err := tx.NewestModel(ctx)
			wantError(t, err, desk.ErrNotFound)
			return nil
		})
		var want desk.Model
		for v := range int64(5) {
			m := desk.Model{
				Code: "local/2", Hash: fmt.Sprint("h", v), TrainedOn: int(100 * v), Metrics: json.RawMessage(`{"answers":3}`),
				Body: append([]byte{byte(v)}, body...),
			}
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				version, err := tx.SaveModel(ctx, &m)
				if version != v+1 {
					t.Errorf("version %d, want %d", version, v+1)
				}
				want, want.Body, want.Version, want.At = m, nil, version, tx.Now()
				return err
			})
		}
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.NewestModel(ctx)
			if diff := cmp.Diff(&want, got); diff != "" {
				t.Errorf("newest model (-want +got):\n%s", diff)
			}
			for v := int64(1); v <= 6; v++ {
				b, err := tx.ModelBody(ctx, v)
				if v < 3 || v > 5 {
					wantError(t, err, desk.ErrNotFound)
				} else if err != nil || !bytes.Equal(b, append([]byte{byte(v - 1)}, body...)) {
					t.Errorf("body of %d: %d bytes, %v", v, len(b), err)
				}
			}
			return err
		})
	}},
}

func wantSolved(t *testing.T, db desk.Store, since time.Time, after escalate.TicketID, limit int, want ...desk.Solved) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		got, err := tx.Solved(ctx, since, after, limit)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("solved since %v after %q (-want +got):\n%s", since, after, diff)
		}
		return err
	})
}
