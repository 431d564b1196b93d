package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"warmline/helpdesk/requesttracker/requesttrackertest"
	"warmline/internal/localslack/slackstory"
)

// peerPolicy drafts, and hands over what it may not answer. The undo window is long enough for RT, which takes a second for a reply.
const peerPolicy = `
stage: draft
thresholds: {auto: 0.95, draft: 0.5}
routes: {default: support, high_risk: payments, safety: escalations}
roles: {agents: ["@support-agents"], leads: ["@support-leads"]}
keep_warm: {off: true, after: 4h, cap: 1}
pace: {undo: 8s, chat_burst: 100ms, email_burst: 100ms, burst_max: 1s}
`

// peerPatience is how long something that RT has a part in may take on a machine that does other things as well.
const peerPatience = 90 * time.Second

// peerRT is a real RT, a Slack workspace in a box, and the real binary between them. Two things that we can look into stand in the
// ways: the relay in that of the webhooks, and the proxy in that of the calls.
type peerRT struct {
	*killWorld
	requesttrackertest.Live

	slack *slackstory.Story
	relay *hookRelay
	proxy *callProxy
}

func openPeerRT(t *testing.T) *peerRT {
	t.Helper()
	p := &peerRT{Live: requesttrackertest.NeedLive(t)}
	p.killWorld = &killWorld{t: t, dir: t.TempDir(), bin: buildBot(t), hookAt: freeAddress(t), client: &http.Client{Timeout: 15 * time.Second}}
	p.slackJournal, p.dsn = p.path("slack.jsonl"), "sqlite:"+p.path("warmline.db")
	p.write("slack.yaml", bytes.ReplaceAll(killWorkspace(), []byte("kill.example"), []byte("shop.example")))
	p.write("policy.yaml", []byte(peerPolicy))
	p.slackURL = p.startSide("workspace", "--config", p.path("slack.yaml"), "--db", p.slackJournal)
	p.relay = openHookRelay(t, p.Hook, p.hookAt)
	p.proxy = openCallProxy(t, p.URL)
	p.write("token", []byte(p.Token))
	p.write("hook-secret", []byte(p.HookSecret))
	settings := p.Account(p.proxy.url).Settings
	delete(settings, "token")
	file, err := yaml.Marshal(map[string]any{"helpdesks": []map[string]any{{
		"name": "rt", "vendor": "rt", "settings": settings, "secrets": map[string]any{"token": map[string]string{"file": p.path("token")}},
		"webhook": map[string]any{"url": "https://warmline.shop.example/hooks/rt", "secrets": []map[string]string{{"file": p.path("hook-secret")}}},
		"poll":    "10s",
	}}})
	if err != nil {
		t.Fatal(err)
	}
	p.write("helpdesks.yaml", file)
	p.helpdesks = []string{"--helpdesks", p.path("helpdesks.yaml")}
	p.slack = slackstory.New(t, p.client, p.slackURL)
	p.awaitReady(p.startBot())
	p.await("the feed to go live", func() bool { return p.count(`SELECT COUNT(*) FROM setting WHERE key LIKE 'cursor:%'`) == 1 })
	t.Cleanup(func() {
		if t.Failed() {
			p.keep()
		}
	})
	return p
}

// await waits until something holds.
func (p *peerRT) await(what string, holds func() bool) {
	p.t.Helper()
	p.awaitEvery(100*time.Millisecond, what, holds)
}

// awaitRT is await for what RT is asked about. Each time costs it about as much as the bot's own calls, so it is asked less often.
func (p *peerRT) awaitRT(what string, holds func() bool) {
	p.t.Helper()
	p.awaitEvery(time.Second, what, holds)
}

func (p *peerRT) awaitEvery(pause time.Duration, what string, holds func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(peerPatience); !holds(); {
		if time.Now().After(deadline) || !elapse(p.t.Context(), pause) {
			p.t.Fatalf("not within %s: %s", peerPatience, what)
		}
	}
}

// card waits for a card that shows a text.
func (p *peerRT) card(text string) *slackstory.Card {
	p.t.Helper()
	p.await("a card with "+text, func() bool {
		for _, m := range p.slack.Channel("support").Messages() {
			if m.Shows(text) {
				return true
			}
		}
		return false
	})
	return p.slack.Channel("support").ExpectCard(text)
}

// shows waits until a card shows a text.
func (p *peerRT) shows(c *slackstory.Card, text string) {
	p.t.Helper()
	p.await("the card to show "+text, func() bool { m, ok := c.Message(); return ok && m.Shows(text) })
}

// privately waits for a message that somebody alone sees.
func (p *peerRT) privately(who, text string) {
	p.t.Helper()
	p.await(who+" to be told "+text, func() bool {
		for _, m := range p.slack.Channel("support").As(who).Messages() {
			if m.Ephemeral && m.Shows(text) {
				return true
			}
		}
		return false
	})
}

