package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store"
)

// principals are the kinds of people who press. Zoe is the colleague who has what is another's.
var principals = []struct {
	name   string
	person desk.Person
	groups []string
}{
	{"agent", desk.Person{Team: "T1"}, []string{"@agents"}},
	{"lead", desk.Person{Team: "T1"}, []string{"@leads"}},
	{"admin", desk.Person{Team: "T1"}, []string{"@admins"}},
	{"guest", desk.Person{Team: "T1", Guest: true}, []string{"@agents", "@leads"}},
	{"other workspace", desk.Person{Team: "T2"}, []string{"@agents", "@leads"}},
	{"bot", desk.Person{Team: "T1", Bot: true}, []string{"@agents", "@leads"}},
	{"deactivated", desk.Person{Team: "T1", Gone: true}, []string{"@agents", "@leads"}},
	{"in no group", desk.Person{Team: "T1"}, nil},
}

const zoe = escalate.PersonID("U0ZOE")

func principalID(name string) escalate.PersonID {
	return escalate.PersonID("U1" + strings.ToUpper(strings.ReplaceAll(name, " ", "")))
}

// handoffStates are what a hand-off can be in when somebody presses, in the order of the matrix's columns.
var handoffStates = []string{"open", "mine", "another's", "taken", "resolved", "drafted", "approved"}

// allowedWorld is a database in which every state waits for every principal. Presses are tried within transactions that are
// rolled back, so that each begins where the last one began.
type allowedWorld struct {
	t       *testing.T
	store   *store.Store
	service *desk.Service
	current *cell
	began   string                       // an id from when the transaction began
	tickets map[string]escalate.TicketID // by state, for "mine" by state and principal
	tokens  map[string]string            // of questions that wait for a click
}

// cell is one transaction as a store, which keeps what was enqueued. It ends no job: none of them was leased.
type cell struct {
	desk.Tx
	jobs []desk.Job
}

func (c *cell) Enqueue(_ context.Context, j desk.Job) error                    { c.jobs = append(c.jobs, j); return nil }
func (c *cell) Finish(context.Context, desk.Leased) error                      { return nil }
func (w *allowedWorld) Update(_ context.Context, fn func(desk.Tx) error) error { return fn(w.current) }

func (w *allowedWorld) View(_ context.Context, fn func(desk.Tx) error) error { return fn(w.current) }

var errRolledBack = errors.New("rolled back")

// within runs something in one transaction; it is kept only when keep is set.
func (w *allowedWorld) within(keep bool, fn func()) {
	w.t.Helper()
	err := w.store.Update(w.t.Context(), func(tx desk.Tx) error {
		w.current, w.began = &cell{Tx: tx}, store.NewID(tx.Now())
		fn()
		if keep {
			return nil
		}
		return errRolledBack
	})
	if err != nil && !errors.Is(err, errRolledBack) {
		w.t.Fatal(err)
	}
}

// press has a person press, and what waits for a reading of the groups applied.
func (w *allowedWorld) press(p desk.Press) desk.Ack {
	w.t.Helper()
	p.ID, p.At = store.NewID(w.current.Now()), w.current.Now()
	ack, err := w.service.Press(w.t.Context(), p)
	if err != nil {
		w.t.Fatalf("%s: %v", p.Action, err)
	}
	for _, j := range w.current.jobs {
		if j.Kind != desk.JobApplyPress {
			continue
		}
		if err := w.service.Handlers()[j.Kind](w.t.Context(), desk.Leased{Job: j}); err != nil {
			w.t.Fatalf("%s, applied: %v", p.Action, err)
		}
	}
	return ack
}

// slackOfAll knows everybody as Slack does.
type slackOfAll struct{}

func (slackOfAll) ReadGroups(context.Context) ([]desk.Group, error) {
	members := map[string][]escalate.PersonID{"@agents": {zoe}}
	for _, p := range principals {
		for _, g := range p.groups {
			members[g] = append(members[g], principalID(p.name))
		}
	}
	var all []desk.Group
	for handle, m := range members {
		all = append(all, desk.Group{ID: handle, Handle: handle, Members: m})
	}
	return all, nil
}

