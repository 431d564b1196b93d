package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

var (
	monthFor  = flag.Duration("month.for", 12*time.Hour, "how long TestNoTicketIsForgotten lasts, in its own time; 720h is a month")
	monthSeed = flag.Uint64("month.seed", 1, "seed of its faults and of what people do")
)

// month is a Warmline with everything around it failing one call in four, in fake time.
type month struct {
	*chance

	t       *testing.T
	store   *store.Store
	desk    *monthDesk
	slack   *monthSlack
	brain   monthBrain
	service *desk.Service
	stop    func()
	polled  time.Time
	began   time.Time
	opened  int
	done    map[string]int // what people did, and what befell the process
	judge   monthJudge
}

func newMonth(t *testing.T, path string, rate float64, change func(*escalate.Policy)) *month {
	t.Helper()
	m := &month{
		chance: newChance(*monthSeed, 1, 0), t: t, began: time.Now(), polled: time.Now(), done: map[string]int{},
		desk:  &monthDesk{chance: newChance(*monthSeed, 2, rate), tickets: map[string]*monthTicket{}},
		slack: &monthSlack{chance: newChance(*monthSeed, 3, rate), cards: map[escalate.HandoffID]*monthCard{}, keys: map[string]desk.Place{}},
		brain: monthBrain{newChance(*monthSeed, 4, rate)},
	}
	m.desk.change = m.webhook
	var err error
	if m.store, err = store.Open(t.Context(), path, store.Options{}); err != nil {
		t.Fatal(err)
	}
	p := escalate.DefaultPolicy()
	p.Stage = escalate.StageAuto
	change(p)
	if err := seedPolicy(t.Context(), m.store, p); err != nil {
		t.Fatal(err)
	}
	m.start()
	return m
}

