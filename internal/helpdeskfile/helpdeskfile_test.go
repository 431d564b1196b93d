package helpdeskfile_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/internal/helpdeskfile"
)

func read(text string) ([]helpdeskfile.Account, error) {
	env := func(name string) (string, bool) {
		return map[string]string{"TOKEN": "tok-1 ", "EMPTY": "  "}[name], true
	}
	file := func(path string) ([]byte, error) {
		if path != "/run/hook" {
			return nil, os.ErrNotExist
		}
		return []byte("hook-secret\n"), nil
	}
	return helpdeskfile.Read("helpdesks.yaml", []byte(text), env, file)
}

func TestReadsAccountsWithTheirSecrets(t *testing.T) {
	got, err := read(`
helpdesks:
  - name: shop
    vendor: zendesk
    settings: {subdomain: acme, port: 8080}
    secrets: {token: {env: TOKEN}}
    webhook: {url: "https://w.example/hooks/shop", secrets: [{file: /run/hook}, {env: TOKEN}]}
    poll: 30s
    settle: 2m
    bot_name: Acme AI
  - {name: second, vendor: front}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []helpdeskfile.Account{
		{
			Name: "shop", Vendor: "zendesk", Settings: map[string]string{"subdomain": "acme", "port": "8080", "token": "tok-1"},
			HookURL: "https://w.example/hooks/shop", HookSecrets: []string{"hook-secret", "tok-1"}, BotName: "Acme AI", Poll: 30 * time.Second, Settle: 2 * time.Minute, Line: 3,
		},
		{Name: "second", Vendor: "front", Settings: map[string]string{}, Line: 11},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, printed := range []string{fmt.Sprint(got[0]), fmt.Sprintf("%+v", got[0]), fmt.Sprintf("%#v", got)} {
		if strings.Contains(printed, "tok-1") || strings.Contains(printed, "hook-secret") {
			t.Errorf("a secret is printed: %s", printed)
		}
	}
}

func TestFaultsNameTheirLine(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"nothing", "", "names no helpdesk"},
		{"not YAML", "helpdesks: [", "helpdesks.yaml"},
		{"a key too many", "helpdesks:\n  - {name: a, vendor: front, tokn: x}", "helpdesks.yaml:2: "},
		{"a secret in the file", "helpdesks:\n  - {name: a, vendor: front, secrets: {token: {}}}", "helpdesks.yaml:2: secret token: want either env: NAME or file: PATH"},
		{"an empty secret", "helpdesks:\n  - {name: a, vendor: front, secrets: {token: {env: EMPTY}}}", "the environment variable EMPTY is empty or not set"},
		{"an empty webhook secret", "helpdesks:\n  - {name: a, vendor: front, webhook: {secrets: [{env: NONE}]}}", "webhook secret 1: the environment variable NONE"},
		{"a missing file", "helpdesks:\n  - {name: a, vendor: front, secrets: {token: {file: /none}}}", "secret token: file does not exist"},
		{"a name for no address", "helpdesks:\n  - {name: ../x, vendor: front}", `name "../x": want small letters`},
		{"the same name twice", "helpdesks:\n  - {name: a, vendor: front}\n  - {name: a, vendor: front}", "helpdesks.yaml:3: another helpdesk is called a"},
		{"no vendor", "helpdesks:\n  - {name: a}", "helpdesks.yaml:2: vendor is missing"},
		{"no time", "helpdesks:\n  - {name: a, vendor: front, poll: often}", `poll "often": want a time such as 1m`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := read(tc.text); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add("helpdesks:\n  - {name: a, vendor: front, webhook: {secrets: [{env: TOKEN}]}}")
	f.Fuzz(func(t *testing.T, text string) {
		accounts, err := read(text)
		if err == nil && len(accounts) == 0 {
			t.Error("neither accounts nor a fault")
		}
	})
}
