package helpscouttest

import (
	"fmt"
	"net/http"
	"strings"
)

// giveToken gives out a token of the client-credentials flow, for an app that is ours.
func (f *Fake) giveToken(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.given++
	if f.TokenStatus != 0 {
		answer(w, f.TokenStatus, map[string]any{"error": "temporarily_unavailable"})
		return
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.ParseForm() != nil ||
		r.PostForm.Get("grant_type") != "client_credentials" || len(r.URL.Query()) > 0 {
		answer(w, http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type"})
		return
	}
	if r.PostForm.Get("client_id") != AppID || r.PostForm.Get("client_secret") != AppSecret {
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client", "error_description": "Client authentication failed"})
		return
	}
	value := fmt.Sprintf("token-%d", f.given)
	f.tokens[value] = f.now().Add(f.TokenLife)
	answer(w, http.StatusOK, map[string]any{"token_type": "bearer", "access_token": value, "expires_in": int(f.TokenLife.Seconds())})
}

// knows reports whether a request carries a token that lives.
func (f *Fake) knows(r *http.Request) bool {
	value, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	f.mu.Lock()
	defer f.mu.Unlock()
	return ok && f.now().Before(f.tokens[value])
}

// Revoke ends all tokens before their time.
func (f *Fake) Revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.tokens)
}

// Tokens is how often a token was asked for.
func (f *Fake) Tokens() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.given
}
