package bot

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// AuthError says that Slack does not accept a token, and what to do about it. Trying again does not help.
type AuthError struct {
	Token  string // "bot token" or "app token"
	Reason string // Slack's own word
	Hint   string
}

// Error implements error.
func (e *AuthError) Error() string {
	return fmt.Sprintf("sign in to Slack with the %s: %s: %s", e.Token, e.Reason, e.Hint)
}

const (
	botToken = "bot token"
	appToken = "app token"
)

// authHints says what to do about each of Slack's refusals of a token.
var authHints = map[string]string{
	"invalid_auth":           "copy the token again from the app's settings",
	"not_authed":             "set the token",
	"account_inactive":       "the app was removed from the workspace: install it again",
	"token_revoked":          "the token was revoked: install the app again and copy the new one",
	"token_expired":          "the token has expired: turn token rotation off, or copy a new one",
	"not_allowed_token_type": "the two tokens may be swapped: the bot token begins with xoxb-, the app token with xapp-",
	"missing_scope":          "the token lacks a scope: update the app from manifest.yml and install it again",
	"no_permission":          "the token may not do this: update the app from manifest.yml and install it again",
}

// asAuth returns the AuthError in a failed sign-in, or nil when trying again may help.
func asAuth(token string, err error) *AuthError {
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) {
		return nil
	}
	hint, ok := authHints[refused.Err]
	if !ok {
		return nil
	}
	if refused.Needed != "" {
		hint += " (needed: " + refused.Needed + ")"
	}
	return &AuthError{Token: token, Reason: refused.Err, Hint: hint}
}

// unsettled lists refusals after which the call may have been applied all the same, by Slack's own documentation.
var unsettled = map[string]bool{
	"fatal_error": true, "internal_error": true, "service_unavailable": true, "request_timeout": true,
}

// aboutContent lists refusals of what a message holds: the same message will never be taken.
var aboutContent = map[string]bool{
	"invalid_blocks": true, "invalid_blocks_format": true, "msg_blocks_too_long": true, "msg_too_long": true, "no_text": true,
	"invalid_metadata_format": true, "invalid_metadata_schema": true, "metadata_too_large": true, "block_mismatch": true,
	"too_many_attachments": true,
}

// defaultRetry is how long to wait when Slack asks for less haste and does not say how much.
const defaultRetry = 10 * time.Second

// classify tells a clean refusal, after which nothing was applied, from an answer that was lost. It returns nil, a
// *desk.Refused, or another error.
func classify(op string, err error) error {
	if err == nil {
		return nil
	}
	var (
		limited *slack.RateLimitedError
		status  slack.StatusCodeError
		answer  slack.SlackErrorResponse
	)
	switch {
	case errors.As(err, &limited):
		return &desk.Refused{Op: op, Why: "ratelimited", RetryAfter: max(limited.RetryAfter, time.Second)}
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return &desk.Refused{Op: op, Why: "ratelimited", RetryAfter: defaultRetry}
	case errors.As(err, &status) && status.Code >= 400 && status.Code < 500:
		return &desk.Refused{Op: op, Why: status.Status, Status: status.Code}
	case errors.As(err, &answer) && (answer.Err == "ratelimited" || answer.Err == "rate_limited"):
		return &desk.Refused{Op: op, Why: "ratelimited", RetryAfter: defaultRetry}
	case errors.As(err, &answer) && !unsettled[answer.Err]:
		return &desk.Refused{Op: op, Why: why(answer), Content: aboutContent[answer.Err]}
	}
	return fmt.Errorf("%s: %w", op, withoutURL(err))
}

// why puts Slack's word and its explanations together.
func why(r slack.SlackErrorResponse) string {
	words := append([]string{r.Err}, r.ResponseMetadata.Messages...)
	if r.Needed != "" {
		words = append(words, "needed scope: "+r.Needed)
	}
	return strings.Join(words, "; ")
}

// withoutURL drops the address from an error of net/http: a response URL is a secret.
func withoutURL(err error) error {
	if at, ok := errors.AsType[*url.Error](err); ok {
		return at.Err
	}
	return err
}

// refusedWith reports whether an error is a refusal with one of Slack's words.
func refusedWith(err error, words ...string) bool {
	var r *desk.Refused
	if !errors.As(err, &r) {
		return false
	}
	got, _, _ := strings.Cut(r.Why, ";")
	return slices.Contains(words, got)
}

// outcome is a call's result as a metric label.
func outcome(err error) string {
	var r *desk.Refused
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &r) && r.RetryAfter > 0:
		return "rate_limited"
	case errors.As(err, &r):
		return "refused"
	}
	return "unknown"
}
