package freshdesk

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorded reads answers that others recorded, which are no part of this project.
func recorded(t *testing.T, name string) []byte {
	t.Helper()
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	body, err := os.ReadFile(filepath.Join(folder, "freshdesk", "python-freshdesk", "freshdesk", "v2", "tests", "sample_json_data", name))
	if err != nil {
		t.Skipf("SKIPPED: no recorded answer %s; WARMLINE_FIXTURES names the folder that has it", name)
	}
	return body
}

// raw is an answer as anything, to compare what was read with what is there.
func raw[T any](t *testing.T, body []byte) (out T) {
	t.Helper()
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRecordedTicketsLoseNothingThatWeRead(t *testing.T) {
	var all []map[string]any
	all = append(all, raw[[]map[string]any](t, recorded(t, "all_tickets.json"))...)
	all = append(all, raw[map[string]any](t, recorded(t, "ticket_1.json")))
	for _, there := range all {
		body, err := json.Marshal(there)
		if err != nil {
			t.Fatal(err)
		}
		got := raw[ticket](t, body)
		want := raw[map[string]json.RawMessage](t, body)
		for name, read := range map[string]bool{
			"id": got.ID != "", "status": got.Status != 0, "priority": got.Priority != 0, "source": got.Source != 0, "requester_id": got.RequesterID != "",
			"responder_id": got.ResponderID != "", "due_by": !got.DueBy.IsZero(), "fr_due_by": !got.FirstDueBy.IsZero(), "created_at": !got.CreatedAt.IsZero(),
			"updated_at": !got.UpdatedAt.IsZero(), "description": got.Description != "", "subject": got.Subject != "", "type": got.Type != "",
			"requester": got.Requester != nil && got.Requester.Email != "", "stats": got.Stats != nil && !got.Stats.FirstResponded.IsZero(),
		} {
			if value := string(want[name]); value != "" && value != "null" && value != `""` && !read {
				t.Errorf("ticket %s: %s is %s, and was not read", got.ID, name, value)
			}
		}
		if tags, _ := there["tags"].([]any); len(tags) != len(got.Tags) {
			t.Errorf("ticket %s: %d of %d tags", got.ID, len(got.Tags), len(tags))
		}
		if files, _ := there["attachments"].([]any); len(files) != len(filesOf(got.Attachments)) {
			t.Errorf("ticket %s: %d of %d files", got.ID, len(got.Attachments), len(files))
		}
		for _, a := range got.Attachments {
			if a.ID == "" || a.Name == "" || a.Type == "" || a.URL == "" {
				t.Errorf("file %+v", a)
			}
		}
	}
}

func TestRecordedConversationsLoseNothingThatWeRead(t *testing.T) {
	body := recorded(t, "conversations.json")
	there := raw[[]map[string]any](t, body)
	for i, got := range raw[[]conversation](t, body) {
		if got.ID == "" || got.UserID == "" || got.CreatedAt.IsZero() || got.Private != there[i]["private"] || got.Incoming != there[i]["incoming"] {
			t.Errorf("conversation %+v", got)
		}
		if text := plain(got.Structured, got.Body, got.Plain); strings.TrimSpace(text) != there[i]["body_text"] {
			t.Errorf("its text is %q, want %q", text, there[i]["body_text"])
		}
	}
	for _, name := range []string{"note_1.json", "reply_1.json"} {
		if got := raw[conversation](t, recorded(t, name)); got.ID == "" || got.Private != (name == "note_1.json") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestRecordedAgentsAndArticlesLoseNothingThatWeRead(t *testing.T) {
	for _, a := range raw[[]person](t, recorded(t, "agents.json")) {
		if a.ID == "" || a.Contact.Name == "" || a.Contact.Email == "" || a.Scope == 0 {
			t.Errorf("agent %+v", a)
		}
	}
	for _, a := range raw[[]article](t, recorded(t, "solution_articles.json")) {
		if a.ID == "" || a.Title == "" || a.Status == 0 || plain(nil, a.Description, a.Plain) == "" {
			t.Errorf("article %+v", a)
		}
	}
	for _, name := range []string{"solution_categories.json", "solution_folders.json"} {
		for _, f := range raw[[]folder](t, recorded(t, name)) {
			if f.ID == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}
