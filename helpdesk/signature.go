package helpdesk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Secrets are the keys that may have signed a webhook.
type Secrets struct {
	// Keys are "whsec_" and the key in base64. Several let a key be rotated without losing a delivery.
	Keys []string
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the keys out of logs and errors.
func (Secrets) String() string { return "[redacted]" }

// GoString keeps the keys out of %#v.
func (Secrets) GoString() string { return "[redacted]" }

const (
	tolerance   = 5 * time.Minute // how far the sender's clock may differ, and how old a replay may be
	shortestKey = 16              // bytes; the specification asks for 24 to 64
	longestID   = 255
)

// StandardWebhooks verifies deliveries signed as https://www.standardwebhooks.com describes. A missing or empty key is
// an error here, at start, because an empty key would let anyone sign.
func StandardWebhooks(s Secrets) (Verify, error) {
	if len(s.Keys) == 0 {
		return nil, errors.New("webhook secret: none is set")
	}
	now := s.Now
	if now == nil {
		now = time.Now
	}
	var keys []*standardwebhooks.Webhook
	for i, secret := range s.Keys {
		key, err := webhookKey(secret)
		if err != nil {
			return nil, fmt.Errorf("webhook secret %d: %w", i+1, err)
		}
		keys = append(keys, key)
	}
	return func(header http.Header, body []byte) (string, error) {
		// The library compares in constant time but reads its own clock, so freshness is judged here.
		stamp, err := Only(header, standardwebhooks.HeaderWebhookTimestamp)
		if err != nil {
			return "", err
		}
		if err := fresh(stamp, now()); err != nil {
			return "", err
		}
		id, err := Only(header, standardwebhooks.HeaderWebhookID)
		switch {
		case err != nil:
			return "", err
		case len(id) > longestID:
			return "", errors.New("webhook id is longer than 255 bytes")
		}
		if _, err := Only(header, standardwebhooks.HeaderWebhookSignature); err != nil {
			return "", err
		}
		err = errors.New("no key")
		for _, key := range keys {
			if err = key.VerifyIgnoringTimestamp(body, header); err == nil {
				return id, nil
			}
		}
		return "", err
	}, nil
}

// SignWebhook sets the headers that StandardWebhooks verifies.
func SignWebhook(header http.Header, secret, id string, at time.Time, body []byte) error {
	key, err := webhookKey(secret)
	if err != nil {
		return fmt.Errorf("webhook secret: %w", err)
	}
	signature, err := key.Sign(id, at, body)
	if err != nil {
		return fmt.Errorf("sign webhook: %w", err)
	}
	header.Set(standardwebhooks.HeaderWebhookID, id)
	header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return nil
}

func fresh(stamp string, now time.Time) error {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errors.New("webhook timestamp is missing or no number")
	}
	return near(time.Unix(seconds, 0), now)
}

// near refuses what was signed too long ago, or by a clock that is too far off.
func near(at, now time.Time) error {
	if age := now.Sub(at); age > tolerance || age < -tolerance {
		return fmt.Errorf("webhook timestamp is %s off our clock", age.Round(time.Second))
	}
	return nil
}
