package desk

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

var lives = flag.Int("lives", 60, "how many random lives of a waiting ticket are judged")

// lifeTx is as much of a store as updates need. Whatever else is asked of it panics.
type lifeTx struct {
	Tx
	life *life
}

func (x lifeTx) Now() time.Time                                    { return x.life.now }
func (x lifeTx) Policy(context.Context) (*escalate.Policy, error)  { return x.life.policy, nil }
func (x lifeTx) Pauses(context.Context) (map[string]string, error) { return x.life.pauses, nil }
func (x lifeTx) Everyone(context.Context) ([]Person, error)        { return nil, nil }
func (x lifeTx) Enqueue(context.Context, Job) error                { return nil }
func (x lifeTx) PersonRow(_ context.Context, id escalate.PersonID) (*Person, error) {
	return &Person{ID: id, Name: "Ana", Zone: "Europe/Berlin"}, nil
}

func (x lifeTx) Assessment(context.Context, escalate.TicketID, escalate.AssessmentID) (*escalate.Assessment, error) {
	return nil, ErrNotFound
}

func (x lifeTx) PutText(_ context.Context, _ escalate.TicketID, key, text string) error {
	x.life.texts[key] = text
	return nil
}

// berlinHours has customers in Berlin: Monday to Saturday from 7:00 to 22:00, and a holiday.
type berlinHours struct{ zone *time.Location }

func (berlinHours) Holidays(string) ([]calendar.Holiday, error) { return nil, nil }

func (b berlinHours) Calendar(h *escalate.Hours) (*calendar.Calendar, error) {
	if h.Holidays != "" {
		return nil, errors.New("there are no holidays of " + h.Holidays)
	}
	return calendar.New(*h, b.zone)
}

// life is a ticket that waits, what happens to it, and what its customer was sent.
type life struct {
	*testing.T
	*rand.Rand
	s       *Service
	now     time.Time
	zone    *time.Location
	policy  *escalate.Policy
	pauses  map[string]string
	ticket  *escalate.Ticket
	status  escalate.Status
	texts   map[string]string
	jobs    []escalate.Effect
	down    time.Time // the helpdesk takes nothing until then
	stated  int       // times that were stated
	facts   map[string]bool
	reasons map[escalate.WaitReason]bool
	sent    []string
	misses  int
}

const lifeDays = 24

func newLife(t *testing.T, seed uint64) *life {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	l := &life{
		T: t, Rand: rand.New(rand.NewPCG(seed, 7)), zone: zone, policy: escalate.DefaultPolicy(), pauses: map[string]string{}, status: escalate.StatusOpen,
		texts: map[string]string{}, facts: map[string]bool{}, reasons: map[escalate.WaitReason]bool{},
	}
	l.now = time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC).Add(l.minutes(7 * 24 * 60)) // the clocks change on the 29th
	shifts := []calendar.Shift{{From: 7 * 60, To: 22 * 60}}
	h := escalate.Hours{}
	h.Zone, h.Week = zone.String(), calendar.Weekdays(shifts...)
	h.Week.Sat = shifts
	h.Closed = []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: time.April, Day: 3}}}
	l.policy.Calendars = map[string]escalate.Hours{"berlin": h}
	k := &l.policy.KeepWarm
	k.Calendar, k.Quiet, k.Cap = "berlin", calendar.Shift{From: 20 * 60, To: 8 * 60}, 1+l.IntN(9)
	if l.IntN(2) == 0 {
		k.Schedule = []time.Duration{time.Hour, 3 * time.Hour, 10 * time.Hour}
	}
	ids := 0
	l.s = &Service{Options: Options{Hours: berlinHours{zone}, NewID: func(time.Time) string { ids++; return fmt.Sprint("r", ids) }}}
	l.ticket = &escalate.Ticket{ID: "t1", Ref: escalate.Ref{Desk: "desk", ID: "1"}}
	l.writes(escalate.RoleCustomer)
	l.happens(escalate.Claimed{By: "U1"})
	return l
}

