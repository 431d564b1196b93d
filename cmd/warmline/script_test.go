package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the scripts of testdata/script against the real binary.
func TestScripts(t *testing.T) {
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "warmline"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build warmline: %v\n%s", err, out)
	}
	company, err := filepath.Abs("demo")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("DEMO", company) // the files of the company in the box
			env.Values[programsKey{}] = map[string]*program{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"refused": refused, "start": start, "line": line, "finish": finish, "http": call, "eventually": eventually, "empty": empty,
		},
	})
}

// refused is "refused REGEXP ARGS…": warmline must end with code 2, print nothing, and say why in one line.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: refused REGEXP ARGS…")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var out, said bytes.Buffer
	cmd := warmline(ctx, ts, args[1:])
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	ts.Logf("%s", said.String())
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		ts.Fatalf("warmline ended with %v, want exit code 2", err)
	}
	one := strings.Count(said.String(), "\n") == 1
	if out.Len() > 0 || !one || !regexp.MustCompile(args[0]).MatchString(said.String()) {
		ts.Fatalf("want one line that matches %q and nothing else; printed %q", args[0], out.String())
	}
}

// call is "http METHOD URL [BODY [TOKEN]]". The answer's body becomes the script's stdout; it must be a 2xx, or with "!"
// anything else.
func call(ts *testscript.TestScript, neg bool, args []string) {
	out, err := ask(args)
	_, _ = io.WriteString(ts.Stdout(), out)
	if (err != nil) != neg {
		ts.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// eventually is "eventually REGEXP METHOD URL [BODY [TOKEN]]": the call is made until its answer matches.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: eventually REGEXP METHOD URL [BODY [TOKEN]]")
	}
	want := regexp.MustCompile(args[0])
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	var out string
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-again.C {
		if out, err = ask(args[1:]); want.MatchString(out) {
			_, _ = io.WriteString(ts.Stdout(), out)
			return
		}
	}
	ts.Fatalf("%v never answered %q; the last was %s (%v)", args[1:], args[0], out, err)
}

func ask(args []string) (string, error) {
	if len(args) < 2 || len(args) > 4 {
		return "", errors.New("usage: METHOD URL [BODY [TOKEN]]")
	}
	args = append(args, "", "")[:4]
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, args[0], args[1], strings.NewReader(args[2]))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	if args[3] != "" {
		req.Header.Set("Authorization", "Bearer "+args[3])
	}
	req.Close = true // a script's server ends when the script says so
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode > 299 {
		err = errors.New(res.Status)
	}
	return string(b), err
}

// empty is "empty FOLDER".
func empty(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] empty FOLDER")
	}
	found, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if (len(found) == 0) == neg {
		ts.Fatalf("%s holds %v", args[0], found)
	}
}

// warmline is the binary in the script's folder and environment.
func warmline(ctx context.Context, ts *testscript.TestScript, args []string) *exec.Cmd {
	bin, _, _ := strings.Cut(ts.Getenv("PATH"), string(os.PathListSeparator))
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "warmline"), args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN_FILE", "SLACK_APP_TOKEN_FILE",
	} {
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%s", name, ts.Getenv(name)))
	}
	return cmd
}
