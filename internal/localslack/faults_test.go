package localslack_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

func limited(o *localslack.Options) { o.Limits = true }

func TestLimitsFollowTheTiers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, limited)
		for i := range 20 {
			if _, out := r.call("usergroups.list"); out["ok"] != true {
				t.Fatalf("call %d of a tier 2 method: %v", i+1, out)
			}
		}
		time.Sleep(10 * time.Second)
		res, out := r.call("usergroups.list")
		if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "50" || out["error"] != "ratelimited" {
			t.Errorf("21st call: %d, Retry-After %q, %v", res.StatusCode, res.Header.Get("Retry-After"), out)
		}
		if _, out := r.call("users.info", "user=U1"); out["ok"] != true {
			t.Errorf("another method is limited too: %v", out)
		}
		time.Sleep(50 * time.Second)
		if _, out := r.call("usergroups.list"); out["ok"] != true {
			t.Errorf("after the wait: %v", out)
		}
	})
}

func TestMessagesPaceByChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, limited)
		for range 5 {
			r.post(slack.MsgOptionText("burst", false))
		}
		_, _, err := r.api.PostMessage("C1", slack.MsgOptionText("over", false))
		wait, ok := errors.AsType[*slack.RateLimitedError](err)
		if !ok || wait.RetryAfter != time.Second {
			t.Fatalf("sixth message at once: %v, want rate limited for 1s", err)
		}
		for range 10 {
			time.Sleep(time.Second)
			r.post(slack.MsgOptionText("paced", false))
		}
	})
}

func TestPlannedFaultsOfMethods(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		posted := func() int { return len(r.control("messages?channel=C1", nil)["messages"].([]any)) }
		try := func() error {
			_, _, err := r.api.PostMessage("C1", slack.MsgOptionText("x", false))
			return err
		}
		r.must("fault", m{"method": "chat.postMessage", "status": 500, "times": 1})
		if err := try(); err == nil || posted() != 0 {
			t.Errorf("before apply: %v with %d posted, want an error and none", err, posted())
		}
		r.must("fault", m{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
		if err := try(); err == nil || posted() != 1 {
			t.Errorf("after apply: %v with %d posted, want an error and one", err, posted())
		}
		r.must("fault", m{"method": "*", "status": 429, "retry_after": 7, "times": 1})
		if limit, ok := errors.AsType[*slack.RateLimitedError](try()); !ok || limit.RetryAfter != 7*time.Second {
			t.Errorf("429: %v, want 7s", limit)
		}
		r.must("fault", m{"method": "chat.postMessage", "error": "fatal_error", "times": 2})
		for range 2 {
			if err := try(); slackError(err) != "fatal_error" {
				t.Errorf("planned error: %v", err)
			}
		}
		r.must("fault", m{"method": "chat.postMessage", "delay_ms": 2000, "times": 1})
		start := time.Now()
		if err := try(); err != nil || time.Since(start) != 2*time.Second {
			t.Errorf("delayed call: %v after %v", err, time.Since(start))
		}
		r.must("fault", m{"method": "chat.postMessage", "status": 503, "probability": 0.5, "seed": 7})
		pattern := func() (all []bool) {
			for range 100 {
				all = append(all, try() != nil)
			}
			return all
		}
		first, failed := pattern(), 0
		for _, f := range first {
			if f {
				failed++
			}
		}
		if failed < 30 || failed > 70 {
			t.Errorf("%d of 100 calls failed at probability 0.5", failed)
		}
		r.must("fault", m{"clear": true})
		r.must("fault", m{"method": "chat.postMessage", "status": 503, "probability": 0.5, "seed": 7})
		if diff := cmp.Diff(first, pattern()); diff != "" {
			t.Errorf("the same seed struck other calls (-first +second):\n%s", diff)
		}
		r.must("fault", m{"clear": true})
		if err := try(); err != nil {
			t.Errorf("after clear: %v", err)
		}
		for _, bad := range []m{{}, {"method": "chat.shout"}, {"envelope": "letter"}, {"method": "api.test", "probability": 2}, {"colour": 1}} {
			if out := r.control("fault", bad); out["ok"] != false {
				t.Errorf("fault %v was planned", bad)
			}
		}
	})
}

func TestPlannedFaultsOfEnvelopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		n := 0
		r.app(func(socketmode.Event) (any, bool) { n++; return nil, true })
		run := func() m { return r.control("command", m{"command": "/escalate", "channel": "support", "user": "ana"}) }
		r.must("fault", m{"envelope": "slash_commands", "error": "drop", "times": 1})
		if out := run(); out["ok"] != false || n != 0 {
			t.Errorf("dropped envelope: %v, %d arrived", out, n)
		}
		r.must("fault", m{"envelope": "slash_commands", "error": "duplicate", "times": 1})
		if out := run(); out["ok"] != true {
			t.Errorf("duplicated envelope: %v", out)
		}
		synctest.Wait()
		if n != 2 {
			t.Errorf("%d arrived, want 2", n)
		}
		r.must("fault", m{"envelope": "*", "delay_ms": 1000, "times": 1})
		start := time.Now()
		if out := run(); out["ok"] != true || time.Since(start) != time.Second {
			t.Errorf("delayed envelope: %v after %v", out, time.Since(start))
		}
		r.must("fault", m{"envelope": "slash_commands", "after_apply": true, "times": 1})
		if out := run(); out["ok"] != false || n != 4 {
			t.Errorf("lost ack: %v, %d arrived", out, n)
		}
	})
}
