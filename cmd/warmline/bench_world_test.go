package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"warmline/bot"
	"warmline/cmd/warmline/demo"
	"warmline/escalate"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack"
	"warmline/web"
)

// benchWorld is a whole Warmline as it runs in production: workspace, helpdesk, and the bot with its web handler, each
// on a socket of its own. Only Slack's pace is off, on both sides, unless limits is set: it would measure Slack's patience.
type benchWorld struct {
	ctx     context.Context //nolint:containedctx // of everything that runs until the benchmark ends
	running sync.WaitGroup
	log     *slog.Logger

	slack, desk, hook string // where they are
	dir               string // where both sides keep their journals
	journal           string // of the workspace, with the instant of every message
	read              int64  // so many bytes of it
	cards             map[string]shownCard
	tickets           *builtin.Desk
	app               *app
	intake            *intakeClock
	client            *http.Client // of customers and agents
	limits            bool         // Slack's pace is kept and enforced
	hired             int          // so many agents beside the company's own
	tune              func(*appConfig)
	config            appConfig
	stop              func()
}

const benchSecret = "whsec_YmVuY2htYXJrcyBzaWduIHRoZWlyIHdlYmhvb2tz"

var (
	benchChannels = []string{"support", "payments", "escalations", "general"}
	benchPeople   = []string{"ana", "ben", "chloe", "lea", "sam", "mira"}
)

// newBenchWorld starts everything and waits until the bot is connected. Cards go to so many channels.
func newBenchWorld(b *testing.B, dsn string, channels int, change ...func(*benchWorld)) *benchWorld {
	b.Helper()
	ctx, stop := context.WithCancel(context.Background())
	dir := b.TempDir()
	w := &benchWorld{
		ctx: ctx, log: slog.New(slog.DiscardHandler),
		dir: dir, journal: filepath.Join(dir, "slack.jsonl"), intake: &intakeClock{stays: map[string]stay{}}, cards: map[string]shownCard{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 500}}, tune: func(*appConfig) {}, stop: stop,
	}
	for _, f := range change {
		f(w)
	}
	company, err := demo.Load()
	if err != nil {
		b.Fatal(err)
	}
	hire(company, w.hired)
	slackAt, deskAt, hookAt := benchListen(b), benchListen(b), benchListen(b)
	w.slack, w.desk, w.hook = benchURL(slackAt), benchURL(deskAt), benchURL(hookAt)+"/hooks/"+deskName
	b.Cleanup(func() { w.client.CloseIdleConnections(); stop(); w.running.Wait() })
	w.serve(b, slackAt, w.openSlack(b, company))
	w.serve(b, deskAt, w.openDesk(b, company))
	w.openApp(b, dsn, company, channels)
	b.Cleanup(func() { stop(); w.running.Wait() }) // before the app is closed
	w.serve(b, hookAt, w.app.handler(nil))
	w.run(b, w.app.Run)
	if err := w.app.bot.Ready(ctx); err != nil {
		b.Fatal(err)
	}
	return w
}

func benchListen(b *testing.B) net.Listener {
	b.Helper()
	l, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func benchURL(l net.Listener) string { return "http://" + l.Addr().String() }

// run keeps something running until the benchmark ends.
func (w *benchWorld) run(b *testing.B, f func(context.Context) error) {
	b.Helper()
	w.running.Go(func() {
		if err := f(w.ctx); err != nil && !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	})
}

func (w *benchWorld) serve(b *testing.B, l net.Listener, h http.Handler) {
	b.Helper()
	w.run(b, func(ctx context.Context) error { return web.Serve(ctx, l, h) })
}

func (w *benchWorld) openSlack(b *testing.B, company *demo.Company) http.Handler {
	b.Helper()
	workspace, err := localslack.New(localslack.Options{Config: demoWorkspace(company), Journal: w.journal, Limits: w.limits, Logger: w.log})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = workspace.Close() })
	return workspace.Handler()
}

func (w *benchWorld) openDesk(b *testing.B, company *demo.Company) http.Handler {
	b.Helper()
	var err error
	w.tickets, err = builtin.New(builtin.Options{
		Journal: filepath.Join(w.dir, "desk.jsonl"), Agents: demoAgents(company), WebhookURL: w.hook, WebhookSecret: benchSecret,
		Logger: w.log,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = w.tickets.Close() })
	return w.tickets.Handler()
}

func (w *benchWorld) openApp(b *testing.B, dsn string, company *demo.Company, channels int) {
	b.Helper()
	w.config = appConfig{
		DSN: dsn, Policy: benchPolicy(channels), Knowledge: company.Knowledge, Logger: w.log,
		Slack: slackConfig{
			BotToken: bot.Secret(demoBotToken), AppToken: bot.Secret(demoAppToken), APIURL: w.slack + "/api/", Stagger: time.Millisecond,
			Unpaced: !w.limits,
		},
		Desks: []deskConfig{builtinDesk(w.desk, "", time.Hour, benchSecret)},
	}
	w.tune(&w.config)
	w.app = w.newApp(b)
	w.app.desks[0].hook = w.intake.watch(w.app.desks[0].hook)
}

// newApp opens a bot on the database.
func (w *benchWorld) newApp(b *testing.B) *app {
	b.Helper()
	a, err := newApp(w.ctx, w.config)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	return a
}

// replicate runs a second bot beside the first, on the same database.
func (w *benchWorld) replicate(b *testing.B) {
	b.Helper()
	a := w.newApp(b)
	b.Cleanup(func() { w.stop(); w.running.Wait() }) // before it is closed
	w.run(b, a.Run)
	if err := a.bot.Ready(w.ctx); err != nil {
		b.Fatal(err)
	}
}

// benchPolicy routes each of benchTickets to a channel of its own, or all of them to the first. A draft does not wait for
// a customer who may still be typing: that is half a minute on purpose.
func benchPolicy(channels int) *escalate.Policy {
	p := escalate.DefaultPolicy()
	p.Pace.ChatBurst, p.Pace.EmailBurst = 0, 0
	p.Fold.From = 0 // each ticket with a card of its own: the most there is to draw
	if channels > 1 {
		p.Routes = escalate.Routes{
			Default: benchChannels[0], HighRisk: benchChannels[1], Anger: benchChannels[2],
			Topics: map[string]string{"orders": benchChannels[3]},
		}
	}
	return p
}

// tellWebhooks has the helpdesk tell of every change, also of those that Warmline makes there itself.
func (w *benchWorld) tellWebhooks(b *testing.B) {
	b.Helper()
	w.run(b, w.tickets.Run)
}
