package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings a database's schema up to date. Replicas that start together take turns.
func migrate(ctx context.Context, e engine, db *sql.DB, opts Options) error {
	provider, err := newProvider(e, db)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	sources := provider.ListSources()
	known := sources[len(sources)-1].Version
	if opts.ReadOnly {
		return checkSchema(ctx, db, known)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring database schema up to date: %w", err)
	}
	return checkSchema(ctx, db, known)
}

func newProvider(e engine, db *sql.DB) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if e == sqlite {
		return goose.NewProvider(goose.DialectSQLite3, db, folder, goose.WithLogger(goose.NopLogger()))
	}
	// Asked once a second for a minute; goose's own pace of five seconds would slow every start down.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, folder, goose.WithLogger(goose.NopLogger()),
		goose.WithSessionLocker(locker))
}

// checkSchema refuses a schema that this program does not know: an older program would corrupt what a newer one wrote.
func checkSchema(ctx context.Context, db *sql.DB, known int64) error {
	var version int64
	err := db.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&version)
	if err != nil {
		return fmt.Errorf("read schema version: %w; is this a warmline database?", err)
	}
	switch {
	case version > known:
		return fmt.Errorf("database schema is version %d, this warmline knows only %d; "+
			"start the newer warmline, or restore the backup made before the upgrade", version, known)
	case version < known:
		return fmt.Errorf("database schema is version %d, this warmline needs %d; start warmline once to upgrade it",
			version, known)
	}
	return nil
}
