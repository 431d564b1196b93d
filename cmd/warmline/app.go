package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/bot"
	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

// appConfig is everything that differs between one running Warmline and another.
type appConfig struct {
	DSN       string
	Policy    *escalate.Policy // the first version, when the database has none
	Knowledge brain.Knowledge
	Backtest  desk.Backtest                   // what past tickets say of a promise; the brain when nil
	Simulator desk.Simulator                  // of past tickets; one over Knowledge when nil
	Seed      string                          // of the brain's draws; "1" when empty
	Encoder   local.Encoder                   // of the semantic pack; nil without one
	Model     *local.Model                    // what was learned from Knowledge before; nil learns it
	RefitAt   string                          // when the brain learns anew, as five fields of cron in local time; 03:10 when empty
	Teach     func(desk.Learner) desk.Learner // stands before what is taught; nil for nothing
	Slack     slackConfig
	Desks     []deskConfig
	Lookup    lookupConfig  // nothing is looked up when empty
	LLM       llmConfig     // no language model is asked when empty
	Lease     time.Duration // of jobs; 30 s when zero
	Logger    *slog.Logger
}

// slackConfig says how to reach Slack. Client and Dialer are for workspaces that are not on a network.
type slackConfig struct {
	BotToken, AppToken bot.Secret
	APIURL             string
	Client             *http.Client
	Dialer             func(ctx context.Context, network, addr string) (net.Conn, error)
	Stagger            time.Duration // between the starts of the two sockets; the bot's own when zero
	Unpaced            bool          // Slack has no limits
}

// app is a running Warmline: built by newApp, run by Run, and closed in the reverse order of its building.
type app struct {
	store    *store.Store
	service  *desk.Service
	bot      *bot.Bot
	runner   *queue.Runner
	desks    []*account
	registry *prometheus.Registry
	brain    *local.Brain
	log      *slog.Logger
	end      context.CancelFunc // of what must not hold up the exit
}

// lateDesk lets the bot be built before the use cases that need it.
type lateDesk struct{ *desk.Service }

