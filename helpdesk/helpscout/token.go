package helpscout

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// tokens gives out the token of the client-credentials flow (https://developer.helpscout.com/mailbox-api/overview/authentication/):
// one at a time, and one request for a new one however many callers wait for it. It is safe for concurrent use.
type tokens struct {
	api    *helpdesk.HTTP
	id     string
	secret func() string // so that no formatting of what holds it shows it
	now    func() time.Time

	mu   sync.Mutex
	held token

	turn chan struct{} // who holds it may ask, and use what follows
	// failed is why the last request gave none. Whoever waited meanwhile is told the same, and asks no more.
	failed   error
	failedAt time.Time
}

// token is one token and what is known of it.
type token struct {
	reveal  func() string // as secret
	expires time.Time
	proven  bool // a call with it was accepted
}

const (
	// failureLasts is for how long a failure answers those who waited for the same request.
	failureLasts = time.Second
	// tokenAgain is when to ask again for a token that could not be had.
	tokenAgain = 5 * time.Second
	// longestToken bounds how long a token is believed to live; they live two days.
	longestToken = 48 * time.Hour
)

func newTokens(api *helpdesk.HTTP, id, secret string, now func() time.Time) *tokens {
	return &tokens{api: api, id: id, secret: func() string { return secret }, now: now, turn: make(chan struct{}, 1)}
}

func (t *tokens) lock(ctx context.Context, op string) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &desk.Refused{Op: op, Why: "gave up while it waited for a token: " + ctx.Err().Error(), RetryAfter: time.Second}
	}
}

func (t *tokens) unlock() { <-t.turn }

// take returns a token that is still good, for a call that is named for errors. The call has not been made when there is none, so
// every error is a refusal.
func (t *tokens) take(ctx context.Context, op string) (string, error) {
	if value := t.good(); value != "" {
		return value, nil
	}
	if err := t.lock(ctx, op); err != nil {
		return "", err
	}
	defer t.unlock()
	if value := t.good(); value != "" { // who had the turn before got it
		return value, nil
	}
	if t.failed == nil || t.now().Sub(t.failedAt) >= failureLasts {
		value, err := t.ask(ctx)
		t.failed, t.failedAt = err, t.now()
		if err == nil {
			return value, nil
		}
	}
	err := unauthorized(op, t.failed)
	if ctx.Err() != nil { // this caller's own end, which is no one else's failure
		t.failed = nil
	}
	return "", err
}

// good is the token that is held, while it lives; "" when there is none.
func (t *tokens) good() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now().Before(t.held.expires) {
		return t.held.value()
	}
	return ""
}

// value is the token itself; "" when there is none.
func (t *token) value() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// ask gets a new token. Whoever calls holds the turn.
func (t *tokens) ask(ctx context.Context) (string, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {t.id}, "client_secret": {t.secret()}}
	call := helpdesk.Call{
		Op: "get a token", Method: http.MethodPost, Path: []string{"oauth2", "token"}, Reads: true,
		Body: helpdesk.Payload{Type: "application/x-www-form-urlencoded", Body: []byte(form.Encode())}, Secrets: []string{t.secret()},
	}
	res, err := t.api.Send(ctx, call)
	if err != nil {
		return "", err
	}
	var answer struct {
		Token   string `json:"access_token"`
		Expires number `json:"expires_in"`
	}
	// What the answer holds is a secret, so that no error may quote it.
	if json.Unmarshal(res.Body, &answer) != nil || answer.Token == "" {
		return "", errors.New("get a token: the answer has none")
	}
	life := min(time.Duration(max(int64(answer.Expires), 0))*time.Second, longestToken)
	if answer.Expires == 0 {
		life = longestToken
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	// A little early, so that no token ends on its way.
	t.held = token{reveal: func() string { return answer.Token }, expires: t.now().Add(life - min(life/10, time.Minute))}
	return answer.Token, nil
}

// accepted notes that a call with a token was let through.
func (t *tokens) accepted(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held.value() == value {
		t.held.proven = true
	}
}

// rejected drops a token that was answered with 401, and reports whether another may help: not when it was new and never taken.
func (t *tokens) rejected(value string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held.value() != value { // somebody else has changed it already
		return true
	}
	helps := t.held.proven
	t.held = token{}
	return helps
}

// unauthorized says why there is no token, and that so nothing was sent.
func unauthorized(op string, err error) error {
	refused, ok := errors.AsType[*desk.Refused](err)
	_, moved := errors.AsType[*helpdesk.RedirectError](err)
	switch {
	case ok && refused.RetryAfter > 0:
		return &desk.Refused{Op: op, Why: "no token: " + refused.Why, RetryAfter: refused.RetryAfter}
	case ok:
		return &desk.Refused{Op: op, Why: "no token: " + refused.Why + "; copy the app's id and secret anew from the profile of the bot's user, under My Apps"}
	case moved || errors.Is(err, desk.ErrNotFound):
		return &desk.Refused{Op: op, Why: "no token: " + err.Error()}
	default:
		return &desk.Refused{Op: op, Why: "no token: " + err.Error(), RetryAfter: tokenAgain}
	}
}
