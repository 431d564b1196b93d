package store

import (
	"regexp"
	"strings"
	"sync"
)

// engine is one of the two databases. Statements are written once, for PostgreSQL; the little that differs is here.
type engine int

const (
	sqlite engine = iota
	postgres
)

var (
	placeholder = regexp.MustCompile(`\$(\d+)`)
	rowLock     = regexp.MustCompile(`\s+FOR UPDATE(?: OF \w+)?(?: SKIP LOCKED)?`)
)

// dialect rewrites statements and remembers what it made of them. Statements are constants of the code, so their number
// is bounded.
type dialect struct {
	engine engine
	update sync.Map // statement -> what Update runs
	view   sync.Map // statement -> what View runs
}

// rewrite returns a statement as the engine takes it. SQLite needs no row locks, since it has one writer; a view may
// not take any. "?1" is SQLite's own numbered parameter, so repeated and out-of-order arguments stay exact.
func (d *dialect) rewrite(statement string, readOnly bool) string {
	cache := &d.update
	if readOnly {
		cache = &d.view
	}
	if known, ok := cache.Load(statement); ok {
		return known.(string)
	}
	out := strings.TrimSpace(statement)
	if readOnly || d.engine == sqlite {
		out = rowLock.ReplaceAllString(out, "")
	}
	if d.engine == sqlite {
		out = placeholder.ReplaceAllString(out, "?$1")
	}
	cache.Store(statement, out)
	return out
}
