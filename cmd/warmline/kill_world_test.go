package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

const killHookKey = "whsec_a2lsbHMgc2lnbiB0aGVpciB3ZWJob29rcw=="

// killPolicy lets some tickets be answered at once, some drafted, and some handed over.
const killPolicy = `
stage: sample
sample: 0.4
thresholds: {auto: 0.85, draft: 0.5}
routes: {default: support, high_risk: payments, safety: escalations, topics: {delivery: shipping, pairing: shipping}}
roles: {agents: ["@support-agents"], leads: ["@support-leads"]}
keep_warm: {off: true, after: 4h, cap: 1}
fold: {from: 6, within: 20s}
pace: {undo: 300ms, chat_burst: 100ms, email_burst: 100ms, burst_max: 1s}
`

// killWorld is a Slack workspace and a helpdesk as processes of their own, and a bot that can be killed.
type killWorld struct {
	t                         *testing.T
	dir, bin, dsn             string
	slackURL, deskURL, hookAt string
	slackJournal, deskJournal string
	helpdesks                 []string // flags that name what is connected
	db                        *sql.DB
	client                    *http.Client
}

// buildBot builds the real binary.
func buildBot(tb testing.TB) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "warmline")
	if out, err := exec.CommandContext(tb.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		tb.Fatalf("build the binary: %v\n%s", err, out)
	}
	return path
}

func newKillWorld(t *testing.T, bin, dsn string) *killWorld {
	t.Helper()
	dir := t.TempDir()
	w := &killWorld{
		t: t, dir: dir, bin: bin, dsn: dsn, hookAt: freeAddress(t), client: &http.Client{Timeout: 15 * time.Second},
		slackJournal: filepath.Join(dir, "slack.jsonl"), deskJournal: filepath.Join(dir, "desk.jsonl"),
	}
	w.write("slack.yaml", killWorkspace())
	w.write("policy.yaml", []byte(killPolicy))
	var agents []string
	for _, p := range killPeople {
		if p.agent {
			agents = append(agents, p.real+":"+p.name+"@kill.example")
		}
	}
	w.slackURL = w.startSide("workspace", "--config", w.path("slack.yaml"), "--db", w.slackJournal)
	w.deskURL = w.startSide("desk", "--db", w.deskJournal, "--agents", strings.Join(agents, ","),
		"--webhook-url", "http://"+w.hookAt+"/hooks/main", "--webhook-secret", killHookKey)
	w.helpdesks = []string{"--desk-url", w.deskURL, "--desk-webhook-secret", killHookKey}
	return w
}

func (w *killWorld) path(name string) string { return filepath.Join(w.dir, name) }

func (w *killWorld) write(name string, data []byte) {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), data, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// killPeople are eight agents, of whom one is a lead too, and one who may press nothing.
var killPeople = []struct {
	name, real  string
	agent, lead bool
}{
	{"ana", "Ana Ferreira", true, false},
	{"ben", "Ben Okoro", true, false},
	{"chloe", "Chloe Marchand", true, false},
	{"dan", "Dan Weiss", true, false},
	{"eva", "Eva Lind", true, false},
	{"finn", "Finn Byrne", true, false},
	{"gita", "Gita Rao", true, false},
	{"lea", "Lea Sommer", true, true},
	{"olga", "Olga Petrenko", false, false},
}

var killChannels = []string{"support", "payments", "escalations", "shipping"}

// killWorkspace is the workspace's config as its YAML file has it. Config itself leaves out the tokens when it is written.
func killWorkspace() []byte {
	var users []map[string]any
	var all, agents, leads []string
	for _, p := range killPeople {
		users = append(users, map[string]any{"name": p.name, "real_name": p.real, "email": p.name + "@kill.example"})
		all = append(all, p.name)
		if p.agent {
			agents = append(agents, p.name)
		}
		if p.lead {
			leads = append(leads, p.name)
		}
	}
	var channels []map[string]any
	for _, name := range killChannels {
		channels = append(channels, map[string]any{"name": name, "members": append([]string{"warmline"}, all...)})
	}
	out, err := yaml.Marshal(map[string]any{
		"team": map[string]any{"name": "Kill"}, "users": users, "channels": channels,
		"groups": []map[string]any{{"handle": "support-agents", "users": agents}, {"handle": "support-leads", "users": leads}},
		"apps": []map[string]any{{
			"name": "warmline", "bot_token": demoBotToken, "app_token": demoAppToken, "scopes": slackScopes,
			"commands": []map[string]any{{"command": "/escalate", "description": "Steer"}},
		}},
	})
	if err != nil {
		panic(err) // the value above cannot fail to encode
	}
	return out
}

// call makes one call with JSON; status 0 when there was no answer.
func (w *killWorld) call(ctx context.Context, method, address string, in any) (status int, answer []byte) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			panic(err) // tests pass what can be encoded
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := w.client.Do(req)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = res.Body.Close() }()
	answer, _ = io.ReadAll(io.LimitReader(res.Body, 4<<20))
	return res.StatusCode, answer
}

// must makes a call that has to succeed.
func (w *killWorld) must(method, address string, in any) {
	w.t.Helper()
	if status, answer := w.call(w.t.Context(), method, address, in); status/100 != 2 {
		w.t.Fatalf("%s %s: %d %s", method, address, status, answer)
	}
}

func cutSQLite(dsn string) (path string, ok bool) { return strings.CutPrefix(dsn, "sqlite:") }
