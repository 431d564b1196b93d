package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/slack-go/slack/socketmode"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestPressReachesTheDeskWhole(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		card := r.Channel("support").ExpectCard("refund")
		card.Click("Claim").As("ana")
		card.Click("Reject draft").As("ana") // from the menu
		r.Command("/escalate", "queue all").In("support").As("ana")
		got := r.desk.done()
		want := []desk.Press{
			{Actor: "U1ANA", Team: "T1", Action: desk.ActClaim, Token: "01TOKEN", On: at},
			{Actor: "U1ANA", Team: "T1", Action: desk.ActReject, Token: "01TOKEN", On: at},
			{
				Actor: "U1ANA", Team: "T1", Action: desk.ActCommand, On: desk.Place{Channel: "C1SUPPORT"},
				Fields: map[string]string{"text": "queue all"},
			},
		}
		if d := cmp.Diff(want, got, cmpopts.IgnoreFields(desk.Press{}, "ID", "At", "Respond", "Trigger")); d != "" {
			t.Errorf("presses (-want +got):\n%s", d)
		}
		ids := map[string]bool{}
		for _, p := range got {
			ids[p.ID] = true
			if p.ID == "" || p.At.IsZero() || !strings.HasPrefix(p.Respond, base) || p.Trigger == "" {
				t.Errorf("press lacks something: %+v", p)
			}
		}
		if len(ids) != 3 {
			t.Errorf("three presses have %d ids", len(ids))
		}
	})
}

func TestModalIsOpenedAndComesBack(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		refuse := true
		r.desk.answer(func(_ context.Context, p desk.Press) (desk.Ack, error) {
			switch {
			case p.Action == desk.ActEdit:
				return desk.Ack{Open: &desk.Modal{
					Action: desk.ActSubmitEdit, Token: p.Token, Card: sample(), Text: "Hi Ina, it went out today.", Newest: "m9",
				}}, nil
			case p.Action == desk.ActSubmitEdit && refuse:
				refuse = false
				return desk.Ack{Errors: map[string]string{"text": "Write what the customer should read.", "mode": "Also this."}}, nil
			}
			return desk.Ack{}, nil
		})
		r.post(sample())
		card := r.Channel("support").ExpectCard("refund")
		card.Click("Edit").As("ana")
		modal := r.User("ana").ExpectModal("Edit the reply")
		views := r.views("ana")
		id, _ := views["id"].(string)
		out := r.control("submit", map[string]any{"view_id": id, "user": "ana", "values": map[string]any{"text": map[string]any{"text": "x"}}})
		if errs, _ := out["errors"].(map[string]any); len(errs) != 1 || !strings.Contains(fmt.Sprint(errs["text"]), "Also this.") {
			t.Errorf("errors stand at %v", out)
		}
		r.User("ana").ExpectModal("Edit the reply")
		modal.Fill("Reply to the customer", "Hi Ina, tomorrow.").Submit()
		r.User("ana").ExpectNoModal()
		got := r.desk.done()
		last := got[len(got)-1]
		want := desk.Press{
			Actor: "U1ANA", Team: "T1", Action: desk.ActSubmitEdit, Token: "01TOKEN",
			Fields: map[string]string{"text": "Hi Ina, tomorrow.", "newest": "m9"},
		}
		if d := cmp.Diff(want, last, cmpopts.IgnoreFields(desk.Press{}, "ID", "At", "Respond", "Trigger")); d != "" {
			t.Errorf("submission (-want +got):\n%s", d)
		}
	})
}

