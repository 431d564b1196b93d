package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

var offersFor = flag.Duration("offers.for", 6*time.Hour, "how long, in fake time, tickets come and people do as they like")

const offersCapacity = 3

// offersWorld is a team that is offered tickets while people come and go. What it knows of them is kept beside the store, to judge by.
type offersWorld struct {
	*targetsWorld
	t        *testing.T
	rnd      *rand.Rand
	people   []escalate.PersonID
	tickets  []string                              // by number
	presence map[escalate.PersonID][]desk.Presence // each as it was known from ReadAt on
}

// offersPolicy has six people in two overlapping shifts.
func offersPolicy(people []escalate.PersonID) func(*escalate.Policy) {
	ids := func(of []escalate.PersonID) (all []rota.PersonID) {
		for _, id := range of {
			all = append(all, rota.PersonID(id))
		}
		return all
	}
	shift := func(from, to int) (h calendar.Hours) {
		day := []calendar.Shift{{From: calendar.TimeOfDay(from * 60), To: calendar.TimeOfDay(to * 60)}}
		h.Week = calendar.Weekdays(day...)
		h.Week.Sat, h.Week.Sun = day, day
		return h
	}
	return func(p *escalate.Policy) {
		p.SLA = escalate.SLA{}
		p.KeepWarm.Off, p.Lease, p.Fold = true, escalate.Lease{}, escalate.Fold{}
		p.Rotas = rota.Rotas{"support": {Zone: "UTC", Everyone: true, Layers: []rota.Layer{
			{People: ids(people[:4]), Hours: shift(1, 4)}, {People: ids(people[2:]), Hours: shift(3, 6)},
		}}}
		p.Offers.Channels = map[string]escalate.OfferRule{"support": {
			Rota: "support", Method: rota.LeastLoaded, Capacity: offersCapacity, Ladder: escalate.Ladder{Next: 5 * time.Minute, Lead: 15 * time.Minute},
		}}
	}
}

// begin has the queue run, until what it returns is called. The store is closed when the test ends.
func (w *offersWorld) begin() (stop func()) {
	w.t.Helper()
	w.t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			w.t.Error(err)
		}
	})
	w.fill(w.t, nil, nil)
	ctx, end := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.runner.Run(ctx) }()
	return func() {
		end()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}
}

// arrives makes a ticket that is handed over now.
func (w *offersWorld) arrives() {
	w.t.Helper()
	n := len(w.tickets)
	w.tickets = append(w.tickets, fmt.Sprintf("%05d", n))
	w.update(func(ctx context.Context, tx desk.Tx) error {
		if err := w.ticket(ctx, tx, n, "support", time.Now()); err != nil {
			return err
		}
		t, err := tx.TicketByRef(ctx, escalate.Ref{Desk: deskName, ID: w.tickets[n]})
		if err != nil {
			return err
		}
		return tx.Enqueue(ctx, offerJob(t))
	})
}

func offerJob(t *escalate.Ticket) desk.Job {
	return desk.Job{
		Kind: string(escalate.EffectOffer), Key: string(t.ID), Payload: fmt.Appendf(nil, `{"ticket":%q,"effect":{"handoff":%q}}`, t.ID, t.Handoff.ID),
	}
}

