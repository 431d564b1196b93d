// Command with runs another command with a throwaway PostgreSQL beside it, and exits with that command's code:
//
//	go run ./internal/pgtest/with [-fsync] -- go test ./...
//
// The command finds the server's DSN in WARMLINE_TEST_POSTGRES. A DSN that is set already is left alone, and no server is
// started. Without PostgreSQL on the machine the command runs all the same and its database tests are skipped, unless
// WARMLINE_REQUIRE_POSTGRES=1. SIGINT and SIGTERM are passed on to the command; the server is stopped in every case.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"warmline/internal/pgtest"
)

// graceAfterSignal is how long the command may take to end once a signal was passed on.
const graceAfterSignal = 15 * time.Second

func main() {
	fsync := flag.Bool("fsync", false, "make commits durable, for benchmarks")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: with [-fsync] [--] command [argument…]")
		os.Exit(2)
	}
	code, err := run(pgtest.Options{Fsync: *fsync}, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "with:", err)
	}
	os.Exit(code)
}

// run returns the code to exit with: the command's own, or 1 with an error when it could not be run.
func run(opts pgtest.Options, args []string) (code int, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	server, err := serverFor(opts)
	if err != nil {
		return 1, err
	}
	env := os.Environ()
	if server != nil {
		defer func() {
			if stopErr := server.Stop(); stopErr != nil {
				code, err = max(code, 1), errors.Join(err, stopErr)
			}
		}()
		env = append(env, pgtest.EnvDSN+"="+server.DSN())
	}
	return runCommand(signals, env, args)
}

// serverFor starts a server, or returns nil where one is given or none can be had and none is required.
func serverFor(opts pgtest.Options) (*pgtest.Server, error) {
	if os.Getenv(pgtest.EnvDSN) != "" {
		return nil, nil
	}
	server, err := pgtest.Start(context.Background(), opts)
	if errors.Is(err, pgtest.ErrNotInstalled) && !pgtest.Required() {
		fmt.Println(pgtest.Absent)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("start postgresql: %w", err)
	}
	return server, nil
}

func runCommand(signals <-chan os.Signal, env, args []string) (int, error) {
	cmd := exec.Command(args[0], args[1:]...) //nolint:noctx // it ends by the signals passed on below
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("run %s: %w", args[0], err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()

	var giveUp <-chan time.Time // never, until a signal came
	for {
		select {
		case err := <-done:
			return exitCode(cmd.ProcessState), ignoreExit(err)
		case s := <-signals:
			_ = cmd.Process.Signal(s) // an error means that it has ended, which done tells
			giveUp = time.After(graceAfterSignal)
		case <-giveUp:
			_ = cmd.Process.Kill()
		}
	}
}

// exitCode is the shell's: 128 and the signal's number for a command that a signal ended.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// ignoreExit drops the error that only repeats the exit code.
func ignoreExit(err error) error {
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil
	}
	return err
}
