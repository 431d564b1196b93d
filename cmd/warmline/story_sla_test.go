package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/internal/localslack/slackstory"
)

// office has a team in Munich work in two shifts from Monday to Saturday. Stories begin on Saturday, 1 January 2000, a holiday.
func office(at *setting) {
	h := escalate.Hours{Holidays: "de-by"}
	h.Zone = "Europe/Berlin"
	h.Week = calendar.Weekdays(calendar.Shift{From: 9 * 60, To: 12 * 60}, calendar.Shift{From: 13 * 60, To: 18 * 60})
	h.Week.Sat = h.Week.Mon
	at.policy.Calendars = map[string]escalate.Hours{"munich": h}
	at.policy.SLA.Calendar = "munich"
	at.policy.Lease = escalate.Lease{}
	at.policy.KeepWarm.Off = true
}

// within gives targets some time, and turns the others off.
func within(d time.Duration, targets ...escalate.Target) func(*setting) {
	return func(at *setting) {
		sla := &at.policy.SLA
		for t, of := range map[escalate.Target]*time.Duration{
			escalate.TargetFirstResponse: &sla.FirstResponse, escalate.TargetNextResponse: &sla.NextResponse,
			escalate.TargetResolution: &sla.Resolution, escalate.TargetClaim: &sla.Claim, escalate.TargetHandoff: &sla.Handoff,
		} {
			*of = 0
			if slices.Contains(targets, t) {
				*of = d
			}
		}
		at.policy.Lease = escalate.Lease{}
		at.policy.KeepWarm.Off = true
	}
}

// until lets time pass until a moment in Munich, in January 2000.
func (s *story) until(day, hour, minute int) {
	s.t.Helper()
	s.later(time.Until(munich(s.t, day, hour, minute)))
}

func munich(t *testing.T, day, hour, minute int) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2000, time.January, day, hour, minute, 0, 0, zone)
}

// due waits until what a ticket's hand-off is due for is due at a time.
func (s *story) due(t *ticket, target escalate.Target, at time.Time) {
	s.t.Helper()
	var got escalate.Handoff
	s.eventually(fmt.Sprintf("%s of %s to be due at %v", target, t.Number(), at), func() bool {
		s.view(func(tx desk.Tx) error {
			found, err := tx.FindTicket(s.t.Context(), t.id)
			if err == nil && found.Handoff != nil {
				got = *found.Handoff
			}
			return nil // it may not have been read yet
		})
		return got.Due.Target == target && got.DueAt.Sub(at).Abs() < 2*time.Second
	}, func() string { return fmt.Sprintf("%+v", got) })
}

func TestAnAnswerIsDueInWorkingHours(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		s.due(ticket, escalate.TargetFirstResponse, munich(t, 3, 14, 0)) // over the holiday, Sunday, and lunch on Monday
		s.card("support", ticket).ExpectText("First answer due")
	}, within(4*time.Hour, escalate.TargetFirstResponse), office)
}

// Between two shifts no time passes.
func TestStagesComeInWorkingTime(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		s.due(ticket, escalate.TargetFirstResponse, munich(t, 1, 3, 30))
		card := s.card("support", ticket)
		s.until(1, 2, 59)
		if n := threadPosts(card, "Deadline"); n != 0 {
			t.Errorf("told %d times before half of the working time had passed", n)
		}
		s.until(1, 3, 1)
		card.Thread().Expect("The first answer is due in 30 min. Nobody has claimed it.")
	}, within(time.Hour, escalate.TargetFirstResponse), office, func(at *setting) {
		h := at.policy.Calendars["munich"]
		h.Holidays = ""
		h.Week.Sat = []calendar.Shift{{From: 60, To: 90}, {From: 3 * 60, To: 4 * 60}}
		at.policy.Calendars["munich"] = h
	})
}