func (w *offersWorld) update(fn func(ctx context.Context, tx desk.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), func(tx desk.Tx) error { return fn(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// acts lets something happen to a random ticket, or to a random person.
func (w *offersWorld) acts() {
	w.t.Helper()
	if w.rnd.IntN(4) == 0 {
		w.comesOrGoes(w.people[w.rnd.IntN(len(w.people))])
		return
	}
	ref := w.tickets[w.rnd.IntN(len(w.tickets))]
	w.update(func(ctx context.Context, tx desk.Tx) error {
		t, err := tx.TicketByRef(ctx, escalate.Ref{Desk: deskName, ID: ref})
		if err != nil {
			return err
		}
		h := t.Handoff
		var e escalate.Event
		switch owner := h.Owner; {
		case h.State == escalate.HandoffOpen && h.Offer.To != "" && w.rnd.IntN(2) == 0:
			e = escalate.Claimed{By: h.Offer.To} // nobody here takes what they were not offered
		case h.State == escalate.HandoffClaimed && w.rnd.IntN(3) == 0:
			e = escalate.Released{By: owner}
		case h.State == escalate.HandoffClaimed:
			e = escalate.Resolved{By: owner}
		default:
			return nil
		}
		if _, err := t.Apply(tx.Now(), e); err != nil {
			return err
		}
		if err := tx.SaveTicket(ctx, t, []desk.Happened{{Seq: t.Version, At: tx.Now(), Actor: "U0", Event: e}}); err != nil {
			return err
		}
		if t.Handoff.State == escalate.HandoffOpen {
			return tx.Enqueue(ctx, offerJob(t))
		}
		return nil
	})
}

// comesOrGoes changes what Slack says of somebody.
func (w *offersWorld) comesOrGoes(id escalate.PersonID) {
	w.t.Helper()
	p := desk.Presence{Person: id, ReadAt: time.Now()}
	switch w.rnd.IntN(4) {
	case 0:
		p.Emoji, p.Until = ":palm_tree:", time.Now().Add(time.Duration(w.rnd.IntN(40))*time.Minute)
	case 1:
		p.QuietFrom, p.QuietTo = time.Now(), time.Now().Add(time.Duration(w.rnd.IntN(40))*time.Minute)
	}
	w.presence[id] = append(w.presence[id], p)
	w.update(func(ctx context.Context, tx desk.Tx) error { return tx.SavePresence(ctx, &p) })
}

// known is what Slack had last said of somebody at an instant; sure is false when that changed at this very instant.
func (w *offersWorld) known(id escalate.PersonID, at time.Time) (p desk.Presence, sure bool) {
	for _, next := range w.presence[id] {
		if next.ReadAt.Equal(at) {
			return p, false
		}
		if next.ReadAt.Before(at) {
			p = next
		}
	}
	return p, true
}

// moment is one event of some ticket.
type moment struct {
	at     time.Time
	ticket escalate.TicketID
	event  escalate.Event
}

// timeline is all that happened, in the order of time.
func (w *offersWorld) timeline() (all []moment) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx desk.Tx) error {
		for _, ref := range w.tickets {
			t, err := tx.TicketByRef(w.t.Context(), escalate.Ref{Desk: deskName, ID: ref})
			if err != nil {
				return err
			}
			history, err := tx.History(w.t.Context(), t.ID)
			if err != nil {
				return err
			}
			for _, h := range history {
				all = append(all, moment{h.At, t.ID, h.Event})
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	return all
}

// judge replays what happened and holds every offer to what was true when it was made.
func (w *offersWorld) judge() (offers, nobody int) {
	w.t.Helper()
	r := w.policy.Rotas["support"]
	shifts, err := rota.New(&r, rota.Given{Zone: time.LoadLocation})
	if err != nil {
		w.t.Fatal(err)
	}
	tickets := map[escalate.TicketID]*escalate.Ticket{}
	all := w.timeline()
	for i := range all {
		m := &all[i]
		t := tickets[m.ticket]
		if t == nil {
			t = &escalate.Ticket{ID: m.ticket}
			tickets[m.ticket] = t
		}
		var asked []escalate.PersonID
		if t.Handoff != nil {
			asked = slices.Clone(t.Handoff.Offer.Asked)
		}
		if _, err := t.Apply(m.at, m.event); err != nil {
			w.t.Fatal(err)
		}
		if e, ok := m.event.(escalate.Offered); ok {
			if e.Choice.Person == "" {
				nobody++
			} else {
				offers++
				w.judgeOffer(shifts, m, &e, asked)
			}
		}
		if i+1 == len(all) || all[i+1].at.After(m.at) { // what happens at one instant has no order
			w.judgeLoads(tickets, m.at)
		}
	}
	return offers, nobody
}

func (w *offersWorld) judgeOffer(shifts *rota.Schedule, m *moment, e *escalate.Offered, asked []escalate.PersonID) {
	w.t.Helper()
	to := escalate.PersonID(e.Choice.Person)
	if !slices.Contains(shifts.On(m.at), e.Choice.Person) {
		w.t.Errorf("%s: offered to %s, who is off shift", m.at, to)
	}
	if slices.Contains(asked, to) {
		w.t.Errorf("%s: offered to %s, who was asked before", m.at, to)
	}
	p, sure := w.known(to, m.at)
	switch {
	case sure && p.Status(m.at) != "":
		w.t.Errorf("%s: offered to %s, who is away", m.at, to)
	case sure && p.Quiet(m.at) != e.Choice.LastResort:
		w.t.Errorf("%s: offered to %s: not to be disturbed is %v, the last resort %v", m.at, to, p.Quiet(m.at), e.Choice.LastResort)
	}
}

func (w *offersWorld) judgeLoads(tickets map[escalate.TicketID]*escalate.Ticket, at time.Time) {
	w.t.Helper()
	load := map[escalate.PersonID]int{}
	for _, t := range tickets {
		if t.Handoff != nil {
			load[t.Handoff.Bearer()]++
		}
	}
	for _, id := range w.people {
		if load[id] > offersCapacity {
			w.t.Errorf("%s: %s has %d", at, id, load[id])
		}
	}
}

// Whatever people do, a ticket is offered only to who is on shift, there, and has room; and one that waits for long has been brought
// before the leads.
func TestOffersKeepTheirPromisesWhateverPeopleDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		people := []escalate.PersonID{"U0", "U1", "U2", "U3", "U4", "U5"}
		w := &offersWorld{
			targetsWorld: newTargetsWorld(t, filepath.Join(t.TempDir(), "offers.db"), offersPolicy(people)), t: t, rnd: rand.New(rand.NewPCG(1, 2)), people: people,
			presence: map[escalate.PersonID][]desk.Presence{},
		}
		stop := w.begin()
		for end := time.Now().Add(*offersFor); time.Now().Before(end); time.Sleep(time.Duration(w.rnd.IntN(60)) * time.Second) {
			if w.rnd.IntN(8) == 0 || len(w.tickets) == 0 {
				w.arrives()
			}
			w.acts()
		}
		stop()
		offers, nobody := w.judge()
		t.Logf("%d tickets, %d offers, %d times nobody", len(w.tickets), offers, nobody)
		if offers < len(w.tickets)/2 || nobody == 0 {
			t.Errorf("%d offers and %d times nobody for %d tickets: the walk says little", offers, nobody, len(w.tickets))
		}
	})
}

// A ladder that has nobody left to tell looks after nothing: four hours later people hear that the ticket is still nobody's.
func TestAnUnclaimedTicketIsNotForgottenAboveItsLadder(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*escalate.Policy){
		"without a rota": func(p *escalate.Policy) {
			p.Offers.Channels = map[string]escalate.OfferRule{"support": {Ladder: escalate.Ladder{Lead: time.Minute}}}
		},
		"with one, asked again and again": func(p *escalate.Policy) {
			p.Rotas = rota.Rotas{"support": {Zone: "UTC", Layers: []rota.Layer{{People: []rota.PersonID{"U0"}}}}}
			p.Offers.Channels = map[string]escalate.OfferRule{"support": {Rota: "support", Ladder: escalate.Ladder{Lead: time.Minute}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "ladder.db")
			synctest.Test(t, func(t *testing.T) {
				w := &offersWorld{t: t, targetsWorld: newTargetsWorld(t, path, func(p *escalate.Policy) {
					p.SLA, p.KeepWarm.Off, p.Fold = escalate.SLA{}, true, escalate.Fold{}
					change(p)
				})}
				defer w.begin()()
				w.arrives()
				told := func() (n int) {
					for _, h := range w.slack.all() {
						if strings.Contains(h.text, "Nobody has claimed this") || strings.Contains(h.text, "is nobody's") {
							n++ // and not what tells somebody that it is offered to them
						}
					}
					return n
				}
				time.Sleep(3 * time.Hour)
				if n := told(); n != 1 {
					t.Errorf("told %d times within three hours, want once, by the ladder", n)
				}
				time.Sleep(2 * time.Hour)
				if n := told(); n != 2 {
					t.Errorf("told %d times within five hours, want once more, by the net", n)
				}
			})
		})
	}
}