func (l *life) minutes(most int) time.Duration { return time.Duration(l.IntN(most)) * time.Minute }

func (l *life) change() *change { return &change{s: l.s, tx: lifeTx{life: l}, ticket: l.ticket} }

// happens applies an event; one that is not possible now does not happen.
func (l *life) happens(e escalate.Event) {
	effects, err := l.ticket.Apply(l.now, e)
	if err == nil {
		l.enqueue(effects...)
	}
}

// enqueue keeps one waiting job of each timer, at the earlier instant, but for a stated time: the newest counts.
func (l *life) enqueue(effects ...escalate.Effect) {
	for _, e := range effects {
		same := slices.IndexFunc(l.jobs, func(j escalate.Effect) bool {
			return j.Kind == e.Kind && (e.Kind == escalate.EffectWarm || e.Kind == escalate.EffectStated)
		})
		switch {
		case same < 0:
			l.jobs = append(l.jobs, e)
		case e.Kind == escalate.EffectStated || e.At < l.jobs[same].At:
			l.jobs[same] = e
		}
	}
}

func (l *life) writes(role escalate.Role) {
	c := &l.ticket.Content
	c.Messages = append(c.Messages, escalate.Message{ID: escalate.MessageID(fmt.Sprint("m", len(c.Messages))), Role: role, Public: true, At: l.now})
	l.facts[l.now.Format(time.DateOnly)] = true
	l.reads()
	if role == escalate.RoleCustomer && !l.status.Ended() {
		l.decides()
	}
}

// decides is what comes of a message of the customer.
func (l *life) decides() {
	e := escalate.Decided{
		Decision: escalate.Decision{Way: escalate.WayEscalate, Channel: "support", Topic: "billing", At: l.now, Reasons: []escalate.Reason{{Kind: escalate.HighRisk, Strength: 1}}},
		Clock:    clock(l.now, l.policy, l.ticket),
	}
	if l.ticket.Opens(&e.Decision) {
		e.Handoff = escalate.HandoffID(l.s.NewID(l.now))
	}
	l.happens(e)
}

func (l *life) reads() {
	l.happens(escalate.Read{Seen: l.ticket.Look(&l.ticket.Content, l.status, "")})
}

// turns is one thing that happens to the ticket.
func (l *life) turns() {
	h := l.ticket.Handoff
	switch l.IntN(14) {
	case 0, 1:
		l.status = escalate.StatusOpen
		l.writes(escalate.RoleCustomer)
	case 2:
		l.writes(escalate.RoleAgent)
	case 3:
		l.status = []escalate.Status{escalate.StatusPending, escalate.StatusOpen, escalate.StatusOnHold}[l.IntN(3)]
		l.reads()
	case 4, 5, 6, 7:
		l.says(escalate.WaitReasons[l.IntN(len(escalate.WaitReasons))], l.now.Add(time.Hour+l.minutes(4*24*60)), false)
	case 8:
		l.says(h.Wait.Reason, h.Wait.Until, !h.Quiet)
	case 9:
		l.says(escalate.WaitNone, time.Time{}, false)
	case 10:
		scope := []string{"", "billing"}[l.IntN(2)]
		if _, on := l.pauses[scope]; on {
			delete(l.pauses, scope)
		} else {
			l.pauses[scope] = "U1"
		}
	case 11:
		l.happens(escalate.Snoozed{By: "U1", Until: escalate.At(l.now.Add(l.minutes(3 * 24 * 60)))})
	case 12:
		l.down = l.now.Add(l.minutes(20 * 60))
	case 13:
		l.ends()
	}
}

// ends takes the customer's word that they want no more, or solves the ticket; half of the lives go on.
func (l *life) ends() {
	switch l.IntN(6) {
	case 0:
		l.ticket.Content.Tags = []string{escalate.TagNoUpdates}
	case 1:
		l.ticket.Content.Customer.Tags = []string{"NO-updates"}
	case 2:
		l.status = escalate.StatusSolved
		l.reads()
	}
}

