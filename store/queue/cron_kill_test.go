package queue_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
	"warmline/store/queue"
)

// race is a clock that many processes agree on and that runs through 400 days in seconds, with jumps: an hour back, an hour
// on, and in the end ten years.
type race struct {
	Zone  int // of zones
	Began time.Time
	Takes time.Duration // for the 400 days
	Leap  time.Duration
	Whole bool
}

func newRace(z int, takes, leap time.Duration) race {
	return race{Zone: z, Began: time.Now(), Takes: takes, Leap: leap, Whole: *cronWhole}
}

func (r race) speed() float64 { return float64(400*24*time.Hour) / float64(r.Takes) }

// now is what the clock shows. An hour is put back and on in turn every twentieth of the way.
func (r race) now() time.Time {
	gone := time.Since(r.Began)
	now := zones[r.Zone].from.Add(time.Duration(r.speed() * float64(min(gone, r.Takes))))
	switch int(gone*20/r.Takes) % 4 {
	case 1:
		now = now.Add(-time.Hour)
	case 3:
		now = now.Add(time.Hour)
	}
	if gone > r.Takes*3/4 {
		now = now.Add(r.Leap)
	}
	return now
}

// end is later than all that it ever shows, and than every lease: at ten past some hour, so that no slot is near.
func (r race) end() time.Time {
	latest := zones[r.Zone].from.Add(400*24*time.Hour + r.Leap + time.Hour + 2*r.lease())
	return latest.Truncate(time.Hour).Add(time.Hour + 11*time.Minute)
}

func (r race) lease() time.Duration { return time.Duration(r.speed() * float64(300*time.Millisecond)) }

func (r race) expressions() (es []expression) {
	for _, e := range expressions {
		if r.Whole && e.name != "five" || !e.often {
			es = append(es, e)
		}
	}
	return es
}

// options are those of a queue whose jobs write down that they ran in the commit that finishes them.
func (r race) options(db *store.Store) queue.Options {
	opts := queue.Options{
		Store: db, Lease: r.lease(), Heartbeat: 10 * time.Millisecond, Poll: 10 * time.Millisecond, Drain: time.Second,
		Kinds: map[string]queue.Kind{"work": {Workers: 16, Handle: func(ctx context.Context, j desk.Leased) error {
			return db.Update(ctx, func(tx desk.Tx) error {
				if err := tx.Finish(ctx, j); err != nil {
					return err
				}
				_, err := tx.(queue.Tx).Exec(ctx, `INSERT INTO fired (name) VALUES ($1)`, j.Key)
				return err // the commit point: killed before it, the job runs again
			})
		}}},
	}
	for _, e := range r.expressions() {
		for _, rule := range []queue.CatchUp{queue.Skip, queue.Once, queue.Each} {
			opts.Crons = append(opts.Crons, queue.Cron{
				Name: e.name + "-" + string(rule), Spec: e.spec, Zone: zones[r.Zone].name, CatchUp: rule, Kind: "work",
			})
		}
	}
	return opts
}

