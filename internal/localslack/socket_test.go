package localslack_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

func TestClickReachesTheAppAndItsAckTheControlCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		got := make(chan slack.InteractionCallback, 1)
		r.app(func(e socketmode.Event) (any, bool) {
			if cb, ok := e.Data.(slack.InteractionCallback); ok {
				got <- cb
			}
			return nil, true
		})
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...), slack.MsgOptionText("Refund", false))
		out := r.must("click", m{"channel": "support", "ts": ts, "action_id": "claim", "user": "ana"})
		if out["acked"] != true || out["envelope_id"] == "" {
			t.Errorf("click answered %v, want acked with an envelope id", out)
		}
		cb := <-got
		if cb.User.ID != "U1" || cb.Message.Timestamp != ts || cb.Channel.ID != "C1" || cb.Container.ChannelID != "C1" {
			t.Errorf("payload names user %q, message %q, channel %q", cb.User.ID, cb.Message.Timestamp, cb.Channel.ID)
		}
		if len(cb.Message.Blocks.BlockSet) != 2 || cb.TriggerID == "" || cb.ResponseURL == "" {
			t.Errorf("payload lacks the message copy, trigger or response_url: %+v", cb)
		}
		a := cb.ActionCallback.BlockActions
		if len(a) != 1 || a[0].ActionID != "claim" || a[0].Value != "token-1" || a[0].BlockID != "act" || a[0].Text.Text != "Claim" {
			t.Errorf("actions = %+v", a)
		}
		if n := count(r.records(), localslack.InteractionAcked); n < 1 {
			t.Errorf("journal has %d acks, want the click's", n)
		}
	})
}

func TestUnackedClickFailsAfterThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.app(func(e socketmode.Event) (any, bool) { return nil, e.Type != socketmode.EventTypeInteractive })
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		start := time.Now()
		out := r.control("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"})
		if out["ok"] != false || out["acked"] != false || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %v, want a failure after 3s", out, time.Since(start))
		}
		if n := count(r.records(), localslack.InteractionTimedOut); n != 1 {
			t.Errorf("journal has %d timeouts, want 1", n)
		}
	})
}

func TestClickWithoutAnAppFailsAtOnce(t *testing.T) {
	r := newRig(t)
	ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
	if out := r.control("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"}); out["ok"] != false {
		t.Errorf("click without an app answered %v", out)
	}
}

func TestOnlyVisibleButtonsUnlessForced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.app(quiet)
		ts := r.post(slack.MsgOptionText("no buttons", false))
		in := m{"channel": "C1", "ts": ts, "action_id": "approve", "value": "forged", "user": "ana"}
		if out := r.control("click", in); out["ok"] != false {
			t.Errorf("click on a missing button answered %v", out)
		}
		in["force"] = true
		r.must("click", in)
		in["user"] = "gone"
		if out := r.control("click", in); out["ok"] != false {
			t.Errorf("a deactivated user clicked: %v", out)
		}
	})
}

func TestUnackedEventIsRetriedAtOnceThenAfterOneAndFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		type try struct {
			at     time.Duration
			n      int
			reason string
		}
		var tries []try
		ids := map[string]bool{}
		start := time.Now()
		r.app(func(e socketmode.Event) (any, bool) {
			if ev, ok := e.Data.(slackevents.EventsAPIEvent); ok {
				ids[ev.Data.(*slackevents.EventsAPICallbackEvent).EventID] = true
			}
			tries = append(tries, try{time.Since(start), e.Request.RetryAttempt, e.Request.RetryReason})
			return nil, false
		})
		r.must("message", m{"channel": "support", "text": "hello", "user": "ana"})
		time.Sleep(time.Hour)
		synctest.Wait()
		want := []try{{0, 0, ""}, {3 * time.Second, 1, "timeout"}, {66 * time.Second, 2, "timeout"}, {369 * time.Second, 3, "timeout"}}
		if len(tries) != 4 || tries[0] != want[0] || tries[1] != want[1] || tries[2] != want[2] || tries[3] != want[3] {
			t.Errorf("tries = %v, want %v", tries, want)
		}
		if len(ids) != 1 {
			t.Errorf("retries carried %d event ids, want one and the same", len(ids))
		}
	})
}

func TestEventMovesToAnotherSocketWhenItsOwnDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var attempts []int
		deaf := func(e socketmode.Event) (any, bool) {
			attempts = append(attempts, e.Request.RetryAttempt)
			return nil, e.Request.RetryAttempt > 0
		}
		r.app(deaf)
		r.must("message", m{"channel": "support", "text": "hello", "user": "ana"})
		synctest.Wait()
		r.must("disconnect", m{"reason": "abrupt"})
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if len(attempts) < 2 || attempts[0] != 0 {
			t.Errorf("attempts = %v, want a first one and a retry", attempts)
		}
		if n := count(r.records(), localslack.InteractionAcked); n != 1 {
			t.Errorf("journal has %d acks, want 1", n)
		}
	})
}

func TestEnvelopesRotateOverTheSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var seen [2]int
		for i := range seen {
			r.app(func(socketmode.Event) (any, bool) { seen[i]++; return nil, true })
		}
		for range 4 {
			r.must("command", m{"command": "/escalate", "text": "queue", "channel": "support", "user": "ana"})
		}
		if seen != [2]int{2, 2} {
			t.Errorf("envelopes per socket = %v, want each exactly once, in turn", seen)
		}
	})
}

func TestWarningKeepsDeliveringForTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		ws := r.dial()
		if hello := ws.read(); hello["type"] != "hello" || hello["num_connections"] != 1.0 {
			t.Fatalf("first frame = %v, want hello", hello)
		}
		r.must("disconnect", m{"reason": "warning"})
		if d := ws.read(); d["type"] != "disconnect" || d["reason"] != "warning" {
			t.Fatalf("frame = %v, want the warning", d)
		}
		time.Sleep(9 * time.Second)
		r.must("message", m{"channel": "support", "text": "still here?", "user": "ana"})
		if e := ws.read(); e["type"] != "events_api" {
			t.Errorf("frame in the grace = %v, want the event", e)
		}
		start := time.Now()
		if _, _, err := ws.ReadMessage(); err == nil || time.Since(start) != time.Second {
			t.Errorf("socket ended with %v after %v, want the cut 10s after the warning", err, time.Since(start))
		}
	})
}

func TestEleventhSocketIsSentAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		for i := range 10 {
			if f := r.dial().read(); f["num_connections"] != float64(i+1) {
				t.Errorf("socket %d got %v", i+1, f)
			}
		}
		if f := r.dial().read(); f["type"] != "disconnect" || f["reason"] != "too_many_websockets" {
			t.Errorf("eleventh socket got %v, want too_many_websockets", f)
		}
	})
}

func TestTicketOpensOneSocketWithinItsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		_, url, err := r.api.StartSocketModeContext(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		d := websocket.Dialer{NetDialContext: r.ln.DialContext}
		ws, _, err := d.Dial(url, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = ws.Close() }()
		if _, res, err := d.Dial(url, nil); err == nil || res.StatusCode != http.StatusForbidden {
			t.Errorf("second use of a ticket: %v, want 403", err)
		}
	})
}

func TestServerPingsWithinTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		ws := r.dial()
		ws.read()
		start := time.Now()
		var pinged time.Duration
		ws.SetPingHandler(func(string) error { pinged = time.Since(start); return nil })
		_ = ws.SetReadDeadline(time.Now().Add(15 * time.Second))
		_, _, _ = ws.ReadMessage()
		if pinged == 0 || pinged > 10*time.Second {
			t.Errorf("first ping after %v, want within 10s", pinged)
		}
	})
}

func TestOversizedAckIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		ws := r.dial()
		ws.read()
		go func() {
			e := ws.read()
			_ = ws.WriteJSON(m{"envelope_id": e["envelope_id"], "payload": m{"text": string(make([]byte, 20<<10))}})
		}()
		out := r.control("command", m{"command": "/escalate", "channel": "support", "user": "ana"})
		if out["ok"] != false {
			t.Errorf("an ack of 20 KiB counted: %v", out)
		}
	})
}

func TestAckInFragmentsIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		ws := r.dialBuffered(256, "") // longer messages leave in several frames
		ws.read()
		for words, want := range map[string]bool{"short": true, strings.Repeat("long", 100): false} {
			var answering sync.WaitGroup
			answering.Go(func() {
				e := ws.read()
				_ = ws.WriteJSON(m{"envelope_id": e["envelope_id"], "payload": m{"text": words}})
			})
			if out := r.control("command", m{"command": "/escalate", "channel": "support", "user": "ana"}); out["acked"] != want {
				t.Errorf("an ack of %d bytes: acked %v, want %v", len(words), out["acked"], want)
			}
			answering.Wait()
		}
	})
}

func TestSocketIsRefreshedAtTheEndOfItsLife(t *testing.T) {
	for query, life := range map[string]time.Duration{"": 18_060 * time.Second, "&debug_reconnects=true": 360 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			start := time.Now()
			ws := r.dial(query)
			hello := ws.read()
			if promised := hello["debug_info"].(m)["approximate_connection_time"]; promised != life.Seconds() {
				t.Errorf("hello promises %v s, want %v", promised, life.Seconds())
			}
			if d := ws.read(); d["reason"] != "warning" || time.Since(start) != life-10*time.Second {
				t.Errorf("got %v after %v, want a warning 10 s before %v", d, time.Since(start), life)
			}
			_, _, err := ws.ReadMessage()
			if !websocket.IsCloseError(err, websocket.CloseNormalClosure) || time.Since(start) != life {
				t.Errorf("socket ended after %v with %v, want a close frame after %v", time.Since(start), err, life)
			}
		})
	}
}

func TestRedeliverySendsTheSameEnvelope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		ids := map[string]int{}
		r.app(func(e socketmode.Event) (any, bool) { ids[e.Request.EnvelopeID]++; return nil, true })
		out := r.must("command", m{"command": "/escalate", "channel": "support", "user": "ana"})
		r.must("redeliver", m{"envelope_id": out["envelope_id"]})
		synctest.Wait()
		if n := ids[out["envelope_id"].(string)]; n != 2 {
			t.Errorf("envelope arrived %d times, want 2", n)
		}
		if out := r.control("redeliver", m{"envelope_id": "none"}); out["ok"] != false {
			t.Errorf("redelivery of an unknown envelope answered %v", out)
		}
	})
}

// rawSocket is a socket without Slack's client around it.
type rawSocket struct {
	*websocket.Conn
	t *testing.T
}

// dial opens a socket; query is added to its address.
func (r *rig) dial(query ...string) rawSocket {
	r.t.Helper()
	return r.dialBuffered(64<<10, strings.Join(query, ""))
}

func (r *rig) dialBuffered(size int, query string) rawSocket {
	r.t.Helper()
	_, url, err := r.api.StartSocketModeContext(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	ws, _, err := (&websocket.Dialer{NetDialContext: r.ln.DialContext, WriteBufferSize: size}).Dial(url+query, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = ws.Close() })
	return rawSocket{ws, r.t}
}

func (s rawSocket) read() map[string]any {
	var f map[string]any
	if err := s.ReadJSON(&f); err != nil {
		s.t.Errorf("read frame: %v", err)
	}
	return f
}
