package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// chance is the dice of a fake, and how often its calls fail: half of those before they are applied, half after.
type chance struct {
	mu   sync.Mutex
	rnd  *rand.Rand
	rate float64
}

func newChance(seed, part uint64, rate float64) *chance {
	return &chance{rnd: rand.New(rand.NewPCG(seed, part)), rate: rate}
}

func (c *chance) float() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rnd.Float64()
}

// fails sets how often calls fail from now on.
func (c *chance) fails(rate float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rate = rate
}

func (c *chance) n(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rnd.IntN(n)
}

// away is the rate of an outage: no call is applied.
const away = 1.0

var errNoAnswer = errors.New("no answer")

// call fails as often as it has to: without having been applied, or although it was. Some clean refusals say to come again.
func (c *chance) call(apply func() error) error {
	c.mu.Lock()
	f, rate := c.rnd.Float64(), c.rate
	c.mu.Unlock()
	switch {
	case rate == away:
		return errNoAnswer
	case f < rate/8:
		return &desk.Refused{Op: "call", Why: "too many", Status: 429, RetryAfter: 10 * time.Second}
	case f < rate/2:
		return errNoAnswer
	case f < rate:
		return errors.Join(apply(), errNoAnswer)
	}
	return apply()
}

// monthDesk is a helpdesk that keeps every message it is sent, each time it is sent.
type monthDesk struct {
	*chance

	mu      sync.Mutex
	tickets map[string]*monthTicket
	newest  int
	change  func(ref string) // is told of every change that is not ours
	lose    bool             // every reply gets lost on its way
}

type monthTicket struct {
	ref      string
	version  int
	changed  time.Time
	status   escalate.Status
	assignee escalate.AgentID
	content  escalate.Content
}

func (t *monthTicket) touch() {
	t.version++
	t.changed = time.Now()
}

// waits reports whether the customer wrote last, on a ticket that somebody has to answer.
func (t *monthTicket) waits() bool {
	for _, m := range slices.Backward(t.content.Messages) {
		if m.Public {
			return !t.status.Ended() && t.status != escalate.StatusPending && m.Role == escalate.RoleCustomer
		}
	}
	return false
}

func (d *monthDesk) get(ref string) (*monthTicket, error) {
	t, ok := d.tickets[ref]
	if !ok {
		return nil, fmt.Errorf("ticket %s: %w", ref, desk.ErrNotFound)
	}
	return t, nil
}

func (d *monthDesk) Read(_ context.Context, ref string) (snap *desk.Snapshot, err error) {
	err = d.call(func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		t, err := d.get(ref)
		if err != nil {
			return err
		}
		snap = &desk.Snapshot{Status: t.status, Assignee: t.assignee, Content: t.content}
		snap.Content.Messages, snap.Content.Tags = slices.Clone(t.content.Messages), slices.Clone(t.content.Tags)
		return nil
	})
	return snap, err
}

func (d *monthDesk) Write(_ context.Context, ref string, w desk.Write) (id escalate.MessageID, err error) {
	err = d.call(func() error {
		d.mu.Lock()
		defer d.mu.Unlock()
		t, err := d.get(ref)
		if err != nil {
			return err
		}
		switch w.Kind {
		case desk.WriteReply, desk.WriteNote:
			if d.lose && w.Kind == desk.WriteReply {
				return errNoAnswer
			}
			id = d.add(t, escalate.Message{Role: escalate.RoleBot, Author: w.Author, Text: w.Text, Public: w.Kind == desk.WriteReply, Marker: w.Key})
		case desk.WriteAssign:
			t.assignee = w.Agent
		case desk.WriteTags:
			t.content.Tags = slices.Compact(slices.Sorted(slices.Values(append(t.content.Tags, w.Tags...))))
		case desk.WriteStatus:
			t.status = w.Status
		case desk.WritePriority:
		}
		t.touch()
		return nil
	})
	return id, err
}

func (d *monthDesk) add(t *monthTicket, m escalate.Message) escalate.MessageID {
	d.newest++
	m.ID, m.At = escalate.MessageID(fmt.Sprintf("m%07d", d.newest)), time.Now().UTC()
	t.content.Messages = append(t.content.Messages, m)
	return m.ID
}

func (d *monthDesk) AgentByEmail(_ context.Context, email string) (escalate.AgentID, error) {
	return escalate.AgentID(strings.TrimSuffix(email, "@lumen.test")), nil
}

func (*monthDesk) Limits() desk.Limits { return desk.Limits{Settle: 20 * time.Second} }