func TestPendingMovesTheDeadline(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		began := time.Now()
		card := s.card("support", ticket)
		s.due(ticket, escalate.TargetResolution, began.Add(8*time.Hour))
		s.claim(card, "ana")
		ticket.Colleague("Ana Ferreira", "Which light does it show?")
		s.later(time.Hour)
		ticket.Set(escalate.StatusPending)
		card.ExpectText("Solution: the clock stands still")
		s.later(3 * time.Hour)
		if n := threadPosts(card, "Deadline"); n != 0 {
			t.Errorf("told %d times while the customer was waited for", n)
		}
		ticket.Customer("White.")
		s.due(ticket, escalate.TargetResolution, time.Now().Add(7*time.Hour))
		card.ExpectText("Solution due").ExpectNoText("stands still")
	}, within(8*time.Hour, escalate.TargetResolution))
}

// deadlined is a helpdesk with deadlines of its own.
type deadlined struct {
	helpdesk.Connector
	own *deadlines
}

type deadlines struct {
	mu  sync.Mutex
	due desk.Deadlines
}

func (d *deadlines) set(due desk.Deadlines) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.due = due
}

func (d deadlined) Read(ctx context.Context, ticket string) (*desk.Snapshot, error) {
	snap, err := d.Connector.Read(ctx, ticket)
	if err == nil {
		d.own.mu.Lock()
		defer d.own.mu.Unlock()
		snap.Deadlines = d.own.due
	}
	return snap, err
}

// ownDeadlines gives the story's helpdesk deadlines of its own.
func (s *story) ownDeadlines() *deadlines {
	own, vendor := &deadlines{}, &s.config.Desks[0].Vendor
	connect := vendor.Connect
	vendor.Connect = func(a helpdesk.Account) (helpdesk.Connector, error) {
		c, err := connect(a)
		return deadlined{c, own}, err
	}
	return own
}

func TestTheHelpdesksDeadlineWinsAndIsFollowed(t *testing.T) {
	tell(t, func(s *story) {
		s.shut()
		own := s.ownDeadlines()
		s.open()
		began := time.Now()
		own.set(desk.Deadlines{FirstResponse: began.Add(2 * time.Hour)})
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.due(ticket, escalate.TargetFirstResponse, began.Add(2*time.Hour)) // not ours, which is in four hours
		s.later(time.Hour + time.Second)
		card.Thread().Expect("The first answer is due in 1 h.")

		own.set(desk.Deadlines{FirstResponse: began.Add(6 * time.Hour)})
		ticket.Customer("Is anybody there?") // whereupon it is read
		s.due(ticket, escalate.TargetFirstResponse, began.Add(6*time.Hour))
		s.later(time.Hour) // the first stage is told of again when it comes again
		if n := threadPosts(card, "Deadline"); n != 1 {
			t.Fatalf("told %d times, want once so far", n)
		}
		s.later(time.Hour + time.Minute)
		card.Thread().Expect("The first answer is due in 3 h.")

		own.set(desk.Deadlines{})
		ticket.Customer("Hello?")
		s.due(ticket, escalate.TargetFirstResponse, began.Add(4*time.Hour)) // ours, again
	}, within(4*time.Hour, escalate.TargetFirstResponse))
}

func TestWhatTheBotSaysDoesNotStopTheClock(t *testing.T) {
	tell(t, func(s *story) {
		began := time.Now()
		ticket := s.customer("Ina").asksForAPerson()
		ticket.Expects("a person will read it")
		s.later(25 * time.Minute)
		ticket.Expects("Nobody has forgotten it")
		s.due(ticket, escalate.TargetFirstResponse, began.Add(time.Hour))
		s.later(36 * time.Minute)
		s.card("support", ticket).ExpectText("First answer overdue since").Thread().Expect("The first answer is overdue.")
	}, within(time.Hour, escalate.TargetFirstResponse), func(at *setting) {
		at.policy.KeepWarm = escalate.KeepWarm{After: 20 * time.Minute, Cap: 2}
	})
}

