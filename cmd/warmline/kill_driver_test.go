package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"warmline/cmd/warmline/demo"
	"warmline/escalate/desk"
	"warmline/internal/localslack"
)

// killDriver is everybody else: customers who write, people who press, colleagues who work in the helpdesk.
type killDriver struct {
	world  *killWorld
	texts  []demo.Arrival
	wanted chan int // tickets to open
	last   chan struct{}

	mu      sync.Mutex
	dice    *rand.Rand
	opened  int
	acted   int // how often Slack was told that something was done
	cards   []*cardSeen
	byPlace map[desk.Place]*cardSeen
	modals  map[string]*localslack.View // by user id
	ids     map[string]string           // user name to id
}

// cardSeen is a card as a person sees it.
type cardSeen struct {
	place   desk.Place
	buttons []buttonSeen
}

// buttonSeen is a button, or a choice in the ⋯ menu.
type buttonSeen struct {
	action    desk.Action
	id, value string
	boxes     map[string][]string
}

func newKillDriver(w *killWorld, seed uint64) *killDriver {
	w.t.Helper()
	company, err := demo.Load()
	if err != nil {
		w.t.Fatal(err)
	}
	d := &killDriver{
		world: w, dice: rand.New(rand.NewPCG(seed, 2)), wanted: make(chan int, 1000), last: make(chan struct{}),
		byPlace: map[desk.Place]*cardSeen{}, modals: map[string]*localslack.View{}, ids: map[string]string{},
	}
	d.texts = append(append(d.texts, company.Live...), company.More...)
	for _, past := range company.Knowledge.Past {
		if len(d.texts) < 100 && len(past.Content.Messages) > 0 {
			d.texts = append(d.texts, demo.Arrival{Subject: past.Content.Subject, Text: past.Content.Messages[0].Text})
		}
	}
	var state struct{ Users []struct{ ID, Name string } }
	_, answer := w.call(w.t.Context(), http.MethodGet, w.slackURL+"/_control/state", nil)
	if err := json.Unmarshal(answer, &state); err != nil {
		w.t.Fatal(err)
	}
	for _, u := range state.Users {
		d.ids[u.Name] = u.ID
	}
	return d
}

// open has so many tickets opened soon.
func (d *killDriver) open(n int) { d.wanted <- n }

// done is how many actions were acknowledged so far.
func (d *killDriver) done() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.acted
}

// finish waits until all tickets are open, and then a little.
func (d *killDriver) finish(more time.Duration) {
	close(d.wanted)
	<-d.last
	elapse(d.world.t.Context(), more)
}

// run drives until ctx ends, and returns once everybody has stopped.
func (d *killDriver) run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() {
		if err := followJournal(ctx, d.world.slackJournal, d.see); err != nil {
			d.world.t.Error(err)
		}
	})
	all.Go(func() { d.openAll(ctx) })
	all.Go(func() { d.writeAgain(ctx) })
	for _, p := range killPeople {
		all.Go(func() {
			for d.pause(ctx, 100, 300) {
				d.press(ctx, p.name)
			}
		})
	}
	all.Wait()
}

// pause waits for some milliseconds between the two.
func (d *killDriver) pause(ctx context.Context, least, most int) bool {
	return elapse(ctx, time.Duration(least+d.roll(most-least))*time.Millisecond)
}

func (d *killDriver) roll(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dice.IntN(n)
}

// openAll opens tickets as they are asked for, until no more are or ctx ends.
func (d *killDriver) openAll(ctx context.Context) {
	defer close(d.last)
	for {
		select {
		case n, more := <-d.wanted:
			if !more {
				return
			}
			for range n {
				d.openOne(ctx)
				d.pause(ctx, 1, 40)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (d *killDriver) openOne(ctx context.Context) {
	d.mu.Lock()
	d.opened++
	number := d.opened
	text := d.texts[d.dice.IntN(len(d.texts))]
	channel := []string{"email", "email", "chat"}[d.dice.IntN(3)]
	d.mu.Unlock()
	status, answer := d.world.call(ctx, http.MethodPost, d.world.deskURL+"/desk/api/tickets", map[string]any{
		"id": ticketID(number), "subject": text.Subject, "text": text.Text, "channel": channel,
		"customer": map[string]any{"name": fmt.Sprintf("Customer %d", number), "email": fmt.Sprintf("c%d@buyers.example", number)},
	})
	if status != http.StatusCreated && ctx.Err() == nil {
		d.world.t.Errorf("open ticket %d: %d %s", number, status, answer)
	}
}

// ticketID is the helpdesk's id of the nth ticket.
func ticketID(n int) string { return strconv.Itoa(2000 + n) }

// writeAgain lets customers write again, and now and then a colleague answer or close a ticket in the helpdesk.
func (d *killDriver) writeAgain(ctx context.Context) {
	for n := 0; d.pause(ctx, 50, 350); n++ {
		d.mu.Lock()
		opened := d.opened
		d.mu.Unlock()
		if opened == 0 {
			continue
		}
		address := d.world.deskURL + "/desk/api/tickets/" + ticketID(1+d.roll(opened))
		// Each may fail, or be applied all the same: the helpdesk's journal has what really happened.
		switch d.roll(10) {
		case 0:
			d.world.call(ctx, http.MethodPost, address+"/messages", map[string]any{
				"role": "agent", "author": killPeople[0].real, "text": fmt.Sprintf("I looked into it myself (%d).", n), "public": true,
			})
		case 1:
			d.world.call(ctx, http.MethodPatch, address, map[string]any{"status": "solved"})
		default:
			d.world.call(ctx, http.MethodPost, address+"/messages", map[string]any{
				"role": "customer", "text": fmt.Sprintf("One more thing (%d): that did not help, what now?", n), "public": true,
			})
		}
	}
}

// see takes one line of the workspace's journal.
func (d *killDriver) see(r *localslack.Record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch r.Kind {
	case localslack.MessagePosted, localslack.MessageUpdated:
		at := desk.Place{Channel: r.Message.Channel, TS: r.Message.TS}
		c := d.byPlace[at]
		if c == nil {
			if len(r.Message.Metadata) == 0 || r.Message.ThreadTS != "" {
				return
			}
			c = &cardSeen{place: at}
			d.byPlace[at], d.cards = c, append(d.cards, c)
		}
		c.buttons = buttonsIn(r.Message.Blocks)
	case localslack.ViewOpened, localslack.ViewUpdated:
		d.modals[r.View.User] = r.View
	case localslack.ViewClosed:
		delete(d.modals, r.View.User)
	case localslack.InteractionAcked:
		if r.Interaction.Type != "events_api" {
			d.acted++
		}
	default:
	}
}

// followJournal reads a workspace's journal as it grows and hands over each record, until ctx ends.
func followJournal(ctx context.Context, path string, use func(*localslack.Record)) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("follow journal: %w", err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewReader(f)
	var line []byte
	for {
		part, err := lines.ReadBytes('\n')
		line = append(line, part...)
		if err == nil {
			var r localslack.Record
			if err := json.Unmarshal(line, &r); err != nil {
				return fmt.Errorf("follow journal: %w", err)
			}
			use(&r)
			line = line[:0]
			continue
		}
		if !elapse(ctx, 20*time.Millisecond) {
			return nil
		}
	}
}
