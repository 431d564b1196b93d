package helpdesk

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// CheckSecret says what is wrong with a webhook secret, without repeating it.
func CheckSecret(secret string) error {
	_, err := webhookKey(secret)
	return err
}

func webhookKey(secret string) (*standardwebhooks.Webhook, error) {
	encoded := strings.TrimPrefix(strings.TrimSpace(secret), "whsec_")
	if encoded == "" {
		return nil, errors.New("it is empty")
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, errors.New(`it is not "whsec_" and base64; make one with: echo whsec_$(openssl rand -base64 24)`)
	}
	if len(key) < shortestKey {
		return nil, fmt.Errorf("its key has %d bytes, want at least %d", len(key), shortestKey)
	}
	return standardwebhooks.NewWebhookRaw(key)
}
