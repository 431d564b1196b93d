package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The environment is how the server, its command and the tests find one another.
const (
	// EnvDSN names the server that tests may use: a DSN whose user may create databases.
	EnvDSN = "WARMLINE_TEST_POSTGRES"
	// EnvRequire makes a missing server a failure when it is "1"; CI sets it, so that nothing is skipped there.
	EnvRequire = "WARMLINE_REQUIRE_POSTGRES"
)

// Absent is what a skip says: what is missing, and what would run it.
const Absent = "SKIPPED: postgresql tests (initdb not found; apt-get install postgresql runs them)"

// Required reports whether a missing server must fail the run rather than skip tests.
func Required() bool { return os.Getenv(EnvRequire) == "1" }

// Database returns the DSN of a fresh, empty database on the server of EnvDSN. It is dropped when the test ends, with
// whatever connections are still open to it. Without a server the test is skipped, or fails where Required says so.
// Any number of tests may call it at once.
func Database(tb testing.TB) string {
	tb.Helper()
	server := os.Getenv(EnvDSN)
	if server == "" {
		if Required() {
			tb.Fatalf("%s is not set although %s=1; run the tests through make test", EnvDSN, EnvRequire)
		}
		tb.Skip("SKIPPED: postgresql test (" + EnvDSN + " is not set; make test starts a server and runs it)")
	}
	name := "test_" + rand.Text()
	dsn, err := withDatabase(server, name)
	if err != nil {
		tb.Fatal(err)
	}
	if err := execute(tb.Context(), server, `CREATE DATABASE "`+name+`"`); err != nil {
		tb.Fatalf("create test database: %v", err)
	}
	tb.Cleanup(func() {
		// The test's own context has ended by now.
		if err := execute(context.Background(), server, `DROP DATABASE "`+name+`" WITH (FORCE)`); err != nil {
			tb.Errorf("drop test database: %v", err)
		}
	})
	return dsn
}

// withDatabase points a DSN in URL form at another database of the same server.
func withDatabase(dsn, name string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", errors.New("read " + EnvDSN + ": want a URL such as postgres://user@host/postgres")
	}
	u.Path = "/" + name
	return u.String(), nil
}

// execute runs one statement on a connection of its own: CREATE and DROP DATABASE take no transaction.
func execute(ctx context.Context, dsn, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err // pgx says "failed to connect to" and where
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
