package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// hook is a webhook as an administrator's page has it.
type hook struct {
	Name        string            `json:"name"`
	URL         string            `json:"url"`
	Events      []string          `json:"events"`
	Filters     map[string]string `json:"filters"`
	ExcludeBody bool              `json:"excludeBody"`
	Enabled     bool              `json:"enabled"`
	Secret      string            `json:"secret,omitempty"`
}

// Register implements helpdesk.Registrar. Those webhooks that /rest/api/3/webhook makes are for apps, end after thirty days and are
// not signed with a secret; so this is the administrators' way, which Atlassian documents beside its OpenAPI file.
func (c *Connector) Register(ctx context.Context, url, secret string) (string, error) {
	if len(strings.TrimSpace(secret)) < 16 {
		return "", &desk.Refused{Op: "register webhook", Why: "the secret is shorter than 16 bytes; make one with: openssl rand -base64 24"}
	}
	want := hook{
		Name: "Warmline", URL: url, Events: events, Enabled: true, Secret: secret,
		Filters: map[string]string{"issue-related-events-section": c.projects()},
	}
	call := helpdesk.Call{Op: "register webhook", Method: http.MethodPost, Path: hooksPath(), Body: want, Secrets: []string{secret}}
	var there []struct {
		Self string `json:"self"`
		URL  string `json:"url"`
	}
	if err := c.http.Do(ctx, helpdesk.Call{Op: "list webhooks", Path: hooksPath()}, &there); err != nil {
		return "", c.administrators(err)
	}
	for _, h := range there {
		if number := h.Self[strings.LastIndex(h.Self, "/")+1:]; h.URL == url && number != "" {
			call.Method, call.Path = http.MethodPut, hooksPath(number)
			break
		}
	}
	if err := c.http.Do(ctx, call, nil); err != nil {
		return "", c.administrators(err)
	}
	return secret, nil
}

// administrators says of a refusal what can be done about it.
func (c *Connector) administrators(err error) error {
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		return fmt.Errorf("%w; only an account that administers Jira may register webhooks: let an administrator enter it in Settings, System, WebHooks", err)
	}
	return err
}

func hooksPath(more ...string) []string {
	return append([]string{"rest", "webhooks", "1.0", "webhook"}, more...)
}
