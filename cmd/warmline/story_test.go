package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"warmline/bot"
	"warmline/brain/local"
	"warmline/cmd/warmline/demo"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack"
	"warmline/internal/localslack/pipenet"
	"warmline/internal/localslack/slackstory"
)

// Where a story's places are, in the network that its bubble has for itself.
const (
	slackBase = "http://slack.test"
	deskBase  = "http://desk.test"
	hookURL   = "http://warmline.test/hooks/" + deskName
	lookupKey = "whsec_c3RvcmllcyBzaWduIHRoZWlyIGxvb2stdXBz"
	hookKey   = "whsec_c3RvcmllcyBzaWduIHRoZWlyIHdlYmhvb2tz"
)

// story is a whole Warmline with its Slack workspace and its helpdesk: the company of the demo, in fake time. Slack is
// acted in through the embedded slackstory; the helpdesk through customer and ticket.
type story struct {
	*slackstory.Story
	t         *testing.T
	workspace *localslack.Workspace
	desk      *builtin.Desk
	slack     *http.Client // of those who act in the story
	tickets   *http.Client
	config    appConfig
	app       *app // nil while it is shut
	stop      func()
	hooks     atomic.Pointer[http.Handler]
	ids       map[string]string // of people and channels in Slack; nil until they are asked for

	slackJournal, deskJournal string // empty when there are none
}

// setting is where and how a story takes place.
type setting struct {
	company   *demo.Company
	policy    *escalate.Policy
	dsn       string
	slack     func(*localslack.Config)        // changes the workspace; nil leaves it as the demo has it
	limits    bool                            // Slack's rate limits hold
	journals  string                          // the folder where both sides keep them; they keep none when empty
	between   between                         // answers some calls to the helpdesk; nil lets all pass
	simulator desk.Simulator                  // answers simulations; nil replays the company's own past
	model     http.Handler                    // a language model's endpoint; nil has none
	patience  time.Duration                   // how long a ticket waits for the model; 0: as long as by default
	lookup    http.Handler                    // knows facts about customers; nil has none
	teach     func(desk.Learner) desk.Learner // stands before what the brain is taught; nil for nothing
}

// tell runs a story in a bubble. What differs from the demo's own setting comes after it.
func tell(t *testing.T, play func(s *story), change ...func(*setting)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t, change...)
		s.open()
		play(s)
	})
}

// live runs a story in real time, for a database that has a clock of its own. It runs alone: people do not wait longer
// than three seconds, however busy the machine is.
func live(t *testing.T, play func(s *story), change ...func(*setting)) {
	t.Helper()
	s := newStory(t, change...)
	s.open()
	play(s)
}

