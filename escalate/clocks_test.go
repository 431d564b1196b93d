package escalate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// life is a ticket with what happened to it, by hours and minutes after t0, a Monday at 9:00.
type life struct {
	t    *testing.T
	tk   *escalate.Ticket
	cals calendar.Calendars
}

func newLife(t *testing.T, terms escalate.Targeted) *life {
	t.Helper()
	l := &life{t: t, tk: &escalate.Ticket{ID: "t1"}, cals: calendar.Calendars{}}
	l.at(0, wrote("m1", t0))
	l.at(0, terms)
	return l
}

func (l *life) at(after time.Duration, events ...escalate.Event) {
	l.t.Helper()
	for _, e := range events {
		if _, err := l.tk.Apply(t0.Add(after), e); err != nil {
			l.t.Fatalf("after %v: %s: %v", after, e.EventKind(), err)
		}
	}
}

// stands says how the targets stand, as in "first_response due_soon 3h".
func (l *life) stands(after time.Duration) string {
	l.t.Helper()
	all, err := l.tk.Clocks.Standings(t0.Add(after), l.cals)
	if err != nil {
		l.t.Fatal(err)
	}
	var words []string
	for _, s := range all {
		word := fmt.Sprintf("%s %s", s.Target, s.State)
		if !s.Over() && !s.Deadline.IsZero() {
			word += " " + s.Deadline.Sub(t0).String()
		}
		if s.Late {
			word += " late"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func (l *life) expects(after time.Duration, want string) {
	l.t.Helper()
	if got := l.stands(after); got != want {
		l.t.Errorf("after %v:\n got %s\nwant %s", after, got, want)
	}
}

func (l *life) watch(after time.Duration) escalate.Watch {
	l.t.Helper()
	w, err := l.tk.Watch(t0.Add(after), l.cals)
	if err != nil {
		l.t.Fatal(err)
	}
	return w
}

// tells gives the alerts that are due, and says which: "claim 0.8 channel".
func (l *life) tells(after time.Duration) string {
	l.t.Helper()
	var words []string
	for _, a := range l.watch(after).Alerts {
		words = append(words, fmt.Sprintf("%s %s %s", a.Target, a.Stages[len(a.Stages)-1], a.To))
		l.at(after, escalate.Alerted{Handoff: l.tk.Handoff.ID, Target: a.Target, Stages: a.Stages})
	}
	return strings.Join(words, ", ")
}

func wrote(m escalate.MessageID, at time.Time) escalate.Read {
	return escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: m, Customer: m, CustomerAt: at, WaitingSince: at}}
}

// replied is a reading after a person's reply.
func replied(status escalate.Status, at time.Time) escalate.Read {
	return escalate.Read{Seen: escalate.Seen{Status: status, Newest: "r1", Human: "r1", HumanAt: at, Customer: "m1", CustomerAt: t0}}
}

// only has some targets due within a time, and the others off.
func only(d time.Duration, targets ...escalate.Target) escalate.Targeted {
	e := targeted(0)
	for _, t := range targets {
		terms := e.Terms[t]
		terms.Budget = d
		e.Terms[t] = terms
	}
	return e
}

func TestClocksRunFromTheFirstQuestionToAPersonsDeeds(t *testing.T) {
	l := newLife(t, targeted(4*time.Hour))
	l.expects(time.Hour, "")
	l.at(time.Hour, escalated("h1"))
	l.expects(time.Hour, "first_response running 4h0m0s, resolution running 4h0m0s, claim running 5h0m0s, handoff running 5h0m0s")
	l.at(2*time.Hour, escalate.Claimed{By: "U1"})
	l.at(3*time.Hour+30*time.Minute, replied(escalate.StatusOpen, t0.Add(3*time.Hour+20*time.Minute)))
	l.expects(3*time.Hour+30*time.Minute, "first_response met, resolution due_soon 4h0m0s, claim met, handoff running 5h0m0s")
	l.at(6*time.Hour, wrote2("m2", t0.Add(5*time.Hour)))
	l.expects(6*time.Hour, "first_response met, next_response running 9h0m0s, resolution breached 4h0m0s, claim met, handoff breached 5h0m0s")
	l.at(7*time.Hour, escalate.Resolved{By: "U1"})
	l.expects(8*time.Hour, "first_response met, next_response cancelled, resolution met late, claim met, handoff met late")
}

// wrote2 is a customer who wrote again after a person's reply.
func wrote2(m escalate.MessageID, at time.Time) escalate.Read {
	e := wrote(m, at)
	e.Seen.Human, e.Seen.HumanAt = "r1", at.Add(-time.Hour)
	return e
}

// What the bot says is no reply: to a reading it is as if it were not there.
func TestBotMessagesNeitherStopNorResetAClock(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetFirstResponse, escalate.TargetClaim))
	l.at(0, escalated("h1"))
	before := l.stands(time.Hour)
	ack := escalate.ReplyID("ack-h1")
	l.at(30*time.Minute, escalate.Sending{Reply: ack}, escalate.Sent{Reply: ack, Message: "b1"})
	warm := proposal("w1", escalate.PurposeWarm)
	l.at(40*time.Minute, escalate.Warmed{Handoff: "h1", Reply: warm}, escalate.Sending{Reply: "w1"}, escalate.Sent{Reply: "w1", Message: "b2"})
	content := &escalate.Content{Messages: []escalate.Message{
		{ID: "m1", Role: escalate.RoleCustomer, Public: true, At: t0},
		{ID: "b1", Role: escalate.RoleAgent, Public: true, Marker: string(ack), At: t0.Add(30 * time.Minute)},
		{ID: "b2", Role: escalate.RoleAgent, Public: true, Marker: "w1", At: t0.Add(40 * time.Minute)},
		{ID: "b3", Role: escalate.RoleBot, Public: true, At: t0.Add(50 * time.Minute)},
	}}
	l.at(50*time.Minute, escalate.Read{Seen: l.tk.Look(content, escalate.StatusOpen, "")})
	l.expects(time.Hour, before)
}

