package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"warmline/bot"
	"warmline/cmd/warmline/demo"
	"warmline/escalate"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack"
	"warmline/web"
)

type demoCmd struct {
	Addr  string `default:"127.0.0.1:8080" help:"Where to serve; the next free port is taken when this one is in use."`
	DB    string `name:"db" help:"Database file that keeps everything; without it a temporary folder is used and removed."`
	Seed  string `default:"1" help:"Decides whatever is drawn by chance: the same seed gives the same confidence."`
	Empty bool   `help:"Open without the three tickets that wait at the start."`
	Quiet bool   `short:"q" help:"Print nothing but errors."`
	JSON  bool   `name:"json" help:"Print one line {\"url\":…} when ready, and nothing else."`
}

// Help is shown below the flags.
func (demoCmd) Help() string {
	return `Runs an invented company with its Slack workspace, its helpdesk and the real bot on one address:

  warmline demo                       then open the address it prints
  warmline demo --db demo.db          keep what happens for the next time
  warmline demo --json --empty        for scripts: one line {"url":…} when ready, no tickets

Ctrl-C stops it.`
}

// Tokens of the workspace in a box: they open nothing outside this process.
const (
	demoBotToken = "xoxb-demo-warmline"
	demoAppToken = "xapp-demo-warmline"
)

// Run runs the demo until ctx ends.
func (c *demoCmd) Run(ctx context.Context, s *streams) (err error) {
	company, err := demo.Load()
	if err != nil {
		return err
	}
	files, err := c.files()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.remove()) }()
	l, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	var tickets []builtin.NewTicket
	if !c.Empty {
		tickets = demoTickets(company)
	}
	d, err := newDemo(ctx, company, files, tickets, c.Seed, "http://"+l.Addr().String(), slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.serve(ctx, l, func(ctx context.Context) error { return c.welcome(ctx, s, d) })
}

// serve runs everything until ctx ends. The web server ends last: the bot and the desk talk through it.
func (d *demoRun) serve(ctx context.Context, l net.Listener, welcome func(context.Context) error) error {
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	served := make(chan error, 1)
	g, gctx := errgroup.WithContext(ctx)
	go func() { served <- web.Serve(serving, l, d.handler()) }()
	g.Go(func() error { return d.Run(gctx) })
	g.Go(func() error { return welcome(gctx) })
	err := g.Wait()
	stop()
	return errors.Join(err, <-served)
}

// welcome says where to look once everything is up, and lets the first tickets arrive.
func (c *demoCmd) welcome(ctx context.Context, s *streams, d *demoRun) error {
	if err := d.ready(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	switch {
	case c.JSON:
		if err := json.NewEncoder(s.out).Encode(map[string]string{"url": d.url + "/"}); err != nil {
			return fmt.Errorf("print address: %w", err)
		}
	case !c.Quiet:
		fmt.Fprintf(s.out, "%s is open for business.\n\n  Start here         %s/\n  Slack, as Ana      %s/slack/?as=ana&channel=support\n"+
			"  Write as customer  %s/desk/?as=customer\n\nCtrl-C stops it.\n", d.company.Name, d.url, d.url, d.url)
	}
	return nil
}

// demoFiles are where the demo keeps its data.
type demoFiles struct {
	db, slack, desk string
	temp            string // a folder to remove; "" when the data stays
}

func (c *demoCmd) files() (demoFiles, error) {
	if c.DB != "" {
		db := strings.TrimPrefix(c.DB, "sqlite:")
		return demoFiles{db: "sqlite:" + db, slack: db + ".slack.jsonl", desk: db + ".desk.jsonl"}, nil
	}
	dir, err := os.MkdirTemp("", "warmline-demo-")
	if err != nil {
		return demoFiles{}, fmt.Errorf("make a temporary folder: %w", err)
	}
	return demoFiles{db: "sqlite:" + filepath.Join(dir, "warmline.db"), temp: dir}, nil
}

func (f *demoFiles) remove() error {
	if f.temp == "" {
		return nil
	}
	return os.RemoveAll(f.temp)
}

// listen takes the address, or the next free port after it.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, usagef("--addr %s: write HOST:PORT, such as 127.0.0.1:8080", addr)
	}
	first, err := net.DefaultResolver.LookupPort(ctx, "tcp", port)
	if err != nil {
		return nil, usagef("--addr %s: %q is not a port", addr, port)
	}
	for p := first; p < first+100 && p < 1<<16; p++ {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(p)))
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, usagef("listen on %s: %w", addr, err)
		}
	}
	return nil, usagef("listen on %s: this port and the 99 after it are in use", addr)
}

// demoRun is a company in a box: its workspace, its helpdesk, and the bot between them.
type demoRun struct {
	company   *demo.Company
	url       string
	workspace *localslack.Workspace
	desk      *builtin.Desk
	app       *app
	log       *slog.Logger
}

func newDemo(ctx context.Context, company *demo.Company, files demoFiles, tickets []builtin.NewTicket, seed, url string, log *slog.Logger) (_ *demoRun, err error) {
	d := &demoRun{company: company, url: url, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	d.workspace, err = localslack.New(localslack.Options{Config: demoWorkspace(company), Journal: files.slack, Logger: log})
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: see package crypto/rand
	webhookSecret := "whsec_" + base64.StdEncoding.EncodeToString(secret)
	d.desk, err = builtin.New(builtin.Options{
		Journal: files.desk, Company: company.Name, Agents: demoAgents(company), Examples: demoExamples(company), Seed: tickets,
		WebhookURL: url + "/hooks/" + deskName, WebhookSecret: webhookSecret, Logger: log,
	})
	if err != nil {
		return nil, err
	}
	d.app, err = newApp(ctx, appConfig{
		DSN: files.db, Policy: demoHours(demoPolicy(company), company), Knowledge: company.Knowledge, Seed: seed,
		Slack: slackConfig{BotToken: bot.Secret(demoBotToken), AppToken: bot.Secret(demoAppToken), APIURL: url + "/api/"},
		Desks: []deskConfig{builtinDesk(url, "", 10*time.Second, webhookSecret)}, Logger: log,
	})
	return d, err
}

// Run runs the bot and the helpdesk's webhooks until ctx ends.
func (d *demoRun) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.desk.Run(ctx) })
	g.Go(func() error { return d.app.Run(ctx) })
	return g.Wait()
}

