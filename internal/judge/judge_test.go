package judge

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/internal/localslack"
)

func TestJudgeAcquitsTheInnocent(t *testing.T) {
	findings, err := Judge(t.Context(), innocent().evidence(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}

// Each crime changes the innocent scene, and the judge must find just what it breaks.
func TestJudgeFindsEachCrime(t *testing.T) {
	post := func(s *scene, ticket string, m *DeskMessage) {
		s.desk = append(s.desk, DeskRecord{Ticket: ticket, Message: m})
	}
	add := func(k *ticket, e event) {
		k.history = append(k.history, e)
		k.version++
	}
	redraw := func(s *scene) { // the cards keep up with what a crime adds to the history
		s.slack[0] = cardPosted("h1", "1.1", s.tickets[0].version, "#17 Lamp. Claimed.", "U1")
		s.cards[0].drawn = s.tickets[0].version
	}
	for name, crime := range map[string]struct {
		commit func(*scene)
		want   []Kind
	}{
		"a ticket that never arrived": {func(s *scene) {
			s.desk = append(s.desk, DeskRecord{Ticket: "19", Created: &DeskTicket{Status: "open"}, Message: said("m9", "customer", "", "Hello?")})
		}, []Kind{TicketUnknown}},
		"a ticket that was never decided": {func(s *scene) {
			s.tickets[1].state.Decision, s.tickets[1].state.Replies, s.desk = nil, nil, s.desk[:5]
		}, []Kind{TicketLost}},
		"an answer that was withdrawn, and nobody told": {func(s *scene) {
			s.tickets[1].state.Replies[0].State, s.tickets[1].state.Replies[0].Detail = "withdrawn", "closed"
			s.desk = s.desk[:5]
		}, []Kind{TicketLost}},
		"a question to a person that no card asks": {func(s *scene) { s.tickets[1].state.Replies[0].State = "ask" }, []Kind{TicketLost}},
		"a customer who wrote again and was not read": {func(s *scene) {
			post(s, "17", said("m9", "customer", "", "And now?"))
		}, []Kind{TicketStale}},
		"a history with a hole": {func(s *scene) { s.tickets[0].history[3].seq = 9 }, []Kind{HistoryTorn}},
		"a history that ends too early": {func(s *scene) {
			s.tickets[1].version = 2
		}, []Kind{HistoryTorn}},

		"two hand-offs open": {func(s *scene) {
			s.tickets[0].state.Past = []handoff{{ID: "h0", State: "open"}}
			s.slack = append(s.slack, cardPosted("h0", "1.0", 5, "#17 Lamp. Open, nobody has claimed it yet.", ""))
			s.cards = append(s.cards, card{handoff: "h0", ticket: "t17", channel: "C1", ts: "1.0", drawn: 5})
		}, []Kind{HandoffTwice}},
		"two winners": {func(s *scene) {
			s.tickets[0].history[1].body.By, s.tickets[0].history[1].actor = "U2", "U2"
			s.audits[0].actor, s.audits[1].actor = "U2", "U1"
			s.presses[0].body.Actor, s.presses[1].body.Actor = "U2", "U1"
			s.slack[4].Message.Text = "#17 is taken: Ben claimed it at 12:00."
			add(s.tickets[0], happened(6, 210, "U1", "claimed", `{"by":"U1"}`))
			s.audits[1].outcome = "done"
			redraw(s)
		}, []Kind{OwnerTwice}},
		"an owner who passed it on":   {func(s *scene) { passOn(s, "U2"); redraw(s) }, []Kind{OwnerUntrue}},
		"an owner who never claimed":  {func(s *scene) { s.tickets[0].owner = "U2" }, []Kind{OwnerUntrue}},
		"a loser who is told a lie":   {func(s *scene) { s.slack[4].Message.Text = "#17 is taken: Ben claimed it at 12:00." }, []Kind{OwnerUntrue}},
		"a state that its row denies": {func(s *scene) { s.tickets[0].standing = "open" }, []Kind{OwnerUntrue}},

		"two cards": {func(s *scene) {
			again := cardPosted("h1", "1.2", 5, "#17 Lamp. Claimed.", "U1")
			s.slack = append([]localslack.Record{again}, s.slack...)
		}, []Kind{CardTwice}},
		"no shared message":          {func(s *scene) { s.folded(`[]`); s.slack = s.slack[1:] }, []Kind{CardMissing}},
		"not in its shared message":  {func(s *scene) { s.folded(`[{"text":"#177"}]`) }, []Kind{CardUntrue}},
		"a box for a claimed one":    {func(s *scene) { s.folded(`[{"text":"#17 "},{"text":{"text":"#17 Lamp"}}]`) }, []Kind{CardUntrue}},
		"shared, and a card as well": {func(s *scene) { s.cards[0].fold = "fold-1" }, []Kind{CardMissing, CardTwice}},
		"no card":                    {func(s *scene) { s.slack = s.slack[1:] }, []Kind{CardMissing}},
		"a card that was deleted": {func(s *scene) {
			s.slack = append(s.slack, localslack.Record{Kind: localslack.MessageDeleted, Channel: "C1", TS: "1.1"})
		}, []Kind{CardMissing}},
		"a card in another state":       {func(s *scene) { s.slack[0].Message.Text = "#17 Lamp. Open, nobody has claimed it yet." }, []Kind{CardUntrue}},
		"a card with another owner":     {func(s *scene) { s.slack[0] = cardPosted("h1", "1.1", 5, "#17 Lamp. Claimed.", "U2") }, []Kind{CardUntrue}},
		"a card that lags":              {func(s *scene) { s.slack[0] = cardPosted("h1", "1.1", 4, "#17 Lamp. Claimed.", "U1") }, []Kind{CardUntrue}},
		"a card that was lost sight of": {func(s *scene) { s.cards[0].ts = "" }, []Kind{CardUntrue}},
		"a card about nothing": {func(s *scene) {
			s.slack = append(s.slack, cardPosted("h9", "1.9", 1, "#99.", ""))
		}, []Kind{CardUntrue}},

		"the same marker twice": {func(s *scene) { post(s, "17", said("m9", "agent", "r1", "Press the button.")) }, []Kind{MessageTwice}},
		"the same words twice": {func(s *scene) {
			s.tickets[1].state.Replies = append(s.tickets[1].state.Replies, reply{ID: "r3", Purpose: "answer", State: "sent", Hash: hashed("It is five metres.")})
			add(s.tickets[1], happened(2, 150, "policy", "decided", `{"reply":{"id":"r3"},"decision":{"way":"auto"}}`))
			post(s, "18", said("m9", "bot", "r3", "It is five metres."))
		}, []Kind{MessageTwice}},
		"a message out of nowhere":   {func(s *scene) { post(s, "17", said("m9", "bot", "r9", "Hello.")) }, []Kind{MessageUnexplained}},
		"a message without a marker": {func(s *scene) { post(s, "17", said("m9", "bot", "", "Hello.")) }, []Kind{MessageUnexplained}},
		"a draft that nobody approved": {func(s *scene) {
			s.tickets[0].history[2].kind, s.tickets[0].history[2].actor = "read", "helpdesk"
			s.presses, s.audits, s.slack = s.presses[:2], s.audits[:2], append(s.slack[:3:3], s.slack[4:]...)
		}, []Kind{MessageUnexplained}},
		"a withdrawn reply that was sent": {func(s *scene) {
			s.tickets[0].state.Replies[0].State, s.tickets[0].state.Replies[0].Detail = "withdrawn", "closed"
		}, []Kind{MessageUnexplained}},
		"other words than were approved": {func(s *scene) { s.desk[4].Message.Text = "Press both buttons." }, []Kind{MessageAltered}},
		"a reply that was never sent":    {func(s *scene) { s.desk = append(s.desk[:4:4], s.desk[5:]...) }, []Kind{MessageMissing}},
		"a note twice": {func(s *scene) {
			s.desk = append(s.desk, DeskRecord{Ticket: "17", Message: &DeskMessage{ID: "m9", Role: "bot", Marker: "note-h1", Text: "Handed over."}})
		}, []Kind{NoteTwice}},
		"a reply that is on its way for ever": {func(s *scene) { s.tickets[0].state.Replies[0].State = "sending" }, []Kind{ReplyStuck}},
		"a reply that waits after its time": {func(s *scene) {
			s.tickets[0].state.Replies = append(s.tickets[0].state.Replies, reply{ID: "r3", Purpose: "human", State: "approved", SendAt: noon.Add(-time.Hour).Format(time.RFC3339)})
		}, []Kind{ReplyStuck}},
		"a draft on no card": {func(s *scene) {
			s.tickets[1].state.Replies = append(s.tickets[1].state.Replies, reply{ID: "r3", Purpose: "answer", State: "proposed"})
		}, []Kind{ReplyStuck}},
		"a reply withdrawn for no reason": {func(s *scene) {
			s.tickets[1].state.Replies = append(s.tickets[1].state.Replies, reply{ID: "r3", Purpose: "answer", State: "withdrawn"})
		}, []Kind{ReplyStuck}},

		"a press that is gone":      {func(s *scene) { s.slack = append(s.slack, acked("e9", "claim")) }, []Kind{PressLost}},
		"a press that waits":        {func(s *scene) { s.presses[1].state = "waiting" }, []Kind{PressStuck}},
		"a press without an effect": {func(s *scene) { s.presses = append(s.presses, pressed("e9", "U2", "release")) }, []Kind{PressTwice}},
		"a press with two effects": {func(s *scene) {
			add(s.tickets[0], happened(6, 300, "U1", "approved", `{"reply":"r1","by":"U1"}`))
			redraw(s)
		}, []Kind{PressTwice}},
		"an audit row that tells of nothing": {func(s *scene) { s.audits[2].at = 301 }, []Kind{PressTwice}},
		"an effect without a press": {func(s *scene) {
			add(s.tickets[0], happened(6, 600, "U2", "undone", `{"reply":"r1","by":"U2"}`))
			redraw(s)
		}, []Kind{PressTwice}},

		"work that was given up": {func(s *scene) { s.jobs = []job{{kind: "note", state: "dead"}} }, []Kind{JobDead}},
		"work that nobody holds": {func(s *scene) {
			s.jobs = []job{{kind: "note", state: "running", lease: noon.Add(-time.Minute).UnixMicro()}}
		}, []Kind{JobStuck}},
		"work that is long due": {func(s *scene) {
			s.jobs = []job{{kind: "note", state: "ready", runAt: noon.Add(-time.Minute).UnixMicro()}}
		}, []Kind{JobStuck}},
	} {
		t.Run(name, func(t *testing.T) {
			s := innocent()
			crime.commit(s)
			findings, err := Judge(t.Context(), s.evidence(t))
			if err != nil {
				t.Fatal(err)
			}
			found := map[Kind]bool{}
			for _, f := range findings {
				found[f.Kind] = true
			}
			if diff := cmp.Diff(crime.want, slices.Sorted(maps.Keys(found))); diff != "" {
				t.Errorf("findings (-want +got):\n%s%v", diff, findings)
			}
		})
	}
}

// What looks like a crime and is none.
func TestJudgeLetsPass(t *testing.T) {
	for name, change := range map[string]func(*scene){
		"a colleague's answer in the helpdesk": func(s *scene) {
			s.desk = append(s.desk, DeskRecord{Ticket: "18", Message: said("m9", "agent", "", "It is six, sorry.")})
		},
		"a ticket that a colleague solved before it was decided": func(s *scene) {
			solved := "solved"
			s.tickets[1].state.Decision, s.tickets[1].state.Replies, s.desk = nil, nil, s.desk[:5]
			s.desk = append(s.desk, DeskRecord{Ticket: "18", Patch: &DeskPatch{Status: &solved}})
		},
		"a hand-off that was passed on": func(s *scene) {
			passOn(s, "U2")
			s.tickets[0].owner, s.tickets[0].state.Handoff.Owner = "U2", "U2"
			s.slack[0] = cardPosted("h1", "1.1", 6, "#17 Lamp. Claimed.", "U2")
		},
		"a ticket that is left in the helpdesk": func(s *scene) {
			s.tickets[1].state.Decision.Leave, s.tickets[1].state.Replies, s.desk = "thanks", nil, s.desk[:5]
		},
		"the same words again after the customer wrote": func(s *scene) {
			k := s.tickets[1]
			k.state.Conversation.Customer = "m8"
			k.state.Replies = append(k.state.Replies, reply{ID: "r3", Purpose: "answer", State: "sent", Hash: hashed("It is five metres.")})
			k.history = append(k.history, happened(2, 150, "policy", "decided", `{"reply":{"id":"r3"},"decision":{"way":"auto"}}`))
			k.version = 2
			s.desk = append(s.desk, DeskRecord{Ticket: "18", Message: said("m8", "customer", "", "How long?")},
				DeskRecord{Ticket: "18", Message: said("m9", "bot", "r3", "It is five metres.")})
		},
		"a reply of which a person said that it arrived": func(s *scene) {
			k := s.tickets[0]
			s.desk = append(s.desk[:4:4], s.desk[5:]...)
			k.history[3] = happened(4, 400, "warmline", "asked", `{"reply":"r1"}`)
		},
		"a window that stayed open with an error": func(s *scene) {
			p := pressed("e9", "U1", "submit_reply")
			p.state, p.ack.Errors = "waiting", map[string]string{"text": "too long"}
			s.presses = append(s.presses, p)
		},
		"work of the future": func(s *scene) {
			s.jobs = []job{{kind: "sla-warning", state: "ready", runAt: noon.Add(time.Hour).UnixMicro()}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := innocent()
			change(s)
			findings, err := Judge(t.Context(), s.evidence(t))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				t.Error(f)
			}
		})
	}
}

// passOn has the owner pass the first ticket on.
func passOn(s *scene, to string) {
	t := s.tickets[0]
	t.history, t.version = append(t.history, happened(6, 300, "U1", "reassigned", `{"by":"U1","to":"`+to+`"}`)), 6
	s.audits = append(s.audits, audit{at: 300, actor: "U1", action: "submit_pass", subject: s.tickets[0].id, outcome: "done"})
	s.cards[0].drawn = 6
}

func TestReadDeskLeavesOutATornLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.jsonl")
	whole := `{"seq":1,"kind":"ticket_created","ticket":"17","created":{"status":"open"},"message":{"id":"m1","role":"customer","text":"Hi","public":true}}`
	if err := os.WriteFile(path, []byte(whole+"\n"+whole[:40]), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadDesk(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []DeskRecord{{
		Seq: 1, Kind: "ticket_created", Ticket: "17", Created: &DeskTicket{Status: "open"},
		Message: &DeskMessage{ID: "m1", Role: "customer", Text: "Hi", Public: true},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}
