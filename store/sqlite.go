package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// Settings of every connection. FULL is not the driver's default: without it a power cut loses commits that were answered.
const (
	sqliteCommon = "_busy_timeout=1000&_foreign_keys=1&_stmt_cache_size=256"
	sqliteWriter = sqliteCommon + "&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate"
	sqliteReader = sqliteCommon + "&mode=ro&_query_only=1"

	sqliteReaders = 4
	// walLimit is the size to which the write-ahead log shrinks after a checkpoint.
	walLimit = 64 << 20
)

var errInUse = errors.New("in use")

// sqliteDB is SQLite: one writer goroutine, some readers.
type sqliteDB struct {
	path    string
	store   *Store
	dialect dialect
	writer  *writer // nil when read-only
	write   *sql.DB
	read    *sql.DB
	unlock  func() error

	closing  sync.Once
	closeErr error
}

func openSQLite(ctx context.Context, path string, s *Store, opts Options) (_ *sqliteDB, err error) {
	defer func() {
		if err != nil {
			err = explainSQLite(path, err)
		}
	}()
	d := &sqliteDB{path: path, store: s, dialect: dialect{engine: sqlite}, unlock: func() error { return nil }}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.release())
		}
	}()
	if !opts.ReadOnly {
		if err := d.openWriter(ctx, path, s, opts); err != nil {
			return nil, err
		}
	} else if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	if d.read, err = sql.Open("sqlite3", sqliteURI(path, sqliteReader)); err != nil {
		return nil, err
	}
	d.read.SetMaxOpenConns(sqliteReaders)
	d.read.SetMaxIdleConns(sqliteReaders)
	if opts.ReadOnly {
		return d, migrate(ctx, sqlite, d.read, opts)
	}
	return d, d.read.PingContext(ctx)
}

func (d *sqliteDB) openWriter(ctx context.Context, path string, s *Store, opts Options) error {
	if err := touch(path); err != nil {
		return err
	}
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return err
	}
	d.unlock = unlock
	if d.write, err = sql.Open("sqlite3", sqliteURI(path, sqliteWriter)); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	d.write.SetMaxIdleConns(1)
	if err := assertDurable(ctx, d.write); err != nil {
		return err
	}
	if err := migrate(ctx, sqlite, d.write, opts); err != nil {
		return err
	}
	d.writer, err = startWriter(ctx, d.write, s, &d.dialect)
	return err
}

// touch makes the file, for its owner alone, or says in the system's own words why it cannot be written.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// assertDurable refuses a connection whose commits might not survive a power cut.
func assertDurable(ctx context.Context, db *sql.DB) error {
	var synchronous int
	var journal string
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return err
	}
	if synchronous != 2 || journal != "wal" {
		return fmt.Errorf("synchronous=%d and journal_mode=%s instead of 2 and wal: commits could be lost; "+
			"use a local disk, not a network share", synchronous, journal)
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA journal_size_limit=%d", walLimit))
	return err
}

func sqliteURI(path, settings string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: settings}).String()
}

// explainSQLite says what to do about an error of opening.
func explainSQLite(path string, err error) error {
	var hint string
	switch {
	case errors.Is(err, errInUse):
		return fmt.Errorf("database %s is in use by another warmline; stop that one, or give this one its own file", path)
	case errors.Is(err, fs.ErrPermission):
		hint = "; the user that runs warmline must be able to read and write the file and its folder"
	case errors.Is(err, fs.ErrNotExist):
		hint = "; make its folder first: mkdir -p " + filepath.Dir(path)
	}
	if withPath, ok := errors.AsType[*fs.PathError](err); ok {
		err = withPath.Err // the path is already in the message
	}
	return fmt.Errorf("open database %s: %w%s", path, err, hint)
}

func (d *sqliteDB) update(ctx context.Context, fn func(*tx) error) error {
	if d.writer == nil {
		return ErrReadOnly
	}
	return d.writer.update(ctx, fn)
}

// view runs a closure on a snapshot: BEGIN without a lock, and WAL keeps what is read as it was.
func (d *sqliteDB) view(ctx context.Context, fn func(*tx) error) error {
	t, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin view: %w", err)
	}
	err = call(fn, &tx{store: d.store, conn: t, dialect: &d.dialect, now: d.store.instant(), readOnly: true})
	if rollback := t.Rollback(); err == nil && ctx.Err() == nil && rollback != nil {
		return fmt.Errorf("end view: %w", rollback)
	}
	return err
}

// readyKey is the setting that Ready writes, because a full disk shows in writing alone.
const readyKey = "store.ready_at"

func (d *sqliteDB) ready(ctx context.Context) error {
	if d.writer == nil {
		return d.view(ctx, func(t *tx) error { _, err := t.Setting(ctx, readyKey); return err })
	}
	return d.update(ctx, func(t *tx) error { return t.PutSetting(ctx, readyKey, t.now.Format(time.RFC3339)) })
}

// writable opens the file for writing, and writes nothing.
func (d *sqliteDB) writable(context.Context) error {
	f, err := os.OpenFile(d.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// shared is false: the lock file keeps other processes away.
func (d *sqliteDB) shared() bool { return false }

func (d *sqliteDB) close() error {
	d.closing.Do(func() { d.closeErr = d.release() })
	return d.closeErr
}

func (d *sqliteDB) release() error {
	var errs []error
	if d.writer != nil {
		errs = append(errs, d.writer.stop())
	}
	for _, db := range []*sql.DB{d.read, d.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, d.unlock())...)
}
