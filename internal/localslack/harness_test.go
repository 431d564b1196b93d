package localslack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
	"warmline/internal/localslack/pipenet"
)

const (
	botToken = "xoxb-1-test"
	appToken = "xapp-1-test"
	base     = "http://slack.test"
)

var allScopes = strings.Fields(`app_mentions:read channels:history channels:join channels:read chat:write commands
	groups:history groups:read im:history im:write reactions:write team:read usergroups:read usergroups:write users:read
	users:read.email`)

func testConfig() localslack.Config {
	return localslack.Config{
		Team: localslack.Team{ID: "T1", Name: "Northlight", Domain: "northlight"},
		Users: []localslack.User{
			{ID: "U1", Name: "ana", RealName: "Ana Alvarez", Email: "ana@northlight.example", TZ: "Europe/Madrid"},
			{ID: "U2", Name: "ben", RealName: "Ben Berg", Email: "ben@northlight.example"},
			{ID: "U3", Name: "gone", Deleted: true},
			{ID: "UBOT", Name: "warmline", IsBot: true},
		},
		Channels: []localslack.Channel{
			{ID: "C1", Name: "support", Members: []string{"ana", "ben", "warmline"}, Topic: "Tickets"},
			{ID: "C2", Name: "general", Members: []string{"ana"}},
			{ID: "C3", Name: "secret", Members: []string{"ben"}, Private: true},
		},
		Groups: []localslack.Group{{ID: "S1", Handle: "support-agents", Users: []string{"ana"}}},
		Apps: []localslack.App{{
			ID: "A1", Name: "Warmline", BotToken: botToken, AppToken: appToken, BotUser: "UBOT", Scopes: allScopes,
			Commands: []localslack.Command{{Command: "/escalate", Description: "Steer the hand-off", UsageHint: "[next|queue]"}},
		}},
	}
}

// rig is a workspace served over a pipe network, and Slack's client for it.
type rig struct {
	t       *testing.T
	w       *localslack.Workspace
	ln      *pipenet.Listener
	http    *http.Client
	api     *slack.Client
	journal string
}

func newRig(t *testing.T, change ...func(*localslack.Options)) *rig {
	t.Helper()
	o := localslack.Options{Config: testConfig(), Journal: filepath.Join(t.TempDir(), "journal.jsonl")}
	for _, f := range change {
		f(&o)
	}
	w, err := localslack.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ln := pipenet.Listen()
	srv := &http.Server{Handler: w.Handler()}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	r := &rig{t: t, w: w, ln: ln, http: ln.Client(), journal: o.Journal}
	r.api = slack.New(botToken, slack.OptionAPIURL(base+"/api/"), slack.OptionAppLevelToken(appToken), slack.OptionHTTPClient(r.http))
	t.Cleanup(func() {
		for range 2 {
			if err := w.Close(); err != nil {
				t.Errorf("close workspace: %v", err)
			}
		}
		r.http.CloseIdleConnections()
		_ = srv.Close()
		<-served
	})
	return r
}

// app runs a bot on Slack's own Socket Mode client. handle returns the ack's
// payload and whether to acknowledge at all.
func (r *rig) app(handle func(socketmode.Event) (any, bool)) {
	r.t.Helper()
	client := socketmode.New(r.api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: r.ln.DialContext}))
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{}, 2)
	ready := make(chan struct{}, 100)
	go func() { _ = client.RunContext(ctx); stopped <- struct{}{} }()
	go func() {
		defer func() { stopped <- struct{}{} }()
		for {
			select {
			case e := <-client.Events:
				if e.Type == socketmode.EventTypeHello {
					ready <- struct{}{}
				}
				if e.Request == nil || e.Request.EnvelopeID == "" {
					continue
				}
				if payload, ack := handle(e); ack {
					_ = client.AckCtx(ctx, e.Request.EnvelopeID, payload)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	r.t.Cleanup(func() { cancel(); <-stopped; <-stopped })
	select {
	case <-ready:
	case <-time.After(5 * time.Second):
		r.t.Fatal("no hello within 5 s")
	}
}

// quiet acknowledges everything.
func quiet(socketmode.Event) (any, bool) { return nil, true }

// call makes a Web API call with a form body and returns the raw answer.
func (r *rig) call(method string, form ...string) (*http.Response, map[string]any) {
	r.t.Helper()
	body := strings.Join(append([]string{"token=" + botToken}, form...), "&")
	return r.do("POST", "/api/"+method, "application/x-www-form-urlencoded", body)
}

func (r *rig) do(verb, path, kind, body string) (*http.Response, map[string]any) {
	r.t.Helper()
	req, err := http.NewRequest(verb, base+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := r.http.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, _ := io.ReadAll(res.Body)
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil && strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		r.t.Fatalf("%s: %v in %s", path, err, data)
	}
	return res, out
}

// wantError makes a call that must be refused.
func (r *rig) wantError(code, method string, form ...string) map[string]any {
	r.t.Helper()
	_, out := r.call(method, form...)
	if out["ok"] != false || out["error"] != code {
		r.t.Errorf("%s %v: got ok=%v error=%v, want error %q", method, form, out["ok"], out["error"], code)
	}
	return out
}

// control calls the control API and decodes its answer.
func (r *rig) control(path string, in any) map[string]any {
	r.t.Helper()
	if in == nil {
		_, out := r.do("GET", "/_control/"+path, "", "")
		return out
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(in); err != nil {
		r.t.Fatal(err)
	}
	_, out := r.do("POST", "/_control/"+path, "application/json", b.String())
	return out
}

// must is control for what has to succeed.
func (r *rig) must(path string, in any) map[string]any {
	r.t.Helper()
	out := r.control(path, in)
	if in != nil && out["ok"] != true {
		r.t.Fatalf("%s %v: %v", path, in, out)
	}
	return out
}

type m = map[string]any

func buttonBlocks() []slack.Block {
	return []slack.Block{
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*Refund* please", false, false), nil, nil),
		slack.NewActionBlock("act", slack.NewButtonBlockElement("claim", "token-1", slack.NewTextBlockObject("plain_text", "Claim", false, false))),
	}
}

func (r *rig) post(o ...slack.MsgOption) string {
	r.t.Helper()
	_, ts, err := r.api.PostMessage("C1", o...)
	if err != nil {
		r.t.Fatal(err)
	}
	return ts
}

func (r *rig) records() []localslack.Record {
	r.t.Helper()
	all, err := localslack.ReadJournal(r.journal)
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

func count(all []localslack.Record, kind localslack.Kind) int {
	n := 0
	for _, r := range all {
		if r.Kind == kind {
			n++
		}
	}
	return n
}