func (slackOfAll) ReadPresence(context.Context, []escalate.PersonID) ([]desk.Presence, error) {
	return nil, nil
}

func (slackOfAll) ReadPerson(_ context.Context, id escalate.PersonID) (*desk.Person, error) {
	if id == zoe {
		return &desk.Person{ID: zoe, Team: "T1", Name: "Zoe"}, nil
	}
	for _, p := range principals {
		if principalID(p.name) == id {
			person := p.person
			person.ID, person.Name = id, "The "+p.name
			return &person, nil
		}
	}
	return nil, fmt.Errorf("read person %s: %w", id, desk.ErrNotFound)
}

// Ports that no press reaches: whoever calls one of them fails the test.
type (
	noRoom      struct{ desk.Room }
	noBoard     struct{ desk.Board }
	noMessenger struct{ desk.Messenger }
	noCourier   struct{ desk.Courier }
	noBrain     struct{ desk.Brain }
	onlyPast    struct{ desk.Simulator }
)

func (onlyPast) Past() int { return 100 }

// noDesk takes new tickets, by a job that is not run.
type noDesk struct {
	desk.Helpdesk
	desk.Opener
}

func newAllowedWorld(t *testing.T) *allowedWorld {
	t.Helper()
	w := &allowedWorld{t: t, tickets: map[string]escalate.TicketID{}, tokens: map[string]string{}}
	var err error
	if w.store, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "allowed.db"), store.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.service, err = desk.New(desk.Options{
		Store: w, Helpdesks: map[string]desk.Helpdesk{deskName: noDesk{}}, Room: noRoom{}, Board: noBoard{}, Messenger: noMessenger{}, Courier: noCourier{}, Brain: noBrain{}, Simulator: onlyPast{},
		Directory: slackOfAll{}, Backtest: backtest{}, NewID: store.NewID, NewToken: newToken, Team: func() string { return "T1" },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.within(true, func() {
		w.people()
		w.allTickets()
		w.questions()
	})
	return w
}

func (w *allowedWorld) must(errs ...error) {
	w.t.Helper()
	if err := errors.Join(errs...); err != nil {
		w.t.Fatal(err)
	}
}

// people seeds the policy and has everybody read, an hour ago and a second ago.
func (w *allowedWorld) people() {
	w.t.Helper()
	ctx, tx := w.t.Context(), w.current
	p := escalate.DefaultPolicy()
	p.Version, p.Team, p.Routes.Default, p.Routes.Safety = 1, "Lumen", "support", "managers"
	p.Roles = escalate.Roles{Agents: []string{"@agents"}, Leads: []string{"@leads"}, Admins: []string{"@admins"}}
	groups, _ := slackOfAll{}.ReadGroups(ctx)
	w.must(tx.SavePolicy(ctx, p, "warmline", "first"), tx.SaveGroups(ctx, tx.Now(), groups))
	for _, g := range groups {
		for _, id := range g.Members {
			person, err := slackOfAll{}.ReadPerson(ctx, id)
			w.must(err)
			person.ReadAt = tx.Now()
			w.must(tx.SavePerson(ctx, person))
		}
	}
	nobody, err := slackOfAll{}.ReadPerson(ctx, principalID("in no group"))
	w.must(err, tx.SavePerson(ctx, nobody))
}

// allTickets makes a ticket for each state. Each was answered by the AI before it came to people.
func (w *allowedWorld) allTickets() {
	w.t.Helper()
	drafted := func(ref string) []escalate.Event { return []escalate.Event{w.draftOf(ref)} }
	claimed := func(by escalate.PersonID) func(string) []escalate.Event {
		return func(ref string) []escalate.Event {
			return []escalate.Event{handedOver(ref), escalate.Claimed{By: by}}
		}
	}
	w.ticket("open", func(ref string) []escalate.Event { return []escalate.Event{handedOver(ref)} })
	w.ticket("another's", claimed(zoe))
	w.ticket("taken", func(ref string) []escalate.Event {
		return []escalate.Event{handedOver(ref), escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m3", Human: "m3", HumanAt: w.current.Now(), Customer: "m2"}}}
	})
	w.ticket("resolved", func(ref string) []escalate.Event {
		return []escalate.Event{handedOver(ref), escalate.Resolved{By: zoe}}
	})
	w.ticket("drafted", drafted)
	w.ticket("approved", func(ref string) []escalate.Event {
		return append(drafted(ref), escalate.Claimed{By: zoe},
			escalate.Approved{Reply: escalate.ReplyID("r" + ref), By: zoe, SendAt: escalate.At(w.current.Now().Add(time.Minute)), Newest: "m2"})
	})
	for _, p := range principals {
		w.ticket("mine "+p.name, claimed(principalID(p.name)))
	}
}

const wrongAnswer = "macro-7"

func (w *allowedWorld) ticket(state string, events func(ref string) []escalate.Event) {
	w.t.Helper()
	ctx, tx := w.t.Context(), w.current
	ref := strconv.Itoa(100 + len(w.tickets))
	text := func(id escalate.MessageID, role escalate.Role) escalate.Message {
		return escalate.Message{ID: id, Role: role, Public: true, Text: "Where is my order? I paid from DE89 3704 0044 0532 0130 00.", At: tx.Now()}
	}
	id, _, err := tx.CreateTicket(ctx, &escalate.Ticket{Ref: escalate.Ref{Desk: deskName, ID: ref}, Content: escalate.Content{
		Subject: "Order", Channel: "email", Messages: []escalate.Message{text("m1", escalate.RoleCustomer), text("m2", escalate.RoleCustomer), text("m3", escalate.RoleAgent)},
	}})
	w.must(err)
	t, err := tx.Ticket(ctx, id)
	w.must(err)
	first := escalate.Proposal{ID: escalate.ReplyID("auto" + ref), Purpose: escalate.PurposeAnswer, Answer: wrongAnswer, Hash: "h", Newest: "m1"}
	waits := func(m escalate.MessageID) escalate.Read {
		return escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: m, Customer: m, CustomerAt: tx.Now(), WaitingSince: tx.Now()}}
	}
	var happened []desk.Happened
	for _, e := range append([]escalate.Event{
		waits("m1"),
		escalate.Decided{Decision: escalate.Decision{Way: escalate.WayAuto, AnswerID: wrongAnswer, Topic: "delivery", Newest: "m1", At: tx.Now()}, Reply: &first},
		escalate.Sending{Reply: first.ID},
		escalate.Sent{Reply: first.ID},
		waits("m2"),
	}, events(ref)...) {
		_, err := t.Apply(tx.Now(), e)
		w.must(err)
		happened = append(happened, desk.Happened{Seq: t.Version, At: tx.Now(), Actor: "warmline", Event: e})
	}
	w.must(
		tx.PutAssessment(ctx, id, w.assessment(ref)),
		tx.PutText(ctx, id, "reply:r"+ref, "It is on its way."),
		tx.SaveTicket(ctx, t, happened),
		tx.SaveCard(ctx, &desk.CardRow{Handoff: t.Handoff.ID, Ticket: id, Token: "card" + ref, Channel: "support", Place: desk.Place{Channel: "C0SUPPORT", TS: ref}}),
	)
	w.tickets[state] = id
	w.tokens[state] = "card" + ref
}

