package localslack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"warmline/internal/localslack"
)

const button = `{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"}}`

func repeat(n int, s string) string { return strings.Repeat(s+",", n-1) + s }

var goodBlocks = map[string]string{
	"divider":   `[{"type":"divider"}]`,
	"section":   `[{"type":"section","text":{"type":"mrkdwn","text":"*hi*"},"accessory":` + button + `}]`,
	"fields":    `[{"type":"section","fields":[{"type":"plain_text","text":"a"}]}]`,
	"header":    `[{"type":"header","text":{"type":"plain_text","text":"Title","emoji":true}}]`,
	"context":   `[{"type":"context","elements":[{"type":"mrkdwn","text":"x"},{"type":"image","image_url":"https://x.example/i.png","alt_text":"i"}]}]`,
	"image":     `[{"type":"image","image_url":"https://x.example/i.png","alt_text":"i","title":{"type":"plain_text","text":"t"}}]`,
	"file":      `[{"type":"image","slack_file":{"id":"F1"},"alt_text":"i"}]`,
	"actions":   `[{"type":"actions","elements":[` + button + `,{"type":"overflow","action_id":"o","options":[{"text":{"type":"plain_text","text":"x"},"value":"1"}]}]}]`,
	"select":    `[{"type":"actions","elements":[{"type":"static_select","action_id":"s","options":[{"text":{"type":"plain_text","text":"x"},"value":"1"}]}]}]`,
	"input":     `[{"type":"input","label":{"type":"plain_text","text":"L"},"element":{"type":"plain_text_input","action_id":"i","multiline":true}}]`,
	"rich text": `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":{"bold":true}},{"type":"user","user_id":"U1"},{"type":"date","timestamp":1,"format":"{date}"}]},{"type":"rich_text_list","style":"bullet","border":0,"elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://x.example"}]}]},{"type":"rich_text_preformatted","elements":[{"type":"text","text":"x"}]},{"type":"rich_text_quote","border":1,"elements":[{"type":"emoji","name":"wave"}]}]}]`,
	"markdown":  `[{"type":"markdown","text":"# hi"}]`,
	"fifty":     `[` + repeat(50, `{"type":"divider"}`) + `]`,
}

