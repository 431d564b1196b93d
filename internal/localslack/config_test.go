package localslack_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warmline/internal/localslack"
)

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "workspace.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadConfigFillsIDs(t *testing.T) {
	path := writeConfig(t, `
team: {name: Northlight}
users:
  - {name: ana, real_name: Ana Alvarez, email: ana@northlight.example}
channels:
  - {name: support, members: [ana, warmline]}
groups:
  - {handle: agents, users: [ana]}
apps:
  - name: Warmline
    bot_token: xoxb-1
    app_token: xapp-1
    scopes: [chat:write, users:read]
    commands: [{command: /escalate, description: d, usage_hint: u}]
`)
	c, err := localslack.LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(o *localslack.Options) { o.Config = c })
	s := r.control("state", nil)
	users := s["users"].([]any)
	if len(users) != 2 || users[1].(m)["name"] != "warmline" || users[1].(m)["is_bot"] != true {
		t.Errorf("users = %v, want ana and the app's bot", users)
	}
	again := newRig(t, func(o *localslack.Options) { o.Config = c }).control("state", nil)
	if users[0].(m)["id"] != again["users"].([]any)[0].(m)["id"] {
		t.Error("derived ids differ from run to run")
	}
}

func TestLoadConfigNamesTheFault(t *testing.T) {
	for text, want := range map[string][]string{
		"team: {colour: x}\n":                 {"line 1", "colour"},
		"users:\n  - {name: ana\n":            {"L2"},
		"users: [{name: ana},{name: ana}]":    {"users[1].name"},
		"users: [{email: x@y.example}]":       {"users[0].name"},
		"channels: [{name: a, members: [z]}]": {"channels[0].members[0]", `"z"`},
		"groups: [{users: []}]":               {"groups[0].handle"},
		"apps: [{name: W, bot_token: no, app_token: xapp-1, commands: [{command: go}]}]": {
			"apps[0].bot_token", "apps[0].commands[0].command",
		},
	} {
		_, err := localslack.LoadConfig(writeConfig(t, text))
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%q: error %v lacks %q", text, err, w)
			}
		}
	}
	if _, err := localslack.LoadConfig("/does/not/exist"); err == nil {
		t.Error("a missing file loads")
	}
}
