package archtest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

//go:embed testdata/app-manifest.schema.json
var manifestSchema []byte

// manifest is what the tests read of manifest.yml; the schema reads all of it.
type manifest struct {
	OAuth struct {
		Scopes struct {
			Bot  []string
			User []string
		}
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		SocketMode    bool `yaml:"socket_mode_enabled"`
		TokenRotation bool `yaml:"token_rotation_enabled"`
		OrgDeploy     bool `yaml:"org_deploy_enabled"`
	}
}

func readManifest(t *testing.T) (text string, m manifest) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "manifest.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return string(raw), m
}

func compileManifestSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(manifestSchema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("app-manifest.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("app-manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate reads YAML as the JSON that Slack makes of it.
func validate(t *testing.T, schema *jsonschema.Schema, text string) error {
	t.Helper()
	var tree any
	if err := yaml.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(doc)
}

func TestManifestIsOneThatSlackAccepts(t *testing.T) {
	schema := compileManifestSchema(t)
	text, _ := readManifest(t)
	if err := validate(t, schema, text); err != nil {
		t.Fatal(err)
	}
	// The same with one fault each must be refused, or the check above says nothing.
	for _, fault := range []struct{ from, to string }{
		{"command: /escalate", "command: escalate"},
		{"socket_mode_enabled", "socket_mode_enable"},
		{"name: Warmline", "name: " + strings.Repeat("Warmline", 5)},
		{"always_online: true", "always_online: sometimes"},
		{"display_name: Warmline", "nickname: Warmline"},
	} {
		broken := strings.Replace(text, fault.from, fault.to, 1)
		if broken == text {
			t.Errorf("the manifest has no %q to break", fault.from)
		} else if validate(t, schema, broken) == nil {
			t.Errorf("%q was accepted", fault.to)
		}
	}
}

func TestManifestAsksForTheLeastScopes(t *testing.T) {
	_, m := readManifest(t)
	want := []string{
		"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "dnd:read", "files:read", "files:write", "groups:history", "groups:read",
		"usergroups:read", "users:read", "users:read.email",
	}
	if diff := cmp.Diff(want, m.OAuth.Scopes.Bot); diff != "" {
		t.Errorf("bot scopes (-want +got); a new one needs a reason beside it and a line in docs/security.md:\n%s", diff)
	}
	if len(m.OAuth.Scopes.User) > 0 {
		t.Errorf("user scopes %v: the bot acts as itself only", m.OAuth.Scopes.User)
	}
	security, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range m.OAuth.Scopes.Bot {
		if !bytes.Contains(security, []byte("`"+scope+"`")) {
			t.Errorf("docs/security.md does not say what %s is for", scope)
		}
	}
}

// Slack delivers an event only to an app that holds its scope, and says nothing otherwise.
func TestManifestHoldsTheScopeOfEveryEvent(t *testing.T) {
	scopeOf := map[string]string{
		"app_home_opened":         "", // none needed
		"app_mention":             "app_mentions:read",
		"subteam_members_changed": "usergroups:read",
		"subteam_updated":         "usergroups:read",
	}
	_, m := readManifest(t)
	for _, event := range m.Settings.Events.Bot {
		scope, known := scopeOf[event]
		if !known {
			t.Errorf("event %s: say here which scope delivers it", event)
		} else if scope != "" && !slices.Contains(m.OAuth.Scopes.Bot, scope) {
			t.Errorf("event %s is never delivered without scope %s", event, scope)
		}
		delete(scopeOf, event)
	}
	for event := range scopeOf {
		t.Errorf("event %s is not subscribed to", event)
	}
}

func TestManifestNeedsNoInboundPort(t *testing.T) {
	text, m := readManifest(t)
	if !m.Settings.SocketMode || m.Settings.TokenRotation || m.Settings.OrgDeploy {
		t.Errorf("settings are %+v, want Socket Mode on, token rotation and org-wide deploy off", m.Settings)
	}
	if strings.Contains(text, "request_url:") {
		t.Error("a request URL would need a port that Slack can reach")
	}
}