// rtTicket is a ticket as RT shows it to Ana.
type rtTicket struct {
	Status string
	Due    string
	Owner  struct{ ID string } `json:"Owner"`
}

func (p *peerRT) ticket(number string) (t rtTicket) {
	p.t.Helper()
	if err := json.Unmarshal(p.Call(p.t, p.Ana, http.MethodGet, "/ticket/"+number, nil).Body, &t); err != nil {
		p.t.Fatal(err)
	}
	return t
}

// said is how many transactions of a kind a ticket has.
func (p *peerRT) said(number, kind string) int {
	p.t.Helper()
	q := url.Values{"per_page": {"100"}, "query": {`[{"field":"Type","value":"` + kind + `"}]`}}
	var list struct{ Items []json.RawMessage }
	if err := json.Unmarshal(p.Call(p.t, p.Ana, http.MethodGet, "/ticket/"+number+"/history?"+q.Encode(), nil).Body, &list); err != nil {
		p.t.Fatal(err)
	}
	return len(list.Items)
}

// replies is how many public messages of a ticket hold a text.
func (p *peerRT) replies(number, text string) (n int) {
	p.t.Helper()
	for _, m := range p.reads(number).Content.Messages {
		if m.Public && strings.Contains(m.Text+" "+m.Author, text) {
			n++
		}
	}
	return n
}

// settles waits until whatever would send again has had its time.
func (p *peerRT) settles() {
	p.t.Helper()
	elapse(p.t.Context(), 5*time.Second)
}

// mailed is how many mails to somebody RT sent in which a text stands.
func (p *peerRT) mailed(to, text string) (n int) {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.Mail, "*.eml"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			p.t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			p.t.Fatalf("%s: %v", name, err)
		}
		everybody := m.Header.Get("To") + m.Header.Get("Cc") + m.Header.Get("Bcc")
		if strings.Contains(everybody, to) && strings.Contains(plainPart(p.t, m), text) {
			n++
		}
	}
	return n
}

// plainPart is the text of a mail, with its lines joined: RT breaks them as it likes.
func plainPart(t *testing.T, m *mail.Message) string {
	t.Helper()
	body := m.Body
	if _, boundary, found := strings.Cut(m.Header.Get("Content-Type"), `boundary="`); found {
		boundary, _, _ = strings.Cut(boundary, `"`)
		part, err := multipart.NewReader(m.Body, boundary).NextPart() // it decodes quoted-printable
		if err != nil {
			t.Fatal(err)
		}
		body = part
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// hookRelay takes RT's webhooks and hands them on to the bot, as they are, unless it drops them.
type hookRelay struct {
	mu                   sync.Mutex
	drops                bool
	taken, lost, refused int
}

func openHookRelay(t *testing.T, at, to string) *hookRelay {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	h := &hookRelay{}
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: to})
	forward.ErrorLog = log.New(io.Discard, "", 0) // RT gives up after two seconds
	server := &httptest.Server{Listener: ln, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		drops := h.drops
		h.mu.Unlock()
		status := http.StatusBadGateway
		if drops {
			w.WriteHeader(status)
		} else {
			rec := httptest.NewRecorder()
			forward.ServeHTTP(rec, r)
			status = rec.Code
			w.WriteHeader(status)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		switch {
		case drops:
			h.lost++
		case status == http.StatusNoContent:
			h.taken++
		case status/100 == 4: // all else is a busy machine
			h.refused++
		}
	})}}
	server.Start()
	t.Cleanup(server.Close)
	return h
}

func (h *hookRelay) drop(yes bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drops = yes
}

func (h *hookRelay) counts() (taken, lost, refused int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.taken, h.lost, h.refused
}

// callProxy stands between the bot and RT. before is called once, with the next call that posts a reply.
type callProxy struct {
	url string

	mu      sync.Mutex
	before  func()
	replies []int // what RT answered to them
}

func openCallProxy(t *testing.T, to string) *callProxy {
	t.Helper()
	at, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	p := &callProxy{}
	forward := httputil.NewSingleHostReverseProxy(at)
	forward.ErrorLog = log.New(io.Discard, "", 0) // the bot gives up calls as it ends
	forward.ModifyResponse = func(r *http.Response) error {
		if strings.HasSuffix(r.Request.URL.Path, "/correspond") {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.replies = append(p.replies, r.StatusCode)
		}
		return nil
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/correspond") {
			p.mu.Lock()
			before := p.before
			p.before = nil
			p.mu.Unlock()
			if before != nil {
				before()
			}
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// once has something happen right before RT gets the next reply.
func (p *callProxy) once(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.before = f
}

// answers are what RT answered to replies so far.
func (p *callProxy) answers() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]int(nil), p.replies...)
}