// learned is what the brain learns from the demo's company. All stories begin with it: to learn it takes as long as a story.
func learned(t *testing.T) *local.Model {
	t.Helper()
	m, err := learnedOnce()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var learnedOnce = sync.OnceValues(func() (*local.Model, error) {
	company, err := demo.Load()
	if err != nil {
		return nil, err
	}
	b, err := local.New(local.Options{Knowledge: company.Knowledge, Seed: "1", Team: company.Name})
	if err != nil {
		return nil, err
	}
	return b.Model(), nil
})

// memory returns a folder that lies in memory where the system has one: no story is about a power cut, and an hour of one is
// hundreds of commits that would each wait for the disk.
func memory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "warmline-story-") //nolint:usetesting // T.TempDir is on the disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// newStory builds all but the app, and has everything closed when the story ends.
func newStory(t *testing.T, change ...func(*setting)) *story {
	t.Helper()
	company, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := setting{company: company, policy: demoPolicy(company), dsn: "sqlite:" + filepath.Join(memory(t), "warmline.db")}
	at.policy.Pace.Undo = escalate.DefaultPolicy().Pace.Undo
	for _, f := range change {
		f(&at)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s := &story{t: t}
	hooks := s.serve(http.HandlerFunc(s.hook))
	workspace := demoWorkspace(company)
	if at.slack != nil {
		at.slack(&workspace)
	}
	if at.journals != "" {
		s.slackJournal, s.deskJournal = filepath.Join(at.journals, "slack.jsonl"), filepath.Join(at.journals, "desk.jsonl")
	}
	s.workspace, err = localslack.New(localslack.Options{
		Config: workspace, Limits: at.limits, Journal: s.slackJournal, Logger: log, Schema: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	slackNet := s.serve(s.workspace.Handler())
	s.desk, err = builtin.New(builtin.Options{
		Journal: s.deskJournal, Agents: demoAgents(company), WebhookURL: hookURL, WebhookSecret: hookKey, WebhookClient: s.client(hooks), Logger: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	deskNet := s.serve(s.desk.Handler())
	s.slack, s.tickets = s.client(slackNet), s.client(deskNet)
	s.Story = slackstory.New(t, s.slack, slackBase)
	s.config = appConfig{
		Backtest: backtest{}, // what the past says is for the stories that are about it
		DSN:      at.dsn, Policy: at.policy, Knowledge: company.Knowledge, Model: learned(t), Teach: at.teach, Logger: log,
		Slack: slackConfig{
			BotToken: bot.Secret(demoBotToken), AppToken: bot.Secret(demoAppToken), APIURL: slackBase + "/api/",
			Client: s.client(slackNet), Dialer: slackNet.DialContext, Stagger: 100 * time.Millisecond,
		},
		Desks: []deskConfig{builtinDesk(deskBase, "", 0, hookKey)},
	}
	s.config.Desks[0].Account.Client = at.between.client(s.client(deskNet))
	s.config.Simulator = at.simulator
	if at.model != nil {
		s.config.LLM = llmConfig{BaseURL: "http://model.test/v1", Model: "small", Key: "sk-story", Client: s.client(s.serve(at.model)), Timeout: at.patience}
	}
	if at.lookup != nil {
		s.config.Lookup = lookupConfig{
			URL: "http://127.0.0.1/lookup", Secrets: helpdesk.Secrets{Keys: []string{lookupKey}}, Client: s.client(s.serve(at.lookup)),
		}
	}
	s.run(s.desk.Run)
	t.Cleanup(func() {
		s.shut()
		if err := s.desk.Close(); err != nil {
			t.Errorf("close desk: %v", err)
		}
		if err := s.workspace.Close(); err != nil {
			t.Errorf("close workspace: %v", err)
		}
	})
	return s
}

// serve serves a handler on a network of its own until the story ends.
func (s *story) serve(h http.Handler) *pipenet.Listener {
	ln, srv, ended := pipenet.Listen(), &http.Server{Handler: h}, make(chan error, 1)
	go func() { ended <- srv.Serve(ln) }()
	s.t.Cleanup(func() {
		_ = srv.Close()
		<-ended
		_ = ln.Close()
	})
	return ln
}

func (s *story) client(ln *pipenet.Listener) *http.Client {
	c := ln.Client()
	s.t.Cleanup(c.CloseIdleConnections)
	return c
}

// run runs something until the story ends.
func (s *story) run(f func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan error, 1)
	go func() { done <- f(ctx) }()
	stop = func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Errorf("stopped with: %v", err)
		}
		done <- nil // stopping twice is fine
	}
	s.t.Cleanup(stop)
	return stop
}

// hook is where the helpdesk's webhooks arrive; nobody answers while the app is shut.
func (s *story) hook(w http.ResponseWriter, r *http.Request) {
	if h := s.hooks.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	http.Error(w, "warmline is not running", http.StatusBadGateway)
}

// open starts the app and returns once both of its sockets are up.
func (s *story) open() {
	s.t.Helper()
	a, err := newApp(s.t.Context(), s.config)
	if err != nil {
		s.t.Fatal(err)
	}
	s.app, s.stop = a, s.run(a.Run)
	h := a.handler(nil)
	s.hooks.Store(&h)
	if err := a.bot.Ready(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.eventually("both sockets to be up", func() bool { return s.sockets() == 2 }, func() string { return "" })
}

// shut stops the app and closes it; what it was to do next is in its database.
func (s *story) shut() {
	s.t.Helper()
	if s.app == nil {
		return
	}
	s.hooks.Store(nil)
	s.stop()
	if err := s.app.Close(); err != nil {
		s.t.Errorf("close app: %v", err)
	}
	s.app = nil
}

// later lets a bubble's fake time pass.
func (s *story) later(d time.Duration) { time.Sleep(d) }

// eventually waits for something to hold; in a bubble that takes no time.
func (s *story) eventually(want string, holds func() bool, got func() string) {
	s.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("expected %s; there is:\n%s", want, got())
		}
	}
}

// control acts through the workspace's control API, where slackstory has no word for it.
func (s *story) control(path string, in map[string]any) map[string]any {
	s.t.Helper()
	out, err := post(s.slack, slackBase+"/_control/"+path, in)
	if err != nil || out["ok"] != true {
		s.t.Fatalf("%s %v: %v, %v", path, in, out, err)
	}
	return out
}

// deskFault has the helpdesk misbehave.
func (s *story) deskFault(fault map[string]any) {
	s.t.Helper()
	if out, err := post(s.tickets, deskBase+"/desk/api/_faults", fault); err != nil || out["id"] == nil {
		s.t.Fatalf("set fault: %v, %v", out, err)
	}
}

// post makes one call and decodes its answer, whatever its status.
func post(client *http.Client, url string, in map[string]any) (out map[string]any, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer "+demoBotToken) // as the app itself, where the Web API is called
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	err = json.NewDecoder(res.Body).Decode(&out)
	return out, err
}
