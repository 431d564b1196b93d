package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/rota"
)

const (
	// shiftEndsIn is how long before the end of their shift people are told what they still have; so long after it they still are, when
	// nobody could tell them before.
	shiftEndsIn = 15 * time.Minute
	// shiftBreak is the longest that somebody is off for a break: who comes on again by then has not ended their shift.
	shiftBreak = 2 * time.Hour
	// mostLeft is how many tickets the message lists.
	mostLeft = 20
)

// shiftEnd is when somebody goes off, in all rotas that they were on in.
type shiftEnd struct {
	Person rota.PersonID      `json:"person"`
	At     escalate.UnixMicro `json:"at"`

	rotas []string
}

// toldSetting keeps of which ends people were told, for as long as they could be told of them.
const toldSetting = "shifts:told"

// shiftEnds tells those whose shift ends soon what they still have, and who is next: once for each end, whichever replica looks, because
// what was told is written in the commit that sends the message on its way.
func (s *Service) shiftEnds(ctx context.Context, tx Tx, p *escalate.Policy) error {
	if len(p.Rotas) == 0 {
		return nil
	}
	now := tx.Now()
	read, err := s.readRosters(ctx, tx, p, now.Add(-shiftEndsIn))
	if err != nil {
		return err
	}
	all := read.all()
	ends := endsOf(all, now)
	if len(ends) == 0 {
		return nil
	}
	told, err := readTold(ctx, tx)
	if err != nil {
		return err
	}
	before := len(told)
	for i := range ends {
		e := &ends[i]
		if slices.ContainsFunc(told, func(t shiftEnd) bool { return t.Person == e.Person && t.At == e.At }) {
			continue
		}
		said, err := s.tellShiftEnd(ctx, tx, p, all, e)
		if err != nil {
			return err
		}
		if said {
			told = append(told, *e)
		}
	}
	if len(told) == before {
		return nil
	}
	told = slices.DeleteFunc(told, func(t shiftEnd) bool { return now.Sub(t.At.Time()) > 2*shiftEndsIn })
	b, err := json.Marshal(told)
	if err != nil {
		return fmt.Errorf("encode ends of shifts: %w", err)
	}
	return tx.PutSetting(ctx, toldSetting, string(b))
}

// readTold returns of which ends people were told.
func readTold(ctx context.Context, tx Tx) (told []shiftEnd, err error) {
	kept, err := tx.Setting(ctx, toldSetting)
	if err != nil || kept == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(kept), &told); err != nil {
		return nil, fmt.Errorf("read which ends of shifts were told of: %w", err)
	}
	return told, nil
}

// endsOf are the ends of shifts around a time, the earliest first. Who stays on in another rota, or comes on again after a break, has not
// ended theirs.
func endsOf(all map[string]*roster, now time.Time) (ends []shiftEnd) {
	on := map[escalate.UnixMicro]map[rota.PersonID]bool{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, c := range all[name].Changes(now.Add(-shiftEndsIn), now.Add(shiftEndsIn)) {
			at := escalate.At(c.At)
			if on[at] == nil {
				on[at] = onAround(all, c.At)
			}
			for _, p := range c.Off {
				i := slices.IndexFunc(ends, func(e shiftEnd) bool { return e.Person == p && e.At == at })
				switch {
				case i >= 0:
					ends[i].rotas = append(ends[i].rotas, name)
				case !on[at][p]:
					ends = append(ends, shiftEnd{Person: p, At: at, rotas: []string{name}})
				}
			}
		}
	}
	slices.SortStableFunc(ends, func(a, b shiftEnd) int { return cmp.Compare(a.At, b.At) })
	return ends
}

// onAround are those who are on at a time, or come on soon after it.
func onAround(all map[string]*roster, at time.Time) map[rota.PersonID]bool {
	on := map[rota.PersonID]bool{}
	for _, r := range all {
		for _, p := range r.On(at) {
			on[p] = true
		}
		for _, c := range r.Changes(at, at.Add(shiftBreak)) {
			for _, p := range c.On {
				on[p] = true
			}
		}
	}
	return on
}

