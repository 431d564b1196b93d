package llm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmline/brain/llm"
	"warmline/escalate"
	"warmline/internal/localslack/pipenet"
)

// builtIn is a brain that always says the same.
type builtIn struct {
	a   escalate.Assessment
	err error
}

func (b builtIn) Assess(context.Context, time.Time, *escalate.Ticket) (escalate.Assessment, error) {
	return b.a, b.err
}

// reply answers one call to the endpoint.
type reply func(w http.ResponseWriter, r *http.Request)

// endpoint is a scripted server that speaks OpenAI's protocol. The last reply is repeated.
type endpoint struct {
	mu       sync.Mutex
	script   []reply
	requests []request
	auth     []string
}

// request is what a test looks at of a call.
type request struct {
	Model    string
	Messages []struct{ Role, Content string }
	Stream   bool
	Seed     int

	ResponseFormat *struct {
		Type   string
		Schema struct {
			Strict bool
			Schema json.RawMessage
		} `json:"json_schema"`
	} `json:"response_format"`

	raw []byte
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var req request
	if err := json.Unmarshal(raw, &req); err != nil {
		http.Error(w, "not JSON", http.StatusBadRequest)
		return
	}
	req.raw = raw
	e.mu.Lock()
	answer := e.script[0]
	if len(e.script) > 1 {
		e.script = e.script[1:]
	}
	e.requests, e.auth = append(e.requests, req), append(e.auth, r.Header.Get("Authorization"))
	e.mu.Unlock()
	answer(w, r)
}

func (e *endpoint) calls() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.requests)
}

// then replaces the script.
func (e *endpoint) then(script ...reply) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.script = script
}

// world is a brain with its endpoint, in fake time.
type world struct {
	*llm.Brain
	*endpoint

	t    *testing.T
	opts llm.Options
	logs *bytes.Buffer
}

// in runs a test in a bubble. The built-in brain says a; change alters the options.
func in(t *testing.T, a escalate.Assessment, play func(w *world), change ...func(*llm.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{endpoint: &endpoint{script: []reply{says(good())}}, t: t, logs: &bytes.Buffer{}}
		ln := pipenet.Listen()
		srv := &http.Server{Handler: w.endpoint}
		done := make(chan error, 1)
		go func() { done <- srv.Serve(ln) }()
		client := ln.Client()
		w.opts = llm.Options{
			BaseURL: "http://model.test/v1", Model: "small", Key: "sk-very-secret-key-1", HTTPClient: client, Fallback: builtIn{a: a},
			Logger: slog.New(slog.NewTextHandler(w.logs, nil)),
		}
		for _, f := range change {
			f(&w.opts)
		}
		var err error
		if w.Brain, err = llm.New(w.opts); err != nil {
			t.Fatal(err)
		}
		play(w)
		client.CloseIdleConnections()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
		if strings.Contains(w.logs.String(), "sk-very-secret") {
			t.Errorf("the log shows the key: %s", w.logs)
		}
	})
}

func (w *world) assess(tk *escalate.Ticket) escalate.Assessment {
	w.t.Helper()
	a, err := w.Assess(w.t.Context(), time.Now(), tk)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// out is what the model writes.
type out struct {
	Summary   string              `json:"summary"`
	Triggers  []map[string]string `json:"triggers"`
	Answer    string              `json:"answer"`
	Citations []map[string]string `json:"citations"`
	Draft     string              `json:"draft"`
	Unsure    bool                `json:"unsure"`
}

func (o out) json() string {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// good is a flawless reading of what ticket and builtInSays hold.
func good() out {
	return out{
		Summary:   "The customer asks where order 48213 is; it was sent on Monday.",
		Answer:    "S1",
		Citations: []map[string]string{{"source": "S1", "quote": "leaves our warehouse within two working days"}},
		Draft:     "Hello,\nyour parcel with order 48213 leaves our warehouse within two working days.",
	}
}

func with(change func(*out)) string {
	o := good()
	change(&o)
	return o.json()
}

// completion is a whole response with one choice.
func completion(content, finish string) string {
	b, err := json.Marshal(map[string]any{
		"id": "1", "object": "chat.completion", "model": "small",
		"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": map[string]any{"role": "assistant", "content": content}}},
		"usage":   map[string]any{"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
	})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func body(s string) reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, s)
	}
}

func saysText(content string) reply { return body(completion(content, "stop")) }
func says(o out) reply              { return saysText(o.json()) }

func status(code int, header ...string) reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"error":{"message":"key sk-very-secret-key-1 is over its limit","type":"x","code":null}}`)
	}
}

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// ticket is about a parcel. In the built-in brain's answer the order number is not filled in.
func ticket() *escalate.Ticket {
	return &escalate.Ticket{
		ID: "t1", Ref: escalate.Ref{Desk: "main", ID: "17"},
		Content: escalate.Content{
			Subject: "My parcel", Channel: "email", Customer: escalate.Customer{Name: "Ina Berg", Email: "ina@kunde.example"},
			Messages: []escalate.Message{
				{ID: "m1", Role: escalate.RoleCustomer, Author: "Ina Berg", Public: true, Text: "Where is my order 48213? It was sent on Monday, you wrote to ina@kunde.example. I paid with 4111 1111 1111 1111."},
				{ID: "m2", Role: escalate.RoleAgent, Author: "Otto Kern", Public: false, Text: "INTERNAL: her husband called, watch out."},
				{ID: "m3", Role: escalate.RoleCustomer, Author: "Ina Berg", Public: true, Text: "Hello? I want to talk to somebody, this is a disgrace."},
			},
		},
	}
}

const prepared = "Hello,\nyour parcel with order {{order_number}} leaves our warehouse within two working days."

func builtInSays() escalate.Assessment {
	return escalate.Assessment{
		Newest: "m3", Lang: "en", Topic: "shipping", Summary: "Where is my order 48213?", Ask: "Where is it?", Model: "local/1", Confidence: 0.55,
		Answer:  &escalate.Answer{ID: "track", Text: prepared, Unfilled: []string{"order_number"}},
		Factors: []escalate.Factor{{Name: "agreement", Words: "9 of 10 agree", Pull: 1}},
		Sources: []escalate.Source{
			{ID: "track", Kind: "macro", Title: "Where is my parcel", Passage: "your parcel leaves our warehouse within two working days", Version: "v1", Score: 0.8},
			{ID: "refund", Kind: "macro", Title: "Refunds", Passage: "We pay refunds within five days to the card that was charged.", Version: "v2", Score: 0.2},
		},
		Similar: []escalate.Source{{ID: "t9", Kind: "ticket", Title: "parcel of Ben", Passage: "Hi Ben, order 77001 to ben@other.example is on its way", Version: "v3"}},
		Signals: []escalate.Trigger{{Kind: escalate.Safety}, {Kind: escalate.HumanRequest}, {Kind: escalate.Suspicious}, {Kind: escalate.Anger, Strength: 0.2}},
	}
}

// sure is the same with an answer that can be sent as it stands.
func sure() escalate.Assessment {
	a := builtInSays()
	a.Answer = &escalate.Answer{ID: "track", Text: strings.ReplaceAll(prepared, "{{order_number}}", "48213")}
	a.Confidence = 0.97
	return a
}

// canned is a client whose every call is answered with the same body, without a network.
func canned(s string) *http.Client {
	return &http.Client{Transport: answering(func(r *http.Request) (*http.Response, error) {
		_, err := io.Copy(io.Discard, r.Body)
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(s)), Request: r}, err
	})}
}

type answering func(*http.Request) (*http.Response, error)

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
