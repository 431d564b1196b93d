package builtin

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Handler serves the API and the page, below /desk/.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	api := func(pattern, op string, handle http.HandlerFunc) {
		if op != opFree {
			handle = d.faulty(op, handle)
		}
		mux.HandleFunc(pattern, handle)
	}
	api("GET /desk/api/tickets", opRead, d.private(d.listTickets))
	api("POST /desk/api/tickets", opFree, d.createTicket)
	api("GET /desk/api/tickets/{id}", opRead, d.private(d.getTicket))
	api("POST /desk/api/tickets/{id}/messages", opMessage, d.addMessage)
	api("PATCH /desk/api/tickets/{id}/messages/{message}", opMessage, d.private(d.editMessage))
	api("GET /desk/api/tickets/{id}/messages/{message}/files/{file}", opRead, d.private(d.getFile))
	api("PATCH /desk/api/tickets/{id}", opPatch, d.private(d.patchTicket))
	api("GET /desk/api/agents", opRead, d.private(d.listAgents))
	api("GET /desk/api/changes", opChanges, d.private(d.listChanges))
	api("GET /desk/api/stream", opFree, d.private(d.stream))
	api("POST /desk/api/_faults", opFree, d.private(d.setFault))
	api("GET /desk/api/_faults", opFree, d.private(d.listFaults))
	api("DELETE /desk/api/_faults", opFree, d.private(d.clearFaults))
	mux.HandleFunc("/desk/api/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, &problem{status: http.StatusNotFound, text: r.Method + " " + firstRunes(r.URL.Path, 100) + " is not in the API; see GET /desk/"})
	})
	d.mountPage(mux)
	// Other sites' pages must not write here through a visitor's browser. Programs send no Origin and pass.
	return http.NewCrossOriginProtection().Handler(mux)
}

// sessionCookie names the cookie that the page gets.
const sessionCookie = "warmline_desk"

// private asks for the token, when the desk has one.
func (d *Desk) private(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !d.trusted(r) {
			fail(w, errToken)
			return
		}
		handle(w, r)
	}
}

var errToken = &problem{status: http.StatusUnauthorized, text: "the token is missing or wrong; send Authorization: Bearer TOKEN"}

func (d *Desk) trusted(r *http.Request) bool {
	if d.options.Token == "" {
		return true
	}
	bearer, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if isBearer && subtle.ConstantTimeCompare([]byte(bearer), []byte(d.options.Token)) == 1 {
		return true
	}
	cookie, err := r.Cookie(sessionCookie)
	return err == nil && subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(d.session)) == 1
}

// Bounds of what is read of a request: of any, and of one that may carry files in base64.
const (
	longestBody   = 1 << 20
	longestUpload = longestBody + mostBytes/3*4 + 1<<10
)

// decode reads a JSON body. Unknown keys are left alone: people bring more than we use.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	return decodeUpTo(w, r, longestBody, into)
}

func decodeUpTo(w http.ResponseWriter, r *http.Request, longest int64, into any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longest))
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return problemOf(http.StatusRequestEntityTooLarge, "the body is longer than %d MiB; shorten it", longest>>20)
	}
	if err != nil {
		return invalid("the body was cut off; send it again")
	}
	if err := json.Unmarshal(bytes.ToValidUTF8(body, nil), into); err != nil {
		return invalid("the body is not the JSON that is expected: %v", err)
	}
	return nil
}

func answer(w http.ResponseWriter, status int, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		http.Error(w, `{"error":"the answer cannot be encoded"}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(encoded, '\n')) // the client may have gone; there is nobody left to tell
}

func fail(w http.ResponseWriter, err error) {
	p := &problem{status: http.StatusInternalServerError, text: err.Error()}
	errors.As(err, &p)
	body := map[string]string{"error": p.text}
	if p.stamp != "" {
		body["stamp"] = p.stamp
	}
	answer(w, p.status, body)
}