// views returns the newest view that someone sees.
func (r *rig) views(user string) map[string]any {
	r.t.Helper()
	res, err := r.http.Get(base + "/_control/views?user=" + user)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct {
		Views []map[string]any `json:"views"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || len(out.Views) == 0 {
		r.t.Fatalf("no view for %s: %v", user, err)
	}
	return out.Views[len(out.Views)-1]
}

func TestModalThatComesTooLateIsExplained(t *testing.T) {
	inSlack(t, func(_ *testing.T, r *rig) {
		r.desk.answer(func(_ context.Context, p desk.Press) (desk.Ack, error) {
			time.Sleep(2200 * time.Millisecond)
			return desk.Ack{Open: &desk.Modal{Action: desk.ActDetails, Token: p.Token, Card: sample()}}, nil
		})
		r.post(sample())
		r.Channel("support").ExpectCard("refund").Click("Details").As("ana")
		r.Channel("support").As("ana").ExpectPrivate("could not be opened in time")
	})
}

// The same envelope twice is one effect, and both are acknowledged alike.
func TestDuplicateEnvelopeIsOnePress(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		out := r.click(at, desk.ActClaim)
		if out["acked"] != true {
			t.Fatalf("not acknowledged: %v", out)
		}
		for range 3 {
			if again := r.control("redeliver", map[string]any{"envelope_id": out["envelope_id"]}); again["ok"] != true {
				t.Fatal(again)
			}
		}
		time.Sleep(time.Second)
		if n := len(r.desk.done()); n != 1 || r.desk.calls != 4 {
			t.Errorf("%d effects of %d calls; want 1 of 4", n, r.desk.calls)
		}
	})
}

// The acknowledgement says that the press is durable: it must not come before the desk has said so.
func TestAckComesAfterTheCommit(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		committed := time.Time{}
		r.desk.answer(func(context.Context, desk.Press) (desk.Ack, error) {
			time.Sleep(1200 * time.Millisecond)
			committed = time.Now()
			return desk.Ack{}, nil
		})
		at := r.post(sample())
		begun := time.Now()
		out := r.click(at, desk.ActClaim)
		if ms, _ := out["ack_ms"].(float64); out["acked"] != true || ms < 1200 || committed.Sub(begun) < 1200*time.Millisecond {
			t.Errorf("acknowledged after %v ms; the commit took 1200", ms)
		}
	})
}

func TestPressThatFailsIsNotAcknowledged(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		r.desk.answer(func(context.Context, desk.Press) (desk.Ack, error) { return desk.Ack{}, errDisk })
		at := r.post(sample())
		if out := r.click(at, desk.ActClaim); out["ok"] == true {
			t.Errorf("a press that was not committed was acknowledged: %v", out)
		}
		if n := testutil.ToFloat64(r.bot.metrics.envelopes.WithLabelValues("interactive", "failed")); n != 1 {
			t.Errorf("%v failed presses are counted, want 1", n)
		}
	})
}

// A desk that hangs must not cost the sockets: pings are answered, and what does not fit is left for Slack.
func TestSlowPressesDoNotStallTheSockets(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		release := make(chan struct{})
		r.desk.answer(func(context.Context, desk.Press) (desk.Ack, error) { <-release; return desk.Ack{}, nil })
		at := r.post(sample())
		for range 40 { // 2 workers, 4 may wait: the rest is overflow
			go func() {
				body := fmt.Sprintf(`{"channel":%q,"ts":%q,"action_id":"claim","user":"ana"}`, at.Channel, at.TS)
				if res, err := r.http.Post(base+"/_control/click", "application/json", strings.NewReader(body)); err == nil {
					_ = res.Body.Close()
				}
			}()
		}
		time.Sleep(3 * time.Minute)
		if n := testutil.ToFloat64(r.bot.metrics.sockets); n != 2 {
			t.Errorf("%v sockets are up, want 2", n)
		}
		if n := testutil.ToFloat64(r.bot.metrics.restarts); n != 0 {
			t.Errorf("sockets were lost %v times", n)
		}
		if n := testutil.ToFloat64(r.bot.metrics.envelopes.WithLabelValues("interactive", "overflow")); n != 34 {
			t.Errorf("%v envelopes overflowed, want 34", n)
		}
		close(release)
		r.desk.answer(nil)
		time.Sleep(time.Second)
		if out := r.click(at, desk.ActClaim); out["acked"] != true {
			t.Errorf("after the jam a press is not acknowledged: %v", out)
		}
	}, func(o *Options) { o.Workers, o.Queue = 2, 4 })
}

// Two hundred people open a window while Slack's Web API stalls: they get no window, and everybody's press is acknowledged.
func TestASlackThatStallsHoldsUpNoPress(t *testing.T) {
	const burst, queue, soon = 200, 20, 250 * time.Millisecond
	inSlack(t, func(t *testing.T, r *rig) {
		r.desk.answer(func(_ context.Context, p desk.Press) (desk.Ack, error) {
			return desk.Ack{Open: &desk.Modal{Action: desk.ActSubmitEdit, Token: p.Token, Card: sample()}}, nil
		})
		at := r.post(sample())
		r.fail(map[string]any{"method": "*", "delay_ms": 10_000})
		acked := make(chan any, burst)
		for range burst / queue {
			for range queue {
				go func() { acked <- r.click(at, desk.ActEdit)["ack_ms"] }()
			}
			for range queue {
				if ms, ok := (<-acked).(float64); !ok || ms > float64(soon.Milliseconds()) {
					t.Errorf("acknowledged: %t, after %v ms", ok, ms)
				}
			}
		}
		time.Sleep(time.Minute) // until the last is told that there is no window
		// So many wait beside the workers: what comes on top gets no window, and its acknowledgement all the same.
		if n := testutil.ToFloat64(r.bot.metrics.envelopes.WithLabelValues("interactive", "unfollowed")); n != burst-followers*queue {
			t.Errorf("%v presses were left without a window, want %d", n, burst-followers*queue)
		}
	}, func(o *Options) { o.Queue = queue })
}

func TestLongAnswerFollowsByResponseURL(t *testing.T) {
	inSlack(t, func(_ *testing.T, r *rig) {
		var lines []desk.Line
		for i := range 60 {
			lines = append(lines, desk.Line{Head: fmt.Sprintf("#%d", i), Text: strings.Repeat("返金", 200)})
		}
		r.desk.answer(func(_ context.Context, p desk.Press) (desk.Ack, error) {
			if p.Fields["text"] == "short" {
				return desk.Ack{Answer: &desk.Answer{Text: "Two wait.", Lines: []desk.Line{{Head: "#1", Text: "Lamp"}}}}, nil
			}
			return desk.Ack{Answer: &desk.Answer{Text: "Sixty wait.", Lines: lines}}, nil
		})
		r.Command("/escalate", "short").In("support").As("ana").ExpectPrivate("Lamp")
		ran := r.Command("/escalate", "long").In("support").As("ana")
		ran.ExpectPrivate("Here is what you asked for")
		ran.ExpectPrivate("#0")
		ran.ExpectPrivate("#59")
	})
}

func TestHomeAndMembershipEvents(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		r.desk.answer(func(ctx context.Context, p desk.Press) (desk.Ack, error) {
			if p.Action == desk.ActHome {
				return desk.Ack{}, r.bot.PublishHome(ctx, p.Actor, &desk.Home{Person: p.Actor, Role: desk.RoleAgent})
			}
			return desk.Ack{}, nil
		})
		r.User("ana").OpenHome().ExpectText("Nothing is yours right now")
		synctest.Wait() // the press is noted after the home is drawn
		if got := r.desk.done(); len(got) != 1 || got[0].Actor != "U1ANA" || got[0].Team != "T1" || got[0].ID == "" {
			t.Errorf("opening the home is the press %+v", got)
		}
		if out := r.control("group", map[string]any{"handle": "support-agents", "add": []string{"ben"}, "remove": []string{"ana"}}); out["ok"] != true {
			t.Fatal(out)
		}
		time.Sleep(time.Second)
		r.desk.mu.Lock()
		defer r.desk.mu.Unlock()
		want := membership{"S1", []escalate.PersonID{"U2BEN"}, []escalate.PersonID{"U1ANA"}}
		same := func(m membership) bool { return cmp.Equal(m, want, cmp.AllowUnexported(membership{})) }
		if !slices.ContainsFunc(r.desk.changes, same) { // beside it comes the group as a whole
			t.Errorf("membership changed by %+v, want %+v", r.desk.changes, want)
		}
	})
}

// taken is an acker that notes what was acknowledged.
type taken struct{ ids []string }

func (a *taken) AckCtx(_ context.Context, id string, _ any) error {
	a.ids = append(a.ids, id)
	return nil
}

// slack-go cannot read a payload with an element that it does not know. We can, and what nobody can read is dropped
// politely: an unanswered envelope shows the person an error.
func TestUnknownPayloadsAreStillAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, workspaceConfig())
		press := `{"type":"block_actions","user":{"id":"U1ANA"},"team":{"id":"T1"},"container":{"channel_id":"C1","message_ts":"1.2"},
			"actions":[{"action_id":"claim","value":"01TOKEN"}],"message":{"blocks":[{"type":"actions","elements":[{"type":"hologram"}]}]}}`
		for _, e := range []envelope{
			{id: "e1", kind: "interactive", payload: json.RawMessage(press)},
			{id: "e2", kind: "interactive", payload: json.RawMessage(`{"type":"shortcut","user":{"id":"U1ANA"}}`)},
			{id: "e3", kind: "telepathy", payload: json.RawMessage(`{}`)},
			{id: "e4", kind: "interactive", payload: json.RawMessage(`[]`)},
			{id: "e5", kind: "events_api", payload: json.RawMessage(`{"event_id":"Ev1","event":{"type":"message","user":"U1ANA"}}`)},
			{id: "e6", kind: "slash_commands", payload: json.RawMessage(`{"text":"queue"}`)},
		} {
			a := &taken{}
			e.via, e.received = a, time.Now()
			r.bot.handle(t.Context(), e)
			if len(a.ids) != 1 || a.ids[0] != e.id {
				t.Errorf("%s: acknowledged %v", e.id, a.ids)
			}
		}
		if got := r.desk.done(); len(got) != 1 || got[0].Action != desk.ActClaim || got[0].ID != "e1" {
			t.Errorf("presses: %+v", got)
		}
		p := newPool(t.Context(), r.bot)
		s := &socket{bot: r.bot, pool: p, client: socketmode.New(r.bot.api)}
		raw := fmt.Sprintf(`{"envelope_id":"e7","type":"interactive","payload":%s}`, press)
		s.dispatch(&socketmode.Event{Type: socketmode.EventTypeErrorBadMessage, Data: &socketmode.ErrorBadMessage{Message: json.RawMessage(raw)}}, func() {})
		s.dispatch(&socketmode.Event{Type: socketmode.EventTypeErrorBadMessage, Data: &socketmode.ErrorBadMessage{Message: json.RawMessage(`{`)}}, func() {})
		p.drain(time.Second)
		if got := r.desk.done(); len(got) != 2 || got[1].ID != "e7" {
			t.Errorf("a press that slack-go cannot read is lost: %+v", got)
		}
	})
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add("interactive", `{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"more","selected_option":{"value":"details:T"}}]}`)
	f.Add("interactive", `{"type":"view_submission","user":{"id":"U1"},"view":{"callback_id":"submit_edit","state":{"values":{"text.2":{"after9":{"value":"x"}}}}}}`)
	f.Add("events_api", `{"event_id":"E","event":{"type":"subteam_updated","subteam":{"id":"S","users":["U"],"date_delete":0}}}`)
	f.Add("slash_commands", `{"user_id":"U","text":"x"}`)
	f.Fuzz(func(t *testing.T, kind, payload string) {
		in, err := read(&envelope{id: "e", kind: kind, payload: json.RawMessage(payload)}, time.Time{})
		if err == nil && in.press != nil && (in.press.Actor == "" || in.press.ID == "") {
			t.Errorf("a press without an actor: %+v", in.press)
		}
	})
}
