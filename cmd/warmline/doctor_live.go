package main

import (
	"context"
	"strings"
	"time"

	"warmline/bot"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/store"
)

// liveTime bounds what the doctor waits for from Slack, and from the helpdesk.
const liveTime = 20 * time.Second

const (
	// skewNoted is what a clock may be off; skewFault what makes every time on a card wrong.
	skewNoted = 3 * time.Second
	skewFault = time.Minute
)

// checkSlack asks Slack everything that serve will rely on. It posts nothing, and opens no socket.
func checkSlack(ctx context.Context, f *slackFlags, p *escalate.Policy) []finding {
	if !f.given() {
		return []finding{notef("slack", "not asked: SLACK_BOT_TOKEN and SLACK_APP_TOKEN are not set")}
	}
	ctx, cancel := context.WithTimeout(ctx, liveTime)
	defer cancel()
	cfg, err := f.config()
	if err != nil {
		return []finding{faultf("slack", "%v", err)}
	}
	b, err := bot.New(bot.Options{BotToken: cfg.BotToken, AppToken: cfg.AppToken, APIURL: cfg.APIURL, Desk: &lateDesk{}})
	if err != nil {
		return []finding{faultf("slack", "%v", err)}
	}
	c, err := b.CheckUp(ctx)
	if err != nil {
		return []finding{faultf("slack", "%v", err)}
	}
	out := []finding{finef("slack", "the bot token is accepted: @%s in %s", c.User, c.Team)}
	for _, lost := range c.Lacks {
		out = append(out, notef("slack", "%s; update the app from manifest.yml and install it again", lost))
	}
	if err := b.CheckSocket(ctx); err != nil {
		out = append(out, faultf("sockets", "%v", err))
	} else {
		out = append(out, finef("sockets", "the app token is accepted"))
	}
	out = append(out, checkClock(c.Skew))
	channels, err := b.CheckChannels(ctx, p.Channels())
	out = append(out, each("channels", channels, err, "I am in "+strings.Join(p.Channels(), ", "))...)
	groups, err := b.CheckGroups(ctx, p.Groups())
	return append(out, each("groups", groups, err, "there are people in "+strings.Join(p.Groups(), ", "))...)
}

// each makes a finding of every fault; of none, one that says what is right.
func each(what string, faults []string, err error, right string) []finding {
	switch {
	case err != nil:
		return []finding{faultf(what, "%v", err)}
	case len(faults) == 0:
		return []finding{finef(what, "%s", right)}
	}
	var out []finding
	for _, f := range faults {
		out = append(out, faultf(what, "%s", f))
	}
	return out
}

func checkClock(skew time.Duration) finding {
	off := skew.Abs().Round(time.Second)
	way := "ahead of"
	if skew < 0 {
		way = "behind"
	}
	switch {
	case off >= skewFault:
		return faultf("clock", "ours is %s %s Slack's: deadlines and every time on a card are wrong by it; set the clock by NTP", off, way)
	case off >= skewNoted:
		return notef("clock", "ours is %s %s Slack's; set the clock by NTP", off, way)
	}
	return finef("clock", "it agrees with Slack's")
}

// policyInForce is the database's newest policy; where there is none, the one that serve would seed.
func policyInForce(ctx context.Context, dsn, path string) *escalate.Policy {
	var p *escalate.Policy
	if st, err := store.Open(ctx, dsn, store.Options{ReadOnly: true}); err == nil {
		err := st.View(ctx, func(tx desk.Tx) (err error) { p, err = tx.Policy(ctx); return err })
		_ = st.Close() // only read: closing can lose nothing
		if err == nil {
			return p
		}
	}
	if path != "" {
		if p, err := readPolicy(path); err == nil {
			return p
		}
	}
	return escalate.DefaultPolicy() // that file or database are at fault is told where they are checked
}

// checkDesks asks every connected helpdesk who we are there and what we may do, and writes nothing.
func checkDesks(ctx context.Context, f *helpdesksFlags) []finding {
	if f.DeskURL == "" && f.Helpdesks == "" {
		return []finding{notef("helpdesk", "not asked: name them with --helpdesks, or --desk-url")}
	}
	configs, err := f.desks(0, "")
	if err != nil {
		return []finding{faultf("helpdesk", "%v", err)}
	}
	desks, _, err := connectAll(configs)
	if err != nil {
		return []finding{faultf("helpdesk", "%v", err)}
	}
	var out []finding
	for _, d := range desks {
		out = append(out, checkAccount(ctx, d.name, d.connector)...)
	}
	return out
}

// checkAccount asks one account, and says what its vendor lacks.
func checkAccount(ctx context.Context, name string, c helpdesk.Connector) []finding {
	ctx, cancel := context.WithTimeout(ctx, liveTime)
	defer cancel()
	found, err := c.Check(ctx)
	if err != nil {
		return []finding{faultf("helpdesk", "%s: %v; check its address and token", name, err)}
	}
	var out []finding
	for _, f := range found {
		if f.OK {
			out = append(out, finef("helpdesk", "%s: %s: %s", name, f.What, f.Says))
		} else {
			out = append(out, faultf("helpdesk", "%s: %s: %s", name, f.What, f.Says))
		}
	}
	var lacks []string
	for _, a := range c.Abilities() {
		if !a.Has {
			lacks = append(lacks, string(a.Row)+" ("+a.Says+")")
		}
	}
	if len(lacks) > 0 {
		out = append(out, notef("helpdesk", "%s cannot do: %s", name, strings.Join(lacks, ", ")))
	}
	return out
}