func TestPendingAndOnHoldStopTheClocksThatTheyConcern(t *testing.T) {
	l := newLife(t, targeted(4*time.Hour))
	l.at(0, escalated("h1"))
	pending := wrote("m1", t0)
	pending.Seen.Status = escalate.StatusPending
	l.at(time.Hour, pending)
	l.expects(90*time.Minute, "first_response running 4h0m0s, resolution paused, claim running 4h0m0s, handoff paused")
	l.at(3*time.Hour, wrote("m1", t0)) // open again
	l.expects(3*time.Hour, "first_response running 4h0m0s, resolution running 6h0m0s, claim running 4h0m0s, handoff running 6h0m0s")
	held := wrote("m1", t0)
	held.Seen.Status = escalate.StatusOnHold
	l.at(4*time.Hour, held)
	l.expects(4*time.Hour+30*time.Minute, "first_response breached 4h0m0s, resolution paused, claim breached 4h0m0s, handoff paused")
}

// A ticket that its helpdesk leaves pending although the customer wrote would hide that they wait.
func TestACustomerWhoWritesEndsTheWaitForThem(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetNextResponse, escalate.TargetResolution))
	l.at(0, escalated("h1"), escalate.Claimed{By: "U1"})
	l.at(time.Hour, replied(escalate.StatusPending, t0.Add(time.Hour)))
	l.expects(2*time.Hour, "resolution paused")
	again := wrote2("m2", t0.Add(5*time.Hour))
	again.Seen.Status = escalate.StatusPending
	l.at(5*time.Hour, again)
	l.expects(5*time.Hour, "next_response running 9h0m0s, resolution running 8h0m0s")
}

func TestASnoozeStopsTheHandoffAloneAndSilencesEverything(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetFirstResponse, escalate.TargetHandoff))
	l.at(0, escalated("h1"), escalate.Claimed{By: "U1"})
	l.at(time.Hour, escalate.Snoozed{By: "U1", Until: escalate.At(t0.Add(3 * time.Hour))})
	l.expects(2*time.Hour, "first_response running 4h0m0s, handoff paused")
	w := l.watch(2*time.Hour + 30*time.Minute)
	if len(w.Alerts) != 0 || !w.Next.Equal(t0.Add(3*time.Hour)) {
		t.Errorf("snoozed: %d alerts, next look at %v", len(w.Alerts), w.Next.Sub(t0))
	}
	l.at(3*time.Hour+time.Minute, escalate.Woken{Handoff: "h1"}) // a minute late
	l.expects(3*time.Hour+time.Minute, "first_response running 4h0m0s, handoff running 6h0m0s")
	if got := l.tells(3*time.Hour + time.Minute); got != "first_response 0.5 owner" {
		t.Errorf("after the snooze: %q", got)
	}
}