// shown are the posts of a card's thread that tell of deadlines, each with whether the channel shows it as well.
func (s *story) shown(c *slackstory.Card) (posts []slackstory.Message) {
	s.t.Helper()
	for _, m := range s.Channel("support").Messages() {
		if m.ThreadTS == c.TS() && m.TS != c.TS() && m.Shows("Deadline") {
			posts = append(posts, m)
		}
	}
	return posts
}

func TestStagesAreToldToOwnerChannelAndLeadsOnceEach(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.later(90 * time.Minute)
		posts := s.shown(card)
		if len(posts) != 3 {
			t.Fatalf("told %d times, want three: %+v", len(posts), posts)
		}
		for i, want := range []struct {
			text           string
			channel, leads bool
		}{{"due in 30 min", false, false}, {"due in 12 min", true, false}, {"overdue", true, true}} {
			m := posts[i]
			if !m.Shows("The first answer is "+want.text) || !s.mentions(m, "ana") || s.mentions(m, "lea") != want.leads ||
				(m.Subtype == "thread_broadcast") != want.channel {
				t.Errorf("stage %d: %+v, want %+v", i+1, m, want)
			}
		}
		card.ExpectText("First answer overdue since")
	}, within(time.Hour, escalate.TargetFirstResponse))
}

// Half an hour after the deadline the managers' channel hears of it, once, and so do the leads; the owner is named where the ticket is.
func TestALaterStageReachesTheManagersChannel(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.later(89 * time.Minute)
		if n := countShown(s.Channel("escalations").Messages(), "is overdue"); n != 0 {
			t.Fatalf("the managers heard %d times before their stage", n)
		}
		s.later(3 * time.Minute)
		posts := s.shown(card)
		if len(posts) != 2 || !posts[1].Shows("The first answer is overdue by 30 min.") || !s.mentions(posts[1], "lea") || posts[0].Subtype != "" {
			t.Errorf("the ticket's thread has %+v, want the deadline for the owner alone and the later stage for the leads", posts)
		}
		told := s.Channel("escalations").ExpectCard("1 deadline is near or missed").ExpectText(ticket.Number()).
			ExpectText("first answer is overdue by 30 min").ExpectText("Ana Ferreira in #support")
		if m, _ := told.Message(); s.mentions(m, "ana") {
			t.Error("the owner is named where the ticket is not")
		}
		s.later(2 * time.Hour)
		if n := countShown(s.Channel("escalations").Messages(), "is overdue"); n != 1 {
			t.Errorf("the managers heard %d times, want once", n)
		}
	}, within(time.Hour, escalate.TargetFirstResponse), func(at *setting) {
		at.policy.SLA.Alerts = []escalate.AlertStage{
			{At: calendar.Breach, Tell: escalate.TellOwner}, {At: calendar.Stage{Late: 30 * time.Minute}, Tell: escalate.TellManager},
		}
	})
}

func TestASnoozeSilencesAlertsUntilItEnds(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Snooze or wait …").As("ana")
		s.User("ana").ExpectModal("Snooze").Fill("For how long?", "Four hours").Submit()
		card.ExpectText("Snoozed until")
		s.later(3*time.Hour + 50*time.Minute)
		if posts := s.shown(card); len(posts) != 0 {
			t.Fatalf("told while it was snoozed: %+v", posts)
		}
		s.later(15 * time.Minute)
		if posts := s.shown(card); len(posts) != 1 || !posts[0].Shows("overdue by") {
			t.Errorf("after the snooze: %+v, want the newest stage alone", posts)
		}
	}, within(2*time.Hour, escalate.TargetFirstResponse))
}

