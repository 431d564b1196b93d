package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/localslack"
	"warmline/internal/localslack/pipenet"
	"warmline/internal/localslack/slackstory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testBot = "xoxb-1-test"
	testApp = "xapp-1-test"
	base    = "http://slack.test"
)

var allScopes = strings.Fields(`app_mentions:read channels:history channels:read chat:write commands files:read files:write groups:history groups:read
	im:history usergroups:read users:read users:read.email`)

func workspaceConfig() localslack.Config {
	return localslack.Config{
		Team: localslack.Team{ID: "T1", Name: "Lumen", Domain: "lumen"},
		Users: []localslack.User{
			{ID: "U1ANA", Name: "ana", RealName: "Ana Alvarez", Email: "ana@lumen.example", TZ: "Europe/Madrid"},
			{ID: "U2BEN", Name: "ben", RealName: "Ben Berg", IsRestricted: true},
			{ID: "U3EVE", Name: "eve", Deleted: true},
			{ID: "U9BOT", Name: "warmline", IsBot: true},
			{ID: "U8BOT", Name: "other", IsBot: true},
		},
		Channels: []localslack.Channel{
			{ID: "C1SUPPORT", Name: "support", Members: []string{"ana", "ben", "warmline", "other"}},
			{ID: "C2GENERAL", Name: "general", Members: []string{"ana"}},
		},
		Groups: []localslack.Group{{ID: "S1", Handle: "support-agents", Users: []string{"ana"}}},
		Apps: []localslack.App{
			{
				ID: "A1", Name: "Warmline", BotToken: testBot, AppToken: testApp, BotUser: "U9BOT", Scopes: allScopes,
				Commands: []localslack.Command{{Command: "/escalate", Description: "Steer"}},
			},
			{ID: "A2", Name: "Other", BotToken: "xoxb-2-test", AppToken: "xapp-2-test", BotUser: "U8BOT", Scopes: allScopes},
		},
	}
}

// fakeDesk commits presses as the real one promises to: an id counts once, and gives the same Ack again.
type fakeDesk struct {
	mu      sync.Mutex
	acks    map[string]desk.Ack
	presses []desk.Press // in the order of their effect
	calls   int
	changes []membership

	onPress func(ctx context.Context, p desk.Press) (desk.Ack, error) // nil: an empty Ack
}

func (d *fakeDesk) Press(ctx context.Context, p desk.Press) (desk.Ack, error) {
	d.mu.Lock()
	d.calls++
	ack, known := d.acks[p.ID]
	act := d.onPress
	d.mu.Unlock()
	if known {
		return ack, nil
	}
	if act != nil {
		var err error
		if ack, err = act(ctx, p); err != nil {
			return desk.Ack{}, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.acks[p.ID]; !known {
		d.acks[p.ID] = ack
		d.presses = append(d.presses, p)
	}
	return ack, nil
}

func (d *fakeDesk) MemberChanged(_ context.Context, group string, added, removed []escalate.PersonID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changes = append(d.changes, membership{group, added, removed})
	return nil
}

func (d *fakeDesk) answer(act func(context.Context, desk.Press) (desk.Ack, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onPress = act
}

func (d *fakeDesk) done() []desk.Press {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]desk.Press(nil), d.presses...)
}

var errDisk = errors.New("disk is full")

// rig is a bot in a workspace, in one synctest bubble.
type rig struct {
	*slackstory.Story
	t    *testing.T
	ln   *pipenet.Listener
	desk *fakeDesk
	bot  *Bot
	stop func() error // stops the bot; again is fine
	http *http.Client
}

// inSlack runs a test in a bubble with a workspace and a bot that is signed in on all sockets.
func inSlack(t *testing.T, test func(*testing.T, *rig), change ...func(*Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, workspaceConfig(), change...)
		r.start()
		time.Sleep(r.bot.o.Stagger*time.Duration(r.bot.o.Sockets) + time.Second)
		test(t, r)
	})
}

// newRig makes a workspace and a bot that does not run yet.
func newRig(t *testing.T, c localslack.Config, change ...func(*Options)) *rig {
	t.Helper()
	w, err := localslack.New(localslack.Options{Config: c})
	if err != nil {
		t.Fatal(err)
	}
	ln := pipenet.Listen()
	srv := &http.Server{Handler: w.Handler()}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	r := &rig{t: t, ln: ln, http: ln.Client(), desk: &fakeDesk{acks: map[string]desk.Ack{}}, stop: func() error { return nil }}
	r.Story = slackstory.New(t, r.http, base)
	calls := ln.Client()
	o := Options{
		BotToken: testBot, AppToken: testApp, APIURL: base + "/api/", HTTPClient: calls, Dialer: ln.DialContext, Desk: r.desk,
	}
	for _, f := range change {
		f(&o)
	}
	if r.bot, err = New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("stop bot: %v", err)
		}
		_ = w.Close()
		_ = srv.Close()
		<-served
		_ = ln.Close()
		calls.CloseIdleConnections()
		r.http.CloseIdleConnections()
		synctest.Wait()
	})
	return r
}

func (r *rig) start() {
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	go func() { done <- r.bot.Run(ctx) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-done })
}

// control calls the workspace's control API and returns its answer.
func (r *rig) control(path string, in map[string]any) map[string]any {
	r.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := r.http.Post(base+"/_control/"+path, "application/json", bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	out := map[string]any{}
	if err := json.Unmarshal(raw, &out); err != nil {
		r.t.Fatalf("%s: %s", path, raw)
	}
	return out
}

// fail plans faults of a method.
func (r *rig) fail(fault map[string]any) {
	r.t.Helper()
	if out := r.control("fault", fault); out["ok"] != true {
		r.t.Fatalf("plan fault: %v", out)
	}
}

// post posts a card and returns where it stands.
func (r *rig) post(c *desk.Card) desk.Place {
	r.t.Helper()
	at, err := r.bot.PostCard(r.t.Context(), c)
	if err != nil {
		r.t.Fatal(err)
	}
	return at
}

// click presses a button and returns the workspace's answer.
func (r *rig) click(at desk.Place, action desk.Action) map[string]any {
	r.t.Helper()
	return r.control("click", map[string]any{"channel": at.Channel, "ts": at.TS, "action_id": string(action), "user": "ana"})
}

// sample is a card with a draft that may be approved.
func sample() *desk.Card {
	return &desk.Card{
		Handoff: escalate.Handoff{ID: "01HANDOFF", State: escalate.HandoffOpen}, Version: 1, Token: "01TOKEN", Channel: "support",
		Number: "4711", Subject: "Where is my refund?", Customer: escalate.Customer{Name: "Ina Berg"},
		Reasons: []desk.ReasonLine{{Kind: escalate.HighRisk, Words: "High-risk topic: refund"}},
		Draft: &desk.CardDraft{
			Reply: "01REPLY", Text: "Hi Ina, it went out today.", Use: escalate.DraftApproval, State: escalate.ReplyProposed,
		},
	}
}