func TestEachStageIsToldOfOnceAndOnlyTheNewest(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetFirstResponse))
	l.at(0, escalated("h1"))
	for _, c := range []struct {
		after time.Duration
		want  string
		next  time.Duration
	}{
		{time.Hour, "", 2 * time.Hour},
		{2 * time.Hour, "first_response 0.5 owner", 3*time.Hour + 12*time.Minute},
		{2 * time.Hour, "", 3*time.Hour + 12*time.Minute},
		{5 * time.Hour, "first_response 1 leads", 0}, // nobody looked meanwhile: what was near is over
		{6 * time.Hour, "", 0},
	} {
		if got := l.tells(c.after); got != c.want {
			t.Errorf("after %v: %q, want %q", c.after, got, c.want)
		}
		if next := l.watch(c.after).Next; c.next == 0 && !next.IsZero() || c.next != 0 && !next.Equal(t0.Add(c.next)) {
			t.Errorf("after %v: looks again at %v, want %v", c.after, next, c.next)
		}
	}
}

func TestAlertsWaitForWorkingHoursWhereTheyAreTo(t *testing.T) {
	l := newLife(t, targeted(0))
	office, err := calendar.New(calendar.Hours{Week: calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 17 * 60})}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	l.cals["office"] = office
	e := only(4*time.Hour, escalate.TargetFirstResponse)
	terms := e.Terms[escalate.TargetFirstResponse]
	terms.Calendar, terms.Held, terms.Alerts = "office", true, escalate.AlertsAt(calendar.Stage{Share: 2})
	e.Terms[escalate.TargetFirstResponse] = terms
	l.at(4*time.Hour, e)
	l.at(4*time.Hour, escalated("h1")) // begun at 9:00: twice the time is used up at 17:00, when nobody is there
	if w := l.watch(9 * time.Hour); len(w.Alerts) != 0 || !w.Next.Equal(t0.Add(24*time.Hour)) {
		t.Errorf("in the evening: %d alerts, looks again after %v", len(w.Alerts), w.Next.Sub(t0))
	}
	if got := l.tells(24 * time.Hour); got != "first_response 2 leads" {
		t.Errorf("in the morning: %q", got)
	}
}

func TestTheHelpdesksDeadlineIsTheTruthAndItsMovesAreFollowed(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetFirstResponse))
	due := func(after time.Duration) escalate.Targeted {
		u := escalate.UnixMicro(0)
		if after != 0 {
			u = escalate.At(t0.Add(after))
		}
		return escalate.Targeted{Deadlines: map[escalate.Target]escalate.UnixMicro{escalate.TargetFirstResponse: u}}
	}
	l.at(0, due(2*time.Hour), escalated("h1"))
	l.expects(0, "first_response running 2h0m0s")
	if got := l.tells(time.Hour); got != "first_response 0.5 owner" {
		t.Errorf("half of the helpdesk's time: %q", got)
	}
	l.at(90*time.Minute, due(100*time.Minute)) // earlier: half is still used
	if got := l.tells(91 * time.Minute); got != "first_response 0.8 channel" {
		t.Errorf("after it came nearer: %q", got)
	}
	l.at(95*time.Minute, due(10*time.Hour)) // much later: both stages come again
	l.expects(95*time.Minute, "first_response running 10h0m0s")
	if got := l.tells(96 * time.Minute); got != "" {
		t.Errorf("after it moved away: %q", got)
	}
	if got := l.tells(5 * time.Hour); got != "first_response 0.5 owner" {
		t.Errorf("half of the new time: %q", got)
	}
	l.expects(10*time.Hour, "first_response breached 10h0m0s")
	l.at(11*time.Hour, due(0))                                 // none any more: ours counts, and is over too
	l.expects(11*time.Hour, "first_response breached 10h0m0s") // ever since
}

// To many helpdesks the bot's reply was the first. They tell of the next one then.
func TestTheHelpdesksNextDeadlineHoldsWhileNoPersonHasAnswered(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetFirstResponse))
	l.at(0, escalated("h1"))
	l.at(0, escalate.Targeted{Deadlines: map[escalate.Target]escalate.UnixMicro{escalate.TargetNextResponse: escalate.At(t0.Add(time.Hour))}})
	l.expects(0, "first_response running 1h0m0s")
}

func TestANewPolicyCountsFromWhenItIsNoticed(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetFirstResponse))
	l.at(0, escalated("h1"))
	l.at(2*time.Hour, only(8*time.Hour, escalate.TargetFirstResponse))
	l.expects(2*time.Hour, "first_response running 8h0m0s")
	l.at(3*time.Hour, only(time.Hour, escalate.TargetFirstResponse))
	l.expects(3*time.Hour, "first_response breached 3h0m0s") // not before
	l.at(4*time.Hour, targeted(0))
	l.expects(4*time.Hour, "")
}