// A flood is a message each ten seconds at the most, and none of it is lost.
func TestAFloodOfBreachesIsAFewMessages(t *testing.T) {
	const many = 60
	tell(t, func(s *story) {
		var all []*ticket
		for i := range many {
			all = append(all, s.customer(fmt.Sprintf("Kim%d", i)).asksForAPerson())
			s.later(time.Minute / many)
		}
		s.later(12 * time.Minute)
		var last float64
		told := map[string]int{}
		for _, m := range s.Channel("support").Messages() {
			if !m.Shows("is overdue") {
				continue
			}
			var ts float64
			if _, err := fmt.Sscan(m.TS, &ts); err != nil {
				t.Fatal(err)
			}
			if ts-last < 9.5 {
				t.Errorf("two messages within %.1f s", ts-last)
			}
			last = ts
			for _, one := range all {
				if m.Shows(one.Number()) || m.ThreadTS != "" && m.ThreadTS != m.TS && m.ThreadTS == s.card("support", one).TS() {
					told[one.Number()]++
				}
			}
		}
		for _, one := range all {
			if told[one.Number()] != 1 {
				t.Errorf("%s is told of %d times, want once", one.Number(), told[one.Number()])
			}
		}
	}, within(10*time.Minute, escalate.TargetFirstResponse), func(at *setting) {
		at.policy.SLA.Alerts, at.policy.Fold.From = escalate.AlertsAt(calendar.Breach), 0
	})
}

func TestANewPolicyCountsFromWhenItIsMade(t *testing.T) {
	tell(t, func(s *story) {
		began := time.Now()
		ticket := s.customer("Ina").asksForAPerson()
		s.due(ticket, escalate.TargetFirstResponse, began.Add(4*time.Hour))
		s.later(time.Hour)
		err := s.app.store.Update(s.t.Context(), func(tx desk.Tx) error {
			p, err := tx.Policy(s.t.Context())
			if err != nil {
				return err
			}
			p.Version++
			p.SLA.FirstResponse = 8 * time.Hour
			return tx.SavePolicy(s.t.Context(), p, "warmline", "more time")
		})
		if err != nil {
			t.Fatal(err)
		}
		s.later(31 * time.Second)
		s.due(ticket, escalate.TargetFirstResponse, began.Add(8*time.Hour))
	}, within(4*time.Hour, escalate.TargetFirstResponse))
}

func TestWhatBreachesNextIsListed(t *testing.T) {
	tell(t, func(s *story) {
		first := s.customer("Ina").asksForAPerson()
		s.card("support", first)
		s.later(time.Hour)
		second := s.customer("Per").asksForAPerson()
		s.card("support", second)
		s.Command("/escalate", "breaches").In("support").As("ben")
		list := s.Channel("support").As("ben").ExpectPrivate("Breaches next")
		m, _ := list.Message()
		text := m.Visible()
		if i, j := strings.Index(text, first.Number()), strings.Index(text, second.Number()); i < 0 || j < i || !strings.Contains(text, "first answer due in 3 h") {
			t.Errorf("the list reads: %s", text)
		}
		s.Command("/escalate", "why "+first.id).In("support").As("ben")
		s.privately("support", "ben", "Target: first answer")
	}, within(4*time.Hour, escalate.TargetFirstResponse))
}

// Only what people do counts: the acknowledgement and an update do not. The next day's figures are those of the deadlines.
func TestHowManyDeadlinesWereKeptIsSummedUp(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("sla", "ana").ExpectPrivate("Targets, last 7 days: nothing was due that people have dealt with.")
		quick, slow := s.customer("Ina").asksForAPerson(), s.customer("Per").asksForAPerson()
		s.card("support", quick)
		s.card("support", slow)
		s.later(20 * time.Minute)
		quick.Colleague("Ana Ferreira", "Hello, Ina.")
		s.later(61 * time.Minute)
		slow.Colleague("Ana Ferreira", "Hello, Per.")
		s.later(time.Minute)
		s.escalate("sla 30d", "ana").ExpectPrivate("First answer 1 of 2 in time (50 %) · half within 20 min, four of five within 1 h 21 min")
		s.escalate("sla #payments", "ana").ExpectPrivate("Targets, last 7 days, #payments: nothing was due")
		s.escalate("sla 400d", "ana").ExpectPrivate("I look back 1 to 90 days, not 400.")
	}, within(time.Hour, escalate.TargetFirstResponse))
}