// tellShiftEnd tells somebody of the end of their shift; false when they have nothing to hand over.
func (s *Service) tellShiftEnd(ctx context.Context, tx Tx, p *escalate.Policy, all map[string]*roster, e *shiftEnd) (bool, error) {
	person := escalate.PersonID(e.Person)
	rows, err := tx.Queue(ctx, QueueFilter{Owner: person, Limit: mostHandedOver})
	if err != nil {
		return false, fmt.Errorf("list hand-offs of %s: %w", person, err)
	}
	if len(rows) == 0 {
		return false, nil
	}
	zone, err := zoneOf(ctx, tx, person)
	if err != nil {
		return false, err
	}
	next, err := successor(ctx, tx, p, all, e)
	if err != nil {
		return false, err
	}
	ends := "ends"
	if !e.At.Time().After(tx.Now()) {
		ends = "ended"
	}
	text := fmt.Sprintf("Your shift in %s %s at %s, and you have %s.", strings.Join(e.rotas, " and "), ends, e.At.Time().In(zone).Format("15:04"),
		escalate.Counted(len(rows), "ticket", "tickets"))
	ans := Answer{Text: text, Lines: []Line{{Head: text}}}
	for i := range rows[:min(len(rows), mostLeft)] {
		q := &rows[i]
		about := clipped(q.Subject, 80)
		if due := dueLine(tx.Now(), &q.Handoff); due != "" {
			about += " · " + due
		}
		ans.Lines = append(ans.Lines, Line{Head: "#" + q.Ref.ID, Text: about})
	}
	if len(rows) > mostLeft {
		ans.Lines = append(ans.Lines, Line{Text: "/escalate mine lists the others."})
	}
	ans.Lines = append(ans.Lines, handoverLines(next, zone)...)
	to := Recipient{Person: person, Channel: rows[0].Place.Channel}
	if s.Courier == nil {
		return true, s.enqueueTell(ctx, tx, to, ans)
	}
	return true, enqueueDelivery(ctx, tx, &delivery{To: to, Key: hashOf(fmt.Sprintf("shift-end %s %d", person, e.At))[:32], Answer: ans})
}

// handoverLines say what somebody who goes off may do with what they have.
func handoverLines(next *relief, zone *time.Location) []Line {
	if next == nil {
		return []Line{
			{Text: "Nobody comes on after you. Whoever is free sees them when they go back to their channels:"},
			{Text: "/escalate handover channel", Code: true},
		}
	}
	return []Line{
		{Text: next.words(zone) + ". Pass all of them on, or back to their channels; a note may follow:"},
		{Text: "/escalate handover @" + next.person.handle(), Code: true},
		{Text: "/escalate handover channel", Code: true},
	}
}

// relief is who comes on after somebody: in which rota, and from when.
type relief struct {
	person *Person
	rota   string
	from   time.Time
}

// words say who is next: "Ben Okoro is next in support, from Mon 3 Jan 09:00".
func (r *relief) words(zone *time.Location) string {
	return fmt.Sprintf("%s is next in %s, from %s", r.person.Name, r.rota, r.from.In(zone).Format(shiftTime))
}

// handle is how a person is named in a command; more than one may have it, and then the command says so.
func (p *Person) handle() string {
	if local, _, ok := strings.Cut(p.Email, "@"); ok && local != "" {
		return local
	}
	first, _, _ := strings.Cut(p.Name, " ")
	return strings.ToLower(first)
}

// successor finds who takes over in a rota from somebody who goes off: who is on then, or else comes on first. Only agents can be handed
// anything. nil: nobody.
func successor(ctx context.Context, tx Tx, p *escalate.Policy, all map[string]*roster, e *shiftEnd) (first *relief, err error) {
	for _, name := range e.rotas {
		people, from := all[name].after(e.Person, e.At.Time())
		for _, id := range people {
			w, err := identify(ctx, tx, p, escalate.PersonID(id))
			if err != nil {
				return nil, err
			}
			if w.role.atLeast(RoleAgent) && (first == nil || from.Before(first.from)) {
				first = &relief{person: &w.Person, rota: name, from: from}
			}
		}
	}
	return first, nil
}

// mostChanges bounds how far ahead somebody else is looked for.
const mostChanges = 100

// after returns who else is on at a time, or else who else comes on next, and when.
func (r *roster) after(leaves rota.PersonID, at time.Time) (people []rota.PersonID, from time.Time) {
	others := func(ids []rota.PersonID) []rota.PersonID {
		return slices.DeleteFunc(slices.Clone(ids), func(id rota.PersonID) bool { return id == leaves })
	}
	if people = others(r.On(at)); len(people) > 0 {
		return people, at
	}
	for range mostChanges {
		next, ok := r.Next(at)
		if !ok {
			break
		}
		if people = others(next.On); len(people) > 0 {
			return people, next.At
		}
		at = next.At
	}
	return nil, time.Time{}
}

// suggestion says to whom what somebody has would go: who comes on after them in the rotas in which they are on, or in any when they are
// on in none; "" when nobody can say.
func (a *act) suggestion(ctx context.Context) (string, error) {
	if len(a.policy.Rotas) == 0 {
		return "", nil
	}
	now, me := a.tx.Now(), rota.PersonID(a.press.Actor)
	read, err := a.s.readRosters(ctx, a.tx, a.policy, now)
	if err != nil {
		return "", err
	}
	all := read.all()
	var names []string
	ends := now
	for _, name := range slices.Sorted(maps.Keys(all)) {
		on := all[name].OnCall(now).People
		if i := slices.IndexFunc(on, func(d rota.OnDuty) bool { return d.Person == me }); i >= 0 && !on[i].Until.IsZero() {
			names = append(names, name)
			if on[i].Until.After(ends) {
				ends = on[i].Until
			}
		}
	}
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(all))
	}
	next, err := successor(ctx, a.tx, a.policy, all, &shiftEnd{Person: me, At: escalate.At(ends), rotas: names})
	if next == nil || err != nil {
		return "", err
	}
	return fmt.Sprintf(" %s: /escalate handover @%s", next.words(a.zoned(now).Location()), next.person.handle()), nil
}