func TestAReopenedTicketHasNewClocks(t *testing.T) {
	l := newLife(t, only(4*time.Hour, escalate.TargetFirstResponse, escalate.TargetNextResponse, escalate.TargetResolution))
	l.at(0, escalated("h1"), escalate.Claimed{By: "U1"})
	l.at(time.Hour, replied(escalate.StatusSolved, t0.Add(time.Hour)))
	l.expects(time.Hour, "first_response met, resolution met")
	l.at(50*time.Hour, wrote2("m2", t0.Add(50*time.Hour)), escalated("h2"))
	l.expects(50*time.Hour, "first_response met, next_response running 54h0m0s, resolution running 54h0m0s")
}

func TestAMovedHandoffKeepsItsClocksButMustBeClaimedAnew(t *testing.T) {
	l := newLife(t, targeted(4*time.Hour))
	l.at(0, escalated("h1"), escalate.Claimed{By: "U1"})
	l.at(time.Hour, escalate.Raised{By: "U1", Handoff: "h2", Channel: "managers"})
	l.expects(time.Hour, "first_response running 4h0m0s, resolution running 4h0m0s, claim running 5h0m0s, handoff running 4h0m0s")
	l.at(2*time.Hour, escalate.HandedBack{By: "U2"})
	l.expects(3*time.Hour, "first_response cancelled, resolution cancelled, claim cancelled, handoff cancelled")
	if w := l.watch(20 * time.Hour); len(w.Alerts) != 0 || !w.Next.IsZero() || w.Due != (escalate.Due{}) {
		t.Errorf("nobody has it, and yet: %+v", w)
	}
}

