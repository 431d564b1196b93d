package judge

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver

	"warmline/internal/localslack"
)

// noon is when everything in a scene was over long ago.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// scene is evidence in the making: what happened, for a test to tamper with.
type scene struct {
	slack   []localslack.Record
	desk    []DeskRecord
	tickets []*ticket
	cards   []card
	presses []press
	audits  []audit
	jobs    []job
	people  map[string]string
}

// innocent is a scene in which every promise was kept. Ticket 17 was handed over and acknowledged; Ana claimed it before
// Ben, and approved its draft. Ticket 18 was answered by the policy.
func innocent() *scene {
	handed := &ticket{id: "t17", ref: "17", owner: "U1", standing: "claimed", version: 5}
	handed.state.Conversation.Customer = "m1"
	handed.state.Handoff = &handoff{ID: "h1", State: "claimed", Owner: "U1"}
	handed.state.Replies = []reply{
		{ID: "r1", Purpose: "answer", State: "sent", Hash: hashed("Press the button."), By: "U1"},
		{ID: "a1", Purpose: "ack", State: "sent", Hash: hashed("A person looks at it.")},
	}
	handed.history = []event{
		happened(1, 100, "policy", "decided", `{"handoff":"h1","reply":{"id":"r1"},"ack":{"id":"a1"},"decision":{"way":"escalate"}}`),
		happened(2, 200, "U1", "claimed", `{"by":"U1"}`),
		happened(3, 300, "U1", "approved", `{"reply":"r1","by":"U1"}`),
		happened(4, 400, "warmline", "sending", `{"reply":"r1"}`),
		happened(5, 500, "helpdesk", "sent", `{"reply":"r1"}`),
	}
	answered := &ticket{id: "t18", ref: "18", version: 1}
	answered.state.Conversation.Customer = "m2"
	answered.state.Replies = []reply{{ID: "r2", Purpose: "answer", State: "sent", Hash: hashed("It is five metres.")}}
	answered.history = []event{happened(1, 100, "policy", "decided", `{"reply":{"id":"r2"},"decision":{"way":"auto"}}`)}
	decide(handed, "m1")
	decide(answered, "m2")
	return &scene{
		slack: []localslack.Record{
			cardPosted("h1", "1.1", 5, "#17 Lamp. Claimed.", "U1"),
			acked("e1", "claim"), acked("e2", "claim"), acked("e3", "approve"),
			{Kind: localslack.EphemeralPosted, Message: &localslack.Message{To: "U2", Text: "#17 is taken: Ana claimed it at 12:00."}},
		},
		desk: []DeskRecord{
			{Ticket: "17", Created: &DeskTicket{Status: "open"}, Message: said("m1", "customer", "", "It is dark.")},
			{Ticket: "18", Created: &DeskTicket{Status: "open"}, Message: said("m2", "customer", "", "How long is it?")},
			{Ticket: "17", Message: &DeskMessage{ID: "m3", Role: "bot", Marker: "note-h1", Text: "Handed over."}},
			{Ticket: "17", Message: said("m4", "bot", "a1", "A person looks at it.")},
			{Ticket: "17", Message: said("m5", "agent", "r1", "Press the button.")},
			{Ticket: "18", Message: said("m6", "bot", "r2", "It is five metres.")},
		},
		tickets: []*ticket{handed, answered},
		cards:   []card{{handoff: "h1", ticket: "t17", channel: "C1", ts: "1.1", drawn: 5}},
		presses: []press{
			pressed("e1", "U1", "claim"), pressed("e2", "U2", "claim"), pressed("e3", "U1", "approve"),
		},
		audits: []audit{
			{at: 200, actor: "U1", action: "claim", subject: "t17", outcome: "done", detail: "claimed"},
			{at: 210, actor: "U2", action: "claim", subject: "t17", outcome: "no effect"},
			{at: 300, actor: "U1", action: "approve", subject: "t17", outcome: "done", detail: "approved"},
		},
		people: map[string]string{"U1": "Ana", "U2": "Ben"},
	}
}