// prepare makes the database, with every cron registered when the clock began.
func (r race) prepare(t *testing.T, dsn string) {
	t.Helper()
	db, err := store.Open(t.Context(), dsn, store.Options{Now: func() time.Time { return zones[r.Zone].from }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // the test has its answer by then
	execute(t, db, `CREATE TABLE fired (name TEXT NOT NULL)`)
	stop := start(t, r.options(db))
	defer stop()
	for count(t, db, `SELECT COUNT(*) FROM cron`) == 0 {
		time.Sleep(time.Millisecond)
	}
}

// judge lets what is left run, reads the database, and holds it to the slots: each fired once, none twice.
func (r race) judge(t *testing.T, dsn string) {
	t.Helper()
	began := time.Now()
	db, err := store.Open(t.Context(), dsn, store.Options{Now: func() time.Time { return r.end().Add(time.Since(began)) }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // the test has its answer by then
	stop := start(t, r.options(db))
	walked := slotsOf(t, zones[r.Zone], zones[r.Zone].from, r.end(), r.expressions())
	due := 0
	for i := range walked {
		due += len(walked[i])
	}
	var fired map[string]int
	for time.Since(began) < time.Minute {
		time.Sleep(20 * time.Millisecond)
		fired = r.fired(t, db)
		each := 0
		for key, n := range fired {
			if strings.Contains(key, "-each@") {
				each += n
			}
		}
		if left := count(t, db, `SELECT COUNT(*) FROM job`); each >= due && left == 0 {
			break
		}
	}
	stop()
	total := 0
	for key, n := range fired {
		total += n
		if n > 1 {
			t.Errorf("%s fired %d times", key, n)
		}
	}
	for i, e := range r.expressions() {
		known := make(map[string]bool, len(walked[i]))
		var lost []string
		for _, s := range walked[i] {
			known[s.label] = true
			if fired[e.name+"-each@"+s.label] == 0 {
				lost = append(lost, s.label)
			}
		}
		if len(lost) > 0 {
			t.Errorf("%s lost %d slots, the first %s", e.name, len(lost), lost[0])
		}
		if last := walked[i][len(walked[i])-1].label; fired[e.name+"-once@"+last] == 0 {
			t.Errorf("%s under once did not run its latest slot, %s", e.name, last)
		}
		for key := range fired {
			if name, label, _ := strings.Cut(key, "@"); strings.HasPrefix(name, e.name+"-") && !known[label] {
				t.Errorf("%s fired and is no slot", key)
			}
		}
	}
	t.Logf("%d slots of %d expressions, %d runs", due, len(walked), total)
}

func (r race) fired(t *testing.T, db desk.Store) map[string]int {
	t.Helper()
	fired := make(map[string]int)
	err := db.View(t.Context(), func(tx desk.Tx) error {
		clear(fired)
		rows, err := tx.(queue.Tx).Query(t.Context(), `SELECT name FROM fired`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			fired[name]++
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return fired
}

func count(t *testing.T, db desk.Store, statement string) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx desk.Tx) error {
		rows, err := tx.(queue.Tx).Query(t.Context(), statement)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&n); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// onEngines runs a test on a SQLite file and on PostgreSQL.
func onEngines(t *testing.T, test func(t *testing.T, dsn string, shared bool)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), false) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Database(t), true) })
}

// TestThreeReplicasFireEverySlotOnce runs three queues at once: on PostgreSQL each with connections of its own and a clock
// that is off a little, as replicas are; on SQLite, which one process has for itself, in that process.
func TestThreeReplicasFireEverySlotOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, dsn string, shared bool) {
		takes, leap := 2*time.Second, year
		if *cronWhole {
			takes, leap = time.Minute, 10*year
		}
		newRace(0, takes, leap).prepare(t, dsn)
		r := newRace(0, takes, leap)
		var stops []func()
		var one *store.Store
		for i := range 3 {
			off := time.Duration(float64(i-1) * r.speed() * float64(time.Millisecond))
			db := one
			if db == nil || shared {
				var err error
				if db, err = store.Open(t.Context(), dsn, store.Options{Now: func() time.Time { return r.now().Add(off) }}); err != nil {
					t.Fatal(err)
				}
				defer db.Close() // the test has its answer by then
				one = db
			}
			stops = append(stops, start(t, r.options(db)))
		}
		time.Sleep(r.Takes)
		for _, stop := range stops {
			stop()
		}
		if err := one.Close(); err != nil {
			t.Error(err)
		}
		r.judge(t, dsn)
	})
}

// halting is a store whose queue halts when it has read a cron's row to fire it.
type halting struct {
	*store.Store
	read, goOn chan struct{}
}

func (s halting) Update(ctx context.Context, fn func(desk.Tx) error) error {
	return s.Store.Update(ctx, func(tx desk.Tx) error { return fn(haltingTx{tx.(queue.Tx), s}) })
}

type haltingTx struct {
	queue.Tx
	at halting
}

func (tx haltingTx) Query(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	rows, err := tx.Tx.Query(ctx, statement, args...)
	if strings.Contains(statement, "FROM cron WHERE name") {
		tx.at.read <- struct{}{}
		<-tx.at.goOn
	}
	return rows, err
}

