package slackstory

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// How long an Expect waits, and how often it looks.
const (
	patience = 10 * time.Second
	between  = 20 * time.Millisecond
)

// Story is a workspace seen by a test. Its methods belong to the test's own
// goroutine.
type Story struct {
	tb     testing.TB
	client *http.Client
	base   string
}

// New begins a story in the workspace at baseURL, reached through client (nil:
// http.DefaultClient).
func New(tb testing.TB, client *http.Client, baseURL string) *Story {
	tb.Helper()
	if client == nil {
		client = http.DefaultClient
	}
	return &Story{tb: tb, client: client, base: strings.TrimSuffix(baseURL, "/")}
}

// Channel returns the channel with that name or id.
func (s *Story) Channel(name string) *Channel { return &Channel{story: s, name: name} }

// User returns the person with that name or id.
func (s *Story) User(name string) *User { return &User{story: s, name: name} }

// get reads from the control API into out.
func (s *Story) get(path string, query url.Values, out any) {
	s.tb.Helper()
	s.do(http.MethodGet, path+"?"+query.Encode(), nil, out)
}

// result is what every action answers.
type result struct {
	OK             bool              `json:"ok"`
	Error          string            `json:"error"`
	Acked          bool              `json:"acked"`
	Ack            json.RawMessage   `json:"ack"`
	TS             string            `json:"ts"`
	File           string            `json:"file"`
	ResponseAction string            `json:"response_action"`
	Errors         map[string]string `json:"errors"`
	Options        []struct {
		Text label `json:"text"`
	} `json:"options"`
}

// post acts through the control API.
func (s *Story) post(path string, in map[string]any) result {
	s.tb.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		s.tb.Fatalf("encode %s: %v", path, err)
	}
	var out result
	s.do(http.MethodPost, path, body, &out)
	return out
}

// must is post for what has to succeed.
func (s *Story) must(path string, in map[string]any) result {
	s.tb.Helper()
	out := s.post(path, in)
	if !out.OK {
		s.tb.Fatalf("%s %v: %s", path, in, out.Error)
	}
	return out
}

// do makes one request; refusals are answers too.
func (s *Story) do(verb, path string, body []byte, out any) {
	s.tb.Helper()
	req, err := http.NewRequestWithContext(context.Background(), verb, s.base+"/_control/"+path, bytes.NewReader(body))
	if err != nil {
		s.tb.Fatalf("%s %s: %v", verb, path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := s.client.Do(req)
	if err != nil {
		s.tb.Fatalf("%s %s: %v", verb, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		s.tb.Fatalf("%s %s: read answer: %v", verb, path, err)
	}
	if err := json.Unmarshal(data, out); err != nil {
		s.tb.Fatalf("%s %s: answered %d %.200s", verb, path, res.StatusCode, data)
	}
}

// until waits for look to succeed and fails the test with dump when it does not.
func (s *Story) until(want string, look func() bool, dump func() string) {
	s.tb.Helper()
	deadline := time.Now().Add(patience)
	for !look() {
		if time.Now().After(deadline) {
			s.tb.Fatalf("expected %s within %v; there is:\n%s", want, patience, dump())
		}
		time.Sleep(between)
	}
}

// Command prepares a slash command; In says where and As who, which runs it.
func (s *Story) Command(command, text string) *Command {
	return &Command{story: s, command: command, text: text}
}

// Command is a slash command about to be run.
type Command struct {
	story                  *Story
	command, text, channel string
}

// In says in which channel.
func (c *Command) In(channel string) *Command { c.channel = channel; return c }

// As runs the command as that person.
func (c *Command) As(user string) *Ran {
	c.story.tb.Helper()
	before := (&Channel{story: c.story, name: c.channel, as: user}).last()
	c.story.must("command", map[string]any{"command": c.command, "text": c.text, "channel": c.channel, "user": user})
	return &Ran{command: c, user: user, since: before}
}

// Ran is a slash command that was acknowledged.
type Ran struct {
	command *Command
	user    string
	since   string // the last timestamp before it ran
}

// ExpectPrivate waits for an answer, with that text in it, that only the
// person sees.
func (r *Ran) ExpectPrivate(text string) *Card {
	s := r.command.story
	s.tb.Helper()
	ch := &Channel{story: s, name: r.command.channel, as: r.user}
	want := fmt.Sprintf("a private answer with %q to %s %s", text, r.command.command, r.command.text)
	return ch.find(want, func(m Message) bool {
		return m.TS > r.since && m.Ephemeral && m.Shows(text)
	})
}
