package helpdesktest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// SecretsFixture is a connected account, whose secrets must show nowhere.
type SecretsFixture struct {
	Vendor helpdesk.Vendor
	// Open makes a fake, and says how it is connected when it is served at a URL.
	Open func() (fake http.Handler, account func(url string) helpdesk.Account, fixture func(helpdesk.Connector) Fixture)
	// Derived are the members of answers with credentials that the vendor hands out for our own: {"access_token"}.
	Derived []string
}

// gossips are the ways in which an account answers that repeats to us whatever it was sent, credentials first: some proxies do.
var gossips = []struct {
	name   string
	status int
}{
	{"unauthorized", 401},
	{"not found", 404},
	{"unprocessable", 422},
	{"too many", 429},
	{"broken", 500},
	{"moved", 301},
	{"nonsense", 200},
	{"cut off", 0},
}

// hookSecret is what webhooks are registered with.
const hookSecret = "whsec_QmFua25vdGVzIGluIHRoZSB0ZWFwb3Q"

// passed is how many calls an account answers rightly before it gossips: what is read before a write must not hide the write.
const passed = 4

// RunSecrets lets an account refuse every call of a connector while it repeats our credentials, and fails when any of them shows: in an
// error, however it is formatted, in a finding, in a log at debug level, or in the connector and its settings themselves.
func RunSecrets(t *testing.T, f SecretsFixture) {
	t.Helper()
	for _, g := range gossips {
		t.Run(g.name, func(t *testing.T) {
			told := 0
			for after := range passed {
				told += f.gossip(t, g.status, after)
			}
			if told < passed {
				t.Errorf("%d calls were answered wrongly, which proves nothing", told)
			}
		})
	}
}

// gossip asks a connector for everything, and returns how many calls were answered wrongly. Each time it is a new one, which nothing
// keeps from calling.
func (f SecretsFixture) gossip(t *testing.T, status, after int) int {
	t.Helper()
	fake, account, fixture := f.Open()
	g := &gossip{fake: fake, status: status, derived: f.Derived}
	g.calm()
	server := httptest.NewServer(g)
	defer server.Close()
	a := account(server.URL)
	a.Client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	defer a.Client.CloseIdleConnections()
	for _, s := range f.Vendor.Settings {
		if s.Secret && a.Settings[s.Name] != "" {
			g.learn(a.Settings[s.Name])
		}
	}
	for _, s := range append(a.HookSecrets, hookSecret) {
		g.learn(s)
	}
	connect := func() helpdesk.Connector {
		c, err := f.Vendor.Connect(a)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	x := fixture(connect())
	id := x.Create(t, first)
	_, cursor, err := connect().Changes(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	said := &speech{}
	for i := range acts(x, connect(), id, cursor) {
		g.calm()
		c := connect()
		act := acts(x, c, id, cursor)[i]
		g.after(after)
		said.note(act(t.Context())...)
		said.note(a, c)
	}
	for _, secret := range g.secrets() {
		if at := strings.Index(said.String(), secret); at >= 0 {
			t.Errorf("after %d calls: a secret shows:\n… %s …", after, said.around(at, len(secret)))
		}
	}
	return g.repeated()
}

// acts is everything that a connector can be asked for. What it lacks it refuses.
func acts(x Fixture, c helpdesk.Connector, id, cursor string) []func(context.Context) []any {
	with := func(write desk.Write) func(context.Context) []any {
		return func(ctx context.Context) []any {
			_, err := c.Write(ctx, id, write)
			return []any{err}
		}
	}
	all := []func(context.Context) []any{
		func(ctx context.Context) []any { _, err := c.Read(ctx, id); return []any{err} },
		func(ctx context.Context) []any { _, err := c.AgentByEmail(ctx, x.AgentEmail); return []any{err} },
		func(ctx context.Context) []any { _, _, err := c.Changes(ctx, ""); return []any{err} },
		func(ctx context.Context) []any { _, _, err := c.Changes(ctx, cursor); return []any{err} },

		func(ctx context.Context) []any { found, err := c.Check(ctx); return []any{fmt.Sprint(found), err} },
		with(desk.Write{Kind: desk.WriteReply, Key: "reply-9", Author: x.AgentName, Text: text, Files: []desk.Upload{{Name: "a.txt", Type: "text/plain", Body: []byte("a")}}}),
		with(desk.Write{Kind: desk.WriteReply, Key: "reply-8", Text: text}),
		with(desk.Write{Kind: desk.WriteNote, Key: "note-9", Text: text}),
		with(desk.Write{Kind: desk.WriteAssign, Agent: x.Agent}),
		with(desk.Write{Kind: desk.WriteTags, Key: "tags-9", Tags: []string{"late"}}),
		with(desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved}),
		with(desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityHigh}),
	}
	return append(all, optionalActs(c, id)...)
}

