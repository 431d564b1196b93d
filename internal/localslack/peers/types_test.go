package peers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoldenPayloadsAreOfSlacksTypes writes every payload in the bot's golden files as TypeScript and has the compiler
// hold it to the types that Slack publishes: a key too many, a key missing and a word that Slack does not know are errors.
func TestGoldenPayloadsAreOfSlacksTypes(t *testing.T) {
	needNode(t)
	files, err := filepath.Glob("../../../bot/card/testdata/*.golden.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	var source bytes.Buffer
	source.WriteString("import type { KnownBlock, View } from \"@slack/types\";\n")
	checked := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, payload := range payloadsIn(t, raw) {
			fmt.Fprintf(&source, "export const %s_%d: %s = %s;\n", strings.TrimSuffix(filepath.Base(file), ".golden.json"), i, payload.kind, payload.body)
			checked++
		}
	}
	if said := compile(t, source.String()); said != "" {
		t.Errorf("Slack's types refuse what the bot sends:\n%s", said)
	}
	t.Logf("%d payloads in %d files", checked, len(files))
}

// TestTheCompilerRefuses holds that the check above can fail.
func TestTheCompilerRefuses(t *testing.T) {
	needNode(t)
	for _, wrong := range []string{
		`{"type":"divider","colour":"red"}`, `{"type":"section","text":{"type":"html","text":"x"}}`, `{"type":"header"}`,
		`{"type":"actions","elements":[{"type":"button","style":"blue","text":{"type":"plain_text","text":"x"}}]}`,
	} {
		if compile(t, fmt.Sprintf("import type { KnownBlock } from \"@slack/types\";\nexport const wrong: KnownBlock[] = [%s];\n", wrong)) == "" {
			t.Errorf("Slack's types allow %s", wrong)
		}
	}
}

type payload struct {
	kind string // in TypeScript
	body json.RawMessage
}

// payloadsIn reads a golden file: a view, a message, or a list of messages.
func payloadsIn(t *testing.T, raw []byte) []payload {
	t.Helper()
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var all []payload
	for _, one := range list {
		var m struct {
			Type   string          `json:"type"`
			Blocks json.RawMessage `json:"blocks"` // "Blocks" in a message
		}
		if err := json.Unmarshal(one, &m); err != nil {
			t.Fatal(err)
		}
		switch {
		case m.Type != "":
			all = append(all, payload{"View", one})
		case string(m.Blocks) == "null" || m.Blocks == nil:
			t.Fatalf("no blocks in %.200s", one)
		default:
			all = append(all, payload{"KnownBlock[]", m.Blocks})
		}
	}
	return all
}

// compile type-checks a module and returns what the compiler says; "" when it is content.
func compile(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	modules, err := filepath.Abs("node_modules")
	if err == nil {
		err = os.Symlink(modules, filepath.Join(dir, "node_modules")) // so that the types are found
	}
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "payloads.ts")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node_modules/.bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", file)
	said, err := cmd.CombinedOutput()
	if err != nil && len(said) == 0 {
		t.Fatal(err)
	}
	return string(said)
}
