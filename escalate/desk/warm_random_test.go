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

func (x lifeTx) Now() time.Time                                   { return x.life.now }
func (x lifeTx) Policy(context.Context) (*escalate.Policy, error) { return x.life.policy, nil }

func (x lifeTx) Pauses(context.Context) (map[string]string, error)         { return x.life.pauses, nil }
func (x lifeTx) Everyone(context.Context) ([]Person, error)                { return nil, nil }
func (x lifeTx) Enqueue(context.Context, Job) error                        { return nil }
func (x lifeTx) JoinTrial(context.Context, escalate.HandoffID, bool) error { return nil }

func (x lifeTx) WaitsOf(context.Context, WaitFilter, int) ([]WaitRow, error) {
	return x.life.waits, nil
}

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

// plainHours knows the zones, and no public holidays.
type plainHours struct{}

func (plainHours) Holidays(string) ([]calendar.Holiday, error) { return nil, nil }

func (plainHours) Calendar(h *escalate.Hours) (*calendar.Calendar, error) {
	if h.Holidays != "" {
		return nil, errors.New("there are no holidays of " + h.Holidays)
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return nil, err
	}
	return calendar.New(*h, zone)
}

// life is a ticket that waits, what happens to it, and what its customer was sent.
type life struct {
	*testing.T
	*rand.Rand
	s       *Service
	now     time.Time
	zone    *time.Location // of the customer
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
	acks    []string
	misses  int
	waits   []WaitRow // by which a time is measured
	asked   bool      // they asked for no more updates
}

const lifeDays = 24

func newLife(t *testing.T, seed uint64) *life {
	l := &life{
		T: t, Rand: rand.New(rand.NewPCG(seed, 7)), policy: escalate.DefaultPolicy(), pauses: map[string]string{}, status: escalate.StatusOpen,
		texts: map[string]string{}, facts: map[string]bool{}, reasons: map[escalate.WaitReason]bool{},
	}
	l.now = time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC).Add(l.minutes(7 * 24 * 60)) // the clocks change on the 29th
	lives := []string{"", "", "America/New_York", "Asia/Kathmandu", "no/where"}[l.IntN(5)]
	known, ok := zoneNamed(lives)
	if !ok {
		known, _ = zoneNamed("Europe/Berlin")
	}
	l.zone = known
	shifts := []calendar.Shift{{From: 7 * 60, To: 22 * 60}}
	h := escalate.Hours{}
	h.Zone, h.Week = "Europe/Berlin", calendar.Weekdays(shifts...)
	h.Week.Sat = shifts
	h.Closed = []calendar.Holiday{{Date: calendar.Date{Year: 2026, Month: time.April, Day: 3}}}
	l.policy.Calendars = map[string]escalate.Hours{"berlin": h}
	k := &l.policy.KeepWarm
	k.Calendar, k.Quiet, k.Cap = "berlin", calendar.Shift{From: 20 * 60, To: 8 * 60}, 1+l.IntN(9)
	if l.IntN(2) == 0 {
		k.Schedule = []time.Duration{time.Hour, 3 * time.Hour, 10 * time.Hour}
	}
	k.HoldOut = []float64{0, 0, 0.4}[l.IntN(3)]
	l.policy.SLA.Calendar = []string{"", "berlin"}[l.IntN(2)]
	if took := l.minutes(3 * 24 * 60); l.IntN(2) == 0 {
		for range escalate.LeastWaits {
			l.waits = append(l.waits, WaitRow{Began: l.now.Add(-9 * 24 * time.Hour), Ended: l.now.Add(took - 9*24*time.Hour), Answered: true})
		}
	}
	ids := 0
	l.s = &Service{Options: Options{Hours: plainHours{}, NewID: func(time.Time) string { ids++; return fmt.Sprint("r", ids) }}}
	l.ticket = &escalate.Ticket{ID: escalate.TicketID(fmt.Sprint("t", seed)), Ref: escalate.Ref{Desk: "desk", ID: "1"}}
	l.ticket.Content.Customer.Zone = lives
	if l.IntN(5) == 0 {
		l.down = l.now.Add(l.minutes(4 * 24 * 60)) // the acknowledgement is late
	}
	l.writes(escalate.RoleCustomer, "My Hub is offline.")
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