func TestAReplicaLeavesARowAloneThatAnotherFires(t *testing.T) {
	dsn := pgtest.Database(t)
	var ran log
	base := time.Now()
	open := func() (*store.Store, queue.Options, *atomic.Bool) {
		late := new(atomic.Bool)
		db, err := store.Open(t.Context(), dsn, store.Options{Now: func() time.Time {
			if late.Load() {
				return base.Add(25 * time.Hour)
			}
			return base
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db, queue.Options{Store: db, Poll: time.Millisecond, Kinds: logging(&ran), Crons: []queue.Cron{
			{Name: "c", Spec: "@every 24h", CatchUp: queue.Each, Kind: "work"},
		}}, late
	}
	first, opts, late := open()
	store := halting{first, make(chan struct{}), make(chan struct{})}
	opts.Store = store
	defer start(t, opts)()
	second, opts, alsoLate := open()
	looked := make(chan struct{})
	opts.Kinds["look"] = queue.Kind{Handle: func(context.Context, desk.Leased) error { looked <- struct{}{}; return nil }}
	defer start(t, opts)()
	enqueue(t, second, desk.Job{Kind: "look"})
	<-looked // both have registered it, or the second has
	late.Store(true)
	<-store.read // and now the first holds it
	alsoLate.Store(true)
	for range 3 { // each takes a round, which looks at the crons too
		enqueue(t, second, desk.Job{Kind: "look"})
		<-looked
	}
	close(store.goOn)
	for ran.len() == 0 {
		time.Sleep(time.Millisecond)
	}
	for range 3 {
		enqueue(t, second, desk.Job{Kind: "look"})
		<-looked
	}
	if n := ran.len(); n != 1 {
		t.Errorf("it ran %d times", n)
	}
}

const childEnv = "WARMLINE_TEST_CRON_CHILD"

// child is what a process that is going to be killed is told.
type child struct {
	Race race
	DSN  string
}

func TestMain(m *testing.M) {
	if told := os.Getenv(childEnv); told != "" {
		fmt.Println(runChild(told))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// runChild fires crons until it is killed.
func runChild(told string) error {
	var c child
	if err := json.Unmarshal([]byte(told), &c); err != nil {
		return err
	}
	db, err := store.Open(context.Background(), c.DSN, store.Options{Now: c.Race.now})
	if err != nil {
		return err
	}
	runner, err := queue.New(c.Race.options(db))
	if err != nil {
		return err
	}
	return errors.Join(errors.New("ended by itself"), runner.Run(context.Background()))
}

// TestKilledProcessesLoseAndDoubleNoSlot kills processes that fire crons: on PostgreSQL three at a time.
func TestKilledProcessesLoseAndDoubleNoSlot(t *testing.T) {
	onEngines(t, func(t *testing.T, dsn string, shared bool) {
		replicas, takes, leap := 1, 4*time.Second, year
		if shared {
			replicas = 3
		}
		if *cronWhole {
			takes, leap = 2*time.Minute, 10*year
		}
		newRace(1, takes, leap).prepare(t, dsn)
		r := newRace(1, takes, leap)
		var all sync.WaitGroup
		kills := make([]int, replicas)
		for i := range replicas {
			all.Go(func() {
				kills[i] = killChildren(t, child{Race: r, DSN: dsn}, rand.New(rand.NewPCG(*cronSeed, uint64(i))))
			})
		}
		all.Wait()
		t.Logf("%v kills", kills)
		r.judge(t, dsn)
	})
}

// killChildren starts one process after another and kills each, until the race is over.
func killChildren(t *testing.T, c child, dice *rand.Rand) (kills int) {
	told, err := json.Marshal(c)
	if err != nil {
		t.Error(err)
		return 0
	}
	for time.Since(c.Race.Began) < c.Race.Takes {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+string(told))
		out := new(strings.Builder)
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			t.Error(err)
			return kills
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-ended:
			t.Errorf("a process ended by itself: %s", out)
			return kills
		case <-time.After(30*time.Millisecond + time.Duration(dice.Int64N(int64(300*time.Millisecond)))):
			_ = cmd.Process.Kill()
			<-ended
			kills++
		}
	}
	return kills
}
