package generic

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"warmline/helpdesk"
)

// Bounds of what a webhook may name.
const (
	longestID      = 255
	mostTickets    = 100
	webhookIsFresh = 5 * time.Minute
)

// Intake says how webhooks are verified and read, as a mapping does.
func (m *Mapping) Intake(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	w := m.Webhook
	if w == nil {
		return helpdesk.Intake{}, errors.New("the mapping has no webhook; add it, or poll alone")
	}
	if now == nil {
		now = time.Now
	}
	var verify helpdesk.Verify
	var err error
	switch w.Style {
	case "standard":
		verify, err = helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: secrets, Now: now})
	case "sha256":
		verify, err = helpdesk.HMAC{Header: w.Header, Prefix: w.Prefix, Base64: w.Base64, ID: w.delivery}.Verify(secrets, now)
		verify = w.fresh(verify, now)
	default:
		verify, err = helpdesk.Token(w.Header, secrets, now)
		verify = w.identified(verify)
	}
	if err != nil {
		return helpdesk.Intake{}, err
	}
	return helpdesk.Intake{Verify: verify, Parse: w.parse}, nil
}

// delivery is the id of a delivery, the same for every repeat of it.
func (w *Incoming) delivery(header http.Header, body []byte) (string, error) {
	kind, rest, _ := strings.Cut(w.ID, " ")
	var id string
	switch kind {
	case "header":
		var err error
		if id, err = helpdesk.Only(header, rest); err != nil {
			return "", err
		}
	case "path":
		doc, err := decode(body)
		if err != nil {
			return "", fmt.Errorf("decode webhook: %w", err)
		}
		id = Path(rest).text(doc)
	default:
		return helpdesk.BodyID(body), nil
	}
	if id == "" || len(id) > longestID {
		return "", fmt.Errorf("the delivery has no id, or one of more than %d bytes, at %s", longestID, rest)
	}
	return "id:" + id, nil
}

// fresh refuses what was sent too long ago, where the mapping says where a body tells. The time is signed with the rest.
func (w *Incoming) fresh(verify helpdesk.Verify, now func() time.Time) helpdesk.Verify {
	if w.At == "" {
		return verify
	}
	return func(header http.Header, body []byte) (string, error) {
		id, err := verify(header, body)
		if err != nil {
			return "", err
		}
		doc, err := decode(body)
		if err != nil {
			return "", fmt.Errorf("decode webhook: %w", err)
		}
		at, err := instant(w.At.text(doc))
		if err != nil || at.IsZero() {
			return "", fmt.Errorf("the delivery does not say at %s when it was sent", w.At)
		}
		if age := now().Sub(at); age > webhookIsFresh || age < -webhookIsFresh {
			return "", fmt.Errorf("the delivery was sent %s off our clock", age.Round(time.Second))
		}
		return id, nil
	}
}

// identified gives deliveries that come with a token the id that the mapping names. By their bodies alone, each counts as new.
func (w *Incoming) identified(verify helpdesk.Verify) helpdesk.Verify {
	if w.ID == "body" {
		return verify
	}
	return func(header http.Header, body []byte) (string, error) {
		if _, err := verify(header, body); err != nil {
			return "", err
		}
		return w.delivery(header, body)
	}
}

// parse reads which tickets a body is about.
func (w *Incoming) parse(body []byte) ([]helpdesk.Hint, error) {
	doc, err := decode(body)
	if err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	if w.Only.Path != "" && !w.Only.holds(doc) {
		return nil, nil
	}
	var hints []helpdesk.Hint
	seen := make(map[string]bool)
	for _, path := range w.Tickets {
		for _, found := range path.values(doc) {
			id := textOf(found)
			if id == "" || seen[id] {
				continue
			}
			if len(id) > longestID {
				return nil, fmt.Errorf("the id of a ticket at %s has more than %d bytes", path, longestID)
			}
			seen[id] = true
			hints = append(hints, helpdesk.Hint{Ticket: id, Urgent: w.Urgent.holds(doc)})
		}
		if len(hints) > 0 {
			break
		}
	}
	switch {
	case len(hints) == 0:
		return nil, fmt.Errorf("the webhook names no ticket at %s; correct webhook.tickets of the mapping, or leave such events out by webhook.only", w.Tickets)
	case len(hints) > mostTickets:
		return nil, fmt.Errorf("the webhook names %d tickets, more than %d", len(hints), mostTickets)
	}
	return hints, nil
}
