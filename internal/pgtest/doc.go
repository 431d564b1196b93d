// Package pgtest runs a throwaway PostgreSQL for tests and hands out fresh databases on it.
//
// The server is started once, around a whole test run, by the command in internal/pgtest/with:
//
//	go run ./internal/pgtest/with -- go test ./store/...
//
// A test that needs a database of its own asks for one, and is skipped where there is no server:
//
//	func TestStoreKeepsTickets(t *testing.T) {
//		db, err := sql.Open("pgx", pgtest.Database(t))
//		…
//	}
//
// The server listens on a Unix socket only, in a directory that goes away with it. PostgreSQL refuses to run as root, so
// under root it runs as the first of the users postgres and nobody that exists.
package pgtest
