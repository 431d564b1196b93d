package card

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"warmline/internal/localslack"
)

// sound fails unless Slack would take a message, and nothing in it could act: no markup, no mention, no link.
func sound(t *testing.T, m Message) {
	t.Helper()
	raw := marshal(t, m.Blocks)
	for _, f := range localslack.CheckBlocks(raw, localslack.SurfaceMessage) {
		t.Errorf("Slack would refuse the blocks: %v", f)
	}
	nodes := walk(t, raw)
	if n := counted(nodes); n > 13000 {
		t.Errorf("the message counts %d characters, more than 13,000", n)
	}
	if len(m.Text) > 4000 || m.Text == "" || !utf8.ValidString(m.Text) {
		t.Errorf("text has %d bytes, valid %t; want 1 to 4,000", len(m.Text), utf8.ValidString(m.Text))
	}
	if strings.ContainsAny(m.Text, "<>") || liveAmp.MatchString(m.Text) {
		t.Errorf("text is not escaped: %q", m.Text)
	}
	if a := address.FindString(m.Text); strings.Contains(a, "://") {
		t.Errorf("text holds a live address: %q", a)
	}
	inert(t, nodes)
}

var liveAmp = regexp.MustCompile(`&(?:[^alg]|$|a[^m]|l[^t]|g[^t])`)

// inert fails when a block could do anything but be read and pressed.
func inert(t *testing.T, nodes []map[string]any) {
	t.Helper()
	for _, n := range nodes {
		kind, _ := n["type"].(string)
		words, _ := n["text"].(string)
		switch kind {
		case "mrkdwn", "markdown", "broadcast", "usergroup", "channel", "emoji":
			t.Errorf("a block holds %s: %v", kind, n)
		case "plain_text":
			if n["emoji"] == true {
				t.Errorf("plain_text turns :words: into emoji: %v", n)
			}
		case "text":
			style, _ := n["style"].(map[string]any)
			if a := address.FindString(words); a != "" && style["code"] != true && n["preformatted"] == nil {
				t.Errorf("a client could link %q in %q", a, words)
			}
		case "link":
			if to, _ := n["url"].(string); to != trustedURL && !strings.HasPrefix(to, workspace+"archives/C0SUPPORT/p1795176000") {
				t.Errorf("a link leads to %v", n["url"])
			}
		}
		for _, r := range words {
			if r != '\n' && r != '\t' && (unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) || r >= 0xE0000 && r <= 0xE007F) {
				t.Errorf("%U is in %q", r, words)
			}
		}
	}
}

// workspace is where the cards of App Home are.
const workspace = "https://lumen.slack.example/"

const trustedURL = "https://desk.lumen.example/tickets/4711"

func soundView(t *testing.T, v any) {
	t.Helper()
	raw := marshal(t, v)
	if len(raw) > 250_000 {
		t.Errorf("the view has %d bytes, more than Slack's 250,000", len(raw))
	}
	for _, f := range localslack.CheckView(raw) {
		t.Errorf("Slack would refuse the view: %v", f)
	}
	inert(t, walk(t, raw))
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// walk returns every object in a JSON document.
func walk(t *testing.T, raw []byte) []map[string]any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				visit(e)
			}
		case map[string]any:
			out = append(out, v)
			if v["type"] == "rich_text_preformatted" { // no client links what stands in it
				for _, e := range v["elements"].([]any) {
					e.(map[string]any)["preformatted"] = true
				}
			}
			for _, e := range v {
				visit(e)
			}
		}
	}
	visit(v)
	return out
}

// counted counts as Slack does for msg_blocks_too_long.
func counted(nodes []map[string]any) int {
	n := 0
	for _, o := range nodes {
		if s, ok := o["text"].(string); ok {
			n += cost(s)
		}
		if o["type"] == "header" {
			n += 100
		}
	}
	return n
}

// shown returns everything a reader sees, in order.
func shown(t *testing.T, blocks []slack.Block) string {
	t.Helper()
	var b strings.Builder
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				visit(e)
			}
		case map[string]any:
			if s, ok := v["text"].(string); ok {
				b.WriteString(s)
			}
			if v["type"] == "user" {
				b.WriteString("@" + v["user_id"].(string))
			}
			if v["type"] == "date" {
				b.WriteString(v["fallback"].(string))
			}
			for _, k := range []string{"text", "label", "hint", "elements", "element", "options"} {
				if _, isText := v[k].(string); !isText {
					visit(v[k])
				}
			}
			if v["type"] == "rich_text_section" || v["type"] == "button" {
				b.WriteByte('\n')
			}
		}
	}
	var doc any
	if err := json.Unmarshal(marshal(t, blocks), &doc); err != nil {
		t.Fatal(err)
	}
	visit(doc)
	return b.String()
}
