package peers_test

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"warmline/internal/localslack"
	"warmline/internal/localslack/slackstory"
)

const (
	botToken = "xoxb-peer"
	appToken = "xapp-peer"
)

// open serves a workspace and starts the app of that file in it.
func open(t *testing.T, file string) *slackstory.Story {
	t.Helper()
	node := needNode(t)
	workspace, err := localslack.New(localslack.Options{Config: config()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(workspace.Handler())
	t.Cleanup(func() {
		if err := workspace.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	run(t, exec.CommandContext(t.Context(), node, file), server.URL+"/api/")
	s := slackstory.New(t, server.Client(), server.URL)
	s.ExpectConnections("helper", 1)
	return s
}

func config() localslack.Config {
	return localslack.Config{
		Team:     localslack.Team{Name: "Northlight"},
		Users:    []localslack.User{{Name: "ana"}, {Name: "ben"}},
		Channels: []localslack.Channel{{Name: "support", Members: []string{"ana", "ben", "helper"}}},
		Apps: []localslack.App{{
			Name: "helper", BotToken: botToken, AppToken: appToken,
			Scopes: strings.Fields("app_mentions:read channels:history channels:read chat:write commands files:read files:write im:history " +
				"im:write reactions:read users:read"),
			Commands: []localslack.Command{{Command: "/escalate", Description: "Steer"}},
			Shortcuts: []localslack.Shortcut{
				{CallbackID: "hand_off", Name: "Hand off", Type: "message"}, {CallbackID: "search", Name: "Search tickets", Type: "global"},
			},
		}},
	}
}

// needNode finds Node and the installed clients, or skips.
func needNode(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if _, missing := os.Stat("node_modules/@slack/bolt"); err == nil {
		err = missing
	}
	if err == nil {
		return node
	}
	if os.Getenv("WARMLINE_REQUIRE_PEERS") == "1" {
		t.Fatalf("WARMLINE_REQUIRE_PEERS=1: %v", err)
	}
	t.Skipf("SKIPPED: Slack's official clients in the workspace (%v; make peers runs it)", err)
	return ""
}

// repeated is what Slack's clients print by themselves: a refusal before the app gets it, and a connection that was cut.
var repeated = regexp.MustCompile(`(?m)^\[ERROR\]  (web-api:WebClient:\d+ .*)\n`)

// run starts an app, and ends it with the test: it must have nothing to complain about until then.
func run(t *testing.T, cmd *exec.Cmd, api string) {
	t.Helper()
	var said bytes.Buffer
	cmd.Env = append(os.Environ(), "SLACK_BOT_TOKEN="+botToken, "SLACK_APP_TOKEN="+appToken, "SLACK_API_URL="+api)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // t.Context ends before the clean-up
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := cmd.Wait()
		complaints := repeated.ReplaceAllString(said.String(), "")
		if (err != nil && !errors.Is(err, context.Canceled)) || complaints != "" {
			t.Errorf("%s: %v\n%s", cmd.Args[1], err, complaints)
		}
	})
}
