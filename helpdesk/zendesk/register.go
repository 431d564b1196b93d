package zendesk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// subscriptions are the events that a ticket is read again for.
var subscriptions = []string{
	"zen:event-type:ticket.created", "zen:event-type:ticket.comment_added", "zen:event-type:ticket.comment_made_private",
	"zen:event-type:ticket.comment_redacted", "zen:event-type:ticket.status_changed", "zen:event-type:ticket.priority_changed",
	"zen:event-type:ticket.agent_assignment_changed", "zen:event-type:ticket.tags_changed", "zen:event-type:ticket.subject_changed",
	"zen:event-type:ticket.requester_changed", "zen:event-type:ticket.merged", "zen:event-type:ticket.soft_deleted",
	"zen:event-type:ticket.permanently_deleted", "zen:event-type:ticket.undeleted", "zen:event-type:ticket.marked_as_spam",
}

// webhook is a webhook of the account (Webhooks API).
type webhook struct {
	ID            id       `json:"id,omitempty"`
	Name          string   `json:"name,omitempty"`
	Endpoint      string   `json:"endpoint,omitempty"`
	Method        string   `json:"http_method,omitempty"`
	Format        string   `json:"request_format,omitempty"`
	Status        string   `json:"status,omitempty"`
	Subscriptions []string `json:"subscriptions,omitempty"`
}

// Register implements helpdesk.Registrar. Zendesk chooses the secret. The webhook with our address is looked for first, so a repeat
// after a lost answer finds the one that it made.
func (c *Connector) Register(ctx context.Context, address, _ string) (string, error) {
	const op = "register webhook"
	if at, err := url.Parse(address); err != nil || at.Scheme != "https" || at.Host == "" {
		return "", &desk.Refused{Op: op, Why: fmt.Sprintf("Zendesk calls https addresses only, and %q is none", address)}
	}
	there, err := c.webhookAt(ctx, address)
	if err != nil {
		return "", err
	}
	switch {
	case there == nil:
		there = &webhook{}
		err = c.hookCall(ctx, http.MethodPost, nil, webhook{
			Name: "Warmline (" + c.name + ")", Endpoint: address, Method: http.MethodPost, Format: "json", Status: "active", Subscriptions: subscriptions,
		}, there)
	case slices.Contains(there.Subscriptions, "conditional_ticket_events"):
		// How a webhook is connected cannot be changed.
		return "", &desk.Refused{Op: op, Why: fmt.Sprintf("the webhook %q has this address and is connected to triggers; delete it in Admin Center, "+
			"Apps and integrations, Webhooks, or leave it and copy its secret from there", there.Name)}
	default:
		err = c.hookCall(ctx, http.MethodPatch, []string{string(there.ID)}, webhook{Status: "active", Subscriptions: subscriptions}, nil)
	}
	if err != nil {
		return "", err
	}
	return c.signingSecret(ctx, there.ID)
}

func (c *Connector) hookCall(ctx context.Context, method string, more []string, send webhook, made *webhook) error {
	var answer struct {
		Webhook webhook `json:"webhook"`
	}
	call := helpdesk.Call{Op: "register webhook", Method: method, Path: append([]string{"webhooks"}, more...), Body: map[string]webhook{"webhook": send}}
	if made == nil {
		return hookRight(c.http.Do(ctx, call, nil))
	}
	if err := hookRight(c.http.Do(ctx, call, &answer)); err != nil {
		return err
	}
	if answer.Webhook.ID == "" {
		return errors.New("register webhook: the answer has no webhook id")
	}
	*made = answer.Webhook
	return nil
}

func hookRight(err error) error {
	if refused, ok := errors.AsType[*desk.Refused](err); ok && strings.HasPrefix(refused.Why, "403") {
		refused.Why += "; the token's user must be an admin, or one whose role may make webhooks"
	}
	return err
}

// webhookAt finds the webhook with an address.
func (c *Connector) webhookAt(ctx context.Context, address string) (*webhook, error) {
	query := url.Values{"page[size]": {pageSize}}
	for range mostComments {
		var page struct {
			paging
			Webhooks []webhook `json:"webhooks"`
		}
		if err := hookRight(c.http.Do(ctx, helpdesk.Call{Op: "list webhooks", Path: []string{"webhooks"}, Query: query}, &page)); err != nil {
			return nil, err
		}
		if at := slices.IndexFunc(page.Webhooks, func(w webhook) bool { return w.Endpoint == address }); at >= 0 {
			return &page.Webhooks[at], nil
		}
		next, err := page.next("list webhooks", query.Get("page[after]"))
		if err != nil || next == "" {
			return nil, err
		}
		query.Set("page[after]", next)
	}
	return nil, errors.New("list webhooks: the list has no end")
}

func (c *Connector) signingSecret(ctx context.Context, hook id) (string, error) {
	var answer struct {
		SigningSecret struct {
			Secret    string `json:"secret"`
			Algorithm string `json:"algorithm"`
		} `json:"signing_secret"`
	}
	call := helpdesk.Call{Op: "read webhook's secret", Path: []string{"webhooks", string(hook), "signing_secret"}}
	if err := hookRight(c.http.Do(ctx, call, &answer)); err != nil {
		return "", err
	}
	s := answer.SigningSecret
	if s.Secret == "" || s.Algorithm != "" && !strings.EqualFold(s.Algorithm, "SHA256") {
		return "", fmt.Errorf("read webhook's secret: Zendesk gives none that signs with SHA-256 (%q); copy it from Admin Center, Webhooks", s.Algorithm)
	}
	return s.Secret, nil
}
