package pgtest_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"warmline/internal/pgtest"
)

// startServer gives the test a server of its own, whatever runs around it.
func startServer(t *testing.T, opts pgtest.Options) *pgtest.Server {
	t.Helper()
	server, err := pgtest.Start(t.Context(), opts)
	if errors.Is(err, pgtest.ErrNotInstalled) && !pgtest.Required() {
		t.Skip(pgtest.Absent)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func ask(t *testing.T, dsn, question string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var answer string
	if err := conn.QueryRow(t.Context(), question).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestEveryDatabaseIsFreshAndGoesWithItsTest(t *testing.T) {
	server := startServer(t, pgtest.Options{})
	t.Setenv(pgtest.EnvDSN, server.DSN())

	t.Run("two tests", func(t *testing.T) {
		first, second := pgtest.Database(t), pgtest.Database(t)
		if a, b := ask(t, first, "SELECT current_database()"), ask(t, second, "SELECT current_database()"); a == b {
			t.Errorf("both databases are %s", a)
		}
		// A connection that is still open must not keep its database.
		conn, err := pgx.Connect(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "CREATE TABLE kept (id TEXT)"); err != nil {
			t.Fatal(err)
		}
	})

	const left = "SELECT COALESCE(string_agg(datname, ','), '') FROM pg_database WHERE datname LIKE 'test\\_%'"
	if got := ask(t, server.DSN(), left); got != "" {
		t.Errorf("databases left behind: %s", got)
	}
}

func TestFsyncIsOffUnlessAskedFor(t *testing.T) {
	for _, tc := range []struct {
		opts pgtest.Options
		want string
	}{
		{pgtest.Options{}, "off"},
		{pgtest.Options{Fsync: true}, "on"},
	} {
		server := startServer(t, tc.opts)
		if got := ask(t, server.DSN(), "SHOW fsync"); got != tc.want {
			t.Errorf("with %+v fsync is %s, want %s", tc.opts, got, tc.want)
		}
	}
}

func TestStopTakesEverythingAlongAndMayBeCalledTwice(t *testing.T) {
	server := startServer(t, pgtest.Options{})
	dir := ask(t, server.DSN(), "SHOW unix_socket_directories")
	for range 2 {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there (%v)", dir, err)
	}
}

func TestStartSaysWhereItLookedForPrograms(t *testing.T) {
	empty := t.TempDir()
	_, err := pgtest.Start(t.Context(), pgtest.Options{Programs: empty})
	if !errors.Is(err, pgtest.ErrNotInstalled) || !strings.Contains(err.Error(), empty) {
		t.Errorf("error is %v, want ErrNotInstalled naming %s", err, empty)
	}
}

func TestDatabaseSaysWhyItCannotGiveOne(t *testing.T) {
	for _, tc := range []struct {
		name, dsn, require string
		skipped            bool
		want               string
	}{
		{"no server", "", "", true, "SKIPPED: "},
		{"no server where one is required", "", "1", false, pgtest.EnvRequire},
		{"no URL", "host=/tmp user=postgres", "", false, pgtest.EnvDSN},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv(pgtest.EnvDSN, tc.dsn)
			t.Setenv(pgtest.EnvRequire, tc.require)
			ended := &recorder{TB: t}
			func() {
				defer func() { _ = recover() }()
				pgtest.Database(ended)
			}()
			if !strings.Contains(ended.message, tc.want) || ended.skipped != tc.skipped {
				t.Errorf("skipped=%v with %q, want skipped=%v with %q", ended.skipped, ended.message, tc.skipped, tc.want)
			}
		})
	}
}

// recorder is a test that notes how it was ended. It leaves by a panic where a real one leaves by Goexit.
type recorder struct {
	testing.TB
	message string
	skipped bool
}

func (r *recorder) Helper() {}

func (r *recorder) Skip(args ...any) { r.skipped = true; r.end(fmt.Sprint(args...)) }

func (r *recorder) Fatal(args ...any) { r.end(fmt.Sprint(args...)) }

func (r *recorder) Fatalf(format string, args ...any) { r.end(fmt.Sprintf(format, args...)) }

func (r *recorder) end(message string) {
	r.message = message
	panic(r)
}
