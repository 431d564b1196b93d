package main

import (
	"bufio"
	"bytes"
	"context"
	"os/exec"
	"regexp"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The commands of the scripts that run programs beside them.

// patience bounds every wait of a script.
const patience = 30 * time.Second

// program is a warmline that runs beside a script.
type program struct {
	cmd   *exec.Cmd
	lines chan string // of its standard output; closed at its end
	said  bytes.Buffer
}

// programsKey is where a script's programs are kept, by name.
type programsKey struct{}

func named(ts *testscript.TestScript, name string) *program {
	p := ts.Value(programsKey{}).(map[string]*program)[name]
	if p == nil {
		ts.Fatalf("nothing is called %s", name)
	}
	return p
}

// start is "start NAME ARGS…": it starts warmline under a name.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start NAME ARGS…")
	}
	p := &program{cmd: warmline(context.Background(), ts, args[1:]), lines: make(chan string, 1000)}
	out, err := p.cmd.StdoutPipe()
	ts.Check(err)
	p.cmd.Stderr = &p.said
	ts.Check(p.cmd.Start())
	go func() {
		defer close(p.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			p.lines <- scan.Text()
		}
	}()
	ts.Value(programsKey{}).(map[string]*program)[args[0]] = p
	ts.Defer(func() { // a script that failed leaves nothing running
		_ = p.cmd.Process.Kill()
		for range p.lines {
		}
		_ = p.cmd.Wait()
		if p.said.Len() > 0 {
			ts.Logf("%s said: %s", args[0], p.said.String())
		}
	})
}

// line is "line NAME REGEXP [VARIABLE]": the next line that the process prints must match; the variable becomes what
// the first group matched.
func line(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: line NAME REGEXP [VARIABLE]")
	}
	p := named(ts, args[0])
	select {
	case got, ok := <-p.lines:
		match := regexp.MustCompile(args[1]).FindStringSubmatch(got)
		if !ok || match == nil {
			ts.Fatalf("%s printed %q, want %q", args[0], got, args[1])
		}
		if len(args) == 3 {
			ts.Setenv(args[2], match[1])
		}
	case <-time.After(patience):
		ts.Fatalf("%s printed nothing within %v", args[0], patience)
	}
}

// finish is "finish NAME": the process must end with code 0 when it is told to. What it printed since the last line is
// the script's stdout, and what it said its stderr.
func finish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: finish NAME")
	}
	p := named(ts, args[0])
	ts.Check(p.cmd.Process.Signal(syscall.SIGTERM))
	timer := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	for l := range p.lines {
		_, _ = ts.Stdout().Write([]byte(l + "\n"))
	}
	err := p.cmd.Wait()
	_, _ = ts.Stderr().Write(p.said.Bytes())
	if err != nil {
		ts.Fatalf("%s ended with %v", args[0], err)
	}
}
