package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/helpdesktest"
	"warmline/internal/localslack/pipenet"
)

// A harness that lets everybody go proves nothing. Three senders, each broken in a way that real ones are, answer tickets in the same
// storm, and die as often. What the harness counts must show it.
func TestTheStormCatchesBrokenSenders(t *testing.T) {
	for _, tc := range []struct {
		name        string
		send        func(*brokenSender, string) bool
		twice, lost bool
	}{
		{"naive: it sends, and then notes that it did", (*brokenSender).naive, true, false},
		{"at most once: it notes that it sent, and then sends", (*brokenSender).atMostOnce, false, true},
		{"forgetful: after a 429 it no longer doubts what came before", (*brokenSender).forgetful, true, false},
		{"careful: it reads back before it sends again", (*brokenSender).careful, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v, s := brokenWorld(t)
				for _, id := range v.tickets {
					for !tc.send(s, id) { // it died, or waits; what it noted is all that it knows
						time.Sleep(vendorSettle + vendorLate)
					}
				}
				v.storm.Calm()
				twice, lost := 0, 0
				for _, id := range v.tickets {
					switch n := len(v.answers(id)); {
					case n > 1:
						twice++
					case n == 0:
						lost++
					}
				}
				t.Logf("of %d tickets %d were answered twice and %d never", len(v.tickets), twice, lost)
				if (twice > 0) != tc.twice || (lost > 0) != tc.lost {
					t.Errorf("%d twice and %d lost, want twice: %v, lost: %v", twice, lost, tc.twice, tc.lost)
				}
			})
		})
	}
}

// brokenSender answers tickets through a connector. noted and doubt are what it wrote down, and so what survives its death.
type brokenSender struct {
	ctx       context.Context
	connector helpdesk.Connector
	dice      *rand.Rand
	noted     map[string]bool
	doubt     map[string]bool
}

func brokenWorld(t *testing.T) (*stormy, *brokenSender) {
	t.Helper()
	v := &stormy{name: "freshdesk", book: &helpdesktest.Book{Agents: []helpdesktest.Agent{{ID: "77", Name: "Ana Ruiz", Email: "ana@shop.example"}}}}
	fake := freshdesktest.New(v.book)
	v.storm = helpdesktest.NewStorm(*killSeed, vendorFaults, vendorLate)
	ln, srv, ended := pipenet.Listen(), &http.Server{Handler: v.storm.Wrap(fake)}, make(chan error, 1)
	go func() { ended <- srv.Serve(ln) }()
	transport := &http.Transport{DialContext: ln.DialContext}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		<-ended
	})
	account := fake.Account("freshdesk", "http://127.0.0.1")
	account.Client = &http.Client{Transport: transport}
	connector, err := freshdesk.Vendor.Connect(account)
	if err != nil {
		t.Fatal(err)
	}
	fixture := fake.Fixture(connector)
	for range 1200 {
		v.tickets = append(v.tickets, fixture.Create(t, helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp", Text: "It is dark."}))
	}
	return v, &brokenSender{
		ctx: t.Context(), connector: connector, dice: rand.New(rand.NewPCG(*killSeed, 5)), noted: map[string]bool{}, doubt: map[string]bool{},
	}
}

// dies reports whether somebody pulls the plug right here.
func (s *brokenSender) dies() bool { return s.dice.Float64() < 0.05 }

func (s *brokenSender) write(ticket string) error {
	_, err := s.connector.Write(s.ctx, ticket, desk.Write{Kind: desk.WriteReply, Key: "reply-" + ticket, Text: "Hold the button."})
	return err
}

// there reports whether the answer is on the ticket; an error when that cannot be told.
func (s *brokenSender) there(ticket string) (bool, error) {
	snap, err := s.connector.Read(s.ctx, ticket)
	if err != nil {
		return false, err
	}
	for _, m := range snap.Content.Messages {
		if m.Marker == "reply-"+ticket {
			return true, nil
		}
	}
	return false, nil
}

func (s *brokenSender) naive(ticket string) bool {
	if s.noted[ticket] {
		return true
	}
	if s.write(ticket) != nil || s.dies() {
		return false
	}
	s.noted[ticket] = true
	return true
}

func (s *brokenSender) atMostOnce(ticket string) bool {
	if s.noted[ticket] {
		return true
	}
	s.noted[ticket] = true
	if s.dies() {
		return false
	}
	_ = s.write(ticket) // that is its fault
	return true
}

// careful is how it should be: in doubt it reads back, and only what is certainly not there is sent again.
func (s *brokenSender) careful(ticket string) bool { return s.inDoubt(ticket, false) }

func (s *brokenSender) forgetful(ticket string) bool { return s.inDoubt(ticket, true) }

func (s *brokenSender) inDoubt(ticket string, forgets bool) bool {
	if s.doubt[ticket] {
		found, err := s.there(ticket)
		switch {
		case found:
			return true
		case err != nil && forgets && cleanlyRefused(err):
			s.doubt[ticket] = false // "it was refused, so nothing was applied" – but which call?
			return false
		case err != nil:
			return false
		}
	}
	s.doubt[ticket] = true // before the call: from here on it may have been applied
	if s.dies() {
		return false
	}
	err := s.write(ticket)
	if err == nil && !s.dies() {
		return true
	}
	if cleanlyRefused(err) {
		s.doubt[ticket] = false
	}
	return false
}

func cleanlyRefused(err error) bool {
	_, ok := errors.AsType[*desk.Refused](err)
	return ok
}
