package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/helpdesk/builtin"
	"warmline/internal/judge"
	"warmline/store"
)

// A judge that lets everybody go proves nothing. The naive sender posts and then notes that it did; killed in between,
// it posts again. The judge must name every ticket, and no other, whose customer read the same twice.
func TestJudgeCatchesANaiveSender(t *testing.T) {
	dir := t.TempDir()
	d, err := builtin.New(builtin.Options{Journal: filepath.Join(dir, "desk.jsonl")})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(d.Handler())
	t.Cleanup(func() {
		server.Close()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &killWorld{t: t, dir: dir, dsn: "sqlite:" + filepath.Join(dir, "warmline.db"), deskJournal: filepath.Join(dir, "desk.jsonl")}
	st, err := store.Open(t.Context(), w.dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil { // the judge wants a database; the sender needs none
		t.Fatal(err)
	}

	s := naive{t: t, url: server.URL, dice: rand.New(rand.NewPCG(*killSeed, 3)), sent: map[string]bool{}, posts: map[string]int{}}
	for i := range 300 {
		id := ticketID(i)
		if _, err := d.Create(builtin.NewTicket{ID: id, Subject: "Lamp", Text: "It is dark.", Customer: builtin.Customer{Name: "Ina", Email: "ina@shop.example"}}); err != nil {
			t.Fatal(err)
		}
		s.tickets = append(s.tickets, id)
	}
	kills := 0
	for !s.run() {
		kills++
	}
	var doubled []string
	for _, id := range s.tickets {
		if s.posts[id] > 1 {
			doubled = append(doubled, id)
		}
	}
	records, err := judge.ReadDesk(w.deskJournal)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := judge.Judge(t.Context(), judge.Evidence{Desk: records, DB: w.database()})
	if err != nil {
		t.Fatal(err)
	}
	var caught []string
	for _, f := range findings {
		if f.Kind == judge.MessageTwice && !slices.Contains(caught, f.Ticket) {
			caught = append(caught, f.Ticket)
		}
	}
	slices.Sort(doubled)
	if diff := cmp.Diff(doubled, caught); diff != "" || len(doubled) < 10 {
		t.Errorf("%d kills doubled %d messages; the judge (-want +got):\n%s", kills, len(doubled), diff)
	}
}

// naive is a sender that believes that nothing ever happens between two lines of code.
type naive struct {
	t       *testing.T
	url     string
	dice    *rand.Rand
	tickets []string
	sent    map[string]bool // what it wrote down, and what survives its death
	posts   map[string]int  // what it really did
}

// run sends what is not noted as sent; false when it was killed.
func (s *naive) run() bool {
	for _, id := range s.tickets {
		if s.sent[id] {
			continue
		}
		body, err := json.Marshal(map[string]any{"role": "bot", "text": fmt.Sprintf("We look into ticket %s.", id), "public": true})
		if err != nil {
			s.t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/desk/api/tickets/"+id+"/messages", bytes.NewReader(body))
		if err != nil {
			s.t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusCreated {
			s.t.Fatalf("post to ticket %s: %s", id, res.Status)
		}
		s.posts[id]++
		if s.dice.IntN(8) == 0 {
			return false // killed before it could write that down
		}
		s.sent[id] = true
	}
	return true
}
