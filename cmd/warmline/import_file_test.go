package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warmline/brain"
	"warmline/brain/files"
)

// exported writes an export of so many tickets.
func exported(tb testing.TB, n int) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "export.jsonl")
	var out bytes.Buffer
	for i := range n {
		fmt.Fprintf(&out, `{"id":"t%d","subject":"Lamp %d","channel":"email","created_at":"2026-01-31T08:00:00Z","customer":{"name":"Ina Berg","email":"ina%d@customer.example"},`+
			`"status":"solved","tags":["lamp"],"brand":"North","value":1250.5,"messages":[{"role":"customer","text":"My lamp of order %d stays dark, whatever I press. %s"},{"role":"agent","text":"Hold the button for ten seconds, please."}],`+
			`"gold":{"answer_id":"reset"}}`+"\n", i, i, i, i, strings.Repeat("It did work for a year. ", 8))
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func TestAnExportIsImportedAsItIs(t *testing.T) {
	path, dir := exported(t, 20), t.TempDir()
	im := &importing{from: "export", out: dir, say: io.Discard}
	if err := im.file(t.Context(), files.Options{}, path); err != nil {
		t.Fatal(err)
	}
	all := imported(t, dir)
	if len(all) != 20 || im.read != 20 {
		t.Fatalf("%d tickets, and %d counted", len(all), im.read)
	}
	p := all[7]
	if p.ID != "t7" || p.Content.Subject != "Lamp 7" || p.Status != "solved" || p.Gold.AnswerID != "reset" || p.Content.Customer.Email != "ina7@customer.example" ||
		len(p.Content.Messages) != 2 || p.Reply() != "Hold the button for ten seconds, please." || p.Created.IsZero() ||
		p.Content.Brand != "North" || p.Content.Value != 1250.5 {
		t.Errorf("ticket 7 became %+v", p)
	}
	if _, err := os.Stat(im.statePath()); !errors.Is(err, os.ErrNotExist) {
		t.Error("how far it came is still written down")
	}
}

func TestAnImportOfAnExportGoesOnWhereItEnded(t *testing.T) {
	path, dir := exported(t, 3*importBatch), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	first := &importing{from: "export", out: dir, say: writerFunc(func(p []byte) {
		if bytes.HasPrefix(p, []byte("7000 ")) {
			cancel()
		}
	})}
	if err := first.file(ctx, files.Options{}, path); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, importTickets)); err == nil {
		t.Error("half an import looks like a whole one")
	}
	var said bytes.Buffer
	again := &importing{from: "export", out: dir, say: &said}
	if err := again.file(t.Context(), files.Options{}, path); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(said.String(), fmt.Sprintf("%d tickets are there from before", importBatch)) && !strings.HasPrefix(said.String(), fmt.Sprintf("%d tickets are there from before", 2*importBatch)) {
		t.Errorf("it said %.60q", said.String())
	}
	n := 0
	for _, p := range imported(t, dir) {
		if p.ID != fmt.Sprintf("t%d", n) {
			t.Fatalf("ticket %d is %s", n, p.ID)
		}
		n++
	}
	if n != 3*importBatch {
		t.Errorf("%d tickets, want %d", n, 3*importBatch)
	}
}

func TestALineOfAnExportThatCannotBeReadIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "export.jsonl")
	if err := os.WriteFile(path, []byte("{\"id\":\"a\",\"messages\":[]}\n{\n{\"id\":\"b\",\"messages\":[]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	im := &importing{from: "export", out: t.TempDir(), say: io.Discard}
	err := im.file(t.Context(), files.Options{}, path)
	if _, ok := errors.AsType[brain.BadLines](err); !ok || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
	skip := files.Options{Bad: func(string, brain.BadLine) error { return nil }}
	if err := im.file(t.Context(), skip, path); err != nil || len(imported(t, im.out)) != 2 {
		t.Errorf("with bad lines left out: %v", err)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

// What an import of an export must keep to, for any number of tickets.
const (
	importPerSecond = 5000
	importGrowth    = 16 << 20 // bytes more that the process takes for ten times as many
)

// BenchmarkImport imports an export with the real program, which is killed halfway and run again.
func BenchmarkImport(b *testing.B) {
	const tickets = 100_000
	path, bin := exported(b, tickets), buildBot(b)
	_, few := importWhole(b, bin, exported(b, tickets/10))
	var slowest time.Duration
	var most int64
	for b.Loop() {
		dir := b.TempDir()
		half := exec.CommandContext(b.Context(), bin, "import", "--file", path, "--out", dir)
		if err := half.Start(); err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "import.json")); err == nil {
				break
			}
			elapse(b.Context(), time.Millisecond)
		}
		_ = half.Process.Kill()
		_ = half.Wait() // killed
		again := exec.CommandContext(b.Context(), bin, "import", "--file", path, "--out", dir)
		if out, err := again.CombinedOutput(); err != nil || !strings.Contains(string(out), fmt.Sprintf("%d tickets are now in", tickets)) || !strings.Contains(string(out), "from before") {
			b.Fatalf("%v: %s", err, out)
		}
		took, peak := importWhole(b, bin, path)
		slowest, most = max(slowest, took), max(most, peak)
	}
	rate := tickets / slowest.Seconds()
	b.ReportMetric(rate, "tickets/s")
	b.ReportMetric(float64(most)/(1<<20), "MiB")
	b.ReportMetric(float64(few)/(1<<20), "MiB-of-a-tenth")
	if rate < importPerSecond || most > few+importGrowth {
		b.Errorf("%.0f tickets a second, %d MiB and for a tenth of them %d; want %d, and at most %d MiB more", rate, most>>20, few>>20, importPerSecond, importGrowth>>20)
	}
}

// importWhole imports an export at one go, and returns how long it takes and how much memory at most.
func importWhole(b *testing.B, bin, path string) (took time.Duration, peak int64) {
	b.Helper()
	c, began := exec.CommandContext(b.Context(), bin, "import", "--file", path, "--out", b.TempDir()), time.Now()
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	status := fmt.Sprintf("/proc/%d/status", c.Process.Pid)
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		select {
		case err := <-ended:
			if took = time.Since(began); err != nil {
				b.Fatal(err)
			}
			if peak == 0 {
				b.Skip("SKIPPED: this system does not say how much memory a process takes")
			}
			return took, peak
		case <-time.After(10 * time.Millisecond):
			peak = max(peak, highWater(status))
		}
	}
}

// highWater is the most memory that a process has taken so far, in bytes; 0 when nothing says so.
func highWater(status string) (bytes int64) {
	text, err := os.ReadFile(status)
	if err != nil {
		return 0
	}
	_, line, _ := strings.Cut(string(text), "VmHWM:")
	_, _ = fmt.Sscanf(line, "%d kB", &bytes)
	return bytes << 10
}
