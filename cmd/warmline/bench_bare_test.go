package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bare is what the parts take that no product can do without: a commit of one row under the store's own settings, and a
// POST over loopback. It is measured before and after the load; a noisy machine shows here.
type bare struct {
	dsn          string
	commit, post sample
}

func measureBare(b *testing.B, dsn string) *bare {
	b.Helper()
	m := &bare{dsn: dsn}
	m.again(b)
	return m
}

// bareTimes is how often each is measured, before the load and again after it.
const bareTimes = 150

func (m *bare) again(b *testing.B) {
	b.Helper()
	m.measureCommit(b)
	m.measurePost(b)
}

func (m *bare) report(b *testing.B) {
	b.Helper()
	for _, of := range []struct {
		name string
		sample
	}{{"commit", m.commit}, {"post", m.post}} {
		b.ReportMetric(ms(of.quantile(0.5)), "bare-"+of.name+"-p50-ms")
		b.ReportMetric(ms(of.quantile(0.95)), "bare-"+of.name+"-p95-ms")
		b.ReportMetric(ms(of.quantile(0.99)), "bare-"+of.name+"-p99-ms")
	}
}

// measureCommit updates one row of a database beside the product's: on the same disk, or the same server.
func (m *bare) measureCommit(b *testing.B) {
	b.Helper()
	driver, dsn := "pgx", m.dsn
	if file, ok := strings.CutPrefix(m.dsn, "sqlite:"); ok {
		driver, dsn = "sqlite3", "file:"+filepath.Join(filepath.Dir(file), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate"
	}
	ctx := b.Context()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close() // a scratch database
	if _, err := db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, n BIGINT); "+
		"INSERT INTO bare VALUES (1, 0) ON CONFLICT DO NOTHING"); err != nil {
		b.Fatal(err)
	}
	for range bareTimes {
		began := time.Now()
		if err := commitOne(ctx, db); err != nil {
			b.Fatal(err)
		}
		m.commit = append(m.commit, time.Since(began))
	}
}

func commitOne(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE bare SET n = n + 1 WHERE id = 1"); err != nil {
		return fmt.Errorf("%w (%w)", err, tx.Rollback())
	}
	return tx.Commit()
}

// measurePost posts a webhook's worth of bytes to a server that does nothing with them.
func (m *bare) measurePost(b *testing.B) {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	body := strings.Repeat("x", 150)
	for range bareTimes {
		began := time.Now()
		res, err := server.Client().Post(server.URL, "application/json", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		_ = res.Body.Close()
		m.post = append(m.post, time.Since(began))
	}
}
