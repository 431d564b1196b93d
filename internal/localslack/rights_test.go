package localslack_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

// TestScopesAreByKindOfConversation holds that the right to read public channels opens no others.
func TestScopesAreByKindOfConversation(t *testing.T) {
	r := newRig(t, func(o *localslack.Options) {
		o.Config.Apps[0].Scopes = []string{"channels:read", "channels:history", "chat:write", "im:write"}
		o.Config.Channels[2].Members = []string{"ben", "warmline"}
	})
	_, out := r.call("conversations.open", "users=U1")
	im := out["channel"].(m)["id"].(string)
	for _, c := range []struct{ method, channel, needed string }{
		{"conversations.info", "C3", "groups:read"},
		{"conversations.members", "C3", "groups:read"},
		{"conversations.history", "C3", "groups:history"},
		{"conversations.history", im, "im:history"},
		{"conversations.info", im, "im:read"},
	} {
		if out := r.wantError("missing_scope", c.method, "channel="+c.channel); out["needed"] != c.needed {
			t.Errorf("%s of %s needs %v, want %s", c.method, c.channel, out["needed"], c.needed)
		}
		r.wantOK(c.method, "channel=C1")
	}
	if out := r.wantError("missing_scope", "conversations.list", "types=public_channel,private_channel"); out["needed"] != "groups:read" {
		t.Errorf("the list needs %v", out["needed"])
	}
	res, _ := r.call("chat.postMessage", "channel=C1", "text=x")
	if got := res.Header.Get("X-Accepted-OAuth-Scopes"); got != "chat:write" {
		t.Errorf("X-Accepted-OAuth-Scopes = %q", got)
	}
}

// TestReadingMethodsTakeNoJSON holds that a JSON body, which these methods do not read, is as good as none.
func TestReadingMethodsTakeNoJSON(t *testing.T) {
	r := newRig(t)
	body := `{"token":"` + botToken + `","user":"U1","channel":"C1"}`
	for method, want := range map[string]string{"users.info": "invalid_arguments", "conversations.info": "invalid_arguments", "conversations.history": ""} {
		if _, out := r.do("POST", "/api/"+method, "application/json; charset=utf-8", body); str(out["error"]) != want {
			t.Errorf("%s with a JSON body: %v, want %q", method, out, want)
		}
	}
}

// TestAppsHearWhatTheySubscribedTo holds that scopes alone bring no events to an app that names its events.
func TestAppsHearWhatTheySubscribedTo(t *testing.T) {
	for _, c := range []struct{ events, want []string }{
		{nil, []string{"message channel", "app_mention ", "message group"}},
		{[]string{}, nil},
		{[]string{"message.groups"}, []string{"message group"}},
		{[]string{"app_mention", "message.im"}, []string{"app_mention "}},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, func(o *localslack.Options) {
				o.Config.Apps[0].Events = c.events
				o.Config.Channels[2].Members = []string{"ben", "warmline"}
			})
			heard := r.listen(func(e map[string]any) string { return str(e["type"]) + " " + str(e["channel_type"]) })
			r.must("message", m{"channel": "support", "text": "@warmline hi", "user": "ben"})
			r.must("message", m{"channel": "secret", "text": "psst", "user": "ben"})
			if diff := cmp.Diff(c.want, heard()); diff != "" {
				t.Errorf("subscribed to %q, heard (-want +got):\n%s", c.events, diff)
			}
		})
	}
}

func TestManifestInstallsAnApp(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"app.yml": `
display_information: {name: Desk}
features:
  bot_user: {display_name: Desk}
  app_home: {home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true}
  slash_commands: [{command: /desk, description: d, usage_hint: u, should_escape: true}]
  shortcuts: [{name: Escalate, type: message, callback_id: escalate, description: d}]
oauth_config: {scopes: {bot: [chat:write, commands]}}
settings: {event_subscriptions: {bot_events: [app_mention]}}
`,
		"slack.yml": "apps: [{bot_token: xoxb-1, app_token: xapp-1, manifest: app.yml}]\n",
		"bad.yml":   "apps: [{bot_token: xoxb-1, app_token: xapp-1, manifest: none.yml}]\n",
		"twice.yml": "apps: [{name: W, bot_token: xoxb-1, app_token: xapp-1, shortcuts: [{name: a, callback_id: a, type: both}]}]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := localslack.LoadConfig(filepath.Join(dir, "slack.yml"))
	if err != nil {
		t.Fatal(err)
	}
	want := localslack.App{
		Name: "Desk", BotToken: "xoxb-1", AppToken: "xapp-1", Manifest: "app.yml", Scopes: []string{"chat:write", "commands"}, Events: []string{"app_mention"},
		Home:      &localslack.Tabs{Home: true, Messages: true, MessagesReadOnly: true},
		Commands:  []localslack.Command{{Command: "/desk", Description: "d", UsageHint: "u", ShouldEscape: true}},
		Shortcuts: []localslack.Shortcut{{Name: "Escalate", Type: "message", CallbackID: "escalate", Description: "d"}},
	}
	if diff := cmp.Diff(want, c.Apps[0]); diff != "" {
		t.Errorf("app (-want +got):\n%s", diff)
	}
	for _, name := range []string{"bad.yml", "twice.yml"} {
		if _, err := localslack.LoadConfig(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s loads", name)
		}
	}
}

