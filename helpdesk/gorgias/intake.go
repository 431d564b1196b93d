package gorgias

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"warmline/helpdesk"
)

// TokenHeader carries the secret that webhooks come with: that, and how, Gorgias signs is not documented.
const TokenHeader = "X-Warmline-Token"

// HookForm is what a webhook's body is made of; Gorgias fills in the placeholders. It holds nothing that a customer wrote.
var HookForm = map[string]string{"ticket": "{{ticket.id}}", "channel": "{{ticket.channel}}"}

// HookTriggers are the events that a ticket is read again for (Gorgias, "Create an integration", triggers).
var HookTriggers = []string{
	"ticket-created", "ticket-updated", "ticket-message-created", "ticket-message-failed", "ticket-self-unsnoozed",
	"ticket-assignment-updated", "ticket-status-updated", "ticket-handed-over",
}

// ParseHook reads the body of a webhook that Register, or an administrator, has set up.
func ParseHook(body []byte) ([]helpdesk.Hint, error) {
	var hook struct {
		Ticket  ident         `json:"ticket"`
		Channel loose[string] `json:"channel"`
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		return nil, fmt.Errorf("decode webhook: %w; its body must be JSON with the members of %v", err, HookForm)
	}
	if !numeric(string(hook.Ticket)) {
		return nil, errors.New("the webhook names no ticket by its number; its body must have the member ticket: {{ticket.id}}")
	}
	return []helpdesk.Hint{{Ticket: string(hook.Ticket), Urgent: channelOf(hook.Channel.V) == chat}}, nil
}

// paste is for those whose key's user may not make integrations.
func paste(url string) string {
	var list strings.Builder
	for _, name := range HookTriggers {
		list.WriteString("                  " + name + "\n")
	}
	return `Warmline registers this by itself where the API key's user is an admin. Else, under Settings, HTTP integration, an admin adds one:

  Triggers        all that are offered of:
` + list.String() + `  URL             ` + url + ` (https, because the secret comes along)
  HTTP method     POST
  Request type    application/json
  Headers         ` + TokenHeader + `: the webhook secret of this account
  Request body    ticket: {{ticket.id}}
                  channel: {{ticket.channel}}
`
}
