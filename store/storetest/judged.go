package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
)

var judgementTests = []test{
	{"the newest judgement of a reply stands, whole", func(t *testing.T, db desk.Store) {
		first := escalate.Judgement{
			Ticket: "t1", Reply: "r1", Topic: "billing", Kind: escalate.JudgedDraft, Verdict: escalate.VerdictRight,
			Detail: "approved", Way: escalate.WayDraft, Confidence: 0.8125, By: "U1", At: noon,
		}
		second := first
		second.Kind, second.Verdict, second.Detail = escalate.JudgedComplaint, escalate.VerdictWrong, ""
		second.Way, second.By, second.At, second.Topic = escalate.WayAuto, "U2", noon.Add(time.Second), "refunds"
		for _, want := range []escalate.Judgement{first, second} {
			update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.SaveJudgement(ctx, want) })
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				got, err := tx.Judgement(ctx, "r1")
				if diff := cmp.Diff(&want, got); diff != "" {
					t.Errorf("judgement (-want +got):\n%s", diff)
				}
				_, missing := tx.Judgement(ctx, "r2")
				wantError(t, missing, desk.ErrNotFound)
				return err
			})
		}
		wantJudged(t, db, "billing", noon, 10)
		wantJudged(t, db, "refunds", noon, 10, "r1")
	}},
	{"judgements are of a topic and a time, newest first", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			var errs []error
			verdicts := []escalate.Verdict{escalate.VerdictRight, escalate.VerdictWrong, escalate.VerdictVoid}
			for i, topic := range []string{"billing", "other", "billing", "", "billing"} {
				errs = append(errs, tx.SaveJudgement(ctx, escalate.Judgement{
					Reply: escalate.ReplyID(fmt.Sprint("r", i)), Topic: topic, Verdict: verdicts[i%3], At: noon.Add(time.Duration(i) * time.Second),
				}))
			}
			return errors.Join(errs...)
		})
		wantJudged(t, db, "billing", time.Time{}, 10, "r4", "r2", "r0")
		wantJudged(t, db, "billing", noon.Add(time.Second), 10, "r4", "r2")
		wantJudged(t, db, "billing", noon.Add(2*time.Second), 1, "r4")
		wantJudged(t, db, "", noon.Add(time.Second), 3, "r4", "r3", "r2")
		wantJudged(t, db, "none", time.Time{}, 10)
	}},
	{"a judgement without an instant is of now, and one that is no number is refused", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			if err := tx.SaveJudgement(ctx, escalate.Judgement{Reply: "r1"}); err != nil {
				return err
			}
			got, err := tx.Judgement(ctx, "r1")
			if err == nil && !got.At.Equal(tx.Now()) {
				t.Errorf("judged at %v, now is %v", got.At, tx.Now())
			}
			return err
		})
		err := db.Update(t.Context(), func(tx desk.Tx) error {
			return tx.SaveJudgement(t.Context(), escalate.Judgement{Reply: "r2", Confidence: math.NaN()})
		})
		if err == nil {
			t.Error("NaN was accepted as a confidence")
		}
	}},
}

func wantJudged(t *testing.T, db desk.Store, topic string, since time.Time, limit int, want ...escalate.ReplyID) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		js, err := tx.Judgements(ctx, topic, since, limit)
		var got []escalate.ReplyID
		for i := range js {
			got = append(got, js[i].Reply)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("judgements of %q since %v (-want +got):\n%s", topic, since, diff)
		}
		mark := desk.JudgementMark{Count: len(js)}
		for i := range js {
			switch js[i].Verdict {
			case escalate.VerdictRight:
				mark.Right++
			case escalate.VerdictWrong:
				mark.Wrong++
			default:
			}
			if i == 0 {
				mark.Newest = js[i].At
			}
		}
		marked, markErr := tx.JudgementMark(ctx, topic, since, limit)
		if diff := cmp.Diff(mark, marked); diff != "" {
			t.Errorf("mark of %q since %v (-want +got):\n%s", topic, since, diff)
		}
		return errors.Join(err, markErr)
	})
}

var askTests = []test{
	{"a question comes back by its token, and by no other", func(t *testing.T, db desk.Store) {
		want := &desk.Ask{Token: "tok", Kind: "review", Subject: "billing", At: noon, Body: []byte(`{"a":1}`)}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.PutAsk(ctx, &desk.Ask{Token: "tok", Kind: "policy"}), tx.PutAsk(ctx, want))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Ask(ctx, "tok")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("question (-want +got):\n%s", diff)
			}
			for _, token := range []string{"", "TOK", "other"} {
				_, missing := tx.Ask(ctx, token)
				wantError(t, missing, desk.ErrNotFound)
			}
			return err
		})
	}},
	{"questions are counted by kind, subject and time, and forgotten when old", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			var errs []error
			for i, a := range []desk.Ask{
				{Kind: "review", Subject: "billing"},
				{Kind: "review", Subject: "billing"},
				{Kind: "review", Subject: "other"},
				{Kind: "policy", Subject: "billing"},
				{Kind: "review", Subject: "billing"},
			} {
				a.Token, a.At = fmt.Sprint("t", i), noon.Add(time.Duration(i)*time.Second)
				errs = append(errs, tx.PutAsk(ctx, &a))
			}
			return errors.Join(errs...)
		})
		count := func(since time.Time, want int) {
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				got, err := tx.CountAsks(ctx, "review", "billing", since)
				if got != want {
					t.Errorf("%d questions since %v, want %d", got, since, want)
				}
				return err
			})
		}
		count(noon, 3)
		count(noon.Add(time.Second), 2)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			n, err := tx.ForgetAsks(ctx, noon.Add(2*time.Second))
			if n != 2 {
				t.Errorf("forgot %d, want 2", n)
			}
			return err
		})
		count(noon, 1)
	}},
}

