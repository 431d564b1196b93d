package main

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"warmline/internal/pgtest"
)

func TestExitCodeIsTheCommandsOwn(t *testing.T) {
	t.Setenv(pgtest.EnvDSN, "postgres://given/postgres")
	for _, tc := range []struct {
		name, script string
		want         int
	}{
		{"success", "exit 0", 0},
		{"failure", "exit 7", 7},
		{"ended by a signal", "kill -TERM $$", 128 + int(syscall.SIGTERM)},
		{"a server that is given is passed on", `test "$WARMLINE_TEST_POSTGRES" = postgres://given/postgres`, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, err := run(pgtest.Options{}, []string{"sh", "-c", tc.script})
			if code != tc.want || err != nil {
				t.Errorf("exit code %d (%v), want %d", code, err, tc.want)
			}
		})
	}
}

func TestCommandThatCannotRunIsNamed(t *testing.T) {
	t.Setenv(pgtest.EnvDSN, "postgres://given/postgres")
	if code, err := run(pgtest.Options{}, []string{"/nowhere/at/all"}); code != 1 || err == nil {
		t.Errorf("exit code %d (%v), want 1 and an error", code, err)
	}
}

func TestSignalIsPassedOn(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGTERM
	code, err := runCommand(signals, os.Environ(), []string{"sleep", "60"})
	if want := 128 + int(syscall.SIGTERM); code != want || err != nil {
		t.Errorf("exit code %d (%v), want %d", code, err, want)
	}
}

func TestServerIsStartedForTheCommandAndStoppedAfterIt(t *testing.T) {
	probe, err := pgtest.Start(t.Context(), pgtest.Options{})
	if errors.Is(err, pgtest.ErrNotInstalled) && !pgtest.Required() {
		t.Skip(pgtest.Absent)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := probe.Stop(); err != nil {
		t.Fatal(err)
	}

	t.Setenv(pgtest.EnvDSN, "")
	// The socket's directory is the host of the DSN: it must be there while the command runs, and no longer.
	note := t.TempDir() + "/dir"
	script := `d=$(printf %s "$WARMLINE_TEST_POSTGRES" | sed 's/.*host=//; s/&.*//; s,%2F,/,g'); printf %s "$d" >"$1"; test -S "$d/.s.PGSQL.5432"`
	if code, err := run(pgtest.Options{}, []string{"sh", "-c", script, "sh", note}); code != 0 || err != nil {
		t.Fatalf("exit code %d (%v): no socket beside the command", code, err)
	}
	dir, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(string(dir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there (%v)", dir, err)
	}
}

func TestMissingServerIsFatalOnlyWhereRequired(t *testing.T) {
	t.Setenv(pgtest.EnvDSN, "")
	nowhere := pgtest.Options{Programs: t.TempDir()}

	t.Setenv(pgtest.EnvRequire, "")
	if code, err := run(nowhere, []string{"sh", "-c", "exit 5"}); code != 5 || err != nil {
		t.Errorf("not required: exit code %d (%v), want the command's 5", code, err)
	}
	t.Setenv(pgtest.EnvRequire, "1")
	if code, err := run(nowhere, []string{"sh", "-c", "exit 5"}); code != 1 || !errors.Is(err, pgtest.ErrNotInstalled) {
		t.Errorf("required: exit code %d (%v), want 1 and ErrNotInstalled", code, err)
	}
}