func decide(t *ticket, newest string) {
	if err := json.Unmarshal([]byte(`{"decision":{"newest":"`+newest+`"}}`), &t.state); err != nil {
		panic(err)
	}
}

func happened(seq, at int64, actor, kind, body string) event {
	e := event{seq: seq, at: at, actor: actor, kind: kind}
	if err := json.Unmarshal([]byte(body), &e.body); err != nil {
		panic(err)
	}
	return e
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func said(id, role, marker, text string) *DeskMessage {
	return &DeskMessage{ID: id, Role: role, Marker: marker, Text: text, Public: true}
}

func cardPosted(handoff, ts string, version int64, text, owner string) localslack.Record {
	key := cardKey{Type: "warmline_card"}
	key.Payload.Handoff, key.Payload.Version = handoff, version
	return localslack.Record{Kind: localslack.MessagePosted, Message: &localslack.Message{
		Channel: "C1", TS: ts, Text: text, Metadata: encoded(key), Blocks: json.RawMessage(`[{"user_id":"` + owner + `"}]`),
	}}
}

// folded has the hand-off share a message, whose blocks are these, instead of having a card.
func (s *scene) folded(blocks string) {
	key := cardKey{Type: "warmline_notice"}
	key.Payload.Key = hashed("fold-1")[:32]
	s.cards[0].fold = "fold-1"
	s.slack[0].Message.Metadata, s.slack[0].Message.Blocks = encoded(key), json.RawMessage(blocks)
}

func acked(envelope, action string) localslack.Record {
	return localslack.Record{Kind: localslack.InteractionAcked, Interaction: &localslack.Interaction{
		EnvelopeID: envelope, Type: "interactive", What: "block_actions", ActionID: action,
	}}
}

func pressed(id, actor, action string) press {
	p := press{id: id, state: "applied"}
	p.body.Actor, p.body.Action, p.body.Token = actor, action, "token-h1"
	return p
}

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// evidence writes the scene down where a judge looks: the database has the bot's own schema.
func (s *scene) evidence(t *testing.T) Evidence {
	t.Helper()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1) // each connection to :memory: is a database of its own
	do := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	migrations, err := filepath.Glob("../../store/migrations/*.sql")
	if err != nil || len(migrations) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	for _, path := range migrations {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		do(up)
	}
	for _, k := range s.tickets {
		do(`INSERT INTO ticket (id, desk, ref, version, way, topic, reason, decided_at, handoff_id, handoff_state, active, owner, channel, due_at,
				opened_at, waiting_since, updated_at, state)
			VALUES (?, 'main', ?, ?, '', '', '', 0, '', ?, TRUE, ?, '', 0, 0, 0, 0, ?)`,
			k.id, k.ref, k.version, k.standing, k.owner, encoded(k.state))
		for _, e := range k.history {
			do(`INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)`, k.id, e.seq, e.at, e.actor, e.kind, encoded(e.body))
		}
	}
	for _, c := range s.cards {
		do(`INSERT INTO card VALUES (?, ?, ?, '', ?, ?, 0, ?, 0, '', '', 0, ?)`, c.handoff, c.ticket, "token-"+c.handoff, c.channel, c.ts, c.drawn, c.fold)
	}
	for _, p := range s.presses {
		do(`INSERT INTO press VALUES (?, 0, ?, ?, ?)`, p.id, encoded(p.body), encoded(p.ack), p.state)
	}
	for i, a := range s.audits {
		do(`INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, 0, '')`, i, a.at, a.actor, a.action, a.subject, a.outcome, a.detail)
	}
	for i, j := range s.jobs {
		do(`INSERT INTO job (id, kind, key, grp, payload, urgent, run_at, state, fresh, attempt, owner, lease_until, last_error)
			VALUES (?, ?, ?, '', x'', FALSE, ?, ?, FALSE, ?, '', ?, ?)`, i, j.kind, j.key, j.runAt, j.state, j.attempt, j.lease, j.lastError)
	}
	for id, name := range s.people {
		do(`INSERT INTO person (id, body) VALUES (?, ?)`, id, encoded(struct{ Name string }{name}))
	}
	return Evidence{Slack: s.slack, Desk: s.desk, DB: db, At: noon}
}