var topicTests = []test{
	{"a topic's tickets are counted by where they went", func(t *testing.T, db desk.Store) {
		for i, d := range []escalate.Decision{
			{Topic: "b", Way: escalate.WayAuto, At: noon},
			{Topic: "b", Way: escalate.WayAuto, At: noon.Add(-time.Hour)},
			{Topic: "a", Way: escalate.WayDraft, At: noon},
			{Topic: "b", Way: escalate.WayEscalate, At: noon},
			{Topic: "b", Way: escalate.WayAuto, At: noon, Leave: escalate.LeaveObserve},
			{Way: escalate.WayAuto, At: noon},
		} {
			id := newTicket(t, db, strconv.Itoa(i)).ID
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				return save(ctx, tx, id, func(t *escalate.Ticket) { t.Decision = &d }, escalate.Decided{})
			})
		}
		newTicket(t, db, "undecided")
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.TopicCounts(ctx, noon)
			want := []desk.TopicCount{{Topic: "a", Tickets: 1, Draft: 1}, {Topic: "b", Tickets: 3, Auto: 1, Escalate: 1}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("topics (-want +got):\n%s", diff)
			}
			for _, c := range []struct {
				since time.Time
				want  int
			}{{noon, 1}, {noon.Add(-time.Hour), 2}, {time.Time{}, 2}} {
				n, err := tx.AutoCount(ctx, "b", c.since)
				if n != c.want || err != nil {
					t.Errorf("answered since %v: %d, %v; want %d", c.since, n, err, c.want)
				}
			}
			return err
		})
	}},
	{"who got an answer by itself is found", func(t *testing.T, db desk.Store) {
		sent := escalate.Reply{ID: "r", Purpose: escalate.PurposeAnswer, State: escalate.ReplySent, Answer: "macro-1"}
		byPerson, other, draft := sent, sent, sent
		byPerson.By, other.Answer, draft.State = "U1", "macro-2", escalate.ReplyProposed
		for i, r := range []escalate.Reply{sent, byPerson, other, draft, sent, sent} {
			id := newTicket(t, db, strconv.Itoa(i)).ID
			d := &escalate.Decision{Topic: "billing", At: noon.Add(time.Duration(i) * time.Second)}
			if i == 5 {
				d.Topic = "other"
			}
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				return save(ctx, tx, id, func(t *escalate.Ticket) { t.Decision, t.Replies = d, []escalate.Reply{r} }, escalate.Decided{})
			})
		}
		for _, c := range []struct {
			since time.Time
			limit int
			want  []escalate.Ref
		}{
			{noon, 10, []escalate.Ref{{Desk: "main", ID: "4"}, {Desk: "main", ID: "0"}}},
			{noon.Add(time.Second), 10, []escalate.Ref{{Desk: "main", ID: "4"}}},
			{noon, 1, []escalate.Ref{{Desk: "main", ID: "4"}}},
		} {
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				got, err := tx.AnsweredWith(ctx, "billing", "macro-1", c.since, c.limit)
				var refs []escalate.Ref
				for _, t := range got {
					refs = append(refs, t.Ref)
				}
				if diff := cmp.Diff(c.want, refs); diff != "" {
					t.Errorf("since %v, at most %d (-want +got):\n%s", c.since, c.limit, diff)
				}
				return err
			})
		}
	}},
	{"the log of policies is newest first", func(t *testing.T, db desk.Store) {
		for v := range int64(3) {
			update(t, db, func(ctx context.Context, tx desk.Tx) error {
				return tx.SavePolicy(ctx, &escalate.Policy{Version: v + 1, Budget: float64(v) / 100}, fmt.Sprint("U", v+1), fmt.Sprint("why ", v+1))
			})
		}
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.PolicyLog(ctx, 2)
			if len(got) != 2 || got[0].Policy.Version != 3 || got[0].By != "U3" || got[0].Why != "why 3" || got[0].Policy.Budget != 0.02 ||
				got[1].Policy.Version != 2 || got[0].At.IsZero() {
				t.Errorf("policy log %+v", got)
			}
			return err
		})
	}},
}
