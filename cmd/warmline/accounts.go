package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/builtin"
)

// deskConfig is one account of a helpdesk, and how often to look for changes that no webhook told of.
type deskConfig struct {
	Vendor  helpdesk.Vendor
	Account helpdesk.Account
	Poll    time.Duration // a minute when zero
}

// deskName is the name of the account that --desk-url names, in every ticket's Ref.
const deskName = "main"

// builtinDesk is the built-in desk at an address. Without secrets no webhooks are taken.
func builtinDesk(url, token string, poll time.Duration, hookSecrets ...string) deskConfig {
	return deskConfig{Vendor: builtin.Vendor, Poll: poll, Account: helpdesk.Account{
		Name: deskName, Settings: map[string]string{"url": url, "token": token}, HookSecrets: hookSecrets,
	}}
}

// account is a connected account at work.
type account struct {
	name      string
	connector helpdesk.Connector
	poller    *helpdesk.Poller
	hook      http.Handler // nil when no webhooks are taken
	polled    atomic.Int64 // when its changes were last read, Unix microseconds; 0 before
}

// connectAll makes a connector of every account; it calls nobody.
func connectAll(configs []deskConfig) ([]*account, map[string]desk.Helpdesk, error) {
	var all []*account
	byName := make(map[string]desk.Helpdesk)
	for _, c := range configs {
		name := c.Account.Name
		if byName[name] != nil {
			return nil, nil, usagef("two helpdesks are called %s; a ticket could not say which is its own", name)
		}
		connector, err := c.Vendor.Connect(c.Account)
		if err != nil {
			return nil, nil, usagef("helpdesk %s: %w", name, err)
		}
		all, byName[name] = append(all, &account{name: name, connector: connector}), connector
	}
	return all, byName, nil
}

// listen prepares both ways in which an account's changes arrive.
func (d *account) listen(a *app, c deskConfig) error {
	d.poller = &helpdesk.Poller{
		Desk: d.name, Changes: d.changes, Receive: a.service.Receive, Every: c.Poll, Logger: a.log,
		Load: func(ctx context.Context) (cursor string, err error) {
			err = a.store.View(ctx, func(tx desk.Tx) error { cursor, err = tx.Setting(ctx, "cursor:"+d.name); return err })
			return cursor, err
		},
		Save: func(ctx context.Context, cursor string) error {
			return a.store.Update(ctx, func(tx desk.Tx) error { return tx.PutSetting(ctx, "cursor:"+d.name, cursor) })
		},
	}
	if len(c.Account.HookSecrets) == 0 {
		return nil
	}
	in, err := intakeOf(c)
	if err != nil {
		return usagef("helpdesk %s: %w", d.name, err)
	}
	d.hook, err = helpdesk.Webhook(helpdesk.WebhookOptions{
		Desk: d.name, Verify: in.Verify, Parse: in.Parse, Challenge: in.Challenge, Receive: a.service.Receive, Logger: a.log,
	})
	return err
}

// intakeOf is how an account's webhooks come in.
func intakeOf(c deskConfig) (helpdesk.Intake, error) {
	if c.Vendor.Intake == nil {
		return helpdesk.Intake{}, errors.New(c.Vendor.Title + " has no webhooks; leave their secrets out, and changes are found by polling")
	}
	return c.Vendor.Intake(c.Account)
}

// changes reads the account's feed and notes when.
func (d *account) changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	notices, next, err := d.connector.Changes(ctx, cursor)
	if err == nil {
		d.polled.Store(time.Now().UnixMicro())
	}
	return notices, next, err
}

// says is how the account stands, for who asks.
func (d *account) says() desk.Line {
	read := "not read yet"
	if at := d.polled.Load(); at != 0 {
		read = fmt.Sprintf("read %s ago", time.Since(time.UnixMicro(at)).Round(time.Second))
	}
	if d.hook != nil {
		read += "; its webhooks are taken"
	}
	return desk.Line{Head: "Helpdesk", Text: d.name + ", " + read}
}

// connected says what this process is connected to.
func (a *app) connected() []desk.Line {
	up, of := a.bot.Sockets()
	lines := []desk.Line{{Head: "Slack", Text: fmt.Sprintf("%d of %d connections are up", up, of)}}
	for _, d := range a.desks {
		lines = append(lines, d.says())
	}
	return lines
}