func (l *life) says(reason escalate.WaitReason, until time.Time, off bool) {
	h := *l.ticket.Handoff
	then := *l.ticket
	then.Handoff = &h
	h.Quiet, h.Wait = off, escalate.Wait{Reason: reason, Until: until}
	e := escalate.Waiting{Handoff: h.ID, By: "U1", Reason: reason, Until: escalate.At(until), Off: off}
	hours, err := l.s.warmHours(l.policy)
	if err != nil {
		l.Fatal(err)
	}
	if due, why := hours.due(l.policy, &then, l.now); why == "" {
		e.Warm = escalate.At(due)
	}
	l.happens(e)
	l.reasons[reason] = true
	l.facts[instantIn(until, l.zone)], l.facts[instantIn(until, time.UTC)] = true, true
	l.facts[l.now.In(l.zone).Format(time.DateOnly)] = true
	l.stated++
}

// works does what is due of the ticket's jobs.
func (l *life) works() {
	due := slices.DeleteFunc(slices.Clone(l.jobs), func(e escalate.Effect) bool { return e.At.Time().After(l.now) })
	l.jobs = slices.DeleteFunc(l.jobs, func(e escalate.Effect) bool { return !e.At.Time().After(l.now) })
	for _, e := range due {
		c := l.change()
		var next time.Time
		var err error
		switch e.Kind {
		case escalate.EffectWarm:
			next, err = c.warm(l.Context(), e.Handoff)
		case escalate.EffectStated:
			next, err = c.stated(l.Context(), e)
		case escalate.EffectSend:
			next, err = l.sends(c, e.Reply)
		default:
			continue
		}
		if err != nil {
			l.Fatal(err)
		}
		l.enqueue(c.effects...)
		if !next.IsZero() {
			e.At = escalate.At(next)
			l.enqueue(e)
		}
	}
}

// sends brings a reply to the customer as sendReply does, from its fence on.
func (l *life) sends(c *change, id escalate.ReplyID) (time.Time, error) {
	r := l.ticket.Reply(id)
	if r == nil || r.State != escalate.ReplyApproved {
		return time.Time{}, nil
	}
	if l.now.Before(l.down) {
		return l.down, nil
	}
	why, err := c.fence(l.Context(), r)
	if err != nil || why != "" {
		return time.Time{}, errors.Join(err, c.apply(actorPolicy, escalate.Withdrawn{Reply: id, Detail: why}))
	}
	if opens, err := c.opens(l.Context()); err != nil || opens.After(l.now) {
		return opens, err
	}
	l.judges(l.texts[replyKey(id)], r)
	err = errors.Join(c.apply(actorWarmline, escalate.Sending{Reply: id}), c.apply(actorHelpdesk, escalate.Sent{Reply: id, Message: escalate.MessageID("b-" + id)}))
	m := &l.ticket.Content.Messages
	*m = append(*m, escalate.Message{ID: escalate.MessageID("b-" + id), Role: escalate.RoleBot, Public: true, Marker: string(id), At: l.now})
	return time.Time{}, err
}

var saidInstant = regexp.MustCompile(`\d{4}-\d\d-\d\d(?: \d\d:\d\d \(UTC[^)]*\))?`)