func (w *allowedWorld) assessment(ref string) *escalate.Assessment {
	return &escalate.Assessment{
		ID: escalate.AssessmentID("a" + ref), Newest: "m2", Lang: "en", Topic: "delivery", Confidence: 0.8,
		Answer: &escalate.Answer{ID: "macro-8", Text: "It is on its way."},
	}
}

// handedOver hands a ticket to people.
func handedOver(ref string) escalate.Decided {
	return escalate.Decided{
		Decision: escalate.Decision{Way: escalate.WayEscalate, Channel: "support", Topic: "delivery", Newest: "m2", Assessment: escalate.AssessmentID("a" + ref)},
		Handoff:  escalate.HandoffID("h" + ref),
	}
}

// draftOf has a ticket's answer wait for an approval.
func (w *allowedWorld) draftOf(ref string) escalate.Decided {
	return escalate.Decided{
		Decision: escalate.Decision{
			Way: escalate.WayDraft, Channel: "support", Topic: "delivery", Newest: "m2", Assessment: escalate.AssessmentID("a" + ref),
			AnswerID: "macro-8", Draft: escalate.DraftApproval, Confidence: 0.8,
		},
		Handoff: escalate.HandoffID("h" + ref),
		Reply:   &escalate.Proposal{ID: escalate.ReplyID("r" + ref), Purpose: escalate.PurposeAnswer, Answer: "macro-8", Hash: "h", Newest: "m2"},
	}
}

