package escalate_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// row is one line of a table of docs/state-machine.md.
type row struct {
	next    string
	effects []string
}

// machineTable reads the table below a heading of docs/state-machine.md.
func machineTable(t *testing.T, heading string) map[[2]string]row {
	t.Helper()
	f, err := os.Open("../docs/state-machine.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := map[[2]string]row{}
	in := false
	for sc := bufio.NewScanner(f); sc.Scan(); {
		line := sc.Text()
		if strings.HasPrefix(line, "## ") {
			in = line == "## "+heading
		}
		cells := strings.Split(line, "|")
		if !in || len(cells) != 6 || strings.Contains(cells[1], "---") || strings.TrimSpace(cells[1]) == "state" {
			continue
		}
		key := [2]string{strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])}
		if _, twice := rows[key]; twice {
			t.Errorf("%s: row %v stands twice", heading, key)
		}
		rows[key] = row{next: strings.TrimSpace(cells[3]), effects: strings.Fields(cells[4])}
	}
	if len(rows) == 0 {
		t.Fatalf("no table below %q", heading)
	}
	return rows
}

// checkTable runs every event in every state and compares with the page.
func checkTable(t *testing.T, heading string, states map[string]func() *escalate.Ticket, events map[string]escalate.Event,
	state func(*escalate.Ticket) string,
) {
	t.Helper()
	rows := machineTable(t, heading)
	for from, build := range states {
		for name, event := range events {
			ticket := build()
			before := clone(ticket)
			effects, err := ticket.Apply(t0.Add(time.Hour), event)
			want, listed := rows[[2]string{from, name}]
			delete(rows, [2]string{from, name})
			if !listed {
				if _, ok := errors.AsType[*escalate.TransitionError](err); !ok {
					t.Errorf("%s, %s: want a TransitionError as the page lists no such row, got %v", from, name, err)
				}
				if diff := cmp.Diff(before, ticket); diff != "" {
					t.Errorf("%s, %s: refused, but changed the ticket:\n%s", from, name, diff)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s, %s: %v", from, name, err)
				continue
			}
			var kinds []string
			for _, e := range effects {
				kinds = append(kinds, string(e.Kind))
			}
			if got := state(ticket); got != want.next || strings.Join(kinds, " ") != strings.Join(want.effects, " ") {
				t.Errorf("%s, %s: got %s with %v, the page says %s with %v", from, name, got, kinds, want.next, want.effects)
			}
		}
	}
	for key := range rows {
		t.Errorf("%s: the page has a row %v that no test reaches", heading, key)
	}
}

func TestHandoffMovesAsThePageSays(t *testing.T) {
	states := map[string]func() *escalate.Ticket{
		"none":        func() *escalate.Ticket { return ticketWith() },
		"open":        func() *escalate.Ticket { return ticketWith(escalated("h1")) },
		"open, draft": func() *escalate.Ticket { return ticketWith(drafted("h1", "r1")) },
		"claimed":     func() *escalate.Ticket { return ticketWith(escalated("h1"), escalate.Claimed{By: "U1"}) },
		"claimed, snoozed": func() *escalate.Ticket {
			return ticketWith(escalated("h1"), escalate.Claimed{By: "U1"}, escalate.Snoozed{By: "U1", Until: escalate.At(t0.Add(5 * time.Hour))})
		},
		"claimed, waiting": func() *escalate.Ticket {
			tk := ticketWith(escalated("h1"), escalate.Claimed{By: "U1"})
			if _, err := tk.Apply(t0.Add(-time.Minute), waitsFor("h1")); err != nil { // before the human reply that is to come
				panic(err)
			}
			return tk
		},
		"taken":    func() *escalate.Ticket { return ticketWith(escalated("h1"), humanReplied("m2")) },
		"resolved": func() *escalate.Ticket { return ticketWith(escalated("h1"), escalate.Resolved{By: "U1"}) },
		"open, raised": func() *escalate.Ticket {
			return ticketWith(escalated("h0"), escalate.Raised{By: "U1", Handoff: "h1", Channel: "managers"})
		},
		"withdrawn": func() *escalate.Ticket { return ticketWith(escalated("h1"), escalate.HandedBack{By: "U1"}) },
	}
	events := map[string]escalate.Event{
		"decided: escalate":           escalated("h2"),
		"decided: escalate elsewhere": elsewhere("h2"),
		"decided: draft":              drafted("h2", "r2"),
		"decided: auto":               answered("r2"),
		"decided: leave":              escalate.Decided{Decision: escalate.Decision{Way: escalate.WayAuto, Leave: escalate.LeaveThanks}},
		"claimed":                     escalate.Claimed{By: "U2"},
		"linked":                      escalate.Linked{By: "U1", Agent: "ana"},
		"linked: somebody else":       escalate.Linked{By: "U2", Agent: "ben"},
		"released":                    escalate.Released{By: "U2"},
		"passed to another":           escalate.Reassigned{By: "U2", To: "U3", Agent: "chloe"},
		"nudged":                      escalate.Nudged{Handoff: "h1"},
		"offered":                     escalate.Offered{Handoff: "h1", Rota: "support", Choice: rota.Choice{Person: "U4", Reason: rota.OnlyOne}},
		"offered: an earlier one":     escalate.Offered{Handoff: "h0", Rota: "support", Choice: rota.Choice{Person: "U4", Reason: rota.OnlyOne}},
		"climbed":                     escalate.Climbed{Handoff: "h1", Rung: escalate.RungLead},
		"climbed: to nowhere":         escalate.Climbed{Handoff: "h1"},
		"snoozed":                     escalate.Snoozed{By: "U2", Until: escalate.At(t0.Add(6 * time.Hour))},
		"woken":                       escalate.Woken{Handoff: "h1"},
		"passed up":                   escalate.Raised{By: "U2", Handoff: "h2", Channel: "managers", Clock: escalate.Clock{Warm: 1}},
		"looked back":                 escalate.Looked{By: "U2", Hindsight: escalate.HindsightDraft},
		"given back to the AI":        escalate.HandedBack{By: "U2"},
		"resolved":                    escalate.Resolved{By: "U2"},
		"warned":                      escalate.Warned{Handoff: "h1"},
		"targets change":              targeted(time.Hour),
		"timed":                       escalate.Timed{Handoff: "h1", Due: escalate.Due{At: escalate.At(t0), Target: escalate.TargetClaim, State: calendar.Breached}},
		"timed: an earlier one":       escalate.Timed{Handoff: "h0"},
		"alerted":                     escalate.Alerted{Handoff: "h1", Target: escalate.TargetResolution, Stages: []calendar.Stage{calendar.Breach}},
		"alerted: of an earlier one":  escalate.Alerted{Handoff: "h0", Target: escalate.TargetResolution, Stages: []calendar.Stage{calendar.Breach}},
		"alerted: of what never ran":  escalate.Alerted{Handoff: "h1", Target: escalate.TargetNextResponse},
		"warmed":                      escalate.Warmed{Handoff: "h1", Reply: proposal("w1", escalate.PurposeWarm), Next: escalate.At(t0.Add(9 * time.Hour))},
		"waiting":                     waitsFor("h1"),
		"waiting: until later":        escalate.Waiting{Handoff: "h1", By: "U1", Reason: escalate.WaitPartner, Until: escalate.At(t0.Add(9 * time.Hour)), Warm: 1},
		"updates off":                 escalate.Waiting{Handoff: "h1", By: "U1", Off: true},
		"waiting: a time alone":       escalate.Waiting{Handoff: "h1", By: "U1", Until: escalate.At(t0.Add(9 * time.Hour))},
		"waiting: for who knows what": escalate.Waiting{Handoff: "h1", By: "U1", Reason: "the moon"},
		"waiting: an earlier one":     waitsFor("h0"),
		"reminded":                    escalate.Reminded{Handoff: "h1", Until: waitsFor("h1").Until},
		"reminded: of another time":   escalate.Reminded{Handoff: "h1", Until: 1},
		"missed":                      escalate.Missed{Handoff: "h1", Until: waitsFor("h1").Until},
		"missed: and told":            escalate.Missed{Handoff: "h1", Until: waitsFor("h1").Until, Reply: new(proposal("w2", escalate.PurposeWarm))},
		"missed: another time":        escalate.Missed{Handoff: "h1", Until: 1},
		"read: news":                  escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m9", Customer: "m9"}},
		"read: solved":                escalate.Read{Seen: escalate.Seen{Status: escalate.StatusSolved, Newest: "m1"}},
		"read: human replied":         humanReplied("m8"),
		"read: customer waits":        escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m9", Customer: "m9", WaitingSince: t0.Add(time.Minute)}},
		"read: customer edited":       escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m1", Customer: "m1", WaitingSince: t0.Add(time.Minute), Edited: t0.Add(time.Minute)}},
		"read: reassigned":            escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m1", Customer: "m1", Assignee: "ben"}},
	}
	checkTable(t, "Hand-off", states, events, func(tk *escalate.Ticket) string {
		if tk.Handoff != nil && tk.Handoff.Wait.Set() {
			return standing(tk) + ", waiting"
		}
		return standing(tk)
	})
}

// standing is where a hand-off stands, in the words of the page.
func standing(tk *escalate.Ticket) string {
	if tk.Handoff == nil {
		return "none"
	}
	if tk.Handoff.State == escalate.HandoffOpen && tk.Handoff.Kind == escalate.KindDraft {
		return "open, draft"
	}
	if tk.Handoff.State == escalate.HandoffOpen && tk.Handoff.Raised {
		return "open, raised"
	}
	if !tk.Handoff.Snoozed.IsZero() {
		return string(tk.Handoff.State) + ", snoozed"
	}
	return string(tk.Handoff.State)
}

func TestReplyMovesAsThePageSays(t *testing.T) {
	propose := escalate.Proposed{Reply: proposal("r1", escalate.PurposeAnswer)}
	approve := escalate.Approved{Reply: "r1", By: "U1", SendAt: escalate.At(t0.Add(time.Minute))}
	send := escalate.Sending{Reply: "r1", Stamp: "7"}
	lost := escalate.Lost{Reply: "r1"}
	asked := escalate.Asked{Reply: "r1"}
	start := escalated("h1")
	states := map[string]func() *escalate.Ticket{
		"proposed":          func() *escalate.Ticket { return ticketWith(start, propose) },
		"approved":          func() *escalate.Ticket { return ticketWith(start, propose, approve) },
		"sending":           func() *escalate.Ticket { return ticketWith(start, propose, approve, send) },
		"sending, in doubt": func() *escalate.Ticket { return ticketWith(start, propose, approve, send, send) },
		"unknown, in doubt": func() *escalate.Ticket { return ticketWith(start, propose, approve, send, lost) },
		"ask, in doubt":     func() *escalate.Ticket { return ticketWith(start, propose, approve, send, lost, asked) },
		"sent":              func() *escalate.Ticket { return ticketWith(start, propose, approve, send, escalate.Sent{Reply: "r1"}) },
		"failed": func() *escalate.Ticket {
			return ticketWith(start, propose, approve, send, escalate.Failed{Reply: "r1"})
		},
		"withdrawn": func() *escalate.Ticket { return ticketWith(start, propose, escalate.Withdrawn{Reply: "r1"}) },
	}
	events := map[string]escalate.Event{
		"approved": approve, "undone": escalate.Undone{Reply: "r1", By: "U1"}, "sending": send,
		"returned": escalate.Returned{Reply: "r1", SendAt: escalate.At(t0)}, "lost": lost,
		"missing": escalate.Missing{Reply: "r1", SendAt: escalate.At(t0)}, "sent": escalate.Sent{Reply: "r1", Message: "m5"}, "failed": escalate.Failed{Reply: "r1", Detail: "refused"},
		"asked": asked, "withdrawn": escalate.Withdrawn{Reply: "r1", Detail: "rejected"},
	}
	checkTable(t, "Reply", states, events, func(tk *escalate.Ticket) string {
		r := tk.Reply("r1")
		if r.Doubt && !r.Ended() {
			return string(r.State) + ", in doubt"
		}
		return string(r.State)
	})
}

// The stamp decides at the helpdesk whether a repeated call doubles: a fresh one after a lost answer would.
func TestStampOfAReplyInDoubtNeverChanges(t *testing.T) {
	tk := ticketWith(escalated("h1"), escalate.Proposed{Reply: proposal("r1", escalate.PurposeAnswer)},
		escalate.Approved{Reply: "r1", By: "U1"}, escalate.Sending{Reply: "r1", Stamp: "7"}, escalate.Lost{Reply: "r1"},
		escalate.Sending{Reply: "r1", Stamp: "8"})
	if got := tk.Reply("r1").Stamp; got != "7" {
		t.Errorf("stamp after a lost answer is %q, want the first one, 7", got)
	}
	if _, err := tk.Apply(t0, escalate.Returned{Reply: "r1"}); err == nil {
		t.Error("a clean refusal returned a reply that is in doubt: it could be sent twice")
	}
}

func TestStampIsTakenAfreshAfterACleanRefusal(t *testing.T) {
	tk := ticketWith(escalated("h1"), escalate.Proposed{Reply: proposal("r1", escalate.PurposeAnswer)},
		escalate.Approved{Reply: "r1", By: "U1"}, escalate.Sending{Reply: "r1", Stamp: "7"}, escalate.Returned{Reply: "r1"},
		escalate.Sending{Reply: "r1", Stamp: "8"})
	if got := tk.Reply("r1").Stamp; got != "8" {
		t.Errorf("stamp is %q, want the fresh one, 8", got)
	}
}

func TestHumanReplyRetiresTheDraftButNotAPersonsWords(t *testing.T) {
	own := proposal("r2", escalate.PurposeAnswer)
	own.Edited, own.By = true, "U1"
	for name, c := range map[string]struct {
		reply escalate.Proposal
		want  escalate.ReplyState
	}{
		"the AI's draft":   {proposal("r2", escalate.PurposeAnswer), escalate.ReplyWithdrawn},
		"a person's draft": {own, escalate.ReplyProposed},
	} {
		tk := ticketWith(escalated("h1"), escalate.Proposed{Reply: c.reply}, humanReplied("m4"))
		if got := tk.Reply("r2").State; got != c.want {
			t.Errorf("%s after a human reply in the helpdesk is %s, want %s", name, got, c.want)
		}
	}
}

// Helpers that build tickets from events.

func ticketWith(events ...escalate.Event) *escalate.Ticket {
	tk := &escalate.Ticket{ID: "t1", Ref: escalate.Ref{Desk: "desk", ID: "1"}}
	if _, err := tk.Apply(t0, escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m1", Customer: "m1", CustomerAt: t0, WaitingSince: t0}}); err != nil {
		panic(err)
	}
	if _, err := tk.Apply(t0, targeted(4*time.Hour)); err != nil {
		panic(err)
	}
	for _, e := range events {
		if _, err := tk.Apply(t0, e); err != nil {
			panic(err)
		}
	}
	return tk
}

func proposal(id escalate.ReplyID, p escalate.Purpose) escalate.Proposal {
	return escalate.Proposal{ID: id, Purpose: p, Hash: "h-" + string(id), Newest: "m1"}
}

// targeted has every target due within some time, around the clock.
func targeted(d time.Duration) escalate.Targeted {
	terms := map[escalate.Target]escalate.Terms{}
	for _, t := range escalate.Targets {
		terms[t] = escalate.Terms{
			Terms: calendar.Terms{Budget: d, Warn: calendar.Stage{Share: 0.8}}, Alerts: escalate.AlertsAt(calendar.Stage{Share: 0.5}, calendar.Stage{Share: 0.8}, calendar.Breach),
		}
	}
	return escalate.Targeted{Terms: terms}
}

func clockAt(d time.Duration) escalate.Clock {
	return escalate.Clock{Warm: escalate.At(t0.Add(d)), SendAt: escalate.At(t0.Add(time.Second))}
}

func escalated(h escalate.HandoffID) escalate.Decided {
	ack := proposal(escalate.ReplyID("ack-"+string(h)), escalate.PurposeAck)
	return escalate.Decided{
		Decision: escalate.Decision{Way: escalate.WayEscalate, Channel: "support", Reasons: []escalate.Reason{{Kind: escalate.HighRisk, Strength: 1}}, At: t0},
		Handoff:  h, Ack: &ack, Clock: clockAt(4 * time.Hour),
	}
}

func elsewhere(h escalate.HandoffID) escalate.Decided {
	e := escalated(h)
	e.Decision.Channel = "payments"
	return e
}

func drafted(h escalate.HandoffID, r escalate.ReplyID) escalate.Decided {
	p := proposal(r, escalate.PurposeAnswer)
	return escalate.Decided{
		Decision: escalate.Decision{Way: escalate.WayDraft, Channel: "support", At: t0}, Handoff: h, Reply: &p, Clock: clockAt(4 * time.Hour),
	}
}

func answered(r escalate.ReplyID) escalate.Decided {
	p := proposal(r, escalate.PurposeAnswer)
	return escalate.Decided{Decision: escalate.Decision{Way: escalate.WayAuto, At: t0}, Reply: &p, Clock: clockAt(4 * time.Hour)}
}

// waitsFor has the owner wait for the payment provider, and the customer hear from us within five hours.
func waitsFor(h escalate.HandoffID) escalate.Waiting {
	return escalate.Waiting{Handoff: h, By: "U1", Reason: escalate.WaitPayment, Until: escalate.At(t0.Add(5 * time.Hour)), Warm: escalate.At(t0.Add(4 * time.Hour))}
}

func humanReplied(m escalate.MessageID) escalate.Read {
	return escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: m, Human: m, HumanAt: t0, Customer: "m1", CustomerAt: t0}}
}

