package gorgias

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// integration is an HTTP integration, which is what Gorgias calls a webhook.
type integration struct {
	ID   ident `json:"id"`
	HTTP *struct {
		URL string `json:"url"`
	} `json:"http"`
}

type newIntegration struct {
	Name        string   `json:"name"`
	Type        string   `json:"type,omitempty"`
	Description string   `json:"description"`
	HTTP        hookHTTP `json:"http"`
}

// changedIntegration is one that is there and set anew. Gorgias turns an integration off after many failures; null turns it on.
type changedIntegration struct {
	newIntegration

	DeactivatedAt *string `json:"deactivated_datetime"`
}

type hookHTTP struct {
	URL          string            `json:"url"`
	Method       string            `json:"method"`
	RequestType  string            `json:"request_content_type"`
	ResponseType string            `json:"response_content_type"`
	Headers      map[string]string `json:"headers"`
	Form         map[string]string `json:"form"`
	Triggers     map[string]bool   `json:"triggers"`
}

// leastSecret is the least that a webhook's secret has, in bytes, as helpdesk.Token wants it.
const leastSecret = 8

// Register implements helpdesk.Registrar. The secret is ours and goes with each delivery in a header. The integration with our
// address is looked for first, so a repeat after a lost answer finds the one that it made.
func (c *Connector) Register(ctx context.Context, address, secret string) (string, error) {
	const op = "register webhook"
	if at, err := url.Parse(address); err != nil || at.Scheme != "https" || at.Host == "" || strings.Contains(address, "{{") {
		return "", &desk.Refused{Op: op, Why: fmt.Sprintf("%q is no https address, and the secret would be sent to it in the clear", helpdesk.Clipped(address))}
	}
	if len(strings.TrimSpace(secret)) < leastSecret || strings.ContainsAny(secret, "\r\n{}") {
		return "", &desk.Refused{Op: op, Why: "Gorgias chooses no secret, and ours is missing, too short or no header's value; make one with: openssl rand -base64 24"}
	}
	there, err := all[integration](ctx, c, helpdesk.Call{Op: op, Path: []string{"integrations"}, Query: url.Values{"type": {"http"}}})
	if err != nil {
		return "", forAdmins(err)
	}
	n := newIntegration{
		Name: "Warmline (" + c.name + ")", Description: "tells Warmline which ticket changed",
		HTTP: hookHTTP{
			URL: address, Method: http.MethodPost, RequestType: "application/json", ResponseType: "application/json",
			Headers: map[string]string{TokenHeader: secret}, Form: HookForm, Triggers: make(map[string]bool),
		},
	}
	for _, name := range HookTriggers {
		n.HTTP.Triggers[name] = true
	}
	call := helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"integrations"}, Secrets: []string{secret}}
	for _, one := range there {
		if one.HTTP != nil && one.HTTP.URL == address && one.ID != "" {
			call.Method, call.Path, call.Body = http.MethodPut, []string{"integrations", string(one.ID)}, changedIntegration{newIntegration: n}
		}
	}
	if call.Body == nil {
		n.Type = "http"
		call.Body = n
	}
	if err := c.api.Do(ctx, call, nil); err != nil {
		return "", forAdmins(err)
	}
	return secret, nil
}

// forAdmins says what to do when the key may not make integrations.
func forAdmins(err error) error {
	if refused, ok := errors.AsType[*desk.Refused](err); ok && strings.HasPrefix(refused.Why, "403") {
		said := *refused
		said.Why += "; only an admin's key may make integrations: use one, or let an admin add it by hand"
		return &said
	}
	return err
}
