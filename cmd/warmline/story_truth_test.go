package main

import (
	"context"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmline/cmd/warmline/demo"
	"warmline/escalate/desk"
	"warmline/internal/judge"
	"warmline/internal/localslack"
)

var truthActions = flag.Int("truth.actions", 200, "how many actions TestSlackShowsWhatTheDatabaseSays takes")

// Nine people press whatever they see, at random and at once, while customers go on writing. Soon after they stop, nothing in Slack
// differs from the database: within five seconds, or as soon as Slack takes so many updates when it holds us to its limits.
func TestSlackShowsWhatTheDatabaseSays(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]bool{"free": false, "limited": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journals := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := newStory(t, func(at *setting) {
					at.limits, at.journals = limits, journals
					staffed(t, at)
				})
				s.config.Slack.Unpaced = !limits
				s.open()
				s.pressAtRandom(*truthActions, limits)
			})
		})
	}
}

// staffed gives a story the people, the channels and the policy of the killings.
func staffed(t *testing.T, at *setting) {
	t.Helper()
	var all, agents, leads []string
	at.company.People = nil
	for _, p := range killPeople {
		role := "other"
		if p.agent {
			role, agents = "agent", append(agents, p.name)
		}
		if p.lead {
			role, leads = "lead", append(leads, p.name)
		}
		at.company.People = append(at.company.People, demo.Person{Name: p.name, RealName: p.real, Email: p.name + "@kill.example", Role: role})
		all = append(all, p.name)
	}
	at.company.Groups = []demo.Group{{Handle: "support-agents", Members: agents}, {Handle: "support-leads", Members: leads}}
	at.company.Channels = nil
	for _, name := range killChannels {
		at.company.Channels = append(at.company.Channels, demo.Channel{Name: name, Members: all})
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	err := os.WriteFile(file, []byte(killPolicy), 0o600)
	if err == nil {
		at.policy, err = readPolicy(file)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// pressAtRandom has people take so many actions, and holds Slack to the database afterwards.
func (s *story) pressAtRandom(actions int, limits bool) {
	s.t.Helper()
	w := &killWorld{
		t: s.t, dsn: s.config.DSN, slackURL: slackBase, deskURL: deskBase, slackJournal: s.slackJournal, deskJournal: s.deskJournal,
		client: &http.Client{Transport: byHost{"slack.test": s.slack, "desk.test": s.tickets}},
	}
	d := newKillDriver(w, 1)
	ctx, cancel := context.WithCancel(s.t.Context())
	var driving sync.WaitGroup
	driving.Go(func() { d.run(ctx) })
	for begun, asked := time.Now(), 0; d.done() < actions; s.later(time.Second) {
		if asked*15 < d.done()+300 {
			d.open(5)
			asked += 5
		}
		if time.Since(begun) > 24*time.Hour {
			s.t.Fatalf("%d actions in a day", d.done())
		}
	}
	cancel()
	driving.Wait()

	stopped := time.Now()
	for untrue := w.untrue(); len(untrue) > 0; untrue = w.untrue() {
		if time.Since(stopped) > time.Hour {
			s.t.Fatalf("an hour after %d actions: %v", d.done(), untrue)
		}
		s.later(time.Second)
	}
	took, changed, within := time.Since(stopped), w.redrawn(stopped), 5*time.Second
	if limits {
		within = time.Duration(changed)*time.Minute/50 + 30*time.Second
	}
	if took > within {
		s.t.Errorf("true %v after the last action, with %d messages redrawn since; want %v", took, changed, within)
	}
	s.later(time.Hour) // threads fill, undo windows end
	w.awaitQuiet(quietWithin)
	verdict := w.judge(w.evidence())
	s.t.Logf("%d actions; %d messages redrawn since the last, true after %v of %v; %s", d.done(), changed, took, within, verdict.summary())
	for _, f := range verdict.findings {
		s.t.Error(f)
	}
}

// untrue is what Slack shows now and the database does not say.
func (w *killWorld) untrue() []judge.Finding {
	w.t.Helper()
	return slices.DeleteFunc(w.judge(w.evidence()).findings, func(f judge.Finding) bool {
		return f.Kind != judge.CardUntrue && f.Kind != judge.CardMissing && f.Kind != judge.CardTwice && f.Kind != judge.OwnerUntrue
	})
}

// redrawn is how many messages changed since an instant.
func (w *killWorld) redrawn(since time.Time) int {
	w.t.Helper()
	changed := map[desk.Place]bool{}
	for _, r := range w.evidence().Slack {
		if r.Kind == localslack.MessageUpdated && r.At.After(since) {
			changed[desk.Place{Channel: r.Message.Channel, TS: r.Message.TS}] = true
		}
	}
	return len(changed)
}

// byHost sends each call to where its host is.
type byHost map[string]*http.Client

func (b byHost) RoundTrip(req *http.Request) (*http.Response, error) {
	return b[req.URL.Hostname()].Transport.RoundTrip(req)
}
