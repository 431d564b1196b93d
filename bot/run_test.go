package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"warmline/escalate/desk"
	"warmline/internal/localslack"
)

// Slack closes sockets every few hours and warns ten seconds before. slack-go hangs up at once, and the other socket takes
// what comes while it dials: of all that is pressed after the warning has arrived, nothing is lost.
func TestDisconnectWarningLosesNothing(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		for i := range 20 {
			if out := r.control("disconnect", map[string]any{"reason": "warning", "count": 1}); out["ok"] != true {
				t.Fatal(out)
			}
			time.Sleep(50 * time.Millisecond) // a round trip: the warning is on its way
			for range 5 {
				if out := r.click(at, desk.ActClaim); out["acked"] != true {
					t.Fatalf("round %d: a click during the warning is lost: %v", i, out)
				}
				time.Sleep(700 * time.Millisecond)
			}
			time.Sleep(30 * time.Second)
			if n := testutil.ToFloat64(r.bot.metrics.sockets); n != 2 {
				t.Fatalf("round %d: %v sockets are up, want 2", i, n)
			}
		}
		if n := len(r.desk.done()); n != 100 {
			t.Errorf("%d presses, want 100", n)
		}
	})
}

func TestSocketsComeBackAfterEveryKindOfCut(t *testing.T) {
	for _, reason := range []string{"abrupt", "refresh_requested", "warning"} {
		t.Run(reason, func(t *testing.T) {
			inSlack(t, func(t *testing.T, r *rig) {
				at := r.post(sample())
				r.control("disconnect", map[string]any{"reason": reason})
				time.Sleep(15 * time.Second)
				if out := r.click(at, desk.ActClaim); out["acked"] != true {
					t.Errorf("not acknowledged after the cut: %v", out)
				}
			})
		})
	}
}

func TestStopFinishesWhatIsInHand(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		r.desk.answer(func(context.Context, desk.Press) (desk.Ack, error) {
			time.Sleep(time.Second)
			return desk.Ack{}, nil
		})
		result := make(chan map[string]any, 1)
		go func() { result <- r.click(at, desk.ActClaim) }()
		time.Sleep(500 * time.Millisecond)
		if err := r.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		if out := <-result; out["acked"] != true {
			t.Errorf("a press in hand was dropped at stop: %v", out)
		}
		if n := testutil.ToFloat64(r.bot.metrics.sockets); n != 0 {
			t.Errorf("%v sockets are left", n)
		}
	})
}

// A desk that never returns cannot keep the bot from stopping.
func TestStopDoesNotWaitForever(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		r.desk.answer(func(ctx context.Context, _ desk.Press) (desk.Ack, error) {
			<-ctx.Done()
			return desk.Ack{}, ctx.Err()
		})
		const waiting = 5 // each would take the whole of AckTimeout
		result := make(chan map[string]any, waiting)
		for range waiting {
			go func() { result <- r.click(at, desk.ActClaim) }()
		}
		time.Sleep(100 * time.Millisecond)
		begun := time.Now()
		if err := r.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		if d := time.Since(begun); d > drainTime+time.Second {
			t.Errorf("stopping took %v", d)
		}
		for range waiting {
			<-result
		}
	}, func(o *Options) { o.Workers, o.AckTimeout = 1, 2*time.Second })
}

func TestSignInSaysWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Options)
		scopes func(*localslack.Config)
		token  string
		reason string
		hint   string
	}{
		"wrong bot token": {change: func(o *Options) { o.BotToken = "xoxb-wrong" }, token: "bot token", reason: "invalid_auth", hint: "copy the token"},
		"wrong app token": {change: func(o *Options) { o.AppToken = "xapp-wrong" }, token: "app token", reason: "invalid_auth", hint: "copy the token"},
		"missing scope": {
			scopes: func(c *localslack.Config) { c.Apps[0].Scopes = []string{"chat:write", "commands", "users:read"} },
			token:  "bot token", reason: "missing_scope", hint: "channels:history, channels:read, usergroups:read",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := workspaceConfig()
				if tc.scopes != nil {
					tc.scopes(&c)
				}
				change := tc.change
				if change == nil {
					change = func(*Options) {}
				}
				r := newRig(t, c, change)
				err := r.bot.Run(t.Context())
				var auth *AuthError
				if !errors.As(err, &auth) {
					t.Fatalf("Run returned %v", err)
				}
				if auth.Token != tc.token || auth.Reason != tc.reason || !strings.Contains(auth.Hint, tc.hint) {
					t.Errorf("got %+v", auth)
				}
			})
		})
	}
}

func TestSignInWaitsForSlack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, workspaceConfig())
		r.fail(map[string]any{"method": "auth.test", "status": 500, "times": 5})
		r.start()
		time.Sleep(2 * time.Minute)
		if n := testutil.ToFloat64(r.bot.metrics.sockets); n != 2 {
			t.Errorf("%v sockets are up after Slack came back", n)
		}
	})
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	good := Options{BotToken: testBot, AppToken: testApp, Desk: &fakeDesk{}}
	for name, change := range map[string]func(*Options){
		"bot token: it does not begin with xoxb-": func(o *Options) { o.BotToken = testApp },
		"app token: it does not begin with xapp-": func(o *Options) { o.AppToken = "" },
		"no desk":            func(o *Options) { o.Desk = nil },
		"ends in a slash":    func(o *Options) { o.APIURL = "https://slack.com/api" },
		"Slack allows 10":    func(o *Options) { o.Sockets = 11 },
		"register metrics: ": func(o *Options) { o.Registerer = registered(prometheus.NewRegistry()) },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("New says %v, want %q", err, name)
		}
	}
	if _, err := New(good); err != nil {
		t.Errorf("New of good options: %v", err)
	}
}

