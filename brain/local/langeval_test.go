package local

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// evalRow is what the measuring sets say that languages and moods are measured by.
type evalRow struct {
	Lang, Subject string
	Messages      []struct{ Role, Text string }
	Gold          struct {
		Triggers struct{ Anger *bool }
	}
}

// readEval calls do for every row of a public measuring set, which is no part of the project.
func readEval(t *testing.T, set string, do func(evalRow)) {
	t.Helper()
	dir := cmp.Or(os.Getenv("WARMLINE_EVAL"), filepath.Join("..", "..", "..", "shared", "eval"))
	if testing.Short() {
		t.Skip("SKIPPED: measuring takes a minute; run without -short")
	}
	f, err := os.Open(filepath.Join(dir, "dev", set+".jsonl.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: no measuring sets; set WARMLINE_EVAL to their folder")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 4<<20)
	for in.Scan() {
		var r evalRow
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		do(r)
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestEvalLanguages measures public tickets. The floors lie a little below what was reached. Chinese chats are full of
// single words that Japanese has too, and of order numbers.
func TestEvalLanguages(t *testing.T) {
	for _, set := range []struct {
		name               string
		right, surelyWrong float64 // at least, at most
	}{
		{"tobi_tickets.all", 0.99, 0.001},
		{"uss_jddc.dev", 0.94, 0.001},
		{"clinc150.test", 0.96, 0.005},
		{"banking77.test", 0.98, 0.005},
		{"hwu64.test", 0.90, 0.005},
		{"goemotions.test", 0.94, 0.005},
	} {
		t.Run(set.name, func(t *testing.T) {
			all, by := heard{}, map[string]*heard{}
			readEval(t, set.name, func(r evalRow) {
				for _, m := range r.Messages {
					if m.Role != "customer" {
						continue
					}
					if by[r.Lang] == nil {
						by[r.Lang] = &heard{}
					}
					g := identify(clean(m.Text))
					by[r.Lang].add(r.Lang, g)
					all.add(r.Lang, g)
				}
			})
			for _, l := range slices.Sorted(maps.Keys(by)) {
				t.Logf("%s %s %v", set.name, l, by[l])
			}
			if n := float64(all.n); float64(all.right) < set.right*n || float64(all.surelyWrong) > set.surelyWrong*n {
				t.Errorf("%v", all)
			}
		})
	}
}
