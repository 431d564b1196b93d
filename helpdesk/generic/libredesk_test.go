package generic_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/generic"
)

// The example mapping of the documentation is held to what a real libredesk answered. What it answered is no part of this project.

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	body, err := os.ReadFile(filepath.Join(folder, "libredesk", name))
	if err != nil {
		t.Skipf("SKIPPED: no recorded answer %s; WARMLINE_FIXTURES names the folder that has it", name)
	}
	return body
}

// call is a recorded call.
type call struct {
	Request struct {
		Method, Path string
		Body         map[string]any
	}
	Status   int
	Response json.RawMessage
}

func recordedCall(t *testing.T, name string) (c call) {
	t.Helper()
	if err := json.Unmarshal(recorded(t, name), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func example(t *testing.T) *generic.Mapping {
	t.Helper()
	m, err := generic.ReadMapping(filepath.Join("..", "..", "docs", "connecting", "generic-example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const recordedTicket = "3d2270ed-4171-40c9-993a-c48343a46caf"

// replay answers as was recorded, and keeps what was sent.
type replay struct {
	calls map[string]call // by method and path, without the query
	all   []byte
	sent  map[string]map[string]any
}

func newReplay(t *testing.T) *replay {
	t.Helper()
	r := &replay{calls: make(map[string]call), sent: make(map[string]map[string]any), all: recorded(t, "91_list_all.json")}
	for _, name := range []string{
		"33_get_conversation_after.json", "23_get_messages.json", "24_agents_compact.json", "29_statuses.json", "34_not_found.json", "16_public_reply.json",
		"18_assign_user.json", "19_priority.json", "20_tags.json", "22_status_resolved.json",
	} {
		c := recordedCall(t, name)
		path, _, _ := strings.Cut(c.Request.Path, "?")
		r.calls[c.Request.Method+" "+path] = c
	}
	return r
}

func (r *replay) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	key := q.Method + " " + q.URL.Path
	if q.Header.Get("Authorization") != "token KEY:SECRET" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if q.Method != http.MethodGet {
		body, _ := io.ReadAll(q.Body)
		var sent map[string]any
		_ = json.Unmarshal(body, &sent) // what is none is compared as nil
		if sent["private"] == true {
			key += " private"
		}
		r.sent[key] = sent
		key = strings.TrimSuffix(key, " private")
	}
	if q.URL.Path == "/api/v1/conversations/all" {
		_, _ = w.Write(r.all)
		return
	}
	c, ok := r.calls[key]
	if !ok {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	w.WriteHeader(c.Status)
	_, _ = w.Write(c.Response)
}

func connectReplay(t *testing.T) (*replay, *generic.Connector) {
	t.Helper()
	r := newReplay(t)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL + "/api/v1/", Secret: "KEY:SECRET", Mapping: example(t)})
	if err != nil {
		t.Fatal(err)
	}
	return r, c
}

func TestTheExampleReadsARealHelpdesk(t *testing.T) {
	_, c := connectReplay(t)
	s, err := c.Read(t.Context(), recordedTicket)
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != escalate.StatusSolved || s.Assignee != "3" || s.Content.Priority != escalate.PriorityHigh || !reflect.DeepEqual(s.Content.Tags, []string{"escalated"}) ||
		!reflect.DeepEqual(s.Content.Customer, escalate.Customer{Name: "Ada L", Email: "ada@customer.test"}) {
		t.Errorf("read %+v", s)
	}
	type line struct {
		role   escalate.Role
		public bool
		text   string
	}
	want := []line{
		{escalate.RoleCustomer, true, "Hi, where is my refund?"}, {escalate.RoleBot, false, "AI suggests escalating to Tier 2"}, {escalate.RoleBot, true, "We are on it."},
	}
	var got []line
	for _, m := range s.Content.Messages {
		got = append(got, line{m.Role, m.Public, m.Text})
		if m.At.IsZero() || m.ID == "" || m.Email == "" {
			t.Errorf("message %+v", m)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("messages: got %+v, want %+v", got, want)
	}
	if id, err := c.AgentByEmail(t.Context(), "Jane@example.com"); err != nil || id != "3" {
		t.Errorf("agent %q, %v", id, err)
	}
	if _, err := c.Read(t.Context(), "00000000-0000-0000-0000-000000000000"); err == nil || !strings.Contains(err.Error(), "Conversation not found") {
		t.Errorf("a ticket that is not there: %v", err)
	}
	if found, err := c.Check(t.Context()); err != nil || len(found) != 3 || !found[0].OK || !found[1].OK || !found[2].OK {
		t.Errorf("check: %+v, %v", found, err)
	}
}

// TestTheExampleWritesAsWasRecorded compares what is sent with what the real helpdesk took.
func TestTheExampleWritesAsWasRecorded(t *testing.T) {
	r, c := connectReplay(t)
	for _, w := range []desk.Write{
		{Kind: desk.WriteReply, Key: "reply-1", Text: "We are on it."},
		{Kind: desk.WriteNote, Key: "job-1", Text: "AI suggests escalating to Tier 2"},
		{Kind: desk.WriteAssign, Agent: "3"},
		{Kind: desk.WriteTags, Tags: []string{"escalated"}},
		{Kind: desk.WriteStatus, Status: escalate.StatusSolved},
		{Kind: desk.WritePriority, Priority: escalate.PriorityHigh},
	} {
		if _, err := c.Write(t.Context(), recordedTicket, w); err != nil {
			t.Errorf("write %s: %v", w.Kind, err)
		}
	}
	base := "/api/v1/conversations/" + recordedTicket
	for name, at := range map[string]string{
		"16_public_reply.json": "POST " + base + "/messages", "15_private_note.json": "POST " + base + "/messages private", "18_assign_user.json": "PUT " + base + "/assignee/user",
		"20_tags.json": "POST " + base + "/tags", "22_status_resolved.json": "PUT " + base + "/status", "19_priority.json": "PUT " + base + "/priority",
	} {
		want, got := recordedCall(t, name).Request.Body, r.sent[at]
		for _, ours := range []string{"message", "echo_id"} { // the reference is at the end of a text, and the key is ours
			delete(want, ours)
			delete(got, ours)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: sent %v, want %v", at, got, want)
		}
	}
}

func TestTheExampleFindsRecordedChanges(t *testing.T) {
	_, c := connectReplay(t)
	notices, next, err := c.Changes(t.Context(), "at:2026-11-23T01:58:12Z")
	if err != nil || len(notices) != 1 || notices[0].Ref.ID != "7050c950-336a-43d3-ac74-6cca391770ff" || next != "at:2026-11-23T01:59:05Z" {
		t.Errorf("changes: %+v, %q, %v", notices, next, err)
	}
	notices, _, err = c.Changes(t.Context(), "at:2026-11-23T01:58:11Z")
	if err != nil || len(notices) != 2 || notices[0].Ref.ID != recordedTicket {
		t.Errorf("changes from a second before: %+v, %v", notices, err)
	}
}

// TestTheExampleVerifiesRecordedWebhooks takes every delivery that the real helpdesk signed, under its own secret and at its time.
func TestTheExampleVerifiesRecordedWebhooks(t *testing.T) {
	recorded(t, "webhook_00_message.created.json")
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	files, err := filepath.Glob(filepath.Join(folder, "libredesk", "webhook_*.json"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d recorded deliveries, %v", len(files), err)
	}
	seen := make(map[string]bool)
	for _, file := range files {
		var d struct {
			Headers map[string]string
			Body    string `json:"raw_body_utf8"`
			Secret  string
		}
		if err := json.Unmarshal(recorded(t, filepath.Base(file)), &d); err != nil {
			t.Fatal(err)
		}
		header := http.Header{}
		for name, value := range d.Headers {
			header.Set(name, value)
		}
		at := func() time.Time { return time.Date(2026, 11, 23, 1, 59, 0, 0, time.UTC) }
		in, err := example(t).Intake([]string{d.Secret}, at)
		if err != nil {
			t.Fatal(err)
		}
		delivery, err := in.Verify(header, []byte(d.Body))
		if err != nil || seen[delivery] {
			t.Errorf("%s: delivery %q, %v", filepath.Base(file), delivery, err)
		}
		seen[delivery] = true
		hints, err := in.Parse([]byte(d.Body))
		if err != nil || len(hints) != 1 || hints[0] != (helpdesk.Hint{Ticket: recordedTicket}) {
			t.Errorf("%s: %+v, %v", filepath.Base(file), hints, err)
		}
		if _, err := in.Verify(header, bytes.Replace([]byte(d.Body), []byte("2026"), []byte("2027"), 1)); err == nil {
			t.Errorf("%s: a changed body passes", filepath.Base(file))
		}
	}
}