// start runs a process on the database that is there.
func (m *month) start() {
	m.t.Helper()
	var err error
	m.service, err = desk.New(desk.Options{
		Store: m.store, Helpdesks: map[string]desk.Helpdesk{deskName: m.desk}, Room: m.slack, Board: m.slack, Messenger: m.slack,
		Directory: m.slack, Courier: m.slack, Brain: m.brain, Hours: workingHours{}, NewID: store.NewID, NewToken: newToken,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	runner, err := newRunner(m.t.Context(), m.store, m.service, prometheus.NewRegistry(), appConfig{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		m.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(m.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- runner.Run(ctx) }()
	m.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			m.t.Error(err)
		}
	}
}

// end stops everything.
func (m *month) end() {
	m.t.Helper()
	m.stop()
	if err := m.store.Close(); err != nil {
		m.t.Error(err)
	}
}

// webhook tells of a change, unless it is lost on the way.
func (m *month) webhook(ref string) {
	if m.float() < 0.25 {
		m.done["webhook lost"]++
		return
	}
	m.receive(ref, "hook:"+strconv.Itoa(m.n(1<<30)))
}

func (m *month) receive(ref, delivery string) {
	m.t.Helper()
	if err := m.service.Receive(m.t.Context(), desk.Notice{Ref: escalate.Ref{Desk: deskName, ID: ref}, Delivery: delivery}); err != nil {
		m.t.Fatal(err)
	}
}

// poll finds what no webhook told of, unless the helpdesk does not answer.
func (m *month) poll() {
	now := time.Now()
	if m.desk.call(func() error { return nil }) != nil {
		return
	}
	for ref, version := range m.desk.since(m.polled) {
		m.receive(ref, fmt.Sprintf("poll:%s:%d", ref, version))
	}
	m.polled = now
}

// minute is what happens within a minute: customers at any time, people for eight hours a day, and trouble.
func (m *month) minute() {
	m.poll()
	if m.float() < 1.0/20 {
		m.opened++
		words := []string{"sure", "sure", "nearly", "nearly", "unknown", "person"}
		m.desk.writes(strconv.Itoa(m.opened), escalate.RoleCustomer, words[m.n(len(words))]+" question")
	}
	if m.opened > 0 && m.float() < 1.0/60 {
		words := []string{"nearly", "unknown", "person", "thanks"}
		m.desk.writes(strconv.Itoa(1+m.n(m.opened)), escalate.RoleCustomer, words[m.n(len(words))]+" more")
	}
	if hour := time.Now().UTC().Hour(); hour >= 2 && hour < 10 && m.float() < 0.3 {
		m.somebodyActs()
	}
	if m.float() < 1.0/360 {
		m.done["restart"]++
		m.stop()
		m.start()
	}
	if m.float() < 1.0/120 {
		m.loseJob(`kind IN ('assess', 'send-reply', 'sla', 'lease', 'wake', 'stated-time', 'keep-warm', 'draw-card')`)
	}
}

// somebodyActs is one person who does something with one of the cards they see, or in the helpdesk.
func (m *month) somebodyActs() {
	cards := slices.DeleteFunc(m.slack.shown(), func(c desk.Card) bool { return !c.Handoff.Active() })
	if len(cards) == 0 {
		return
	}
	c := cards[m.n(len(cards))]
	who := slices.Sorted(maps.Keys(monthPeople))[m.n(len(monthPeople))]
	if c.Owner != "" && m.float() < 0.8 {
		who = c.Owner
	}
	later := time.Now().Add(time.Duration(1+m.n(30)) * time.Hour)
	switch m.n(12) {
	case 0, 1, 2:
		m.press(who, c.Token, desk.ActClaim, nil)
	case 3, 4:
		m.press(who, c.Token, desk.ActApprove, nil)
	case 5:
		m.press(who, c.Token, desk.ActResolve, nil)
	case 6:
		m.press(who, c.Token, desk.ActRelease, nil)
	case 7:
		m.press(who, c.Token, desk.ActSubmitSnooze, map[string]string{"at": strconv.FormatInt(later.Unix(), 10)})
	case 8:
		m.press(who, c.Token, desk.ActSubmitInform, map[string]string{"wait": "delivery", "by": strconv.FormatInt(later.Unix(), 10)})
	case 9:
		m.press(who, c.Token, desk.ActSubmitReply, map[string]string{"text": "We looked into it: it is on its way.", "mode": "reply"})
	case 10:
		m.done["reply in the helpdesk"]++
		m.desk.writes(c.Number, escalate.RoleAgent, "I answer here.")
	case 11:
		m.done["solved in the helpdesk"]++
		m.desk.solves(c.Number)
	}
}

func (m *month) press(who escalate.PersonID, token string, a desk.Action, fields map[string]string) {
	m.t.Helper()
	m.done[string(a)]++
	p := desk.Press{ID: store.NewID(time.Now()), At: time.Now(), Actor: who, Team: "T1", Action: a, Token: token, Fields: fields}
	if _, err := m.service.Press(m.t.Context(), p); err != nil {
		m.t.Fatal(err)
	}
}

// loseJob drops one waiting job as no code of ours does.
func (m *month) loseJob(which string) {
	m.t.Helper()
	err := m.store.Update(m.t.Context(), func(tx desk.Tx) error {
		n, err := tx.(queue.Tx).Exec(m.t.Context(), `DELETE FROM job WHERE id = (SELECT id FROM job WHERE state = 'ready' AND `+which+` ORDER BY id LIMIT 1)`)
		m.done["job lost"] += int(n)
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// last lets it all go on for a while, and has the judge look every hour.
func (m *month) last(d time.Duration) {
	m.t.Helper()
	for i := range int(d / time.Minute) {
		m.minute()
		time.Sleep(time.Minute)
		synctest.Wait()
		switch i % 60 {
		case 0:
			m.judge.suspect(m)
		case 16:
			m.judge.confirm(m)
		default:
			m.judge.watch(m)
		}
	}
}

// No ticket is without an owner, a timer or an alert for longer than a quarter of an hour, and nothing is sent twice, whatever fails.
func TestNoTicketIsForgotten(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*escalate.Policy){
		"with deadlines and a ladder": func(p *escalate.Policy) { p.Offers.Channels = map[string]escalate.OfferRule{"support": {}} },
		"without any":                 func(p *escalate.Policy) { p.SLA, p.KeepWarm.Off, p.Lease = escalate.SLA{}, true, escalate.Lease{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "month.db")
			synctest.Test(t, func(t *testing.T) {
				m := newMonth(t, path, 0.25, change)
				m.last(*monthFor)
				m.judge.nothingTwice(m)
				m.judge.nonEmpty(m)
				m.end()
				for _, f := range m.judge.findings {
					t.Error(f)
				}
				t.Logf("%d tickets, %d walks over %d tickets, %d alerts; %v", m.opened, m.judge.walks, m.judge.walked, len(m.slack.notices), m.done)
			})
		})
	}
}
