package localslack_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

func markdownBlocks(texts ...string) string {
	var blocks []m
	for _, t := range texts {
		blocks = append(blocks, m{"type": "markdown", "text": t})
	}
	return mustJSON(blocks)
}

// TestMarkdownCountsAsWhatItBecomes holds the limit of 50 after Slack has made blocks of the markdown.
func TestMarkdownCountsAsWhatItBecomes(t *testing.T) {
	for _, c := range []struct {
		name, markdown string
		blocks         int
	}{
		{"a paragraph", "one\n\ntwo\n- three", 1},
		{"headings end a run", "one\n# two\nthree\n\n## four\nfive", 5},
		{"rules", "one\n\n---\n\ntwo\n***", 4},
		{"no heading in a fence", "```\n# not a heading\n---\n```\nafter", 1},
		{"a table", "before\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter", 3},
		{"no heading without a space", "#hashtag", 1},
		{"nothing", "\n\n", 0},
	} {
		fill := func(dividers int) string {
			blocks := []m{{"type": "markdown", "text": c.markdown}}
			for range dividers {
				blocks = append(blocks, m{"type": "divider"})
			}
			return mustJSON(blocks)
		}
		room := min(50-c.blocks, 49) // the markdown block itself is one of 50 items too
		if found := localslack.CheckBlocks(json.RawMessage(fill(room)), localslack.SurfaceMessage); len(found) > 0 {
			t.Errorf("%s with %d more: %v, want it to fit", c.name, room, found)
		}
		if found := localslack.CheckBlocks(json.RawMessage(fill(room+1)), localslack.SurfaceMessage); len(found) != 1 || found[0].Pointer != "" {
			t.Errorf("%s with %d more: %v, want one fault", c.name, room+1, found)
		}
	}
}

func TestLimitsOfTheWholeMessage(t *testing.T) {
	half := strings.Repeat("a", 6000)
	if found := localslack.CheckBlocks([]byte(markdownBlocks(half, half)), localslack.SurfaceMessage); len(found) > 0 {
		t.Errorf("12,000 characters of markdown: %v", found)
	}
	if found := localslack.CheckBlocks([]byte(markdownBlocks(half, half, "b")), localslack.SurfaceMessage); len(found) != 1 || found[0].Pointer != "/2" {
		t.Errorf("12,001 characters of markdown: %v, want a fault at the third", found)
	}
	table := "| a | b |\n|---|---|\n| 1 | 2 |"
	if found := localslack.CheckBlocks([]byte(markdownBlocks(table, table)), localslack.SurfaceMessage); len(found) != 1 || found[0].Message != "only_one_table_allowed" {
		t.Errorf("two tables: %v, want only_one_table_allowed", found)
	}
}

func TestMarkdownText(t *testing.T) {
	r := newRig(t)
	r.wantError("markdown_text_conflict", "chat.postMessage", "channel=C1", "text=x", "markdown_text=y")
	if _, out := r.call("chat.postMessage", "channel=C1", "markdown_text="+url.QueryEscape("**y**")); out["ok"] != true {
		t.Errorf("markdown_text: %v", out)
	}
}

// TestAttachmentsHoldCheckedBlocks holds that blocks inside attachments are checked, filled in and can be pressed.
func TestAttachmentsHoldCheckedBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		got := make(chan slack.InteractionCallback, 1)
		r.app(func(e socketmode.Event) (any, bool) {
			if cb, ok := e.Data.(slack.InteractionCallback); ok {
				got <- cb
			}
			return nil, true
		})
		bad := `attachments=[{"color":"#f00"},{"blocks":[{"type":"blink"}]}]`
		out := r.wantError("invalid_attachments", "chat.postMessage", "channel=C1", "text=x", bad)
		if first := out["errors"].([]any)[0].(string); !strings.HasSuffix(first, "[json-pointer:/attachments/1/blocks/0/type]") {
			t.Errorf("the fault is %q", first)
		}
		r.wantError("too_many_attachments", "chat.postMessage", "channel=C1", "text=x", "attachments=["+repeat(101, "{}")+"]")
		_, out = r.call("chat.postMessage", "channel=C1", "text=x", "attachments="+url.QueryEscape(`[{},{"blocks":[{"type":"actions","elements":[`+button+`]}]}]`))
		r.must("click", m{"channel": "C1", "ts": out["ts"], "action_id": "a", "user": "ana"})
		if cb := <-got; cb.Container.Type != "message_attachment" || string(cb.Container.AttachmentID) != "2" || cb.ActionCallback.BlockActions[0].BlockID == "" {
			t.Errorf("container %+v, action %+v; want the second attachment", cb.Container, cb.ActionCallback.BlockActions[0])
		}
	})
}
