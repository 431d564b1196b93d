package helpscout

import (
	"crypto/sha1" // it is what Help Scout signs with; an HMAC of it is still sound
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"warmline/helpdesk"
)

// The headers of a webhook. Nothing says when it was signed, so a replay shows only by its body, which is therefore its id. The
// event is not signed; it only ever lets a delivery be passed over.
const (
	SignatureHeader = "X-HelpScout-Signature"
	EventHeader     = "X-HelpScout-Event"
)

func intakeOf(a helpdesk.Account) (helpdesk.Intake, error) {
	verify, err := helpdesk.HMAC{Header: SignatureHeader, Hash: sha1.New, Base64: true}.Verify(a.HookSecrets, a.Now)
	return helpdesk.Intake{Verify: verify, Parse: ParseHook, Challenge: passOver}, err
}

// passOver answers deliveries that are about no conversation: Help Scout's own test, and events that somebody chose besides ours.
// Refused, they would be sent again and again, until Help Scout turns the webhook off.
func passOver(header http.Header, _ []byte) (answer string, asked bool) {
	event := header.Get(EventHeader)
	return "ok", event != "" && !strings.HasPrefix(event, "convo.")
}

// ParseHook reads the body of a webhook: a conversation, of which a deleted one is no more than its id.
func ParseHook(body []byte) ([]helpdesk.Hint, error) {
	var hook struct {
		ID   ident  `json:"id"`
		Type string `json:"type"`
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	id := strings.TrimLeft(string(hook.ID), "0") // so that a ticket never has two names
	if !numeric(id) {
		return nil, errors.New("the webhook names no conversation by its number")
	}
	return []helpdesk.Hint{{Ticket: id, Urgent: hook.Type == chat}}, nil
}
