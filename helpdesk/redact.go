package helpdesk

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Some servers, and what stands before them, repeat in an error what they were sent. What they say ends in logs, on cards and in
// "warmline doctor", so our credentials are taken out of it first.

// shortestCredential is how long a credential is at least, in bytes: what is shorter, such as the "X" that stands for a password, is a word.
const shortestCredential = 6

// credentials are what authorizing has added to a header, in the forms in which it could be repeated.
func credentials(before, after http.Header) (all []string) {
	for name, values := range after {
		if name != "Authorization" && slices.Equal(values, before[name]) {
			continue
		}
		for _, value := range values {
			all = append(all, value)
			_, token, ok := strings.Cut(value, " ")
			if !ok {
				continue
			}
			all = append(all, token)
			if pair, err := base64.StdEncoding.DecodeString(token); err == nil {
				user, password, _ := strings.Cut(string(pair), ":")
				all = append(all, user, password)
			}
		}
	}
	return all
}

// redact takes secrets out of a text that came from outside.
func redact(text string, secrets []string) string {
	for _, s := range secrets {
		for _, form := range []string{s, url.QueryEscape(s), strings.TrimSpace(s)} {
			if len(form) >= shortestCredential {
				text = strings.ReplaceAll(text, form, "[redacted]")
			}
		}
	}
	return text
}
