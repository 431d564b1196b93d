package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"warmline/brain"
	"warmline/brain/semantic"
	"warmline/escalate/desk"
	"warmline/store"
)

type doctorCmd struct {
	DB       string `name:"db" default:"sqlite:warmline.db" env:"WARMLINE_DB" help:"Database: sqlite:PATH or postgres://user:password@host/name."`
	Policy   string `help:"YAML file that seeds the policy."`
	Macros   string `help:"Macros: JSONL or CSV, gzipped or not."`
	Articles string `help:"Help-centre articles, the same."`
	History  string `help:"Solved tickets, the same."`
	Map      string `help:"YAML that says how the columns of CSV files are named."`
	Pack     string `env:"WARMLINE_PACK" help:"Semantic pack; semantic.pack where none is named, if it is there."`

	slackFlags
	helpdesksFlags

	Lookup lookupFlags `embed:"" prefix:"lookup-"`
}

// Help is shown below the flags.
func (doctorCmd) Help() string {
	return `Give it what you give to serve:

  export SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-…
  warmline doctor --helpdesks helpdesks.yaml --policy policy.yaml --history tickets.jsonl --macros macros.jsonl

One line for each check: ok, note (works, but know this) or fault (with what to do). It changes nothing, may run beside serve, and
ends with code 1 when something is at fault.`
}

// grade is how a check came out.
type grade string

const (
	fine  grade = "ok"
	note  grade = "note"
	fault grade = "fault"
)

// finding is one line of the doctor's.
type finding struct {
	grade grade
	what  string // one word
	said  string // what was found, and how to mend it
}

func finef(what, format string, args ...any) finding {
	return finding{fine, what, fmt.Sprintf(format, args...)}
}

func notef(what, format string, args ...any) finding {
	return finding{note, what, fmt.Sprintf(format, args...)}
}

func faultf(what, format string, args ...any) finding {
	return finding{fault, what, fmt.Sprintf(format, args...)}
}

// Run makes every check, whatever the others found.
func (c *doctorCmd) Run(ctx context.Context, s *streams) error {
	faults := 0
	say := func(f finding) {
		// A finding is one line, whatever an error or a file's name holds.
		said := strings.Join(strings.FieldsFunc(f.said, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
		fmt.Fprintf(s.out, "%-6s %-9s %s\n", f.grade, f.what, said)
		if f.grade == fault {
			faults++
		}
	}
	say(checkPolicy(c.Policy))
	if c.Macros == "" && c.Articles == "" && c.History == "" {
		say(notef("knowledge", "none: every ticket goes to a person; name files with --history, --macros, --articles"))
	} else {
		in, err := (&fileFlags{Map: c.Map}).options(s.err)
		if err != nil {
			say(faultf("mapping", "%v", err))
		}
		say(checkLines("macros", c.Macros, func(each func()) error {
			return in.Macros(c.Macros, func(int, brain.Macro) error { each(); return nil })
		}))
		say(checkLines("articles", c.Articles, func(each func()) error {
			return in.Articles(c.Articles, func(int, brain.Article) error { each(); return nil })
		}))
		say(checkLines("history", c.History, func(each func()) error {
			return in.Tickets(c.History, func(int, brain.Past) error { each(); return nil })
		}))
	}
	say(checkDatabase(ctx, c.DB))
	say(checkPack(c.Pack))
	for _, f := range checkSlack(ctx, &c.slackFlags, policyInForce(ctx, c.DB, c.Policy)) {
		say(f)
	}
	for _, f := range checkDesks(ctx, &c.helpdesksFlags) {
		say(f)
	}
	say(checkLookup(ctx, &c.Lookup))
	if faults > 0 {
		return fmt.Errorf("%d of the above are at fault", faults)
	}
	return nil
}

func checkPolicy(path string) finding {
	if path == "" {
		return notef("policy", "no file: a new database starts with the default policy, which answers nothing by itself; --policy FILE seeds another")
	}
	p, err := readPolicy(path)
	if err != nil {
		return faultf("policy", "%v", err)
	}
	return finef("policy", "%s reads: stage %s, answers from %v, drafts from %v", path, p.Stage, p.Thresholds.Auto, p.Thresholds.Draft)
}

// maxTold is how many bad lines of a file are told one by one.
const maxTold = 5

// checkLines reads a file of knowledge as serve does.
func checkLines(what, path string, read func(each func()) error) finding {
	if path == "" {
		return notef(what, "none; --%s FILE brings them", what)
	}
	rows := 0
	err := read(func() { rows++ })
	if bad, ok := errors.AsType[brain.BadLines](err); ok {
		told := bad[:min(len(bad), maxTold)]
		more := ""
		if len(bad) > len(told) {
			more = "; and more"
		}
		return faultf(what, "%s: %d lines are good, these are not: %v%s; mend or remove them, serve refuses the file", path, rows, told, more)
	}
	switch {
	case err != nil:
		return faultf(what, "%v", err)
	case rows == 0:
		return notef(what, "%s holds none", path)
	}
	return finef(what, "%s holds %d", path, rows)
}

// checkDatabase opens the database for reading alone, so that one in use stays in use and one of an older version stays old.
func checkDatabase(ctx context.Context, dsn string) finding {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	name := safeDSN(dsn)
	st, err := store.Open(ctx, dsn, store.Options{ReadOnly: true})
	if err != nil {
		return unopened(name, dsn, err)
	}
	defer func() { _ = st.Close() }() // only read: closing can lose nothing
	if err := st.Ready(ctx); err != nil {
		return faultf("database", "%s: %v", name, err)
	}
	if err := st.Writable(ctx); err != nil {
		return faultf("database", "%s can be read and not written: %v", name, err)
	}
	var version int64
	err = st.View(ctx, func(tx desk.Tx) error {
		p, err := tx.Policy(ctx)
		if err == nil {
			version = p.Version
		}
		return err
	})
	switch {
	case errors.Is(err, desk.ErrNotFound):
		return notef("database", "%s opens, and holds no policy yet: serve seeds it", name)
	case err != nil:
		return faultf("database", "%s: %v", name, err)
	}
	return finef("database", "%s opens, and its clock agrees with ours; policy version %d", name, version)
}

// unopened tells a database that only has to be made from one that will not open.
func unopened(name, dsn string, err error) finding {
	const undefinedTable = "42P01" // PostgreSQL, appendix A
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == undefinedTable {
		return notef("database", "%s answers and is empty: serve sets it up", name)
	}
	if !strings.Contains(dsn, "://") && errors.Is(err, fs.ErrNotExist) {
		if at, bad := os.Stat(filepath.Dir(strings.TrimPrefix(dsn, "sqlite:"))); bad == nil && at.IsDir() {
			return notef("database", "%s is not there yet: serve makes it", name)
		}
	}
	return faultf("database", "%v", err)
}

func checkPack(path string) finding {
	p, err := semantic.Open(cmp.Or(path, defaultPack))
	switch {
	case path == "" && errors.Is(err, fs.ErrNotExist):
		return notef("semantic", "off: word matching only; make semantic builds the pack")
	case err != nil:
		return faultf("semantic", "%v", err)
	}
	if p.ID() != semantic.Measured {
		return notef("semantic", "on: %s; its weights are not those of %s, with which the figures were measured", describePack(p.Info()), semantic.Package)
	}
	return finef("semantic", "on: %s", describePack(p.Info()))
}