// A threat must reach those who can act on it, whoever has the ticket.
func TestSafetyMovesEvenAClaimedHandoff(t *testing.T) {
	tk := ticketWith(drafted("h1", "r1"), escalate.Claimed{By: "U1"})
	e := elsewhere("h2")
	e.Decision.Reasons = []escalate.Reason{{Kind: escalate.Safety, Strength: 1}}
	if _, err := tk.Apply(t0, e); err != nil {
		t.Fatal(err)
	}
	old := tk.FindHandoff("h1")
	if tk.Handoff.ID != "h2" || tk.Handoff.Channel != "payments" || old.State != escalate.HandoffWithdrawn || old.MovedTo != "payments" {
		t.Errorf("hand-off %+v, and the old one %+v", tk.Handoff, old)
	}
}

// What an approver saw is what fences the reply from then on.
func TestApprovalFencesByWhatWasSeen(t *testing.T) {
	tk := ticketWith(drafted("h1", "r1"), escalate.Approved{Reply: "r1", By: "U1", Newest: "m7", Assignee: "ben"})
	if r := tk.Reply("r1"); r.Newest != "m7" || r.Assignee != "ben" {
		t.Errorf("reply is fenced by %q and %q", r.Newest, r.Assignee)
	}
}

func TestAnUpdateThatGotLostFailsRatherThanAsks(t *testing.T) {
	warm := proposal("w1", escalate.PurposeWarm)
	tk := ticketWith(escalated("h1"), escalate.Warmed{Handoff: "h1", Reply: warm}, escalate.Sending{Reply: "w1"}, escalate.Lost{Reply: "w1"})
	if _, err := tk.Apply(t0, escalate.Asked{Reply: "w1"}); err == nil {
		t.Error("a person was asked about an update")
	}
	if _, err := tk.Apply(t0, escalate.Failed{Reply: "w1", Detail: "lost"}); err != nil {
		t.Error(err)
	}
}

