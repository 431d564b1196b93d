package localslack_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

func TestReplayGivesTheSameState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		at := func(o *localslack.Options) { o.Journal = path }
		r := newRig(t, at)
		triggers := make(chan string, 10)
		r.interactions(func(cb slack.InteractionCallback) any { triggers <- cb.TriggerID; return nil })
		card := r.post(slack.MsgOptionBlocks(buttonBlocks()...), slack.MsgOptionText("Refund", false))
		r.post(slack.MsgOptionText("reply", false), slack.MsgOptionTS(card))
		gone := r.post(slack.MsgOptionText("gone", false))
		if _, _, err := r.api.DeleteMessage("C1", gone); err != nil {
			t.Fatal(err)
		}
		if _, err := r.api.OpenView(r.trigger(triggers, card), modal("Edit", "reply", false)); err != nil {
			t.Fatal(err)
		}
		r.wantOK("chat.update", "channel=C1", "ts="+card, "text=claimed")
		r.wantOK("reactions.add", "channel=C1", "timestamp="+card, "name=eyes")
		r.wantOK("chat.postEphemeral", "channel=C1", "user=U1", "text=psst")
		r.wantOK("views.publish", "user_id=U1", `view={"type":"home","blocks":[{"type":"divider"}]}`)
		r.wantOK("conversations.join", "channel=C2")
		r.wantOK("conversations.open", "users=U2")
		r.must("group", m{"handle": "support-agents", "add": []string{"ben"}})
		said := r.must("message", m{"channel": "support", "text": "hello", "user": "ben"})["ts"]
		r.must("edit", m{"channel": "support", "ts": said, "text": "hallo", "user": "ben"})
		r.must("react", m{"channel": "support", "ts": said, "name": "wave", "user": "ana"})
		r.must("person", m{"user": "ben", "status_text": "Gone", "dnd_minutes": 90, "deleted": true})
		r.must("channel", m{"channel": "general", "remove": []string{"ana"}, "archived": true})

		again := newRig(t, at)
		for _, path := range []string{"messages?channel=support&as=ana", "views?user=ana", "state"} {
			before, after := r.control(path, nil), again.control(path, nil)
			delete(before, "apps") // counts open sockets
			delete(after, "apps")
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s after replay (-before +after):\n%s", path, diff)
			}
		}
		if ts := again.post(slack.MsgOptionText("next", false)); ts <= card {
			t.Errorf("a timestamp after replay is %s, not later than %s", ts, card)
		}
	})
}

func (r *rig) wantOK(method string, form ...string) {
	r.t.Helper()
	if _, out := r.call(method, form...); out["ok"] != true {
		r.t.Errorf("%s: %v", method, out)
	}
}

func TestTornLastLineIsDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	at := func(o *localslack.Options) { o.Journal = path }
	newRig(t, at).post(slack.MsgOptionText("whole", false))
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"seq":2,"kind":"message_po`); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	r := newRig(t, at)
	r.post(slack.MsgOptionText("after", false))
	if all := r.control("messages?channel=C1", nil)["messages"].([]any); len(all) != 2 {
		t.Errorf("%d messages after a torn line, want 2", len(all))
	}
	if all := r.records(); len(all) != count(all, localslack.MessagePosted)+count(all, localslack.InteractionUndelivered) {
		t.Errorf("journal holds other lines than whole ones: %v", all)
	}
}

func TestFaultyJournalIsRefusedWithItsLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	if err := os.WriteFile(path, []byte("{\"seq\":1}\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := localslack.New(localslack.Options{Config: testConfig(), Journal: path})
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error %v, want it to name line 2", err)
	}
}

func TestHundredClicksAndTenPostsAtOnce(t *testing.T) {
	r := newRig(t)
	var mu sync.Mutex
	seen := map[string]int{}
	note := func(e socketmode.Event) (any, bool) {
		mu.Lock()
		defer mu.Unlock()
		seen[e.Request.EnvelopeID]++
		return nil, true
	}
	for range 2 {
		r.app(note)
	}
	ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
	var wg sync.WaitGroup
	acked := make(chan bool, 100)
	for range 100 {
		wg.Go(func() {
			out := r.control("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"})
			acked <- out["acked"] == true
		})
	}
	stamps := sync.Map{}
	for i := range 10 {
		wg.Go(func() {
			_, ts, err := r.api.PostMessage("C1", slack.MsgOptionText(strconv.Itoa(i), false))
			if _, dup := stamps.LoadOrStore(ts, true); dup || err != nil {
				t.Errorf("post %d: ts %s twice, or %v", i, ts, err)
			}
		})
	}
	wg.Wait()
	close(acked)
	for ok := range acked {
		if !ok {
			t.Error("a click was not acknowledged")
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for id, n := range seen {
		if n != 1 {
			t.Errorf("envelope %s arrived %d times", id, n)
		}
	}
}

func TestOverALoopbackSocket(t *testing.T) {
	w, err := localslack.New(localslack.Options{Config: testConfig()})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(w.Handler())
	t.Cleanup(func() { _ = w.Close(); srv.Close() })
	api := slack.New(botToken, slack.OptionAPIURL(srv.URL+"/api/"), slack.OptionAppLevelToken(appToken))
	client := socketmode.New(api)
	ran := make(chan error, 1)
	go func() { ran <- client.RunContext(t.Context()) }()
	t.Cleanup(func() { <-ran }) // t.Context ends before cleanups run
	hello := false
	for !hello {
		select {
		case e := <-client.Events:
			hello = e.Type == socketmode.EventTypeHello
		case <-time.After(10 * time.Second):
			t.Fatal("no hello over loopback")
		}
	}
}

func TestCloseEndsWaitingRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.app(func(socketmode.Event) (any, bool) { return nil, false })
		done := make(chan m, 1)
		start := time.Now()
		go func() {
			done <- r.control("command", m{"command": "/escalate", "channel": "support", "user": "ana"})
		}()
		synctest.Wait()
		if err := r.w.Close(); err != nil {
			t.Fatal(err)
		}
		if out := <-done; out["ok"] != false || time.Since(start) > 0 {
			t.Errorf("waiting call answered %v after %v", out, time.Since(start))
		}
		if _, out := r.call("chat.postMessage", "channel=C1", "text=late"); out["ok"] != false {
			t.Errorf("post after Close answered %v", out)
		}
	})
}

func BenchmarkPost(b *testing.B) {
	w, err := localslack.New(localslack.Options{Config: testConfig()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	body := "token=" + botToken + "&channel=C1&blocks=" + url.QueryEscape(goodBlocks["section"])
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, base+"/api/chat.postMessage", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res := httptest.NewRecorder()
		w.Handler().ServeHTTP(res, req)
		if !strings.Contains(res.Body.String(), `"ok":true`) {
			b.Fatal(res.Body.String())
		}
	}
}
