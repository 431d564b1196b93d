package builtin

import (
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
)

// state is what a journal's lines add up to. A ticket is never changed in place: each change makes a new value, so
// that one that was handed out stays what it was.
type state struct {
	tickets map[string]*Ticket
	before  map[string]*Ticket // each ticket as it was before its newest change: what a stale read shows
	changes []Change           // by seq
	owed    []int64            // seqs of changes that a webhook still has to tell of, oldest first
	number  int                // the newest ticket number given
	bodies  map[fileKey][]byte // what the files of all messages hold
	held    int64              // bytes in bodies
}

func newState() *state {
	return &state{tickets: make(map[string]*Ticket), before: make(map[string]*Ticket), number: 1000, bodies: make(map[fileKey][]byte)}
}

// apply takes one journal line. It knows no failure: a line that is in the journal has happened.
func (s *state) apply(r *Record) {
	switch r.Kind {
	case TicketCreated:
		s.create(r)
	case MessageAdded, MessageEdited, TicketPatched:
		s.change(r)
	case WebhookDelivered, WebhookDropped:
		if i, found := slices.BinarySearch(s.owed, r.Change); found {
			s.owed = slices.Delete(s.owed, i, i+1)
		}
	case FaultSet, FaultFired, FaultsCleared:
		// A fault ends with its desk; the lines are there for a judge.
	}
}

func (s *state) create(r *Record) {
	t := *r.Created
	t.Messages = []Message{*r.Message}
	s.hold(r)
	if n, err := strconv.Atoi(t.ID); err == nil {
		s.number = max(s.number, n)
	}
	s.put(r, &t, "ticket.created")
}

func (s *state) change(r *Record) {
	old := s.tickets[r.Ticket]
	t := *old
	kind := "ticket.updated"
	if r.Message != nil {
		t.Messages = append(t.Messages, *r.Message)
		s.hold(r)
		kind = "message.created"
	}
	if r.Edit != nil {
		t.Messages = edited(t.Messages, r)
		kind = "message.edited"
	}
	if p := r.Patch; p != nil {
		if p.Status != nil {
			t.Status = *p.Status
		}
		if p.Assignee != nil {
			t.Assignee = *p.Assignee
		}
		if p.Brand != nil {
			t.Brand = *p.Brand
		}
		if p.Value != nil {
			t.Value = *p.Value
		}
		t.Tags = union(without(t.Tags, p.DropTags), p.AddTags)
	}
	s.before[t.ID] = old
	s.put(r, &t, kind)
}

func (s *state) put(r *Record, t *Ticket, kind string) {
	t.seq, t.Stamp, t.UpdatedAt = r.Seq, strconv.FormatInt(r.Seq, 10), r.At
	s.tickets[t.ID] = t
	s.changes = append(s.changes, Change{Seq: r.Seq, Ticket: t.ID, Kind: kind, Channel: t.Channel, At: r.At})
	if r.Tell {
		s.owed = append(s.owed, r.Seq)
	}
}

// after returns at most limit changes with a higher seq.
func (s *state) after(seq int64, limit int) []Change {
	from, found := s.find(seq)
	if found {
		from++
	}
	return append([]Change{}, s.changes[from:min(from+limit, len(s.changes))]...)
}

func (s *state) find(seq int64) (int, bool) {
	return slices.BinarySearchFunc(s.changes, seq, func(c Change, seq int64) int {
		return int(c.Seq - seq)
	})
}

// newest returns the seq of the newest change, 0 when there is none.
func (s *state) newest() int64 {
	if len(s.changes) == 0 {
		return 0
	}
	return s.changes[len(s.changes)-1].Seq
}

// list returns tickets, the one that changed last first.
func (s *state) list(keep func(*Ticket) bool) []*Ticket {
	var all []*Ticket
	for _, t := range s.tickets {
		if keep(t) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b *Ticket) int { return int(b.seq - a.seq) })
	return all
}

// union adds what is not there yet, as a new slice; the case of a tag does not tell two apart.
func union(tags, add []string) []string {
	all := append(make([]string, 0, len(tags)+len(add)), tags...)
	for _, tag := range add {
		if !slices.ContainsFunc(all, func(have string) bool { return strings.EqualFold(have, tag) }) {
			all = append(all, tag)
		}
	}
	return all
}

func (t *Ticket) byMarker(marker string) *Message {
	for i := range t.Messages {
		if marker != "" && t.Messages[i].Marker == marker {
			return &t.Messages[i]
		}
	}
	return nil
}

// reopens reports whether a message brings its ticket back to those who answer.
func (t *Ticket) reopens(role escalate.Role) bool {
	return outside(role) && t.Status != escalate.StatusOpen
}
