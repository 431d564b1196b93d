package bot

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/internal/localslack"
)

// examined looks at a workspace with a bot that does not run.
func examined(t *testing.T, look func(t *testing.T, b *Bot), change ...func(*localslack.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := workspaceConfig()
		for _, f := range change {
			f(&c)
		}
		look(t, newRig(t, c).bot)
	})
}

func TestACheckUpSaysWhoWeAreAndWhatAScopeIsMissedFor(t *testing.T) {
	examined(t, func(t *testing.T, b *Bot) {
		c, err := b.CheckUp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if c.Team != "Lumen" || c.User != "warmline" || len(c.Lacks) > 0 || c.Skew.Abs() > time.Second {
			t.Errorf("%+v", c)
		}
		if err := b.CheckSocket(t.Context()); err != nil {
			t.Error(err)
		}
	})
	examined(t, func(t *testing.T, b *Bot) {
		c, err := b.CheckUp(t.Context())
		want := []string{
			"customers' pictures are named and not shown, and a simulation comes without its own: the token lacks files:write",
			"nobody is found in the helpdesk by their e-mail address: the token lacks users:read.email",
		}
		if err != nil || !slices.Equal(c.Lacks, want) {
			t.Errorf("%+v, %v", c, err)
		}
	}, func(c *localslack.Config) {
		c.Apps[0].Scopes = slices.DeleteFunc(slices.Clone(allScopes), func(s string) bool { return s == "files:write" || s == "users:read.email" })
	})
	examined(t, func(t *testing.T, b *Bot) {
		if _, err := b.CheckUp(t.Context()); err == nil || !strings.Contains(err.Error(), "missing: usergroups:read") {
			t.Errorf("without a scope that everything needs: %v", err)
		}
	}, func(c *localslack.Config) {
		c.Apps[0].Scopes = slices.DeleteFunc(slices.Clone(allScopes), func(s string) bool { return s == "usergroups:read" })
	})
}

func TestTokensThatSlackRefusesAreTold(t *testing.T) {
	examined(t, func(t *testing.T, b *Bot) {
		if _, err := b.CheckUp(t.Context()); err == nil || !strings.Contains(err.Error(), "bot token: invalid_auth: copy the token again") {
			t.Errorf("a bot token that is not known: %v", err)
		}
		if err := b.CheckSocket(t.Context()); err == nil || !strings.Contains(err.Error(), "app token: invalid_auth: copy the token again") {
			t.Errorf("an app token that is not known: %v", err)
		}
	}, func(c *localslack.Config) { c.Apps[0].BotToken, c.Apps[0].AppToken = "xoxb-others", "xapp-others" })
}

func TestChannelsAndGroupsThatAreNotAsTheyShouldBeAreNamed(t *testing.T) {
	examined(t, func(t *testing.T, b *Bot) {
		channels, err := b.CheckChannels(t.Context(), []string{"general", "nowhere", "support"})
		want := []string{
			"I am not in #general: invite @warmline to #general, or fix the route in the policy",
			"there is no #nowhere that I can see: create it, or invite @warmline to #nowhere, or fix the route in the policy",
		}
		if diff := cmp.Diff(want, channels); diff != "" || err != nil {
			t.Errorf("channels (-want +got), %v:\n%s", err, diff)
		}
		groups, err := b.CheckGroups(t.Context(), []string{"@empty", "@support-agents", "@support-leads"})
		want = []string{
			"nobody is in @empty: add its members",
			"there is no user group @support-leads: create it, or name another in the policy's roles",
		}
		if diff := cmp.Diff(want, groups); diff != "" || err != nil {
			t.Errorf("groups (-want +got), %v:\n%s", err, diff)
		}
	}, func(c *localslack.Config) { c.Groups = append(c.Groups, localslack.Group{ID: "S2", Handle: "empty"}) })
}

func TestSkewIsReadFromTheDateHeader(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"Mon, 02 Mar 2026 12:00:00 GMT": -500 * time.Millisecond, "Mon, 02 Mar 2026 11:58:00 GMT": 2*time.Minute - 500*time.Millisecond,
		"Mon, 02 Mar 2026 12:01:00 GMT": -time.Minute - 500*time.Millisecond, "": 0, "yesterday": 0,
	} {
		if got := skew(http.Header{"Date": {header}}, noon); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