// badBlocks maps a case to its blocks and the pointer of the fault.
var badBlocks = map[string][2]string{
	"no array":             {`{}`, ""},
	"no object":            {`[1]`, "/0"},
	"51 blocks":            {`[` + repeat(51, `{"type":"divider"}`) + `]`, ""},
	"unknown type":         {`[{"type":"blink"}]`, "/0/type"},
	"no type":              {`[{}]`, "/0/type"},
	"unknown key":          {`[{"type":"divider","color":"red"}]`, "/0/color"},
	"empty section":        {`[{"type":"section"}]`, "/0"},
	"long section":         {`[{"type":"section","text":{"type":"mrkdwn","text":"` + strings.Repeat("a", 3001) + `"}}]`, "/0/text/text"},
	"empty text":           {`[{"type":"section","text":{"type":"mrkdwn","text":""}}]`, "/0/text/text"},
	"eleven fields":        {`[{"type":"section","fields":[` + repeat(11, `{"type":"mrkdwn","text":"x"}`) + `]}]`, "/0/fields"},
	"mrkdwn header":        {`[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "/0/text/type"},
	"long header":          {`[{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("ä", 151) + `"}}]`, "/0/text/text"},
	"button text missing":  {`[{"type":"actions","elements":[{"type":"button","action_id":"a"}]}]`, "/0/elements/0"},
	"button text long":     {`[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"` + strings.Repeat("a", 76) + `"}}]}]`, "/0/elements/0/text/text"},
	"button style":         {`[{"type":"actions","elements":[{"type":"button","style":"blue","text":{"type":"plain_text","text":"x"}}]}]`, "/0/elements/0/style"},
	"26 elements":          {`[{"type":"actions","elements":[` + repeat(26, `{"type":"button","text":{"type":"plain_text","text":"x"}}`) + `]}]`, "/0/elements"},
	"no elements":          {`[{"type":"actions","elements":[]}]`, "/0/elements"},
	"six overflow options": {`[{"type":"actions","elements":[{"type":"overflow","options":[` + repeat(6, `{"text":{"type":"plain_text","text":"x"},"value":"1"}`) + `]}]}]`, "/0/elements/0/options"},
	"eleven context":       {`[{"type":"context","elements":[` + repeat(11, `{"type":"mrkdwn","text":"x"}`) + `]}]`, "/0/elements"},
	"button in context":    {`[{"type":"context","elements":[` + button + `]}]`, "/0/elements/0/type"},
	"image without alt":    {`[{"type":"image","image_url":"https://x.example"}]`, "/0"},
	"input without label":  {`[{"type":"input","element":{"type":"plain_text_input"}}]`, "/0"},
	"select no options":    {`[{"type":"actions","elements":[{"type":"static_select","action_id":"s"}]}]`, "/0/elements/0"},
	"list style":           {`[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"stars","elements":[]}]}]`, "/0/elements/0/style"},
	"rich text broadcast":  {`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"all"}]}]}]`, "/0/elements/0/elements/0/range"},
	"same block_id":        {`[{"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"}]`, "/1/block_id"},
	"same action_id":       {`[{"type":"actions","elements":[` + button + `,` + button + `]}]`, "/0/elements/1/action_id"},
	"long block_id":        {`[{"type":"divider","block_id":"` + strings.Repeat("b", 256) + `"}]`, "/0/block_id"},
	"long markdown":        {`[{"type":"markdown","text":"` + strings.Repeat("b", 12_001) + `"}]`, "/0"},
	"no JSON":              {`[{`, ""},
}

// beyondSchema are the faults that only Slack itself, not its schema, refuses.
var beyondSchema = map[string]bool{"same block_id": true, "same action_id": true, "select no options": true, "no JSON": true}

func TestCheckBlocks(t *testing.T) {
	oracle := blockOracle(t)
	for name, raw := range goodBlocks {
		t.Run(name, func(t *testing.T) {
			if found := localslack.CheckBlocks([]byte(raw), localslack.SurfaceMessage); len(found) > 0 {
				t.Errorf("good blocks refused: %v", found)
			}
			if !accepts(t, oracle, raw) {
				t.Error("the schema refuses these blocks; the case is wrong")
			}
		})
	}
	for name, c := range badBlocks {
		t.Run(name, func(t *testing.T) {
			found := localslack.CheckBlocks([]byte(c[0]), localslack.SurfaceMessage)
			if len(found) == 0 || found[0].Pointer != c[1] || found[0].Message == "" {
				t.Errorf("faults = %v, want the first at %q", found, c[1])
			}
			if !beyondSchema[name] && accepts(t, oracle, c[0]) {
				t.Error("the schema accepts these blocks; the case is wrong")
			}
		})
	}
}

func BenchmarkCheckBlocks(b *testing.B) {
	raw := []byte(`[` + repeat(20, `{"type":"section","text":{"type":"mrkdwn","text":"*hello* world"}}`) + `]`)
	for b.Loop() {
		localslack.CheckBlocks(raw, localslack.SurfaceMessage)
	}
}

func TestCheckView(t *testing.T) {
	input := goodBlocks["input"]
	title := `"title":{"type":"plain_text","text":"Edit"}`
	submit := `"submit":{"type":"plain_text","text":"Save"}`
	good := []string{
		`{"type":"modal",` + title + `,` + submit + `,"blocks":` + input + `,"private_metadata":"x","notify_on_close":true}`,
		`{"type":"modal",` + title + `,"blocks":` + goodBlocks["section"] + `,"close":null}`,
		`{"type":"home","blocks":` + goodBlocks["actions"] + `}`,
	}
	for _, raw := range good {
		if found := localslack.CheckView([]byte(raw)); len(found) > 0 {
			t.Errorf("good view refused: %v\n%s", found, raw)
		}
	}
	bad := map[string]string{
		`{"type":"modal","blocks":[]}`:                                                                        "",
		`{"type":"modal",` + title + `,"blocks":` + input + `}`:                                               "",
		`{"type":"modal","title":{"type":"plain_text","text":"` + strings.Repeat("a", 25) + `"},"blocks":[]}`: "/title/text",
		`{"type":"home","blocks":` + input + `}`:                                                              "/blocks/0/type",
		`{"type":"window","blocks":[]}`:                                                                       "/type",
		`{"type":"home","blocks":[` + repeat(101, `{"type":"divider"}`) + `]}`:                                "/blocks",
		`{"type":"modal",` + title + `,"blocks":[],"private_metadata":"` + strings.Repeat("a", 3001) + `"}`:   "/private_metadata",
		`nonsense`: "",
	}
	for raw, at := range bad {
		if found := localslack.CheckView([]byte(raw)); len(found) == 0 || found[0].Pointer != at {
			t.Errorf("faults = %v, want the first at %q in\n%.200s", found, at, raw)
		}
	}
}

// blockOracle compiles Slack's own schema.
func blockOracle(tb testing.TB) *jsonschema.Schema {
	tb.Helper()
	raw, err := os.ReadFile("block-kit.schema.json")
	if err != nil {
		tb.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		tb.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("oracle.json", doc); err != nil {
		tb.Fatal(err)
	}
	return c.MustCompile("oracle.json")
}

func accepts(tb testing.TB, s *jsonschema.Schema, raw string) bool {
	tb.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	return err == nil && s.Validate(v) == nil
}

// FuzzCheckBlocks holds that the checker never panics and accepts nothing that
// Slack's schema refuses.
func FuzzCheckBlocks(f *testing.F) {
	oracle := blockOracle(f)
	for _, raw := range goodBlocks {
		f.Add(raw)
	}
	for _, c := range badBlocks {
		f.Add(c[0])
	}
	f.Fuzz(func(t *testing.T, raw string) {
		found := localslack.CheckBlocks([]byte(raw), localslack.SurfaceMessage)
		if len(found) == 0 && json.Valid([]byte(raw)) && !accepts(t, oracle, raw) {
			t.Errorf("accepted what the schema refuses: %s", raw)
		}
		for _, fault := range found {
			if fault.Message == "" || fault.Constraint == "" {
				t.Errorf("a fault without words: %+v", fault)
			}
		}
	})
}

// FuzzCheckView holds that views of any shape are refused or accepted, never a
// panic.
func FuzzCheckView(f *testing.F) {
	for name, raw := range goodBlocks {
		f.Add(fmt.Sprintf(`{"type":"modal","title":{"type":"plain_text","text":%q},"blocks":%s}`, name, raw))
	}
	f.Fuzz(func(_ *testing.T, raw string) { localslack.CheckView([]byte(raw)) })
}