// Close closes everything, in the reverse order of its building.
func (d *demoRun) Close() error {
	var errs []error
	if d.app != nil {
		errs = append(errs, d.app.Close())
	}
	if d.desk != nil {
		errs = append(errs, d.desk.Close())
	}
	if d.workspace != nil {
		errs = append(errs, d.workspace.Close())
	}
	return errors.Join(errs...)
}

func (d *demoRun) handler() http.Handler {
	slack := d.workspace.Handler()
	mounts := map[string]http.Handler{
		"GET /{$}": http.HandlerFunc(d.startPage), "GET /start/": startFiles, "/desk/": d.desk.Handler(),
	}
	for _, path := range []string{"/api/", "/slack/", "/_control/", "/_socket/", "/_response/", "/_upload/", "/_files/", "/archives/"} {
		mounts[path] = slack
	}
	return d.app.handler(mounts)
}

// ready waits until the bot is connected.
func (d *demoRun) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return d.app.bot.Ready(ctx)
}

// demoTickets are the tickets that wait when the demo opens.
func demoTickets(c *demo.Company) []builtin.NewTicket {
	var ts []builtin.NewTicket
	for _, t := range c.Live {
		ts = append(ts, builtin.NewTicket{
			Subject: t.Subject, Text: t.Text, Channel: "email",
			Customer: builtin.Customer{Name: t.Customer.Name, Email: t.Customer.Email, Tags: t.Customer.Tags},
		})
	}
	return ts
}

func demoExamples(c *demo.Company) []builtin.Example {
	var ex []builtin.Example
	for _, t := range append(append([]demo.Arrival{}, c.Live...), c.More...) {
		if len(ex) == 6 {
			break
		}
		ex = append(ex, builtin.Example{
			Label: t.Subject, Name: t.Customer.Name, Email: t.Customer.Email, Channel: "email", Subject: t.Subject, Text: t.Text,
		})
	}
	return ex
}

func demoAgents(c *demo.Company) []builtin.Agent {
	var agents []builtin.Agent
	for _, p := range c.People {
		if p.Role != "other" {
			agents = append(agents, builtin.Agent{ID: p.Name, Name: p.RealName, Email: p.Email})
		}
	}
	return agents
}

// demoWorkspace is the company's Slack, with the bot in every channel.
func demoWorkspace(c *demo.Company) localslack.Config {
	cfg := localslack.Config{Team: localslack.Team{Name: c.Name, Domain: strings.ToLower(c.Name)}}
	for _, p := range c.People {
		cfg.Users = append(cfg.Users, localslack.User{Name: p.Name, RealName: p.RealName, Email: p.Email, TZ: "Europe/Berlin"})
	}
	for _, ch := range c.Channels {
		cfg.Channels = append(cfg.Channels, localslack.Channel{Name: ch.Name, Topic: ch.Topic, Members: append([]string{"warmline"}, ch.Members...)})
	}
	for _, g := range c.Groups {
		cfg.Groups = append(cfg.Groups, localslack.Group{Handle: g.Handle, Name: g.Name, Users: g.Members})
	}
	cfg.Apps = []localslack.App{{
		Name: "warmline", BotToken: demoBotToken, AppToken: demoAppToken, Scopes: slackScopes, Events: slackEvents,
		Home: &localslack.Tabs{Home: true, Messages: true, MessagesReadOnly: true},
		Commands: []localslack.Command{{
			Command: "/escalate", Description: "Tickets, thresholds and more", UsageHint: "next, queue, mine, why 17, help", ShouldEscape: true,
		}},
		Shortcuts: []localslack.Shortcut{{
			CallbackID: "escalate_message", Name: "Escalate to support", Type: "message", Description: "Make a ticket of this message, for a person",
		}},
	}}
	return cfg
}

// slackScopes are the bot scopes of manifest.yml.
var slackScopes = []string{
	"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "dnd:read", "files:read", "files:write", "groups:history", "groups:read",
	"usergroups:read", "users:read", "users:read.email",
}

// slackEvents are the subscriptions of manifest.yml.
var slackEvents = []string{"app_home_opened", "app_mention", "subteam_members_changed", "subteam_updated"}

// demoPolicy is the company's policy: short waits, because nobody watches a demo for half a minute.
func demoPolicy(c *demo.Company) *escalate.Policy {
	p := escalate.DefaultPolicy()
	p.Team = c.Name + " support"
	p.Routes = escalate.Routes{
		Default: c.Routes.Default, HighRisk: c.Routes.HighRisk, Safety: c.Routes.Safety, Topics: c.Routes.Topics,
	}
	p.Topics = map[string]escalate.TopicRule{}
	for _, topic := range c.AutoTopics {
		p.Topics[topic] = escalate.TopicRule{Stage: escalate.StageAuto}
	}
	p.Pace.Undo, p.Pace.EmailBurst, p.Pace.ChatBurst = 5*time.Second, 2*time.Second, time.Second
	return p
}
