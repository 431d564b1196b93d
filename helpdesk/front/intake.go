package front

import (
	"crypto/sha1" //nolint:gosec // what Front signs rule webhooks with; HMAC does not need it to be free of collisions
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"warmline/helpdesk"
)

// The headers of Front's webhooks.
const (
	headerSignature = "X-Front-Signature"
	headerTime      = "X-Front-Request-Timestamp"
	headerChallenge = "X-Front-Challenge"
)

// longestChallenge bounds what is sent back to whoever holds the secret.
const longestChallenge = 1024

// Intake returns how an account's webhooks are verified and read: those of an application and those of a rule, which Front signs
// in two ways. An application's say when they were signed; a rule's do not, and a replay of one shows only by its body, which is why it
// is the delivery's id. The header that tells the two apart cannot turn one into the other: each has a hash of its own.
func Intake(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	application, err := helpdesk.HMAC{
		Header: headerSignature, Base64: true,
		Signed: func(h http.Header, body []byte) []byte { return append([]byte(h.Get(headerTime)+":"), body...) },
		At:     func(h http.Header) (time.Time, error) { return helpdesk.UnixMillis(h, headerTime) },
	}.Verify(secrets, now)
	if err != nil {
		return helpdesk.Intake{}, err
	}
	rule, err := helpdesk.HMAC{Header: headerSignature, Base64: true, Hash: sha1.New}.Verify(secrets, now)
	if err != nil {
		return helpdesk.Intake{}, err
	}
	return helpdesk.Intake{
		Verify: func(h http.Header, body []byte) (string, error) {
			if _, timed := h[http.CanonicalHeaderKey(headerTime)]; timed {
				return application(h, body)
			}
			return rule(h, body)
		},
		Parse: parseHook, Challenge: challenge,
	}, nil
}

// challenge answers what Front asks when the address of a webhook is saved: it wants the header's value back in the body.
func challenge(h http.Header, _ []byte) (string, bool) {
	asked, err := helpdesk.Only(h, headerChallenge)
	if err != nil || len(asked) > longestChallenge {
		return "", false
	}
	return asked, true
}

// parseHook reads which conversations a webhook is about. An application's has the event below "payload"; a rule's is the event, whole or
// as a preview. What is about no conversation is fine.
func parseHook(body []byte) ([]helpdesk.Hint, error) {
	var hook struct {
		event

		Payload *event `json:"payload"`
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		return nil, fmt.Errorf("decode webhook: %w", err)
	}
	if hook.Type == "" && hook.Conversation == nil && hook.Payload == nil {
		return nil, errors.New("decode webhook: this is no event of Front's")
	}
	all := hook.hints()
	if hook.Payload == nil {
		return all, nil
	}
	if hook.Payload.Type == "" || hook.Type == "inbound_received" {
		hook.Payload.Type = hook.Type
	}
	for _, h := range hook.Payload.hints() {
		if !slices.Contains(all, h) {
			all = append(all, h)
		}
	}
	return all, nil
}