func TestAnEditCountsAsWritingAgain(t *testing.T) {
	wrote := escalate.Message{ID: "m1", Role: escalate.RoleCustomer, Public: true, At: t0}
	answer := escalate.Message{ID: "m2", Role: escalate.RoleAgent, Public: true, At: t0.Add(time.Minute)}
	edited, note, late := wrote, answer, wrote
	edited.EditedAt = t0.Add(2*time.Minute + 500*time.Nanosecond)
	note.Public, note.EditedAt = false, t0.Add(3*time.Minute)
	late.EditedAt = t0.Add(30 * time.Second)
	for name, c := range map[string]struct {
		messages      []escalate.Message
		edit, waiting time.Time
	}{
		"never edited":                     {[]escalate.Message{wrote, answer}, time.Time{}, time.Time{}},
		"edited after a person's answer":   {[]escalate.Message{edited, answer}, t0.Add(2 * time.Minute), t0.Add(2 * time.Minute)},
		"edited before it":                 {[]escalate.Message{late, answer}, t0.Add(30 * time.Second), time.Time{}},
		"edited while nobody has answered": {[]escalate.Message{edited}, t0.Add(2 * time.Minute), t0},
		"a colleague's note is nobody's":   {[]escalate.Message{wrote, answer, note}, time.Time{}, time.Time{}},
	} {
		seen := ticketWith().Look(&escalate.Content{Messages: c.messages}, escalate.StatusOpen, "")
		if !seen.Edited.Equal(c.edit) || !seen.WaitingSince.Equal(c.waiting) {
			t.Errorf("%s: edited %v, waiting since %v; want %v and %v", name, seen.Edited, seen.WaitingSince, c.edit, c.waiting)
		}
	}
}

// What an earlier version of the program kept knows no edits, and reads as never edited.
func TestRowsWithoutEditsStillLoad(t *testing.T) {
	var tk escalate.Ticket
	if err := json.Unmarshal([]byte(`{"id":"t1","conversation":{"status":"open","newest":"m1"},"replies":[{"id":"r1","newest":"m1"}]}`), &tk); err != nil {
		t.Fatal(err)
	}
	e, err := escalate.DecodeEvent("approved", []byte(`{"reply":"r1","newest":"m1"}`))
	if err != nil {
		t.Fatal(err)
	}
	if !tk.Conversation.Edited.IsZero() || !tk.Replies[0].SeenEdit.IsZero() || !e.(escalate.Approved).SeenEdit.IsZero() {
		t.Errorf("%+v, %+v", tk, e)
	}
}
