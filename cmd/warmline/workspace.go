package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"warmline/helpdesk/builtin"
	"warmline/internal/localslack"
	"warmline/web"
)

type workspaceCmd struct {
	Addr   string `default:"127.0.0.1:8090" help:"Where to serve the workspace."`
	Config string `required:"" type:"existingfile" help:"YAML file with team, users, channels, groups and apps."`
	DB     string `name:"db" help:"Journal file that keeps the workspace; without it everything is in memory."`
	Limits bool   `help:"Enforce Slack's rate limits."`
}

// Help is shown below the flags.
func (workspaceCmd) Help() string {
	return `Point any Slack app's API URL at http://ADDR/api/ and open http://ADDR/slack/.

  warmline workspace --config slack.yaml --addr 127.0.0.1:8090

A small slack.yaml:

  team: {name: Acme}
  users: [{name: ana, real_name: Ana Ferreira, email: ana@acme.example}]
  channels: [{name: support, members: [ana, mybot]}]
  groups: [{handle: support-agents, users: [ana]}]
  apps:
    - {name: mybot, bot_token: xoxb-local, app_token: xapp-local, scopes: [chat:write, commands],
       commands: [{command: /hello, description: Say hello}]}
    - {manifest: manifest.yml, bot_token: xoxb-other, app_token: xapp-other}  # all that an app's manifest says`
}

// Run serves the workspace until ctx ends.
func (c *workspaceCmd) Run(ctx context.Context, s *streams) error {
	cfg, err := localslack.LoadConfig(c.Config)
	if err != nil {
		return &usageError{err}
	}
	w, err := localslack.New(localslack.Options{
		Config: cfg, Journal: c.DB, Limits: c.Limits, Logger: slog.New(slog.NewTextHandler(s.err, nil)),
	})
	if err != nil {
		return &usageError{err}
	}
	return errors.Join(serveAlone(ctx, s, c.Addr, "workspace", "/slack/", w.Handler()), w.Close())
}

type deskCmd struct {
	Addr          string `default:"127.0.0.1:8081" help:"Where to serve the helpdesk."`
	DB            string `name:"db" help:"Journal file that keeps the helpdesk; without it everything is in memory."`
	Token         string `env:"WARMLINE_DESK_TOKEN" help:"Token that the API asks for."`
	Agents        string `help:"Agents, as name:email,name:email."`
	WebhookURL    string `help:"Where to tell of changes."`
	WebhookSecret string `env:"WARMLINE_DESK_WEBHOOK_SECRET" help:"Secret that signs the webhooks, whsec_…"`
}

// Help is shown below the flags.
func (deskCmd) Help() string {
	return `Open http://ADDR/desk/ to write as a customer or to work as an agent.

  warmline desk --addr 127.0.0.1:8081 --db desk.journal
  curl -d '{"subject":"Hello","customer":{"name":"Ina","email":"ina@shop.example"},"text":"Where is my order?"}' \
    http://127.0.0.1:8081/desk/api/tickets`
}

// Run serves the helpdesk until ctx ends.
func (c *deskCmd) Run(ctx context.Context, s *streams) error {
	agents, err := parseAgents(c.Agents)
	if err != nil {
		return err
	}
	d, err := builtin.New(builtin.Options{
		Journal: c.DB, Agents: agents, Token: c.Token, WebhookURL: c.WebhookURL, WebhookSecret: c.WebhookSecret,
		Logger: slog.New(slog.NewTextHandler(s.err, nil)),
	})
	if err != nil {
		return &usageError{err}
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.Run(gctx) })
	g.Go(func() error { return serveAlone(gctx, s, c.Addr, "desk", "/desk/", d.Handler()) })
	return errors.Join(g.Wait(), d.Close())
}

// serveAlone serves one handler at the root of an address, whose start page sends people to its page.
func serveAlone(ctx context.Context, s *streams, addr, what, page string, h http.Handler) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return usagef("listen on %s: %w; choose another with --addr", addr, err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.Handle("GET /{$}", http.RedirectHandler(page, http.StatusFound))
	_, _ = fmt.Fprintf(s.out, "%s: http://%s%s\n", what, l.Addr(), page)
	return web.Serve(ctx, l, web.Handler(web.Options{Mounts: map[string]http.Handler{"/": mux}}))
}