// writes is a customer, or an agent in the helpdesk, who writes; a customer reopens what was solved.
func (d *monthDesk) writes(ref string, role escalate.Role, text string) {
	d.mu.Lock()
	t, ok := d.tickets[ref]
	if !ok {
		t = &monthTicket{ref: ref, content: escalate.Content{Subject: text, Channel: "email", Customer: escalate.Customer{Name: "Ina", Email: "ina" + ref + "@example.test"}}}
		d.tickets[ref] = t
	}
	d.add(t, escalate.Message{Role: role, Author: string(role), Text: text, Public: true})
	t.status = escalate.StatusOpen
	if role == escalate.RoleAgent {
		t.status = escalate.StatusPending
	}
	t.touch()
	d.mu.Unlock()
	d.change(ref)
}

// solves is an agent in the helpdesk who solves a ticket.
func (d *monthDesk) solves(ref string) {
	d.mu.Lock()
	t := d.tickets[ref]
	t.status = escalate.StatusSolved
	t.touch()
	d.mu.Unlock()
	d.change(ref)
}

// since returns what changed after an instant, and is how a poll finds it.
func (d *monthDesk) since(at time.Time) map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := map[string]int{}
	for ref, t := range d.tickets {
		if !t.changed.Before(at) {
			found[ref] = t.version
		}
	}
	return found
}

// monthBrain says what the customer's first word asks for.
type monthBrain struct{ *chance }

func (b monthBrain) Assess(_ context.Context, _ time.Time, t *escalate.Ticket) (escalate.Assessment, error) {
	a := escalate.Assessment{Lang: "en", Summary: "They ask.", Topic: "pairing"}
	err := b.call(func() error { return nil })
	if err != nil {
		return a, err
	}
	m := t.Content.LastFrom(escalate.RoleCustomer)
	word, _, _ := strings.Cut(m.Text, " ")
	answer := escalate.Answer{ID: "macro-1", Text: "Hold the button for five seconds."}
	switch word {
	case "sure":
		a.Answer, a.Confidence = &answer, 0.99
	case "nearly":
		a.Answer, a.Confidence = &answer, 0.8
	case "person":
		a.Signals = []escalate.Trigger{{Kind: escalate.HumanRequest, Strength: 1}}
	case "thanks":
		a.Thanks = true
	}
	return a, nil
}

// monthSlack is Slack: where cards stand, what they show, and what people were told.
type monthSlack struct {
	*chance

	mu      sync.Mutex
	newest  int
	cards   map[escalate.HandoffID]*monthCard
	keys    map[string]desk.Place // of notices and thread posts
	notices []heard               // all that channels were told, and threads where people are named
	twice   []string              // what was posted twice
	shut    bool                  // no channel takes a message
	direct  []heard               // what people were told by themselves
}

type monthCard struct {
	at   desk.Place
	card desk.Card
}

func (s *monthSlack) place(channel string) desk.Place {
	s.newest++
	return desk.Place{Channel: channel, TS: strconv.Itoa(s.newest)}
}

func (s *monthSlack) PostCard(_ context.Context, c *desk.Card) (at desk.Place, err error) {
	err = s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.cards[c.Handoff.ID] != nil {
			s.twice = append(s.twice, "the card of #"+c.Number)
		}
		at = s.place(c.Channel)
		s.cards[c.Handoff.ID] = &monthCard{at, *c}
		return nil
	})
	return at, err
}

func (s *monthSlack) FindCard(_ context.Context, _ string, h escalate.HandoffID, _ time.Time) (at desk.Place, err error) {
	err = s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		c := s.cards[h]
		if c == nil {
			return fmt.Errorf("find card: %w", desk.ErrNotFound)
		}
		at = c.at
		return nil
	})
	return at, err
}

func (s *monthSlack) UpdateCard(_ context.Context, at desk.Place, c *desk.Card) error {
	return s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.cards[c.Handoff.ID] = &monthCard{at, *c}
		return nil
	})
}

func (s *monthSlack) PostThread(_ context.Context, at desk.Place, posts []desk.ThreadPost, repeat bool) error {
	return s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		number := ""
		for _, c := range s.cards {
			if c.at == at {
				number = c.card.Number
			}
		}
		for i := range posts {
			p := &posts[i]
			key := at.TS + " " + p.Key
			if _, there := s.keys[key]; there {
				if !repeat {
					s.twice = append(s.twice, "a post in the thread of #"+number+": "+p.Head)
				}
				continue
			}
			s.keys[key] = at
			if strings.HasSuffix(p.Head, "Deadline") || strings.HasSuffix(p.Head, "Unclaimed") { // of many that share a message the head says which
				s.notices = append(s.notices, heard{time.Now(), at.Channel, "#" + number + " " + p.Head + " " + p.Text})
			}
		}
		return nil
	})
}