// Hand-offs that an earlier version opened have had no clocks. They get them with the first terms.
func TestAHandoffOfBeforeThereWereTargetsGetsItsClocks(t *testing.T) {
	for name, c := range map[string]struct {
		events []escalate.Event
		want   string
	}{
		"unclaimed":  {nil, "first_response running 4h0m0s, resolution running 4h0m0s, claim running 5h0m0s, handoff running 5h0m0s"},
		"claimed":    {[]escalate.Event{escalate.Claimed{By: "U1"}}, "first_response running 4h0m0s, resolution running 4h0m0s, handoff running 5h0m0s"},
		"answered":   {[]escalate.Event{replied(escalate.StatusOpen, t0.Add(time.Hour))}, "resolution running 5h0m0s, handoff running 5h0m0s"},
		"dealt with": {[]escalate.Event{escalate.Resolved{By: "U1"}}, ""},
	} {
		l := &life{t: t, tk: &escalate.Ticket{ID: "t1"}}
		l.at(0, wrote("m1", t0))
		l.at(time.Hour, escalated("h1"))
		l.at(2*time.Hour, c.events...)
		l.at(3*time.Hour, targeted(4*time.Hour))
		if got := l.stands(3 * time.Hour); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestTheNearestDeadlineIsWatched(t *testing.T) {
	e := targeted(4 * time.Hour)
	terms := e.Terms[escalate.TargetClaim]
	terms.Budget = time.Hour
	e.Terms[escalate.TargetClaim] = terms
	l := newLife(t, e)
	l.at(0, escalated("h1"))
	want := escalate.Due{At: escalate.At(t0.Add(time.Hour)), Target: escalate.TargetClaim, State: calendar.Running}
	if diff := cmp.Diff(want, l.watch(0).Due); diff != "" {
		t.Error(diff)
	}
	l.at(10*time.Minute, escalate.Claimed{By: "U1"})
	want = escalate.Due{At: escalate.At(t0.Add(4 * time.Hour)), Target: escalate.TargetFirstResponse, State: calendar.DueSoon}
	if diff := cmp.Diff(want, l.watch(3*time.Hour+30*time.Minute).Due); diff != "" {
		t.Error(diff)
	}
}

func TestWhatOverridesATargetsTime(t *testing.T) {
	p := escalate.DefaultPolicy()
	hour := func(n int) *time.Duration { d := time.Duration(n) * time.Hour; return &d }
	p.Calendars = map[string]escalate.Hours{"office": {}, "always": {Holidays: "de"}}
	p.SLA = escalate.SLA{
		FirstResponse: 8 * time.Hour, Resolution: 80 * time.Hour, Calendar: "office", Alerts: escalate.AlertsAt(calendar.Breach, calendar.Stage{Left: time.Hour}, calendar.Stage{Share: 0.5}),
		Plans:     map[string]escalate.SLARule{"Gold": {FirstResponse: hour(4), Claim: hour(1)}},
		Customers: map[string]escalate.SLARule{"@acme.example": {FirstResponse: hour(3), Calendar: "always"}, "Lena@acme.example": {FirstResponse: hour(2)}},
		Tickets:   []escalate.TicketRule{{Priority: escalate.PriorityUrgent, SLARule: escalate.SLARule{FirstResponse: hour(1)}}, {Tag: "news", SLARule: escalate.SLARule{FirstResponse: hour(0), Resolution: hour(0)}}},
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content          escalate.Content
		first, solve     int
		from             escalate.TermsFrom
		calendar, wanted string
	}{
		"nobody in particular":      {escalate.Content{}, 8, 80, escalate.FromDefault, "office", "0.5 1h left 1"},
		"a plan":                    {escalate.Content{Customer: escalate.Customer{Plan: "gold"}}, 4, 80, escalate.FromPlan, "office", "0.5 1h left 1"},
		"a domain":                  {escalate.Content{Customer: escalate.Customer{Plan: "gold", Email: "per@ACME.example"}}, 3, 80, escalate.FromCustomer, "always", ""},
		"an address":                {escalate.Content{Customer: escalate.Customer{Email: "lena@acme.example"}}, 2, 80, escalate.FromCustomer, "always", ""},
		"a priority":                {escalate.Content{Priority: escalate.PriorityUrgent, Customer: escalate.Customer{Email: "lena@acme.example"}}, 1, 80, escalate.FromTicket, "always", ""},
		"the first rule that holds": {escalate.Content{Priority: escalate.PriorityUrgent, Tags: []string{"News"}}, 1, 0, escalate.FromTicket, "office", ""},
		"a tag turns it off":        {escalate.Content{Tags: []string{"NEWS"}}, 0, 0, escalate.FromTicket, "office", ""},
	} {
		terms := p.Targets(&c.content)
		first := terms[escalate.TargetFirstResponse]
		if first.Budget != time.Duration(c.first)*time.Hour || terms[escalate.TargetResolution].Budget != time.Duration(c.solve)*time.Hour ||
			first.From != c.from || first.Calendar != p.CalendarKey(c.calendar) || !strings.HasPrefix(first.Calendar, c.calendar+"#") {
			t.Errorf("%s: %+v", name, terms)
		}
		if got := p.LeaseCalendar(&c.content); got != c.calendar {
			t.Errorf("%s: a claim counts by %q, want the targets' %q", name, got, c.calendar)
		}
		if stages := strings.Trim(fmt.Sprint(first.Alerts), "[]"); c.wanted != "" && stages != c.wanted {
			t.Errorf("%s: stages %s, want %s", name, stages, c.wanted)
		}
	}
	if p.Lease.Calendar = "always"; p.LeaseCalendar(&escalate.Content{}) != "always" {
		t.Error("the lease's own calendar does not count")
	}
	if warn := p.Targets(&escalate.Content{})[escalate.TargetFirstResponse].Warn; warn != (calendar.Stage{Left: time.Hour}) {
		t.Errorf("due soon from %v on, not from the last stage before the deadline", warn)
	}
}

// A clock goes on by the hours that it was started with, whatever their name comes to mean.
func TestACalendarsKeyNamesItsHours(t *testing.T) {
	p := escalate.DefaultPolicy()
	p.Calendars = map[string]escalate.Hours{"office": {}}
	before := p.CalendarKey("office")
	p.Calendars["office"] = escalate.Hours{Holidays: "de"}
	if after := p.CalendarKey("office"); after == before || !strings.HasPrefix(after, "office#") || p.CalendarKey("nowhere") != "" {
		t.Errorf("key %q before and %q after, of none %q", before, after, p.CalendarKey("nowhere"))
	}
}

func TestAnEarlierVersionsPolicyStillLoads(t *testing.T) {
	var p escalate.Policy
	if err := json.Unmarshal([]byte(`{"sla":{"first_response":1200000000000,"warn":0.75}}`), &p); err != nil {
		t.Fatal(err)
	}
	want := escalate.SLA{FirstResponse: 20 * time.Minute, NextResponse: 20 * time.Minute, Alerts: escalate.AlertsAt(calendar.Stage{Share: 0.75})}
	if diff := cmp.Diff(want, p.SLA); diff != "" {
		t.Error(diff)
	}
}