func (l *life) writes(role escalate.Role, text string) {
	c := &l.ticket.Content
	c.Messages = append(c.Messages, escalate.Message{
		ID: escalate.MessageID(fmt.Sprint("m", len(c.Messages))), Role: role, Public: true, At: l.now, Text: text,
	})
	for _, zone := range []*time.Location{l.zone, time.UTC, berlin()} {
		l.facts[l.now.In(zone).Format(time.DateOnly)] = true
	}
	l.reads()
	if role == escalate.RoleCustomer && !l.status.Ended() {
		l.decides()
	}
}

// decides is what comes of a message of the customer.
func (l *life) decides() {
	e := escalate.Decided{
		Decision: escalate.Decision{Way: escalate.WayEscalate, Channel: "support", Topic: "billing", At: l.now, Reasons: []escalate.Reason{{Kind: escalate.HumanRequest, Strength: 1}}},
		Clock:    clock(l.now, l.policy, l.ticket),
	}
	if l.ticket.Opens(&e.Decision) {
		e.Handoff = escalate.HandoffID(l.s.NewID(l.now))
		if l.ticket.Conversation.HumanAt.IsZero() && !acknowledged(l.ticket) {
			l.acknowledges(&e)
		}
	}
	l.happens(e)
}

// acknowledges has the decision acknowledged, with a time where one is measured.
func (l *life) acknowledges(e *escalate.Decided) {
	var err error
	if e.Ack, err = l.change().acknowledge(l.Context(), l.policy, &escalate.Assessment{}, &e.Decision); err != nil {
		l.Fatal(err)
	}
	if e.Ack.Until != 0 {
		l.states(e.Ack.Until.Time())
	}
}

// states notes a time that was said of the ticket.
func (l *life) states(at time.Time) {
	for _, zone := range []*time.Location{l.zone, time.UTC, berlin()} {
		l.facts[instantIn(at, zone)] = true
	}
	l.stated++
}

func berlin() *time.Location {
	zone, _ := zoneNamed("Europe/Berlin")
	return zone
}

func (l *life) reads() {
	l.happens(escalate.Read{Seen: l.ticket.Look(&l.ticket.Content, l.status, "")})
}