// judges holds what is about to be sent to all that must never be.
func (l *life) judges(text string, r *escalate.Reply) {
	l.Helper()
	h, at := l.ticket.Handoff, l.now.In(l.zone)
	late := strings.Contains(text, "It takes longer than we thought")
	fail := func(what string) { l.Errorf("at %s, %s: %q", at, what, text) }
	switch _, all := l.pauses[""]; {
	case l.status.Ended(), h.Quiet, len(l.ticket.Content.Tags)+len(l.ticket.Content.Customer.Tags) > 0:
		fail("sent after a stop")
	case l.status == escalate.StatusPending && h.Wait.Reason == "" && !late:
		fail("sent while pending without a reason")
	case all || l.pauses["billing"] != "":
		fail("sent during a pause")
	case at.Hour() < 8 || at.Hour() >= 20 || at.Weekday() == time.Sunday || at.Format(time.DateOnly) == "2026-04-03":
		fail("sent in quiet hours")
	case slices.Contains(l.sent, text):
		fail("sent twice")
	case h.Owner == "" && strings.Contains(text, "Ana"):
		fail("names who has not got it")
	}
	for _, reason := range escalate.WaitReasons {
		if strings.Contains(text, waitedFor[reason]["en"]) && !l.reasons[reason] {
			fail("names a reason that nobody gave")
		}
	}
	l.facts[instantIn(r.ApprovedAt, l.zone)], l.facts[instantIn(r.ApprovedAt, time.UTC)] = true, true
	for _, said := range saidInstant.FindAllString(text, -1) {
		if !l.facts[said] {
			fail("names " + said)
		}
	}
	l.sent = append(l.sent, text)
	if late {
		l.misses++
	}
	if most := l.policy.KeepWarm.Cap; len(l.sent)-l.misses > most || l.misses > l.stated {
		fail(fmt.Sprintf("over the cap of %d: %d, and %d of %d times not kept, after %q", most, len(l.sent)-l.misses, l.misses, l.stated, l.sent[:len(l.sent)-1]))
	}
}

// Updates are held to their guard rails over random lives: stops, quiet hours, the cap, no text twice, no fact of their own.
func TestNoLifeOfATicketBreaksAGuardRail(t *testing.T) {
	sent, misses := 0, 0
	for seed := range *lives {
		l := newLife(t, uint64(seed))
		next := l.now.Add(l.minutes(12 * 60))
		for end := l.now.Add(lifeDays * 24 * time.Hour); l.now.Before(end); l.now = l.now.Add(time.Minute) {
			if !l.now.Before(next) {
				l.turns()
				next = l.now.Add(l.minutes(48 * 60))
			}
			l.works()
		}
		if sent, misses = sent+len(l.sent), misses+l.misses; t.Failed() {
			t.Fatalf("life %d", seed)
		}
	}
	if t.Logf("%d lives, %d updates, %d of them of a time not kept", *lives, sent, misses); sent < *lives {
		t.Errorf("%d updates in %d lives: the lives are too short to show anything", sent, *lives)
	}
}

var standsAt = regexp.MustCompile(`stands at [^)]*\)`)

// What a preview says is what is sent if nothing happens.
func TestAPreviewIsWhatIsSent(t *testing.T) {
	shown := 0
	for seed := range *lives {
		l := newLife(t, uint64(seed))
		for range l.IntN(6) {
			l.turns()
			for end := l.now.Add(l.minutes(24 * 60)); l.now.Before(end); l.now = l.now.Add(time.Minute) {
				l.works()
			}
		}
		if l.now.Before(l.down) || onItsWay(l.ticket) {
			continue // what is under way is no more to be previewed
		}
		hours, err := l.s.warmHours(l.policy)
		if err != nil {
			t.Fatal(err)
		}
		replies := len(l.ticket.Replies)
		all, why, err := l.change().preview(t.Context(), l.policy, hours)
		if err != nil || len(l.ticket.Replies) != replies {
			t.Fatalf("life %d: %v; %d replies came of looking", seed, err, len(l.ticket.Replies)-replies)
		}
		before := len(l.sent)
		for end := l.now.Add(lifeDays * 24 * time.Hour); l.now.Before(end); l.now = l.now.Add(time.Minute) {
			l.works()
		}
		var want []string
		for _, next := range all {
			if next.at.Before(l.now.Add(-time.Hour)) {
				want = append(want, next.text)
			}
		}
		got := slices.Clone(l.sent[before:])
		for _, texts := range [][]string{got, want} {
			for i := range texts { // the minute in which a job comes is not known before
				texts[i] = standsAt.ReplaceAllString(texts[i], "stands at some time")
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("life %d: sent\n%s\nbut the preview says (then: %s)\n%s", seed, strings.Join(got, "\n"), why, strings.Join(want, "\n"))
		}
		shown += len(want)
	}
	if shown < *lives/2 {
		t.Errorf("%d updates in %d previews: too few to show anything", shown, *lives)
	}
}
