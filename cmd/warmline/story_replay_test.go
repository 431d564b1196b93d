package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/localslack/slackstory"
)

// What stories about simulations do and look up.

// replay answers every simulation with the same report.
type replay struct {
	mu   sync.Mutex
	sim  desk.Simulation
	err  error
	wait chan struct{} // a run waits for it to be closed; nil: none does
	runs atomic.Int32
	seen desk.SimulateOptions
}

func (r *replay) Past() int { return 12431 }

func (r *replay) Simulate(ctx context.Context, _ *escalate.Policy, o desk.SimulateOptions) (*desk.Simulation, error) {
	r.runs.Add(1)
	r.mu.Lock()
	wait, sim, err := r.wait, r.sim, r.err
	r.seen = o
	r.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	sim.Budget = o.Budget
	return &sim, nil
}

// hold lets every run wait until release.
func (r *replay) hold() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wait = make(chan struct{})
}

func (r *replay) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.wait)
	r.wait = nil
}

func (r *replay) fails(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

// last is what the last run was asked for.
func (r *replay) last() desk.SimulateOptions {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen
}

// replayed is a story in which simulations are answered at once, by a report that recommends to answer delivery.
func replayed(t *testing.T, play func(s *story, r *replay), change ...func(*setting)) {
	t.Helper()
	r := &replay{sim: desk.Simulation{
		Headline: "For at most 2 % wrong: answer from confidence 0.962 on.", Basis: "2,000 of 12,431 past tickets.", Alt: "A curve.",
		All: desk.SimulatedLine{Advice: desk.AdviceOwn, From: 0.9617, Wrong: desk.WrongRate{Estimate: 0.012, AtMost: 0.0195}},
		Topics: []desk.SimulatedLine{
			{Topic: "delivery", Advice: desk.AdviceOwn, From: 0.9231, Wrong: desk.WrongRate{Estimate: 0.008, AtMost: 0.018}, Tickets: 1300, Auto: 812},
			{Topic: "pairing", Advice: desk.AdviceDraft, Missing: 240, From: 1, Tickets: 60},
			{Topic: "returns", Advice: desk.AdviceAll, From: 0.9617, Wrong: desk.WrongRate{Estimate: 0.01, AtMost: 0.03}, Tickets: 400, Auto: 90},
		},
		Table:  []desk.SimulatedRow{{From: 0.95, Auto: 0.41, Draft: 0.2, Escalate: 0.39, Wrong: desk.WrongRate{Estimate: 0.015, AtMost: 0.029}}},
		Now:    desk.SimulatedWays{Tickets: 2000, Draft: 1200, Escalate: 800},
		Then:   desk.SimulatedWays{Tickets: 2000, Auto: 902, Draft: 400, Escalate: 698},
		Change: "132 of 2,000 tickets would move from auto to a human, 3 the other way.",
		Moves:  []desk.SimulatedMove{{From: escalate.WayAuto, To: escalate.WayDraft, Tickets: 132, Judged: 120, Right: 96}},
		Mistakes: []desk.Mistake{{
			Ticket: "4711", Topic: "delivery", Confidence: 0.981, Question: "Where is <!channel> my *parcel*?", Source: "macro m7 “Delivery times”",
			Alike: 3, Fix: "Say in macro m7 how it differs", Exclude: "/escalate exclude add topic delivery",
		}},
		Picture: []byte("\x89PNG\r\n\x1a\nnot much of a picture"),
	}}
	tell(t, func(s *story) { play(s, r) }, append([]func(*setting){func(at *setting) { at.simulator = r }}, change...)...)
}

// direct is Lea's direct conversation with the app, once there is one.
func (s *story) direct() *slackstory.Channel { return s.directWith("lea") }

// directWith is a person's direct conversation with the app, once there is one.
func (s *story) directWith(name string) *slackstory.Channel {
	s.t.Helper()
	id := ""
	s.eventually("direct messages with "+name, func() bool {
		id = s.directID(name)
		return id != ""
	}, func() string { return "none" })
	return s.Channel(id).As(name)
}

// directID is the id of a person's direct conversation with the app; "" when there is none.
func (s *story) directID(name string) (id string) {
	s.t.Helper()
	var state struct {
		Channels []struct {
			ID   string
			IM   bool `json:"is_im"`
			User string
		}
	}
	person := string(s.person(name))
	s.read("state", &state)
	for _, c := range state.Channels {
		if c.IM && c.User == person {
			id = c.ID
		}
	}
	return id
}

// report waits for a simulation's report and returns it.
func (s *story) report(text string) *slackstory.Card {
	s.t.Helper()
	return s.direct().As("lea").ExpectCard(text)
}

// pictures are the files that a person was sent directly, as the page would load them.
func (s *story) pictures() (addresses []string) {
	s.t.Helper()
	var id string
	var state struct {
		Channels []struct{ ID, User string }
		Messages []struct {
			Files []struct {
				Page string `json:"page_url"`
			}
		}
	}
	s.read("state", &state)
	for _, c := range state.Channels {
		if c.User == string(s.person("lea")) {
			id = c.ID
		}
	}
	s.read("messages?"+url.Values{"channel": {id}}.Encode(), &state)
	for _, m := range state.Messages {
		for _, f := range m.Files {
			addresses = append(addresses, f.Page)
		}
	}
	return addresses
}

// picture waits for the one picture that a person was sent, and loads it.
func (s *story) picture() []byte {
	s.t.Helper()
	var at []string
	s.eventually("a picture for lea", func() bool { at = s.pictures(); return len(at) > 0 }, func() string { return "none" })
	if len(at) != 1 {
		s.t.Fatalf("lea was sent %d pictures", len(at))
	}
	res, err := s.slack.Get(slackBase + at[0])
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/png" {
		s.t.Fatalf("the picture answers %s %s: %v", res.Status, res.Header.Get("Content-Type"), err)
	}
	return data
}

// read reads from the workspace's control API.
func (s *story) read(path string, out any) {
	s.t.Helper()
	res, err := s.slack.Get(slackBase + "/_control/" + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		s.t.Fatal(err)
	}
}
