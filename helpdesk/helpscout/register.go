package helpscout

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// events are those that a conversation is read again for.
var events = []string{
	"convo.created", "convo.customer.reply.created", "convo.agent.reply.created", "convo.note.created", "convo.assigned", "convo.status",
	"convo.tags", "convo.merged", "convo.moved", "convo.deleted",
}

// webhook is a webhook of the account.
type webhook struct {
	ID    ident  `json:"id"`
	URL   string `json:"url"`
	State string `json:"state"`
}

// newWebhook is a webhook on its way. No payload version is named: the second is the only one left.
type newWebhook struct {
	URL      string        `json:"url"`
	Events   []string      `json:"events"`
	Secret   string        `json:"secret"`
	Label    string        `json:"label"`
	Inboxes  []json.Number `json:"mailboxIds,omitempty"`
	Notifies bool          `json:"notification"` // false: the conversation itself, and not only where it is
}

// longestSecret is the most that Help Scout signs with, in characters.
const longestSecret = 40

// Register implements helpdesk.Registrar. The webhook with our address is looked for first, so that a repeat after a lost answer
// finds the one that it made. One that Help Scout has turned off is made anew.
func (c *Connector) Register(ctx context.Context, address, secret string) (string, error) {
	const op = "register webhook"
	if at, err := url.Parse(address); err != nil || at.Scheme != "https" || at.Host == "" {
		return "", &desk.Refused{Op: op, Why: fmt.Sprintf("webhooks go to https addresses only, and %q is none", helpdesk.Clipped(address))}
	}
	secret, err := secretOf(secret)
	if err != nil {
		return "", &desk.Refused{Op: op, Why: err.Error()}
	}
	hooks, err := all(ctx, c, helpdesk.Call{Op: op, Path: []string{"webhooks"}}, "webhooks", func(h *webhook) ident { return h.ID })
	if err != nil {
		return "", err
	}
	send := newWebhook{URL: address, Events: events, Secret: secret, Label: "Warmline (" + c.name + ")"}
	for id := range strings.SplitSeq(c.inboxes, ",") {
		if id != "" {
			send.Inboxes = append(send.Inboxes, json.Number(id))
		}
	}
	call := helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"webhooks"}, Body: send, Secrets: []string{secret}}
	for _, h := range hooks {
		if h.URL != address || !numeric(string(h.ID)) {
			continue
		}
		one := helpdesk.Call{Op: op, Method: http.MethodPut, Path: []string{"webhooks", string(h.ID)}, Body: send, Secrets: []string{secret}}
		if h.State != "disabled" {
			call = one
			break
		}
		one.Method, one.Body = http.MethodDelete, nil
		if err := c.do(ctx, one, nil); err != nil {
			return "", err
		}
	}
	return secret, c.do(ctx, call, nil)
}

// secretOf is what webhooks are to be signed with: what was chosen, or a new one.
func secretOf(chosen string) (string, error) {
	if len(chosen) > longestSecret {
		return "", fmt.Errorf("the webhook secret has %d characters, and Help Scout takes %d at most; make one with: openssl rand -base64 24", len(chosen), longestSecret)
	}
	if strings.TrimSpace(chosen) != "" {
		return chosen, nil
	}
	key := make([]byte, 30)
	_, _ = rand.Read(key) // it never fails
	return base64.StdEncoding.EncodeToString(key), nil
}
