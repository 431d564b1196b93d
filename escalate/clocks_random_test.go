package escalate_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// happening is an event of a random life, in minutes after t0.
type happening struct {
	minute int
	event  escalate.Event
}

// Who looks at a ticket only when something happens and when the last look said so tells of the same stages as who looks every
// minute: nothing is told twice, late, or never.
func TestNothingIsMissedBetweenTwoLooks(t *testing.T) {
	const days = 2
	alerts := 0
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		cals := randomCalendars(t)
		life := randomLife(rnd, days*24*60)
		often, seldom := newWatched(t, cals), newWatched(t, cals)
		for minute := range days * 24 * 60 {
			now := t0.Add(time.Duration(minute) * time.Minute)
			var events []escalate.Event
			for len(life) > 0 && life[0].minute == minute {
				events, life = append(events, life[0].event), life[1:]
			}
			for !seldom.next.IsZero() && seldom.next.Before(now) {
				seldom.look(seldom.next)
			}
			if len(events) > 0 || seldom.next.Equal(now) {
				seldom.happens(now, events)
			}
			often.happens(now, events)
		}
		if diff := cmp.Diff(often.told, seldom.told); diff != "" {
			t.Fatalf("seed %d: every minute (-) and when it is time (+):\n%s", seed, diff)
		}
		alerts += len(often.told)
	}
	if alerts < 150 {
		t.Errorf("only %d stages were told of; the lives are too quiet to show anything", alerts)
	}
}

// watched is a ticket that somebody looks at, and what they told of it.
type watched struct {
	t    *testing.T
	tk   *escalate.Ticket
	cals calendar.Calendars
	next time.Time
	told []string
}

func newWatched(t *testing.T, cals calendar.Calendars) *watched {
	t.Helper()
	return &watched{t: t, tk: &escalate.Ticket{ID: "t1"}, cals: cals}
}

func (w *watched) happens(now time.Time, events []escalate.Event) {
	w.t.Helper()
	for _, e := range events {
		_, _ = w.tk.Apply(now, e) // what does not fit is refused, by both alike
	}
	w.look(now)
}

func (w *watched) look(now time.Time) {
	w.t.Helper()
	found, err := w.tk.Watch(now, w.cals)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range found.Alerts {
		for _, s := range a.Stages {
			minute := (now.Sub(t0) + time.Minute - 1) / time.Minute
			w.told = append(w.told, fmt.Sprintf("%d %s %s", minute, a.Target, s))
		}
		if _, err := w.tk.Apply(now, escalate.Alerted{Handoff: w.tk.Handoff.ID, Target: a.Target, Stages: a.Stages}); err != nil {
			w.t.Fatal(err)
		}
	}
	if found.Next.Before(now) && !found.Next.IsZero() || found.Next.Equal(now) {
		w.t.Fatalf("at %v: looks again at %v, which is no later", now, found.Next)
	}
	w.next = found.Next
}

// randomCalendars has one team in the mornings and afternoons, and one around the clock.
func randomCalendars(t *testing.T) calendar.Calendars {
	t.Helper()
	office, err := calendar.New(calendar.Hours{Week: calendar.Weekdays(
		calendar.Shift{From: 9 * 60, To: 12*60 + 30}, calendar.Shift{From: 13 * 60, To: 17 * 60},
	)}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.Calendars{"office": office}
}

// randomLife is what happens to a ticket in so many minutes, some forty events.
func randomLife(rnd *rand.Rand, minutes int) []happening {
	life := []happening{{0, wrote("m0", t0)}, {0, randomTerms(rnd)}, {1, escalated("h0")}}
	for n := range 40 {
		minute := 2 + n*minutes/41 + rnd.IntN(minutes/41)
		at := t0.Add(time.Duration(minute) * time.Minute)
		msg := escalate.MessageID(fmt.Sprint("m", n+1))
		status := []escalate.Status{escalate.StatusOpen, escalate.StatusPending, escalate.StatusOnHold, escalate.StatusOpen}[rnd.IntN(4)]
		var e escalate.Event
		switch rnd.IntN(12) {
		case 0:
			e = wrote(msg, at)
		case 1:
			e = wrote2(msg, at)
		case 2, 3:
			e = replied(status, at)
		case 4:
			e = escalated(escalate.HandoffID(fmt.Sprint("h", n+1)))
		case 5:
			e = escalate.Claimed{By: "U1"}
		case 6:
			e = escalate.Released{By: "U1"}
		case 7:
			e = escalate.Snoozed{By: "U1", Until: escalate.At(at.Add(time.Duration(1+rnd.IntN(300)) * time.Minute))}
		case 8:
			e = escalate.Woken{Handoff: "h0"}
		case 9:
			e = randomTerms(rnd)
		case 10:
			e = escalate.Targeted{Deadlines: map[escalate.Target]escalate.UnixMicro{
				escalate.Targets[rnd.IntN(3)]: escalate.At(at.Add(time.Duration(rnd.IntN(900)-60)*time.Minute)) * escalate.UnixMicro(rnd.IntN(4)&1),
			}}
		default:
			seen := wrote("m0", t0)
			seen.Seen.Status = status
			e = seen
		}
		life = append(life, happening{minute, e})
	}
	return life
}

// randomTerms are targets of a few hours, by some calendar, with stages in any order.
func randomTerms(rnd *rand.Rand) escalate.Targeted {
	e := targeted(0)
	for _, target := range escalate.Targets {
		terms := e.Terms[target]
		terms.Budget = time.Duration(rnd.IntN(60)) * 10 * time.Minute
		terms.Calendar = []string{"", "office"}[rnd.IntN(2)]
		terms.Held = rnd.IntN(3) == 0
		terms.Alerts = escalate.AlertsAt([][]calendar.Stage{
			{{Share: 0.5}, {Share: 0.8}, calendar.Breach}, {{Left: 30 * time.Minute}, {Share: 1.5}}, {{Share: 0.5}, {Late: time.Hour}}, nil,
		}[rnd.IntN(4)]...)
		e.Terms[target] = terms
	}
	return e
}
