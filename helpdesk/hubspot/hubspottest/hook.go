package hubspottest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// HookSecret signs the fake's webhooks.
const HookSecret = "hubspottest-client-secret"

// Sign returns the headers of a webhook to an address.
func Sign(address, secret string, at time.Time, body []byte) http.Header {
	ms := strconv.FormatInt(at.UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(http.MethodPost + address + string(body) + ms))
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("X-HubSpot-Signature-v3", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	h.Set("X-HubSpot-Request-Timestamp", ms)
	return h
}

// Hook is the delivery that tells of changes of tickets, to an address, signed with a secret.
func (f *Fake) Hook(address, secret string, tickets ...string) (http.Header, []byte) {
	var events []any
	for i, id := range tickets {
		n, _ := strconv.Atoi(id)
		events = append(events, map[string]any{
			"eventId": 100 + i, "subscriptionId": 12345, "portalId": 62515, "appId": 1234567, "occurredAt": f.now().UnixMilli(), "attemptNumber": 0,
			"subscriptionType": "ticket.propertyChange", "objectId": n, "propertyName": "hs_pipeline_stage", "propertyValue": "2", "changeSource": "CRM_UI", "isSensitive": false,
		})
	}
	body, err := json.Marshal(events)
	if err != nil {
		panic(err) // maps of strings and numbers
	}
	return Sign(address, secret, f.now(), body), body
}