func newApp(ctx context.Context, c appConfig) (_ *app, err error) {
	a := &app{registry: prometheus.NewRegistry(), log: c.Logger}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	a.end = end
	a.store, err = store.Open(ctx, c.DSN, store.Options{Logger: c.Logger})
	if err != nil {
		return nil, &usageError{err}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := a.store.Ready(ctx); err != nil {
		return nil, &usageError{err}
	}
	if err := seedPolicy(ctx, a.store, c.Policy); err != nil {
		return nil, err
	}
	if a.brain, err = newBrain(ctx, &c, cmp.Or(c.Seed, "1"), a.store); err != nil {
		return nil, err
	}
	facts, err := newFacts(&c.Lookup, a.registry)
	if err != nil {
		return nil, err
	}
	reader, err := withModel(&c, withFacts(&c, a.brain, facts, a.store), a.store, a.registry)
	if err != nil {
		return nil, err
	}
	var helpdesks map[string]desk.Helpdesk
	if a.desks, helpdesks, err = connectAll(c.Desks); err != nil {
		return nil, err
	}
	backtest := c.Backtest
	if backtest == nil {
		backtest = a.brain
	}
	late := &lateDesk{}
	a.bot, err = bot.New(bot.Options{
		BotToken: c.Slack.BotToken, AppToken: c.Slack.AppToken, APIURL: c.Slack.APIURL, HTTPClient: c.Slack.Client,
		Dialer: c.Slack.Dialer, Stagger: c.Slack.Stagger, Unpaced: c.Slack.Unpaced, Desk: late, Logger: c.Logger, Registerer: a.registry,
	})
	if err != nil {
		return nil, &usageError{err}
	}
	a.service, err = desk.New(desk.Options{
		Store: a.store, Helpdesks: helpdesks, Room: a.bot, Board: a.bot, Messenger: a.bot, Directory: a.bot,
		Brain: reader, Facts: facts, Hours: workingHours{}, Language: local.Language, Sources: a.brain, Learner: newLearner(&c, a.brain, reader), Backtest: backtest, Simulator: newSimulator(&c), Courier: a.bot, Attachments: a.bot, Checker: a.bot,
		NewID: store.NewID, NewToken: newToken, Logger: c.Logger, Team: a.bot.Team, Connected: a.connected,
	})
	if err != nil {
		return nil, err
	}
	late.Service = a.service
	if a.runner, err = newRunner(life, a.store, a.service, a.registry, c); err != nil {
		return nil, err
	}
	if err := a.registry.Register(looseGauge{a.store}); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	if err := a.wake(ctx); err != nil {
		return nil, err
	}
	for i, d := range a.desks {
		if err := d.listen(a, c.Desks[i]); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Run works until ctx ends, then lets what is under way finish. It returns a *bot.AuthError when Slack refuses a token.
func (a *app) Run(ctx context.Context) error {
	if err := a.bot.Check(ctx); err != nil {
		return err // before any work is begun that could only fail
	}
	err := a.store.Update(ctx, func(tx desk.Tx) error {
		return tx.Enqueue(ctx, desk.Job{Kind: desk.JobMembers, Key: "start"})
	})
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	stop := context.AfterFunc(ctx, a.end)
	defer stop()
	parts := []func(context.Context) error{a.bot.Run, a.runner.Run, a.hear}
	for _, d := range a.desks {
		parts = append(parts, d.poller.Run)
	}
	return together(ctx, parts...)
}

// Close closes what newApp opened. Closing twice is fine.
func (a *app) Close() error {
	a.end()
	return a.store.Close()
}

// seedPolicy makes the given policy the first version of a database that has none.
func seedPolicy(ctx context.Context, st *store.Store, p *escalate.Policy) error {
	err := st.Update(ctx, func(tx desk.Tx) error {
		_, err := tx.Policy(ctx)
		if !errors.Is(err, desk.ErrNotFound) {
			return err
		}
		first, err := p.Clone()
		if err != nil {
			return err
		}
		first.Version = 1
		return tx.SavePolicy(ctx, first, "warmline", "the first version")
	})
	if err != nil {
		return fmt.Errorf("seed the policy: %w", err)
	}
	return nil
}

// refitTime bounds how long the brain may take to learn anew.
const refitTime = 30 * time.Minute

// newRunner says how each kind of job is run and what recurs. Long work ends with life.
func newRunner(life context.Context, st *store.Store, service *desk.Service, reg prometheus.Registerer, c appConfig) (*queue.Runner, error) {
	kinds := map[string]queue.Kind{}
	// A helpdesk that makes us wait holds those who wait for it: with so many for each of them, it does not hold the others.
	workers := 8 * min(max(len(c.Desks), 1), 8)
	for name, handle := range service.Handlers() {
		// Nothing that a customer waits for is ever given up: the other side may be down for days.
		kinds[name] = queue.Kind{Handle: handle, Workers: workers, Timeout: time.Minute, MaxAttempts: 1 << 30}
	}
	for _, name := range []string{
		desk.JobTell, desk.JobHome, desk.JobHomes, desk.JobLink, desk.JobMembers, desk.JobSweep, desk.JobSeal, desk.JobForget, desk.JobResults,
		desk.JobCare,
	} {
		k := kinds[name]
		k.MaxAttempts = 8
		kinds[name] = k
	}
	apply := kinds[desk.JobApplyPress]
	apply.Workers = 32 // they wait for one reading of the groups together
	kinds[desk.JobApplyPress] = apply
	replay := kinds[desk.JobSimulate] // long, and one at a time: it takes all cores
	replay.Workers, replay.Timeout = 1, desk.SimulationTimeout
	kinds[desk.JobSimulate] = replay
	// The brain learns anew in the background: one at a time, and nobody waits for it.
	kinds[desk.JobRefit] = queue.Kind{
		Handle: ending(life, kinds[desk.JobRefit].Handle), Workers: 1, Timeout: refitTime, MaxAttempts: 1 << 30,
	}
	pace := queue.Pace(slackPace)
	if c.Slack.Unpaced {
		pace = nil
	}
	runner, err := queue.New(queue.Options{
		Store: st, Kinds: kinds, Pace: pace, Logger: c.Logger, Registerer: reg, Lease: c.Lease, RetryMax: time.Minute,
		Crons: []queue.Cron{
			{Name: "read-members", Spec: "@every 50s", CatchUp: queue.Once, Kind: desk.JobMembers},
			{Name: "sweep", Spec: "@every 30s", CatchUp: queue.Once, Kind: desk.JobSweep},
			{Name: "look-after", Spec: "@every 1m", CatchUp: queue.Once, Kind: desk.JobCare},
			{Name: "seal-audit", Spec: "@every 1m", CatchUp: queue.Once, Kind: desk.JobSeal},
			{Name: "forget", Spec: "@daily", CatchUp: queue.Once, Kind: desk.JobForget},
			{Name: "refit", Spec: cmp.Or(c.RefitAt, "10 3 * * *"), Zone: "Local", CatchUp: queue.Once, Kind: desk.JobPlanRefit},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("start the queue: %w", err)
	}
	return runner, nil
}

// slackPace is Slack's own limit of about one message a second in a channel, with the short bursts that it tolerates. Nobody's
// App Home is drawn faster either: Slack takes about a hundred publishes a minute for all of them. Of updates it takes 50 a
// minute for the workspace; a burst may spend what the next half minute has, so that Slack makes us wait no longer than that.
func slackPace(group string) (interval time.Duration, burst int) {
	if group == desk.UpdatesGroup {
		return time.Minute / 50, 24
	}
	if strings.HasPrefix(group, "slack:") || strings.HasPrefix(group, "home:") {
		return time.Second, 5
	}
	return 0, 0
}

// newToken makes a name that nobody can guess: 128 random bits.
func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see package crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:])
}
