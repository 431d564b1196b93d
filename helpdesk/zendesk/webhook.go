package zendesk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"warmline/helpdesk"
)

// Webhooks are signed over the time and the body, in this order and with nothing between (Webhooks, "Verifying"; an older copy of that
// page had them the other way round). The time is read strictly, so that no byte can pass from the one to the other.
const (
	signatureHeader = "X-Zendesk-Webhook-Signature"
	timeHeader      = "X-Zendesk-Webhook-Signature-Timestamp"
)

func intake(a helpdesk.Account) (helpdesk.Intake, error) {
	verify, err := helpdesk.HMAC{
		Header: signatureHeader, Base64: true,
		Signed: func(header http.Header, body []byte) []byte { return append([]byte(header.Get(timeHeader)), body...) },
		At:     signedAt,
		ID:     deliveryID,
	}.Verify(a.HookSecrets, a.Now)
	return helpdesk.Intake{Verify: verify, Parse: hints}, err
}

func signedAt(header http.Header) (time.Time, error) {
	text, err := helpdesk.Only(header, timeHeader)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%s is no time", timeHeader)
	}
	return at, nil
}

// deliveryID names a delivery: by its event where Zendesk wrote the body, because it repeats an event now and then. A body that a trigger
// filled in may be the same for two changes, so there the time counts too.
func deliveryID(header http.Header, body []byte) (string, error) {
	var event struct {
		ID   word `json:"id"`
		Type word `json:"type"`
	}
	if json.Unmarshal(body, &event) == nil && strings.HasPrefix(string(event.Type), eventPrefix) && event.ID != "" && len(event.ID) <= 100 {
		return "event:" + string(event.ID), nil
	}
	return helpdesk.BodyID(body) + "-" + header.Get(timeHeader), nil
}

const eventPrefix = "zen:event-type:"

// hook is what a webhook's body tells: an event of Zendesk's own, or the body that a trigger fills in as we say.
type hook struct {
	Type    word `json:"type"`
	Subject word `json:"subject"` // "zen:ticket:4711"
	Detail  struct {
		ID  id  `json:"id"`
		Via via `json:"via"`
	} `json:"detail"`
	TicketID id   `json:"ticket_id"`
	Channel  word `json:"channel"`
}

// hints reads which ticket a webhook is about. It is only ever a reason to read that ticket.
func hints(body []byte) ([]helpdesk.Hint, error) {
	var h *hook
	if err := json.Unmarshal(body, &h); err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	if h == nil {
		return nil, errors.New("decode webhook: it is null")
	}
	ticket, channel := h.TicketID, h.Channel
	if about, ok := strings.CutPrefix(string(h.Type), eventPrefix); ok {
		if !strings.HasPrefix(about, "ticket.") {
			return nil, nil // of people, articles or chats
		}
		ticket, channel = h.Detail.ID, h.Detail.Via.Channel
		if of, ok := strings.CutPrefix(string(h.Subject), "zen:ticket:"); ok {
			ticket = id(of)
		}
	}
	switch {
	case strings.Contains(string(ticket), "{{"):
		return nil, nil // sent by hand, to see whether we are there
	case !numeric(string(ticket)):
		return nil, fmt.Errorf("the webhook names no ticket; where a trigger sends it, its body is %s", triggerBody)
	}
	return []helpdesk.Hint{{Ticket: string(ticket), Urgent: channel != "" && channelOf(channel) == "chat"}}, nil
}

// triggerBody is what a trigger's webhook sends.
const triggerBody = `{"ticket_id": "{{ticket.id}}", "channel": "{{ticket.via}}"}`
