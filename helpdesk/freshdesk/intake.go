package freshdesk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"warmline/helpdesk"
)

// TokenHeader carries the secret that webhooks come with: Freshdesk signs nothing.
const TokenHeader = "X-Warmline-Token"

// HookBody is what a webhook's content must be; Freshdesk fills in the placeholders. It holds nothing that a customer wrote, which
// could break the JSON.
const HookBody = `{"ticket": "{{ticket.id}}", "source": "{{ticket.source}}"}`

// ParseHook reads the body of a webhook that Paste has set up.
func ParseHook(body []byte) ([]helpdesk.Hint, error) {
	var hook struct {
		Ticket ident  `json:"ticket"`
		Source string `json:"source"`
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		return nil, fmt.Errorf("decode webhook: %w; its content must be %s", err, HookBody)
	}
	n, err := strconv.ParseInt(string(hook.Ticket), 10, 64)
	if err != nil || n <= 0 {
		return nil, errors.New("the webhook names no ticket by its number; its content must be " + HookBody)
	}
	// As the API writes it, so that a ticket never has two names.
	return []helpdesk.Hint{{Ticket: strconv.FormatInt(n, 10), Urgent: chats[strings.ToLower(strings.TrimSpace(hook.Source))]}}, nil
}

// chats are the sources, as webhooks name them, in which somebody waits.
var chats = map[string]bool{"chat": true, "web chat": true, "webchat": true, "mobihelp": true, "whatsapp": true, "bot": true}

func paste(url string) string {
	return `Freshdesk signs no webhooks; it sends a secret along, so the address must be https. Under Admin, Workflows, Automations make two
rules, each with the action "Trigger Webhook":

  1. Ticket Creation: no conditions.
  2. Ticket Updates: performed by Agent or Requester; any of: a reply is sent, a note is added, the status, priority, agent,
     group, type or tags are changed. In the rule's settings choose to run all matching rules, not the first alone.

  Request type    POST
  URL             ` + url + `
  Custom headers  ` + TokenHeader + `: the webhook secret of this account
  Encoding        JSON
  Content         Advanced, exactly:

` + HookBody + `
`
}