// turns is one thing that happens to the ticket.
func (l *life) turns() {
	off := statingOf(l.ticket).off
	switch l.IntN(15) {
	case 0, 1:
		l.status = escalate.StatusOpen
		l.writes(escalate.RoleCustomer, "Is there any news?")
	case 14:
		if l.IntN(3) == 0 {
			l.asked = l.asked || len(l.sent)+len(l.acks) > 0
			l.status = escalate.StatusOpen
			l.writes(escalate.RoleCustomer, "Please stop the updates.")
		}
	case 2:
		l.writes(escalate.RoleAgent, "We look into it.")
	case 3:
		l.status = []escalate.Status{escalate.StatusPending, escalate.StatusOpen, escalate.StatusOnHold}[l.IntN(3)]
		l.reads()
	case 4, 5, 6, 7:
		l.says(escalate.WaitReasons[l.IntN(len(escalate.WaitReasons))], l.now.Add(time.Hour+l.minutes(4*24*60)), off)
	case 8:
		s := statingOf(l.ticket)
		l.says(s.reason, s.until, !off)
	case 9:
		l.says(escalate.WaitNone, time.Time{}, off)
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
	e := escalate.Waiting{Handoff: h.ID, By: "U1", Reason: reason, Until: escalate.At(until), Off: off, On: !off && l.ticket.OptedOut() != nil}
	if e.On {
		h.UpdatesOn = l.now
	}
	hours, err := l.change().warmHours(l.Context(), l.policy)
	if err != nil {
		l.Fatal(err)
	}
	if due, why := hours.due(l.policy, &then, l.now); why == "" {
		e.Warm = escalate.At(due)
	}
	was := l.ticket.Version
	if l.happens(e); l.ticket.Version == was {
		return // nobody has it
	}
	l.asked = l.asked && off
	l.reasons[reason] = true
	l.states(until)
	l.facts[l.now.In(l.zone).Format(time.DateOnly)], l.facts[l.now.In(berlin()).Format(time.DateOnly)] = true, true
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
		return time.Time{}, errors.Join(err, c.hold(l.Context(), r, why))
	}
	if r.Purpose == escalate.PurposeWarm {
		if opens, err := c.opens(l.Context()); err != nil || opens.After(l.now) {
			return opens, err
		}
		l.judges(l.texts[replyKey(id)], r)
	} else {
		l.judgesAck(l.texts[replyKey(id)], r)
	}
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
	_, held := l.policy.InTrial(l.ticket)
	switch _, all := l.pauses[""]; {
	case l.asked:
		fail("sent to who asked for none")
	case held && !late && !r.Late:
		fail("sent although it is held out")
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
	l.facts[instantIn(r.ApprovedAt, l.zone)], l.facts[instantIn(r.ApprovedAt, berlin())], l.facts[instantIn(r.ApprovedAt, time.UTC)] = true, true, true
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

// judgesAck holds an acknowledgement to what it may say: once, and no time that nobody measured, or that is past.
func (l *life) judgesAck(text string, r *escalate.Reply) {
	l.Helper()
	if _, all := l.pauses[""]; all || l.status.Ended() || slices.Contains(l.acks, text) {
		l.Errorf("at %s, acknowledged: %q", l.now, text)
	}
	for _, said := range saidInstant.FindAllString(text, -1) {
		if !l.facts[said] || r.Until.Before(l.now) {
			l.Errorf("at %s, acknowledged with %s: %q", l.now, said, text)
		}
	}
	l.acks = append(l.acks, text)
}

// Updates are held to their guard rails over random lives: stops, quiet hours, the cap, no text twice, no fact of their own.
func TestNoLifeOfATicketBreaksAGuardRail(t *testing.T) {
	sent, misses, acked, asked, held := 0, 0, 0, 0, 0
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
		if r := l.ticket.Reply(firstAck(l.ticket)); r != nil && !r.Until.IsZero() {
			acked++
		}
		if _, out := l.policy.InTrial(l.ticket); out {
			held++
		}
		if l.asked {
			asked++
		}
	}
	t.Logf("%d lives, %d updates, %d of them of a time not kept; %d acknowledged with a time, %d held out, %d asked for none", *lives, sent, misses, acked, held, asked)
	if sent < *lives || min(acked, held, asked) < *lives/25 {
		t.Error("the lives are too short to show anything")
	}
}

// firstAck is a ticket's first acknowledgement; "" when it has none.
func firstAck(t *escalate.Ticket) escalate.ReplyID {
	for i := range t.Replies {
		if t.Replies[i].Purpose == escalate.PurposeAck {
			return t.Replies[i].ID
		}
	}
	return ""
}

// pairs are neighbours.
func pairs(all []coming) (two [][2]coming) {
	for i := 1; i < len(all); i++ {
		two = append(two, [2]coming{all[i-1], all[i]})
	}
	return two
}

var standsAt = regexp.MustCompile(`stands at [^)]*\)`)

// What a preview says is what is sent if nothing happens.
func TestAPreviewIsWhatIsSent(t *testing.T) {
	shown, tied := 0, 0
	for seed := range *lives {
		l := newLife(t, uint64(seed))
		for range l.IntN(6) {
			l.turns()
			for end := l.now.Add(l.minutes(24 * 60)); l.now.Before(end); l.now = l.now.Add(time.Minute) {
				l.works()
			}
		}
		if l.now.Before(l.down) || slices.ContainsFunc(l.ticket.Replies, func(r escalate.Reply) bool { return r.State == escalate.ReplyApproved }) {
			continue // what is under way is no more to be previewed
		}
		hours, err := l.change().warmHours(t.Context(), l.policy)
		if err != nil {
			t.Fatal(err)
		}
		replies := len(l.ticket.Replies)
		all, why, err := l.change().preview(t.Context(), l.policy, hours)
		if err != nil || len(l.ticket.Replies) != replies {
			t.Fatalf("life %d: %v; %d replies came of looking", seed, err, len(l.ticket.Replies)-replies)
		}
		if slices.ContainsFunc(pairs(all), func(p [2]coming) bool { return p[1].at.Sub(p[0].at) < 10*time.Minute }) {
			tied++
			continue // each send takes a minute here: which of two comes first is not known so exactly
		}
		before := len(l.sent)
		for end := l.now.Add(lifeDays * 24 * time.Hour); l.now.Before(end); l.now = l.now.Add(time.Minute) {
			l.works()
		}
		var want []string
		due := 0
		for _, next := range all {
			if next.at.Before(l.now.Add(-time.Hour)) {
				due++
			}
			want = append(want, next.text)
		}
		got := slices.Clone(l.sent[before:])
		want = want[:min(len(want), max(due, len(got)))] // what is due at the very end may come or not
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
	if t.Logf("%d updates in %d previews, %d of which had two at one time", shown, *lives, tied); shown < *lives/2 || tied > *lives/50 {
		t.Error("too few to show anything")
	}
}