// registered is a registry in which the bot's metrics are registered already.
func registered(r *prometheus.Registry) *prometheus.Registry {
	if err := newMetrics().register(r); err != nil {
		panic(err)
	}
	return r
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	s := Secret("xoxb-very-secret")
	var b strings.Builder
	log := slog.New(slog.NewJSONHandler(&b, nil))
	log.Info("options", "token", s, "in", struct{ T Secret }{s}, "o", Options{BotToken: s})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+" ", s)
		fmt.Fprintf(&b, verb+" ", Options{BotToken: s})
	}
	if strings.Contains(b.String(), "very") || strings.Contains(b.String(), "76657279") {
		t.Errorf("the token is printed: %s", b.String())
	}
	var back Secret
	if err := back.UnmarshalText([]byte("xoxb-1")); err != nil || string(back) != "xoxb-1" {
		t.Errorf("UnmarshalText gives %q, %v", string(back), err)
	}
}

func TestBackoffIsCappedAndSpread(t *testing.T) {
	for attempt := range 200 {
		for _, most := range []time.Duration{deafBackoff, maxBackoff} {
			if d := backoff(attempt, most); d <= 0 || d > most {
				t.Errorf("attempt %d waits %v, %v at most", attempt, d, most)
			}
		}
	}
}

// hang answers each request with what it is told to, and counts them.
type hang struct {
	calls  atomic.Int32
	answer func(*http.Request) (*http.Response, error)
}

func (h *hang) RoundTrip(req *http.Request) (*http.Response, error) {
	h.calls.Add(1)
	return h.answer(req)
}

func TestEveryCallHasADeadlineAndABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hang{answer: func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}}
		b, err := New(Options{BotToken: testBot, AppToken: testApp, Desk: &fakeDesk{}, HTTPClient: &http.Client{Transport: h}})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		_, err = b.ReadGroups(t.Context())
		var refused *desk.Refused
		if err == nil || errors.As(err, &refused) || time.Since(begun) != 5*time.Second {
			t.Errorf("a call that hangs ended after %v with %v", time.Since(begun), err)
		}
		h.answer = func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(io.MultiReader(strings.NewReader(`{"ok":true,"error":"`), endless{}))}, nil
		}
		if _, err := b.ReadGroups(t.Context()); !errors.Is(err, errTooLarge) {
			t.Errorf("an endless answer ended with %v", err)
		}
		h.answer = func(*http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://evil.example/"}}, Body: io.NopCloser(strings.NewReader("")),
			}, nil
		}
		before := h.calls.Load()
		if _, err := b.ReadGroups(t.Context()); err == nil || h.calls.Load() != before+1 {
			t.Errorf("a redirect was followed with the token: %v", err)
		}
	})
}

// endless is a JSON string without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// Slack closes the eleventh socket as soon as it is open. Coming back at once, as slack-go does, would be a storm.
func TestTooManySocketsMakeNoStorm(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		o := r.bot.o
		o.Sockets, o.Desk = 1, &fakeDesk{acks: map[string]desk.Ack{}}
		late, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- late.Run(ctx) }()
		time.Sleep(5 * time.Minute)
		if n := testutil.ToFloat64(late.metrics.restarts); n < 5 || n > 40 {
			t.Errorf("%v attempts in five minutes; want some, and none in haste", n)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := testutil.ToFloat64(r.bot.metrics.sockets); n != 10 {
			t.Errorf("%v of the first ten sockets are up", n)
		}
	}, func(o *Options) { o.Sockets, o.Stagger = 10, 100*time.Millisecond })
}

// Nor can a Slack that does not answer what follows an acknowledgement.
func TestDrainGivesUpOnCallsThatHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hang{answer: func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}}
		d := &fakeDesk{acks: map[string]desk.Ack{"e1": {Answer: &desk.Answer{Text: "Ana has it."}}}}
		b, err := New(Options{
			BotToken: testBot, AppToken: testApp, Desk: d, HTTPClient: &http.Client{Transport: h}, CallTimeout: time.Hour,
		})
		if err != nil {
			t.Fatal(err)
		}
		p, a := newPool(t.Context(), b), &taken{}
		p.submit(envelope{id: "e1", kind: "interactive", via: a, payload: []byte(`{"type":"block_actions","user":{"id":"U1ANA"},
			"response_url":"https://hooks.slack.com/x","actions":[{"action_id":"claim","value":"01TOKEN"}]}`)})
		synctest.Wait()
		begun := time.Now()
		p.drain(drainTime)
		if d := time.Since(begun); d != drainTime || len(a.ids) != 1 || h.calls.Load() != 1 {
			t.Errorf("drained in %v after %d acknowledgements and %d calls", d, len(a.ids), h.calls.Load())
		}
	})
}