// questions has every kind of question wait for its click.
func (w *allowedWorld) questions() {
	w.t.Helper()
	w.tokens["correct"] = w.asks("wrong " + w.number("another's"))
	w.tokens["policy"] = w.asks("threshold auto 0.9")
	auto := escalate.ReplyID("auto" + w.number("open"))
	w.keep("review", "", map[string]any{"channel": "support", "review": map[string]any{"ticket": w.tickets["open"], "reply": auto, "topic": "delivery"}})
	w.keep("link", "", map[string]any{"channel": "support", "pairing": map[string]any{
		"person": zoe, "agent": "zoe", "email": "zoe@helpdesk.example", "at": w.current.Now(),
	}})
	open, err := w.current.Ticket(w.t.Context(), w.tickets["open"])
	w.must(err)
	w.keep("expert", "", map[string]any{"channel": "support", "expert": map[string]any{
		"ticket": open.ID, "handoff": open.Handoff.ID, "by": zoe, "question": "Does it fit?",
	}})
	for state, id := range w.tickets {
		t, err := w.current.Ticket(w.t.Context(), id)
		w.must(err)
		w.keep("fold", state, map[string]any{"channel": "support", "fold": map[string]any{
			"topic": "delivery", "tickets": []any{map[string]any{"ticket": id, "handoff": t.Handoff.ID}},
		}})
	}
	for _, p := range principals {
		w.keep("audit", string(principalID(p.name)), desk.AuditFilter{Limit: 5})
	}
}

// keep puts a question as its row keeps it.
func (w *allowedWorld) keep(kind, subject string, body any) {
	w.t.Helper()
	raw, err := json.Marshal(body)
	token := kind + subject
	w.must(err, w.current.PutAsk(w.t.Context(), &desk.Ask{Token: token, Kind: kind, Subject: subject, At: w.current.Now(), Body: raw}))
	w.tokens[token] = token
}

// asks has a lead type a command that is answered with a button, and returns what the button carries.
func (w *allowedWorld) asks(command string) string {
	w.t.Helper()
	w.current.jobs = nil
	w.press(desk.Press{Actor: principalID("lead"), Team: "T1", Action: desk.ActCommand, Fields: map[string]string{"text": command}})
	for _, told := range w.told(principalID("lead")) {
		if told.Token != "" {
			return told.Token
		}
	}
	w.t.Fatalf("%s was answered without a button", command)
	return ""
}

// told is what one person is told by the jobs that wait.
func (w *allowedWorld) told(who escalate.PersonID) (answers []desk.Answer) {
	w.t.Helper()
	for _, j := range w.current.jobs {
		if j.Kind != desk.JobTell {
			continue
		}
		var tell struct {
			To     desk.Recipient
			Answer desk.Answer
		}
		w.must(json.Unmarshal(j.Payload, &tell))
		if tell.To.Person == who {
			answers = append(answers, tell.Answer)
		}
	}
	return answers
}

// saidAtHome reports whether a person's App Home tells them something.
func (w *allowedWorld) saidAtHome(who escalate.PersonID) bool {
	w.t.Helper()
	row, err := w.current.HomeRow(w.t.Context(), who)
	w.must(err)
	return row.Said != ""
}

func (w *allowedWorld) number(state string) string {
	w.t.Helper()
	t, err := w.current.Ticket(w.t.Context(), w.tickets[state])
	w.must(err)
	return t.Ref.ID
}