func TestCommandsEscapeWhenAskedTo(t *testing.T) {
	for escape, want := range map[bool]string{
		false: "cover @ben in #support or @support-agents", true: "cover <@U2|ben> in <#C1|support> or <!subteam^S1|@support-agents>",
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, func(o *localslack.Options) {
				o.Config.Apps[0].Commands = slices.Clone(o.Config.Apps[0].Commands)
				o.Config.Apps[0].Commands[0].ShouldEscape = escape
			})
			got := ""
			r.app(func(e socketmode.Event) (any, bool) {
				if cmd, ok := e.Data.(slack.SlashCommand); ok {
					got = cmd.Text
				}
				return nil, true
			})
			r.must("command", m{"command": "/escalate", "text": "cover @ben in #support or @support-agents", "channel": "support", "user": "ana"})
			if got != want {
				t.Errorf("escaped %v: the app got %q, want %q", escape, got, want)
			}
		})
	}
}

// TestPrivateChannelsAreShut holds that nobody acts where they cannot look.
func TestPrivateChannelsAreShut(t *testing.T) {
	r := newRig(t, func(o *localslack.Options) { o.Config.Channels[2].Members = []string{"ben", "warmline"} })
	_, ts, err := r.api.PostMessage("C3", slack.MsgOptionText("x", false), slack.MsgOptionBlocks(buttonBlocks()...))
	if err != nil {
		t.Fatal(err)
	}
	for path, in := range map[string]m{
		"click": {"channel": "C3", "ts": ts, "action_id": "claim"}, "command": {"command": "/escalate", "channel": "secret"},
		"message": {"channel": "secret", "text": "x"}, "react": {"channel": "secret", "ts": ts, "name": "eyes"},
	} {
		in["user"] = "ana"
		if out := r.control(path, in); out["ok"] != false || out["acked"] != nil {
			t.Errorf("%s: %v, want it refused before the app hears", path, out)
		}
	}
}

func TestPeopleOfOtherWorkspacesSaySo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *localslack.Options) { o.Config.Users[1].Team = "T9" })
		got := ""
		r.app(func(e socketmode.Event) (any, bool) {
			if cb, ok := e.Data.(slack.InteractionCallback); ok {
				got = cb.User.TeamID + " in " + cb.Team.ID
			}
			return nil, true
		})
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		r.must("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ben"})
		if got != "T9 in T1" {
			t.Errorf("the press is of %q, want T9 in T1", got)
		}
		if u, err := r.api.GetUserInfo("U2"); err != nil || u.TeamID != "T9" {
			t.Errorf("users.info: %+v, %v", u, err)
		}
	})
}

// TestTabsAnAppDoesNotHave holds what Slack refuses where an app's Home or its messages are turned off.
func TestTabsAnAppDoesNotHave(t *testing.T) {
	with := func(tabs localslack.Tabs) *rig {
		return newRig(t, func(o *localslack.Options) { o.Config.Apps[0].Home = &tabs })
	}
	none := with(localslack.Tabs{})
	none.wantError("messages_tab_disabled", "chat.postMessage", "channel=U1", "text=x")
	none.wantError("not_enabled", "views.publish", "user_id=U1", `view={"type":"home","blocks":[]}`)
	quiet := with(localslack.Tabs{Home: true, Messages: true, MessagesReadOnly: true})
	quiet.wantOK("views.publish", "user_id=U1", `view={"type":"home","blocks":[]}`)
	_, out := quiet.call("chat.postMessage", "channel=U1", "text=x")
	if said := quiet.control("message", m{"channel": out["channel"], "text": "hello bot", "user": "ana"}); said["ok"] != false {
		t.Errorf("a person wrote where messages are read only: %v", said)
	}
}
