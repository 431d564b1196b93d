package builtin_test

import (
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"warmline/escalate"
	"warmline/helpdesk/builtin"
)

func TestStateIsTheReplayOfTheJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.journal")
	options := builtin.Options{Journal: path, Agents: []builtin.Agent{ana}, Seed: []builtin.NewTicket{{
		Subject: "Seed", Text: "Hello", Customer: builtin.Customer{Email: "ina@customer.example"}, Tags: []string{"one"},
	}}}
	d := open(t, options)
	id := create(t, d, builtin.NewTicket{Subject: "Lamp", Channel: "chat", Plan: "Plus"}).ID
	yes := true
	add(t, d, id, builtin.NewMessage{Role: "bot", Text: "Try this.", Public: &yes, Marker: "reply-1"})
	assignee, solved := "ana", escalate.StatusSolved
	if _, err := d.Patch(id, builtin.Patch{Status: &solved, Assignee: &assignee, AddTags: []string{"two"}}); err != nil {
		t.Fatal(err)
	}
	said := add(t, d, id, builtin.NewMessage{Role: "customer", Text: "Not solved."})
	add(t, d, id, builtin.NewMessage{Role: "customer", Files: []builtin.Upload{{Name: "lamp.png", Type: "image/png", Body: []byte("\x89PNG")}}})
	if _, err := d.Edit(id, builtin.Edit{Message: said.ID, Text: "Not solved at all."}); err != nil {
		t.Fatal(err)
	}
	before := []*builtin.Ticket{get(t, d, "1001"), get(t, d, id)}
	if got := before[1].Status; got != "open" {
		t.Errorf("a customer's message left the ticket %s, want open", got)
	}

	if _, err := builtin.New(options); err == nil || !strings.Contains(err.Error(), "another desk has it open") {
		t.Errorf("a second desk on the same journal: got %v, want a refusal", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Add(id, builtin.NewMessage{Role: "customer", Text: "Too late."}); err == nil {
		t.Error("a closed desk took a message")
	}
	// A kill in the middle of a line.
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"seq":8,"kind":"message_added","ti`); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		t.Fatal(err)
	}

	again := open(t, options)
	after := []*builtin.Ticket{get(t, again, "1001"), get(t, again, id)}
	if diff := cmp.Diff(before, after, cmpopts.IgnoreUnexported(builtin.Ticket{})); diff != "" {
		t.Errorf("replay differs (-before +after):\n%s", diff)
	}
	last := after[1].Messages[len(after[1].Messages)-1]
	r := httptest.NewRecorder()
	again.Handler().ServeHTTP(r, httptest.NewRequestWithContext(t.Context(), "GET", "/desk/api/tickets/"+id+"/messages/"+last.ID+"/files/f1", nil))
	if r.Code != 200 || r.Body.String() != "\x89PNG" {
		t.Errorf("the file after a restart: %d, %q", r.Code, r.Body)
	}
	if next := create(t, again, builtin.NewTicket{Subject: "Next"}); next.ID != "1003" {
		t.Errorf("the next ticket is %s, want 1003", next.ID)
	}
	records, err := builtin.ReadJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []builtin.Kind
	for i, r := range records {
		kinds = append(kinds, r.Kind)
		if r.Seq != int64(i+1) {
			t.Errorf("line %d has seq %d", i+1, r.Seq)
		}
	}
	want := []builtin.Kind{
		builtin.TicketCreated, builtin.TicketCreated, builtin.MessageAdded, builtin.TicketPatched, builtin.MessageAdded, builtin.MessageAdded,
		builtin.MessageEdited, builtin.TicketCreated,
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

func TestSameMarkerTwiceIsTwoMessagesUnlessIdempotent(t *testing.T) {
	for _, idempotent := range []bool{false, true} {
		d := open(t, builtin.Options{Idempotent: idempotent})
		id := create(t, d, builtin.NewTicket{Subject: "Lamp"}).ID
		yes := true
		first := add(t, d, id, builtin.NewMessage{Role: "bot", Text: "Try this.", Public: &yes, Marker: "reply-1"})
		second := add(t, d, id, builtin.NewMessage{Role: "bot", Text: "Try this.", Public: &yes, Marker: "reply-1"})
		if same := first.ID == second.ID; same != idempotent {
			t.Errorf("idempotent %v: the same marker gave the same message: %v", idempotent, same)
		}
	}
}

func TestPatchThatChangesNothingKeepsTheStamp(t *testing.T) {
	d := open(t, builtin.Options{})
	before := create(t, d, builtin.NewTicket{Subject: "Lamp", Tags: []string{"vip"}})
	same := before.Status
	after, err := d.Patch(before.ID, builtin.Patch{Status: &same, AddTags: []string{"VIP"}})
	if err != nil || after.Stamp != before.Stamp {
		t.Errorf("stamp %s became %s, %v", before.Stamp, after.Stamp, err)
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for _, tc := range []struct {
		name, want string
		options    builtin.Options
	}{
		{"webhook without secret", "it is empty", builtin.Options{WebhookURL: "http://bot.test/hook"}},
		{"secret without key", "it is empty", builtin.Options{WebhookURL: "http://bot.test/hook", WebhookSecret: "whsec_"}},
		{"webhook without host", "want http", builtin.Options{WebhookURL: "hook"}},
		{"agent twice", "twice", builtin.Options{Agents: []builtin.Agent{ana, ana}}},
		{"agent without e-mail", "needs id", builtin.Options{Agents: []builtin.Agent{{ID: "x"}}}},
		{"seed without customer", "seed 1", builtin.Options{Seed: []builtin.NewTicket{{Text: "hi"}}}},
	} {
		if _, err := builtin.New(tc.options); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want an error with %q", tc.name, err, tc.want)
		}
	}
}