func optionalActs(c helpdesk.Connector, id string) (all []func(context.Context) []any) {
	if r, ok := c.(helpdesk.MacroReader); ok {
		all = append(all, func(ctx context.Context) []any { _, _, err := r.Macros(ctx, ""); return []any{err} })
	}
	if r, ok := c.(helpdesk.ArticleReader); ok {
		all = append(all, func(ctx context.Context) []any { _, _, err := r.Articles(ctx, ""); return []any{err} })
	}
	if r, ok := c.(helpdesk.Archive); ok {
		all = append(all, func(ctx context.Context) []any {
			_, _, err := r.Past(ctx, time.Now().Add(-time.Hour), "")
			return []any{err}
		})
	}
	if r, ok := c.(helpdesk.Registrar); ok {
		all = append(all, func(ctx context.Context) []any {
			_, err := r.Register(ctx, "https://hooks.shop.example/hooks/shop", hookSecret)
			return []any{err}
		})
	}
	if r, ok := c.(desk.FileReader); ok {
		all = append(all, func(ctx context.Context) []any {
			body, err := r.OpenFile(ctx, id, "1", "1")
			if err == nil {
				_, err = io.Copy(io.Discard, body)
				err = errors.Join(err, body.Close())
			}
			return []any{err}
		})
	}
	if o, ok := c.(desk.Opener); ok {
		all = append(all, func(ctx context.Context) []any {
			_, err := o.Open(ctx, desk.Opening{Key: "press-9", Subject: "Lamp", Text: text, Customer: escalate.Customer{Name: "Kim", Email: "kim@customer.example"}})
			return []any{err}
		})
	}
	return all
}

// gossip stands before a fake, and after some calls repeats what it is sent.
type gossip struct {
	fake    http.Handler
	status  int
	derived []string

	mu    sync.Mutex
	left  int // calls that are still answered rightly
	told  int
	known map[string]bool
}

func (g *gossip) calm() { g.after(1 << 30) }

func (g *gossip) after(calls int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.left = calls
}

func (g *gossip) repeated() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.told
}

// learn notes a secret in all forms in which it goes over the wire.
func (g *gossip) learn(secret string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known == nil {
		g.known = make(map[string]bool)
	}
	for _, form := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
		g.known[form] = true
	}
}

func (g *gossip) secrets() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Sorted(maps.Keys(g.known))
}

// ServeHTTP implements http.Handler.
func (g *gossip) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, credentials, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok {
		g.learn(credentials)
		if _, password, ok := r.BasicAuth(); ok && len(password) > 3 {
			g.learn(password)
		}
	}
	g.mu.Lock()
	g.left--
	right := g.left >= 0
	if !right {
		g.told++
	}
	g.mu.Unlock()
	if right {
		g.pass(w, r)
		return
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // cut off: what came is repeated
	g.repeat(w, r, body)
}

// pass lets the fake answer, and learns the credentials that it hands out.
func (g *gossip) pass(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	g.fake.ServeHTTP(rec, r)
	var members map[string]any
	if json.Unmarshal(rec.Body.Bytes(), &members) == nil {
		for _, name := range g.derived {
			if secret, ok := members[name].(string); ok {
				g.learn(secret)
			}
		}
	}
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = rec.Body.WriteTo(w) // whoever asked may have gone
}

func (g *gossip) repeat(w http.ResponseWriter, r *http.Request, body []byte) {
	var headers []string
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		headers = append(headers, strings.Join(r.Header[name], " "))
	}
	all := r.Header.Get("Authorization") + " " + strings.Join(headers, " ") + " " + string(body)
	if user, password, ok := r.BasicAuth(); ok {
		all = user + " " + password + " " + all
	}
	if g.status == 0 {
		panic(http.ErrAbortHandler)
	}
	if g.status == http.StatusMovedPermanently {
		w.Header().Set("Location", "https://elsewhere.example/?token="+url.QueryEscape(all))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(g.status)
	if g.status == http.StatusOK {
		_, _ = io.WriteString(w, `"`+all) // no JSON
		return
	}
	clipped := all[:min(len(all), 200)] // what is quoted of an answer has an end
	for _, secret := range g.secrets() {
		if bytes.Contains(body, []byte(secret)) {
			clipped = "your " + secret + " " + clipped
		}
	}
	said := map[string]any{"message": clipped, "error": clipped, "errors": []any{map[string]any{"message": clipped}}, "_error": map[string]any{"message": clipped}}
	_ = json.NewEncoder(w).Encode(said) // whoever asked may have gone
}

// speech is all that was said.
type speech struct{ bytes.Buffer }

// note writes things down in every way in which somebody could.
func (s *speech) note(things ...any) {
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	for _, thing := range things {
		fmt.Fprintf(&s.Buffer, "%v\n%+v\n%#v\n%s\n", thing, thing, thing, thing)
		for _, h := range []slog.Handler{slog.NewTextHandler(s, options), slog.NewJSONHandler(s, options)} {
			slog.New(h).Debug("said", "it", thing)
		}
		for err, ok := thing.(error); ok && err != nil; err = errors.Unwrap(err) {
			fmt.Fprintf(&s.Buffer, "%+v\n%#v\n", err, err)
		}
	}
}

// around is what stands before a secret, which is not shown itself.
func (s *speech) around(at, length int) string {
	all := s.String()
	return cmp.Or(all[max(0, at-160):at], "") + "[here]" + all[min(len(all), at+length):min(len(all), at+length+60)]
}
