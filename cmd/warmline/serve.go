package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"warmline/bot"
	"warmline/escalate"
	"warmline/internal/policyfile"
	"warmline/web"
)

type serveCmd struct {
	DB     string `name:"db" default:"sqlite:warmline.db" env:"WARMLINE_DB" help:"Database: sqlite:PATH or postgres://user:password@host/name."`
	Addr   string `default:"127.0.0.1:8080" env:"WARMLINE_ADDR" help:"Where to serve /healthz, /readyz, /metrics and /hooks/NAME of each helpdesk."`
	Policy string `type:"existingfile" help:"YAML file that seeds the first version of the policy."`

	slackFlags
	helpdesksFlags

	DeskWebhookSecret string        `env:"WARMLINE_DESK_WEBHOOK_SECRET" help:"Secret of the built-in desk's webhooks, whsec_…; without it changes are found by polling."`
	Poll              time.Duration `default:"1m" help:"How often to look for changes that no webhook told of."`

	knowledgeFlags

	RefitAt string `default:"10 3 * * *" env:"WARMLINE_REFIT_AT" help:"When the built-in brain learns anew: five fields of cron, in local time."`

	Lookup lookupFlags `embed:"" prefix:"lookup-"`

	LLM llmFlags `embed:"" prefix:"llm-"`

	Lease   time.Duration `default:"30s" help:"How long work stays with a process that died."`
	Unpaced bool          `help:"Post to Slack without pause; for a workspace in a box."`
	Quiet   bool          `short:"q" help:"Log warnings and errors only."`
}

// Help is shown below the flags.
func (serveCmd) Help() string {
	return `Create the Slack app from manifest.yml, then:

  export SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-…
  warmline serve --helpdesks helpdesks.yaml --policy policy.yaml --history tickets.jsonl --macros macros.jsonl

warmline connect makes helpdesks.yaml. With warmline desk, which ships inside, say --desk-url http://127.0.0.1:8081 instead, or as well.

Secrets may also be in files: SLACK_BOT_TOKEN_FILE=/run/secrets/bot warmline serve …

Facts about the customer, such as {{order_status}} in a macro, come from a service of yours (docs/lookup.md):

  WARMLINE_LOOKUP_SECRET=whsec_… warmline serve … --lookup-url https://shop.example/warmline

A language model may read along; the built-in brain decides alone when it does not answer:

  WARMLINE_LLM_KEY=… warmline serve … --llm-base-url https://api.openai.com/v1 --llm-model gpt-5-mini`
}

// Run runs the bot until ctx ends.
func (c *serveCmd) Run(ctx context.Context, s *streams) error {
	cfg, err := c.config(s.err)
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return usagef("listen on %s: %w; choose another with --addr", c.Addr, err)
	}
	a, err := newApp(ctx, cfg)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := a.service.FirstStart(ctx); err != nil {
		return errors.Join(err, a.Close(), l.Close())
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.Run(gctx) })
	g.Go(func() error { return web.Serve(gctx, l, a.handler(nil)) })
	cfg.Logger.Info("warmline serves", "addr", l.Addr().String(), "db", safeDSN(c.DB))
	err = errors.Join(g.Wait(), a.Close())
	if auth, ok := errors.AsType[*bot.AuthError](err); ok {
		return &usageError{auth}
	}
	return err
}

// handler serves health, metrics, the webhook intake, and whatever else is mounted.
func (a *app) handler(mounts map[string]http.Handler) http.Handler {
	all := map[string]http.Handler{}
	maps.Copy(all, mounts)
	for _, d := range a.desks {
		if d.hook != nil {
			all["/hooks/"+d.name] = d.hook
		}
	}
	return web.Handler(web.Options{Ready: a.store.Ready, Gatherer: a.registry, Mounts: all})
}

func (c *serveCmd) config(logs io.Writer) (appConfig, error) {
	level := slog.LevelInfo
	if c.Quiet {
		level = slog.LevelWarn
	}
	cfg := appConfig{
		DSN: c.DB, Lease: c.Lease, RefitAt: c.RefitAt, Policy: escalate.DefaultPolicy(),
		Logger: slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: level})),
	}
	var errs [7]error
	cfg.Slack, errs[0] = c.slackFlags.config()
	cfg.Slack.Unpaced = c.Unpaced
	cfg.Desks, errs[1] = c.desks(c.Poll, c.DeskWebhookSecret)
	if c.Policy != "" {
		cfg.Policy, errs[2] = readPolicy(c.Policy)
	}
	cfg.Knowledge, errs[3] = c.load(logs)
	cfg.LLM, errs[4] = c.LLM.config()
	cfg.Encoder, errs[5] = c.encoder()
	cfg.Lookup, errs[6] = c.Lookup.config()
	var faults []string
	for _, err := range errs {
		if err != nil {
			faults = append(faults, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
	if len(faults) > 0 {
		return appConfig{}, usagef("%s", strings.Join(faults, "; "))
	}
	return cfg, nil
}

func readPolicy(path string) (*escalate.Policy, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	return policyfile.Read(path, b, checkHours)
}

// safeDSN is a database's name without its password.
func safeDSN(dsn string) string {
	scheme, rest, ok := strings.Cut(dsn, "://")
	if at := strings.LastIndex(rest, "@"); ok && at >= 0 {
		return scheme + "://…" + rest[at:]
	}
	return dsn
}
