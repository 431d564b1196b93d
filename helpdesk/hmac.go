package helpdesk

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// HMAC is how a vendor signs its webhooks where it does not follow StandardWebhooks. The zero value of what may be left out is the
// commonest: the body alone is signed, with SHA-256, in hexadecimal.
type HMAC struct {
	Header string // that carries the signature
	Prefix string // before the signature: "sha256="
	Hash   func() hash.Hash
	Base64 bool // the signature is in base64
	// Signed returns the bytes that are signed.
	Signed func(header http.Header, body []byte) []byte
	// At returns when the delivery was signed; nil where the vendor does not say. One that is five minutes off our clock is refused.
	At func(header http.Header) (time.Time, error)
	// ID returns the delivery's id, the same for every repeat; nil: the hash of the body, which serves where every body differs.
	ID func(header http.Header, body []byte) (string, error)
}

// shortestSecret is the least that a vendor's secret has, in bytes.
const shortestSecret = 8

// Verify returns a Verify that takes what any of the secrets has signed. An empty secret is an error here, at start, because with
// one anybody could sign.
func (s HMAC) Verify(secrets []string, now func() time.Time) (Verify, error) {
	if err := checkSecrets(secrets); err != nil {
		return nil, err
	}
	if s.Hash == nil {
		s.Hash = sha256.New
	}
	if now == nil {
		now = time.Now
	}
	return func(header http.Header, body []byte) (string, error) {
		if s.At != nil {
			at, err := s.At(header)
			if err != nil {
				return "", err
			}
			if err := near(at, now()); err != nil {
				return "", err
			}
		}
		signature, err := s.signature(header)
		if err != nil {
			return "", err
		}
		if !s.signedBy(secrets, header, body, signature) {
			return "", fmt.Errorf("no secret of ours signed this: %s does not match", s.Header)
		}
		if s.ID == nil {
			return BodyID(body), nil
		}
		return s.ID(header, body)
	}, nil
}

func (s HMAC) signedBy(secrets []string, header http.Header, body, signature []byte) bool {
	signed := body
	if s.Signed != nil {
		signed = s.Signed(header, body)
	}
	found := false
	for _, secret := range secrets { // all are tried, so that the time tells nothing
		mac := hmac.New(s.Hash, []byte(secret))
		mac.Write(signed)
		found = hmac.Equal(mac.Sum(nil), signature) || found
	}
	return found
}

// signature reads the signature's bytes. What could be written in two ways is taken in one, and a header that comes twice not at
// all.
func (s HMAC) signature(header http.Header) ([]byte, error) {
	text, err := Only(header, s.Header)
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(text, s.Prefix)
	if !ok {
		return nil, fmt.Errorf("%s does not begin with %q", s.Header, s.Prefix)
	}
	var out []byte
	if s.Base64 {
		out, err = base64.StdEncoding.Strict().DecodeString(text)
	} else {
		out, err = hex.DecodeString(text)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is not encoded as it should be", s.Header)
	}
	return out, nil
}

// Token verifies deliveries of vendors that do not sign, by a secret that they send along in a header of their own. Whoever hears
// one delivery could forge others, so such an address must be https. Each delivery counts as a new one: nothing tells a repeat.
func Token(header string, tokens []string, now func() time.Time) (Verify, error) {
	if err := checkSecrets(tokens); err != nil {
		return nil, err
	}
	if now == nil {
		now = time.Now
	}
	return func(h http.Header, body []byte) (string, error) {
		given, err := Only(h, header)
		if err != nil {
			return "", err
		}
		found := 0
		for _, token := range tokens {
			found |= subtle.ConstantTimeCompare([]byte(token), []byte(given))
		}
		if found == 0 {
			return "", fmt.Errorf("%s is not our token", header)
		}
		return BodyID(body) + "-" + strconv.FormatInt(now().UnixMicro(), 36), nil
	}, nil
}

func checkSecrets(secrets []string) error {
	if len(secrets) == 0 {
		return errors.New("webhook secret: none is set")
	}
	for i, s := range secrets {
		if len(strings.TrimSpace(s)) < shortestSecret {
			return fmt.Errorf("webhook secret %d: it is shorter than %d bytes; make one with: openssl rand -base64 24", i+1, shortestSecret)
		}
	}
	return nil
}

// Only returns the only value of a header. One that comes twice is refused: two readers could believe different ones.
func Only(header http.Header, name string) (string, error) {
	switch values := header.Values(name); {
	case len(values) == 0 || values[0] == "":
		return "", fmt.Errorf("%s is missing", name)
	case len(values) > 1:
		return "", fmt.Errorf("%s comes twice", name)
	default:
		return values[0], nil
	}
}

// BodyID names a delivery by its body.
func BodyID(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha256:" + hex.EncodeToString(sum[:16])
}

// UnixMillis reads a header of milliseconds since 1970.
func UnixMillis(header http.Header, name string) (time.Time, error) {
	text, err := Only(header, name)
	if err != nil {
		return time.Time{}, err
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s is no number", name)
	}
	return time.UnixMilli(ms), nil
}
