package hubspot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"warmline/helpdesk"
)

// The headers of HubSpot's webhooks.
const (
	headerSignature = "X-HubSpot-Signature-v3"
	headerTime      = "X-HubSpot-Request-Timestamp"
)

// Intake returns how an account's webhooks are verified and read. HubSpot signs method, address, body and time, in its third version;
// the two before it know no time and no key, and are not taken. Address is the public one, to the letter, as it stands in the app: what
// a request says of its host is for whoever sends it to choose.
func Intake(address string, secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	if err := checkAddress(address); err != nil {
		return helpdesk.Intake{}, err
	}
	verify, err := helpdesk.HMAC{
		Header: headerSignature, Base64: true,
		Signed: func(h http.Header, body []byte) []byte {
			return slices.Concat([]byte(http.MethodPost+address), body, []byte(h.Get(headerTime)))
		},
		At: func(h http.Header) (time.Time, error) { return helpdesk.UnixMillis(h, headerTime) },
		ID: func(_ http.Header, body []byte) (string, error) { return deliveryID(body), nil },
	}.Verify(secrets, now)
	return helpdesk.Intake{Verify: verify, Parse: ParseHook}, err
}

// checkAddress refuses what HubSpot would not sign as it is written: it decodes some characters before it signs.
func checkAddress(address string) error {
	const want = "hook url: HubSpot signs the webhook's public address; set it to exactly what stands in the app, as https://hooks.example.com/hooks/shop"
	at, err := url.Parse(address)
	switch {
	case address == "":
		return errors.New(want)
	case err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || at.User != nil || at.Fragment != "":
		return fmt.Errorf("%s, not %q", want, address)
	case strings.ContainsAny(address, "% \t\r\n"):
		return fmt.Errorf("hook url %q: HubSpot decodes it before it signs; choose one without %%-escapes", address)
	}
	return nil
}

// event is one of a delivery, of any of the kinds that an app can subscribe to.
type event struct {
	EventID        text   `json:"eventId"`
	SubscriptionID text   `json:"subscriptionId"`
	OccurredAt     text   `json:"occurredAt"`
	Type           text   `json:"subscriptionType"` // ticket.propertyChange, object.creation, conversation.newMessage
	ObjectType     text   `json:"objectTypeId"`     // 0-5 is a ticket
	ObjectID       text   `json:"objectId"`
	MessageID      text   `json:"messageId"`
	Property       text   `json:"propertyName"`
	From           text   `json:"fromObjectId"`
	FromType       text   `json:"fromObjectTypeId"`
	To             text   `json:"toObjectId"`
	ToType         text   `json:"toObjectTypeId"`
	Association    text   `json:"associationType"` // TICKET_TO_CONTACT
	Primary        text   `json:"primaryObjectId"` // of a merge
	New            text   `json:"newObjectId"`
	Merged         []text `json:"mergedObjectIds"`
}

// ParseHook reads which tickets a delivery is about. Conversations are passed over: their events name a thread and no ticket, and the
// ticket's own properties change with every message.
func ParseHook(body []byte) ([]helpdesk.Hint, error) {
	var events []event
	if err := json.Unmarshal(body, &events); err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	var hints []helpdesk.Hint
	for i := range events {
		if events[i].Type == "" {
			return nil, errors.New("decode webhook: this is no event of HubSpot's")
		}
		for _, id := range events[i].tickets() {
			h := helpdesk.Hint{Ticket: string(id)}
			if id != "" && strings.Trim(h.Ticket, "0123456789") == "" && !slices.Contains(hints, h) {
				hints = append(hints, h)
			}
		}
	}
	return hints, nil
}

const ticketType = "0-5"

func (e *event) tickets() []text {
	kind, _, _ := strings.Cut(string(e.Type), ".")
	if kind != "ticket" && (kind != "object" || e.ObjectType != ticketType && e.FromType != ticketType && e.ToType != ticketType) {
		return nil
	}
	if strings.HasSuffix(string(e.Type), ".associationChange") {
		switch {
		case e.FromType == ticketType || strings.HasPrefix(string(e.Association), "TICKET_TO_"):
			return []text{e.From}
		case e.ToType == ticketType || strings.HasSuffix(string(e.Association), "_TO_TICKET"):
			return []text{e.To}
		}
		return nil
	}
	return append([]text{e.ObjectID, e.Primary, e.New}, e.Merged...)
}

// deliveryID names a delivery by its events: the number of the attempt, by which a repeat's body differs, has no part in it.
func deliveryID(body []byte) string {
	var events []event
	if err := json.Unmarshal(body, &events); err != nil || len(events) == 0 {
		return helpdesk.BodyID(body)
	}
	sum := sha256.New()
	for i := range events {
		e := &events[i]
		_, _ = fmt.Fprintf(sum, "%q %q %q %q %q %q %q\n", e.EventID, e.SubscriptionID, e.OccurredAt, e.Type, e.ObjectID, e.MessageID, e.Property)
	}
	return "events:" + hex.EncodeToString(sum.Sum(nil)[:16])
}
