package zendesk_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/zendesk"
	"warmline/helpdesk/zendesk/zendesktest"
)

// canned answers paths with what is given, whoever asks.
func canned(t *testing.T, answers map[string]string) *zendesk.Connector {
	t.Helper()
	if answers["/api/v2/users/me"] == "" {
		answers["/api/v2/users/me"] = `{"user":{"id":1}}`
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := answers[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	c, err := zendesk.Connect(zendesk.Options{Name: "shop", URL: server.URL, Email: zendesktest.Email, Token: zendesktest.Token, CategoryField: "7", PlanField: "plan"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// recorded is a real answer; nothing of its content is in this project.
func recorded(t *testing.T, file string) (raw string, members map[string]any) {
	t.Helper()
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	body, err := os.ReadFile(filepath.Join(folder, "zendesk", "go-zendesk", "fixture", filepath.FromSlash(file))) //nolint:gosec // where the tests' data are
	if err != nil {
		t.Skip("SKIPPED: the recorded answers are not here; WARMLINE_FIXTURES names their folder")
	}
	if err := json.Unmarshal(body, &members); err != nil {
		t.Fatal(err)
	}
	return string(body), members
}

func TestARecordedTicketLosesNothingThatWeRead(t *testing.T) {
	for _, file := range []string{"GET/ticket.json", "PUT/ticket.json", "POST/ticket.json"} {
		raw, members := recorded(t, file)
		_, said := recorded(t, "GET/ticket_comments.json")
		said["meta"] = map[string]any{"has_more": false}
		comments, err := json.Marshal(said)
		if err != nil {
			t.Fatal(err)
		}
		s, err := canned(t, map[string]string{"/api/v2/tickets/4": raw, "/api/v2/tickets/4/comments": string(comments)}).Read(t.Context(), "4")
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		of := members["ticket"].(map[string]any)
		if s.Content.Subject != of["subject"] || !strings.HasPrefix(s.Stamp, of["updated_at"].(string)) || s.Status == "" || s.Content.Channel == "" {
			t.Errorf("%s: read as %+v", file, s)
		}
		if tags := of["tags"].([]any); len(s.Content.Tags) != len(tags) {
			t.Errorf("%s: %d tags of %d", file, len(s.Content.Tags), len(tags))
		}
		list := said["comments"].([]any)
		if len(s.Content.Messages) != len(list) {
			t.Fatalf("%s: %d messages of %d", file, len(s.Content.Messages), len(list))
		}
		for i, m := range s.Content.Messages {
			c := list[i].(map[string]any)
			at, err := time.Parse(time.RFC3339, c["created_at"].(string))
			if err != nil || m.Text != c["body"] || m.Public != c["public"] || !m.At.Equal(at) || m.ID == "" {
				t.Errorf("%s: comment %d reads as %+v", file, i, m)
			}
		}
	}
}

func TestARecordedMacroLosesNothing(t *testing.T) {
	_, members := recorded(t, "GET/macro.json")
	of := members["macro"].(map[string]any)
	list, err := json.Marshal(map[string]any{"macros": []any{of}, "next_page": nil})
	if err != nil {
		t.Fatal(err)
	}
	macros, next, err := canned(t, map[string]string{"/api/v2/macros": string(list)}).Macros(t.Context(), "")
	if err != nil || next != "" || len(macros) != 1 || macros[0].Title != of["title"] || macros[0].ID == "" {
		t.Fatalf("got %+v, %q, %v", macros, next, err)
	}
	for _, a := range of["actions"].([]any) {
		if a := a.(map[string]any); a["field"] == "comment_value" && macros[0].Body != strings.TrimSpace(a["value"].(string)) {
			t.Errorf("the body is %q", macros[0].Body)
		}
	}
}

func TestRecordedPeopleAreToldApart(t *testing.T) {
	raw, members := recorded(t, "GET/users.json")
	c := canned(t, map[string]string{"/api/v2/users/search": raw})
	for _, u := range members["users"].([]any) {
		u := u.(map[string]any)
		email, _ := u["email"].(string)
		agent, err := c.AgentByEmail(t.Context(), email)
		works := (u["role"] == "agent" || u["role"] == "admin") && u["active"] == true && u["suspended"] != true
		if want := strconv.FormatFloat(u["id"].(float64), 'f', 0, 64); works && (err != nil || string(agent) != want) || !works && err == nil {
			t.Errorf("a user with the role %v: got %q, %v", u["role"], agent, err)
		}
	}
}

// TestNullsAndOdditiesAreRead: real answers have null where the specification has a value.
func TestNullsAndOdditiesAreRead(t *testing.T) {
	for name, tc := range map[string]struct{ ticket, comments string }{
		"nulls": {
			`{"ticket":{"id":4,"subject":null,"type":null,"status":null,"priority":null,"requester_id":null,"assignee_id":null,"tags":null,"via":null,
			"custom_fields":null,"updated_at":"2026-05-01T10:00:00Z","slas":null},"users":null}`,
			`{"comments":[{"id":9,"type":null,"author_id":null,"body":null,"html_body":null,"plain_body":null,"public":null,"attachments":null,"via":null,
			"created_at":null,"metadata":null}],"users":null,"meta":null,"links":null}`,
		},
		"strings and odd dates": {
			`{"ticket":{"id":"4","subject":12,"status":"hold","priority":"sudden","requester_id":"5","tags":["a",null,7],"updated_at":"2026-05-01 10:00:00 +0000",
			"via":{"channel":"web","source":{"from":[],"to":"x","rel":{}}},"custom_fields":[{"id":"7","value":["x","y"]}],
			"slas":{"policy_metrics":[{"metric":"first_reply_time","stage":"active","breach_at":"later"}]},"new_in_2027":{}}}`,
			`{"comments":[{"id":"9","author_id":"5","body":"x","public":"true","metadata":{"custom":[]},"created_at":"2025-09-03 12:56:17.000000000 +0000",
			"attachments":[{"id":null},{"id":1,"file_name":null,"size":null,"content_type":null,"deleted":null}]}],"meta":{"has_more":false}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := canned(t, map[string]string{"/api/v2/tickets/4": tc.ticket, "/api/v2/tickets/4/comments": tc.comments}).Read(t.Context(), "4")
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Content.Messages) != 1 || s.Deadlines != (desk.Deadlines{}) || s.Stamp == "" || s.Content.Priority != escalate.PriorityNone {
				t.Errorf("it reads as %+v", s)
			}
			m := s.Content.Messages[0]
			if name == "nulls" && (m.Public || m.Role == escalate.RoleCustomer) {
				t.Errorf("what has no visibility is %+v", m)
			}
			if name != "nulls" && (s.Content.Category != "x, y" || !m.Public || m.At.IsZero() || len(m.Files) != 1 || m.Role != escalate.RoleCustomer || s.Content.Subject != "12") {
				t.Errorf("it reads as %+v", s)
			}
		})
	}
}

// TestHalfAConversationIsAnError: half of one would pass for the whole.
func TestHalfAConversationIsAnError(t *testing.T) {
	const ticket = `{"ticket":{"id":4,"updated_at":"2026-05-01T10:00:00Z"}}`
	for _, comments := range []string{
		`{"comments":[],"meta":{"has_more":true,"after_cursor":null}}`,
		`{"comments":[],"meta":{"has_more":true,"after_cursor":"same"}}`,
		`{"comments":[],"next_page":"https://shop.zendesk.example/api/v2/tickets/4/comments.json?page=2"}`,
		`{"comments":{}}`, `[]`, `<html>`,
	} {
		if s, err := canned(t, map[string]string{"/api/v2/tickets/4": ticket, "/api/v2/tickets/4/comments": comments}).Read(t.Context(), "4"); err == nil {
			t.Errorf("%s reads as %d messages", comments, len(s.Content.Messages))
		}
	}
	if _, err := canned(t, map[string]string{"/api/v2/tickets/4": `{"ticket":{"id":4}}`}).Read(t.Context(), "4"); err == nil {
		t.Error("a ticket without a version is read: nothing would tell that it moved")
	}
}

// TestZendesksReadingIsRead: plain_body, in which no-break spaces stay as entities.
func TestZendesksReadingIsRead(t *testing.T) {
	s, err := canned(t, map[string]string{
		"/api/v2/tickets/4": `{"ticket":{"id":4,"updated_at":"2026-05-01T10:00:00Z"}}`,
		"/api/v2/tickets/4/comments": `{"comments":[
			{"id":1,"public":true,"plain_body":"Dear&nbsp;team &amp; all","html_body":"<p>x</p>","body":"y"},
			{"id":2,"public":true,"plain_body":"","html_body":"<p>a &amp; b</p><script>c</script>","body":"y"},
			{"id":3,"public":true,"plain_body":"","html_body":"","body":"y"}],"meta":{"has_more":false}}`,
	}).Read(t.Context(), "4")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Dear team &amp; all", "a & b", "y"} {
		if got := s.Content.Messages[i].Text; got != want {
			t.Errorf("message %d: got %q, want %q", i+1, got, want)
		}
	}
}

// TestWhatIsNoMerge: what merged into a ticket, and what people write.
func TestWhatIsNoMerge(t *testing.T) {
	for name, tc := range map[string]struct{ status, tags, comments, want string }{
		"in another language":    {"closed", `"closed_by_merge"`, `{"id":1,"author_id":2,"plain_body":"Diese Anfrage wurde geschlossen und mit Anfrage #77 „#5“ zusammengeführt."}`, "77"},
		"said by its source":     {"closed", `"closed_by_merge"`, `{"id":1,"author_id":2,"plain_body":"x","via":{"source":{"rel":"merge","from":{"ticket_ids":[4]},"to":{"ticket_id":78}}}}`, "78"},
		"a target, closed later": {"closed", `"vip"`, `{"id":1,"author_id":2,"plain_body":"Request #77 \"x\" was closed and merged into this request."}`, ""},
		"a customer's words":     {"closed", `"closed_by_merge"`, `{"id":1,"author_id":3,"public":true,"plain_body":"merged into request #77"}`, ""},
		"an open ticket":         {"open", `"closed_by_merge"`, `{"id":1,"author_id":2,"plain_body":"merged into request #77"}`, ""},
		"itself":                 {"closed", `"closed_by_merge"`, `{"id":1,"author_id":2,"plain_body":"merged into request #4"}`, ""},
		"a note of their own":    {"closed", `"closed_by_merge"`, `{"id":1,"author_id":2,"plain_body":"Request #77 was closed and merged into this request."},{"id":2,"author_id":2,"plain_body":"a double"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := canned(t, map[string]string{
				"/api/v2/tickets/4": `{"ticket":{"id":4,"requester_id":3,"status":"` + tc.status + `","tags":[` + tc.tags + `],"updated_at":"2026-05-01T10:00:00Z"},
					"users":[{"id":2,"role":"agent"},{"id":3,"role":"end-user"}]}`,
				"/api/v2/tickets/4/comments": `{"comments":[` + tc.comments + `],"meta":{"has_more":false}}`,
			}).Read(t.Context(), "4")
			if err != nil {
				t.Fatal(err)
			}
			if s.Merged != tc.want || (s.Status == escalate.StatusGone) != (tc.want != "") {
				t.Errorf("merged into %q, status %s; want %q", s.Merged, s.Status, tc.want)
			}
		})
	}
}

// TestAnArticleThatDoesNotSayWhoMayReadItStaysOut: what is left out of an answer is not everybody's.
func TestAnArticleThatDoesNotSayWhoMayReadItStaysOut(t *testing.T) {
	c := canned(t, map[string]string{"/api/v2/help_center/incremental/articles": `{"articles":[
		{"id":1,"title":"a","body":"<p>a</p>","draft":false},{"id":2,"title":"b","body":"<p>b</p>","user_segment_id":null},
		{"id":3,"title":"c","body":"<p>c</p>","draft":null,"user_segment_id":null},{"id":4,"title":"d","body":"<p>d</p>","draft":false,"user_segment_id":null,"user_segment_ids":[1]},
		{"id":5,"title":"e","body":"<p>e</p>","draft":false,"user_segment_id":null}],"end_time":null,"next_page":null}`})
	articles, next, err := c.Articles(t.Context(), "")
	if err != nil || next != "" || len(articles) != 1 || articles[0].ID != "5" {
		t.Errorf("got %+v, %q, %v", articles, next, err)
	}
}

func FuzzConversation(f *testing.F) {
	f.Add([]byte(`{"comments":[{"id":1,"author_id":-1,"public":true,"plain_body":"x","attachments":[{"id":2,"size":9}],"metadata":{"custom":{"warmline_key":"k"}}}],"users":[{"id":1,"role":"admin"}]}`))
	f.Add([]byte(`{"comments":null,"meta":{"has_more":true}}`))
	f.Add([]byte(`{"comments":[{"via":{"source":{"from":{"ticket_ids":["x"]},"rel":"merge"}},"html_body":"<p>&#0;"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		answers := map[string]string{
			"/api/v2/users/me": `{"user":{"id":1}}`, "/api/v2/tickets/4": `{"ticket":{"id":4,"requester_id":5,"status":"closed","tags":["closed_by_merge"],"updated_at":"2026-05-01T10:00:00Z"}}`,
			"/api/v2/tickets/4/comments": string(body),
		}
		c, err := zendesk.Connect(zendesk.Options{URL: "https://shop.test", Bearer: "x", PerMinute: 1 << 30, Client: &http.Client{Transport: direct(answers)}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.Read(t.Context(), "4")
		if err != nil {
			return
		}
		for _, m := range s.Content.Messages {
			if strings.ContainsRune(m.Text, 0) || strings.ContainsRune(m.Author, 0) {
				t.Fatalf("NUL in %+v", m)
			}
		}
	})
}

// direct answers without a network.
type direct map[string]string

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	_, _ = w.WriteString(d[r.URL.Path])
	return w.Result(), nil
}
