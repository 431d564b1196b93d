package builtin_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"warmline/helpdesk/builtin"
)

// call makes one call straight into a handler.
func call(t *testing.T, h http.Handler, method, path, body string, header ...string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var answer map[string]any
	if w.Body.Len() > 0 && w.Header().Get("Content-Type") == "application/json" {
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return w.Code, answer
}

func TestRefusalsSayWhatWhichAndWhatToDo(t *testing.T) {
	d := open(t, builtin.Options{})
	h := d.Handler()
	create(t, d, builtin.NewTicket{Subject: "Lamp"})
	const customer = `"customer":{"email":"ina@customer.example"}`
	for _, tc := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/desk/api/tickets", `{"subject":"x","text":"y"}`, 400, "customer.email is missing"},
		{"POST", "/desk/api/tickets", `{"customer":{"name":"Ina"},"text":"y"}`, 400, "customer.email is missing"},
		{"POST", "/desk/api/tickets", `{"channel":"chat","text":"y"}`, 400, "customer.email is missing"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":" "}`, 400, "text is empty"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","subject":"` + strings.Repeat("ü", 501) + `"}`, 400, "longer than 500"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"` + strings.Repeat("y", 200_001) + `"}`, 400, "longer than 200000"},
		{"PATCH", "/desk/api/tickets/1001", `{"assignee":"` + strings.Repeat("y", 1<<20) + `"}`, 413, "1 MiB"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","files":[{"name":"a.png"}]}`, 400, "is empty"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","files":[{"name":"../a.png","body":"eA=="}]}`, 400, "without a path"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","files":[{"name":"a.png","type":"x","body":"eA=="` + "}" + strings.Repeat(`,{"name":"a","body":"eA=="}`, 10) + `]}`, 400, "at most 10"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","files":[{"name":"a.png","type":"a picture","body":"eA=="}]}`, 400, "MIME type"},
		{"POST", "/desk/api/tickets/1001/messages", `{"role":"customer","files":[{"name":"a.png","body":"` + strings.Repeat("AAAA", 2_800_000) + `"}]}`, 413, "8 MiB"},
		{"PATCH", "/desk/api/tickets/1001/messages/m1", `{"text":""}`, 400, "text is empty"},
		{"PATCH", "/desk/api/tickets/1001/messages/m7", `{"text":"y"}`, 404, `no message "m7"`},
		{"GET", "/desk/api/tickets/1001/messages/m1/files/f1", ``, 404, `no file "f1"`},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","channel":"fax"}`, 400, "email, chat, web"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","id":"../1"}`, 400, "letters, digits"},
		{"POST", "/desk/api/tickets", `{` + customer + `,"text":"y","id":"1001"}`, 409, "is there already"},
		{"POST", "/desk/api/tickets", `{`, 400, "not the JSON"},
		{"GET", "/desk/api/tickets/7", ``, 404, `no ticket "7"`},
		{"GET", "/desk/api/tickets?since=monday", ``, 400, "2026-11-23T08:00:00Z"},
		{"GET", "/desk/api/changes?after=x", ``, 400, "no cursor"},
		{"GET", "/desk/api/changes?after=99", ``, 410, "began anew"},
		{"GET", "/desk/api/changes?limit=0", ``, 400, "1 to 1000"},
		{"POST", "/desk/api/tickets/1001/messages", `{"role":"agent","text":"y"}`, 400, "public is missing"},
		{"POST", "/desk/api/tickets/1001/messages", `{"role":"boss","text":"y"}`, 400, "customer, agent, bot"},
		{"POST", "/desk/api/tickets/1001/messages", `{"role":"customer","public":false,"text":"y"}`, 400, "cannot be internal"},
		{"POST", "/desk/api/tickets/1001/messages", `{"role":"bot","public":true,"text":"y","stamp":"0"}`, 409, "moved"},
		{"PATCH", "/desk/api/tickets/1001", `{"status":"done"}`, 400, "open, pending"},
		{"PATCH", "/desk/api/tickets/1001", `{"assignee":"zoe"}`, 400, "no agent's id"},
		{"POST", "/desk/api/_faults", `{"kind":"flood"}`, 400, "stale_read"},
		{"POST", "/desk/api/_faults", `{"op":"read","kind":"late_apply"}`, 400, "want one of"},
		{"DELETE", "/desk/api/tickets", ``, 404, "not in the API"},
	} {
		status, answer := call(t, h, tc.method, tc.path, tc.body)
		text, _ := answer["error"].(string)
		if status != tc.status || !strings.Contains(text, tc.want) {
			t.Errorf("%s %s: got %d %q, want %d with %q", tc.method, tc.path, status, text, tc.status, tc.want)
		}
	}
}

func TestTokenGuardsAllButThePageAndCustomers(t *testing.T) {
	d := open(t, builtin.Options{Token: "secret-token"})
	h := d.Handler()
	create(t, d, builtin.NewTicket{Subject: "Lamp"})
	page := httptest.NewRecorder()
	h.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/desk/", nil))
	cookie, _, _ := strings.Cut(page.Header().Get("Set-Cookie"), ";")
	if policy := page.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("content security policy %q", policy)
	}
	const note = `{"role":"agent","public":false,"text":"y"}`
	const said = `{"role":"customer","text":"y"}`
	const created = `{"customer":{"email":"ina@customer.example"},"text":"y"}`
	for _, tc := range []struct {
		method, path, body, header, value string
		want                              int
	}{
		{"GET", "/desk/api/tickets/1001", "", "", "", 401},
		{"GET", "/desk/api/tickets/1001", "", "Authorization", "Bearer wrong", 401},
		{"GET", "/desk/api/tickets/1001", "", "Authorization", "Bearer secret-token", 200},
		{"GET", "/desk/api/tickets/1001", "", "Cookie", cookie, 200},
		{"GET", "/desk/api/changes", "", "", "", 401},
		{"POST", "/desk/api/_faults", `{"kind":"429"}`, "", "", 401},
		{"POST", "/desk/api/tickets/1001/messages", note, "", "", 401},
		{"POST", "/desk/api/tickets/1001/messages", note, "Cookie", cookie, 201},
		{"POST", "/desk/api/tickets/1001/messages", said, "", "", 201},
		{"POST", "/desk/api/tickets/1001/messages", said, "Sec-Fetch-Site", "cross-site", 403},
		{"POST", "/desk/api/tickets", created, "", "", 201},
	} {
		if got, _ := call(t, h, tc.method, tc.path, tc.body, tc.header, tc.value); got != tc.want {
			t.Errorf("%s %s with %s %s: got %d, want %d", tc.method, tc.path, tc.header, tc.value, got, tc.want)
		}
	}
}

func TestListIsNewestFirstAndNarrows(t *testing.T) {
	d := open(t, builtin.Options{})
	h := d.Handler()
	for _, subject := range []string{"one", "two", "three"} {
		create(t, d, builtin.NewTicket{Subject: subject})
	}
	add(t, d, "1001", builtin.NewMessage{Role: "customer", Text: "And then?"})
	for query, want := range map[string]string{"": "1001 1003 1002", "?status=open&limit=2": "1001 1003", "?status=solved": "", "?since=2999-01-01T00:00:00Z": ""} {
		_, answer := call(t, h, "GET", "/desk/api/tickets"+query, "")
		var got []string
		for _, ticket := range answer["tickets"].([]any) {
			got = append(got, ticket.(map[string]any)["id"].(string))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("list%s: got %v, want %s", query, got, want)
		}
	}
}

func TestStreamTellsOfChanges(t *testing.T) {
	d := open(t, builtin.Options{})
	server := httptest.NewServer(d.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = d.Close() })
	create(t, d, builtin.NewTicket{Subject: "before"})
	res, err := http.Get(server.URL + "/desk/api/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || lines.Text() != ": hello" {
		t.Fatalf("the stream began with %q", lines.Text())
	}
	create(t, d, builtin.NewTicket{Subject: "after"})
	var change builtin.Change
	for lines.Scan() {
		if data, isData := strings.CutPrefix(lines.Text(), "data: "); isData {
			if err := json.Unmarshal([]byte(data), &change); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if change.Ticket != "1002" || change.Kind != "ticket.created" {
		t.Errorf("the stream told of %+v, want the creation of 1002", change)
	}
}

func FuzzAPINeverFails(f *testing.F) {
	f.Add(`{"customer":{"email":"a\u0000b"},"text":"\ud800 <b>"}`, `{"role":"bot","public":true,"text":"x","marker":"m"}`)
	f.Add("{\"customer\":{\"email\":\"\xff\xfe\"},\"text\":\"\xc3\x28\",\"tags\":[\"a\",\"A\"]}", `{"role":"participant","text":"y"}`)
	f.Fuzz(func(t *testing.T, ticket, message string) {
		d := open(t, builtin.Options{})
		h := d.Handler()
		status, answer := call(t, h, "POST", "/desk/api/tickets", ticket)
		if status >= 500 {
			t.Fatalf("create answered %d", status)
		}
		if status != 201 {
			return
		}
		path := "/desk/api/tickets/" + answer["id"].(string)
		if status, _ := call(t, h, "POST", path+"/messages", message); status >= 500 {
			t.Fatalf("message answered %d", status)
		}
		for _, m := range get(t, d, answer["id"].(string)).Messages {
			if !utf8.ValidString(m.Text+m.Author) || strings.ContainsRune(m.Text+m.Author, 0) {
				t.Errorf("kept a text that no database takes: %q", m.Text)
			}
		}
	})
}