func (s *monthSlack) PostNotice(_ context.Context, channel, key string, a desk.Answer) (at desk.Place, err error) {
	err = s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.shut {
			return &desk.Refused{Op: "post", Why: "channel_not_found", NoChannel: true}
		}
		if _, there := s.keys[key]; there {
			s.twice = append(s.twice, "a notice: "+a.Text)
		}
		at = s.place(channel)
		s.keys[key] = at
		s.hears(channel, a)
		return nil
	})
	return at, err
}

// hears keeps what a channel is told of deadlines, and of what nobody looks after.
func (s *monthSlack) hears(channel string, a desk.Answer) {
	if !slices.ContainsFunc([]string{"deadline", "to claim", "Nobody looks after"}, func(w string) bool { return strings.Contains(a.Text, w) }) {
		return
	}
	s.notices = append(s.notices, heard{time.Now(), channel, wordsOf(a)})
}

func wordsOf(a desk.Answer) string {
	var text strings.Builder
	for _, l := range a.Lines {
		text.WriteString(l.Head + " " + l.Text + "\n")
	}
	for _, id := range a.Mentions {
		text.WriteString("<@" + string(id) + ">")
	}
	return text.String()
}

func (s *monthSlack) Deliver(_ context.Context, p escalate.PersonID, _ string, a desk.Answer) (at desk.Place, err error) {
	err = s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		at = s.place(string(p))
		s.direct = append(s.direct, heard{time.Now(), string(p), wordsOf(a)})
		return nil
	})
	return at, err
}

func (*monthSlack) Upload(context.Context, desk.Picture) (string, error) { return "", errNoAnswer }

func (*monthSlack) Share(context.Context, desk.Place, []desk.Picture, bool) error { return errNoAnswer }

func (s *monthSlack) FindNotice(_ context.Context, _, key string, _ time.Time) (at desk.Place, err error) {
	err = s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		var ok bool
		if at, ok = s.keys[key]; !ok {
			return fmt.Errorf("find notice: %w", desk.ErrNotFound)
		}
		return nil
	})
	return at, err
}

func (s *monthSlack) UpdateNotice(_ context.Context, at desk.Place, _ string, a desk.Answer) error {
	return s.call(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hears(at.Channel, a)
		return nil
	})
}

func (s *monthSlack) Tell(context.Context, desk.Recipient, desk.Answer) error {
	return s.call(func() error { return nil })
}

func (*monthSlack) PublishHome(context.Context, escalate.PersonID, *desk.Home) error { return nil }

// The people: two agents and a lead. One of the agents may leave.
var monthPeople = map[escalate.PersonID]string{"U0ANA": "ana", "U0BEN": "ben", "U0LEA": "lea"}

func (s *monthSlack) ReadGroups(context.Context) (groups []desk.Group, err error) {
	err = s.call(func() error {
		agents := slices.Sorted(maps.Keys(monthPeople))
		groups = []desk.Group{
			{ID: "S1", Handle: "@support-agents", Members: agents},
			{ID: "S2", Handle: "@support-leads", Members: []escalate.PersonID{"U0LEA"}},
		}
		return nil
	})
	return groups, err
}

func (s *monthSlack) ReadPerson(_ context.Context, id escalate.PersonID) (p *desk.Person, err error) {
	err = s.call(func() error {
		name, ok := monthPeople[id]
		if !ok {
			return desk.ErrNotFound
		}
		p = &desk.Person{ID: id, Team: "T1", Name: name, Email: name + "@lumen.test"}
		return nil
	})
	return p, err
}

func (s *monthSlack) ReadPresence(context.Context, []escalate.PersonID) ([]desk.Presence, error) {
	return nil, s.call(func() error { return nil })
}

// shown returns the cards in the order in which they were posted.
func (s *monthSlack) shown() []desk.Card {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.SortedFunc(maps.Values(s.cards), func(a, b *monthCard) int {
		return strings.Compare(string(a.card.Handoff.ID), string(b.card.Handoff.ID))
	})
	cards := make([]desk.Card, 0, len(all))
	for _, c := range all {
		cards = append(cards, c.card)
	}
	return cards
}

// told is when people were last told of a ticket by its number; the zero time: never.
func (s *monthSlack) told(ref string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range slices.Backward(s.notices) {
		if strings.Contains(h.text, "#"+ref+" ") {
			return h.at
		}
	}
	return time.Time{}
}
