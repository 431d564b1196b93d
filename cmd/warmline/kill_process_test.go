package main

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
	"time"
)

var saysURL = regexp.MustCompile(`http://[0-9.:]+`)

// startSide starts a process that outlives every kill and returns its address.
func (w *killWorld) startSide(command string, args ...string) string {
	w.t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(w.t.Context()), w.bin, append([]string{command, "--addr", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.start(cmd, command)
	w.t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	address := saysURL.FindString(line)
	if err != nil || address == "" {
		w.t.Fatalf("%s says %q, not where it is: %v", command, line, err)
	}
	return address
}

// mortal is a process that was started.
type mortal struct {
	t    *testing.T
	cmd  *exec.Cmd
	done chan struct{} // closed once it ended, with err set
	err  error
}

// start runs a command with its words going to a file.
func (w *killWorld) start(cmd *exec.Cmd, name string) *mortal {
	w.t.Helper()
	log, err := os.OpenFile(w.path(name+".log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	p := &mortal{t: w.t, cmd: cmd, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p
}

// kill ends a process as a power button does, and waits until it is gone.
func (p *mortal) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// stop asks a process to end and expects it to do so in order.
func (p *mortal) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Errorf("stop the bot: %v", err)
	}
	select {
	case <-p.done:
		if p.err != nil {
			p.t.Errorf("the bot ended with %v", p.err)
		}
	case <-time.After(30 * time.Second):
		p.t.Error("the bot did not end within 30 s of SIGTERM")
		p.kill()
	}
}

// startBot starts the bot on its database.
func (w *killWorld) startBot() *mortal {
	w.t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(w.t.Context()), w.bin, "serve", "--quiet", "--unpaced", "--db", w.dsn,
		"--addr", w.hookAt, "--slack-url", w.slackURL+"/api/", "--policy", w.path("policy.yaml"),
		"--macros", "demo/macros.jsonl", "--history", "demo/history.jsonl", "--lease", "3s", "--poll", "1s")
	cmd.Args = append(cmd.Args, w.helpdesks...)
	cmd.Env = append(os.Environ(), "SLACK_BOT_TOKEN="+demoBotToken, "SLACK_APP_TOKEN="+demoAppToken)
	p := w.start(cmd, "serve")
	w.t.Cleanup(p.kill)
	return p
}

// awaitReady waits until the bot says that it is ready.
func (w *killWorld) awaitReady(p *mortal) {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; elapse(w.t.Context(), 5*time.Millisecond) {
		if status, _ := w.call(w.t.Context(), http.MethodGet, "http://"+w.hookAt+"/readyz", nil); status == http.StatusOK {
			return
		}
		select {
		case <-p.done:
			log, _ := os.ReadFile(w.path("serve.log"))
			w.t.Fatalf("the bot ended by itself: %v\n%s", p.err, log[max(0, len(log)-4000):])
		default:
		}
		if time.Now().After(deadline) {
			w.t.Fatal("the bot is not ready within 20 s")
		}
	}
}
