package main

import (
	"context"
	"flag"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"warmline/internal/pgtest"
)

var (
	killSeed    = flag.Uint64("kill.seed", 1, "seed of TestKill: when it kills, who presses what, which calls fail")
	killKills   = flag.Int("kill.kills", 20, "how often TestKill kills the bot")
	killTickets = flag.Int("kill.tickets", 200, "how many tickets TestKill opens")
)

// quietWithin is how long the bot may need to come to rest after the last kill. The sweep that redraws cards runs every
// 30 s, and a card that was lost sight of may have to wait for it.
const quietWithin = 45 * time.Second

// TestKill kills the real binary at random while tickets, presses and approvals flow and both sides misbehave. Afterwards
// a judge that knows only their journals and the database must find nothing.
func TestKill(t *testing.T) {
	bin := buildBot(t)
	t.Run("sqlite", func(t *testing.T) {
		dsn := "sqlite:" + filepath.Join(t.TempDir(), "warmline.db")
		runKills(t, bin, dsn)
	})
	t.Run("postgres", func(t *testing.T) { runKills(t, bin, pgtest.Database(t)) })
}

// runKills opens tickets, kills, drains and judges, on one database.
func runKills(t *testing.T, bin, dsn string) {
	t.Helper()
	kills, tickets := *killKills, *killTickets
	if testing.Short() {
		kills, tickets = min(kills, 10), min(tickets, 100)
	}
	began := time.Now()
	t.Logf("seed %d: go test -run '^%s$' -args -kill.seed %d", *killSeed, t.Name(), *killSeed)
	w := newKillWorld(t, bin, dsn)
	w.goLive()
	w.misbehave(*killSeed)

	// The driver lives as long as the test lets it; the killer paces it, so that tickets come throughout.
	ctx, cancel := context.WithCancel(t.Context())
	d := newKillDriver(w, *killSeed)
	var driving sync.WaitGroup
	driving.Go(func() { d.run(ctx) })
	stop := func() { cancel(); driving.Wait() }
	defer stop()

	k := killer{world: w, dice: rand.New(rand.NewPCG(*killSeed, 1))}
	for i := range kills {
		d.open(tickets*(i+1)/kills - tickets*i/kills)
		k.once(i)
	}
	bot := w.startBot()
	w.awaitReady(bot)
	d.finish(5 * time.Second) // people go on for a little while
	stop()
	w.behave()
	lastKill := time.Since(began)
	w.awaitQuiet(quietWithin)
	bot.stop()

	evidence := w.evidence()
	verdict := w.judge(evidence)
	w.verifyAudit()
	t.Logf("kills %d, %s, %.0f s (%.0f s of them after the last kill)", kills, verdict.summary(), time.Since(began).Seconds(),
		(time.Since(began) - lastKill).Seconds())
	if len(verdict.findings) > 0 {
		for _, f := range verdict.findings {
			t.Error(f)
		}
		w.keep()
	}
	verdict.demand(t, kills, tickets)
	if !t.Failed() {
		w.tamper(evidence)
	}
}

// goLive lets the bot begin: only what changes from then on is its business.
func (w *killWorld) goLive() {
	w.t.Helper()
	bot := w.startBot()
	w.awaitReady(bot)
	for w.count(`SELECT COUNT(*) FROM setting WHERE key = 'cursor:main'`) == 0 {
		if !elapse(w.t.Context(), 10*time.Millisecond) {
			w.t.Fatal("the bot did not go live in time")
		}
	}
	bot.kill()
}

// killer kills the bot, sooner or later.
type killer struct {
	world *killWorld
	dice  *rand.Rand
}

// once starts the bot and kills it. One in five never gets ready, and one in five lives long enough to get through its
// work; the others die within half a second of being ready.
func (k *killer) once(i int) {
	bot := k.world.startBot()
	life := time.Duration(20+k.dice.IntN(380)) * time.Millisecond
	switch i % 5 {
	case 1:
		life = time.Duration(k.dice.IntN(80)) * time.Millisecond
	case 4:
		life += time.Duration(k.dice.IntN(2000)) * time.Millisecond
		fallthrough
	default:
		k.world.awaitReady(bot)
	}
	elapse(k.world.t.Context(), life)
	bot.kill()
}

// elapse waits; false when ctx ended first. The test runs real processes, in real time.
func elapse(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
