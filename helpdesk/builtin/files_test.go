package builtin_test

import (
	"net/http/httptest"
	"testing"

	"warmline/helpdesk/builtin"
)

func TestFilesAreSavedNeverShownAndNotesStayInternal(t *testing.T) {
	d := open(t, builtin.Options{Token: "secret-token"})
	h := d.Handler()
	hostile := builtin.Upload{Name: `a"b; filename=x.html`, Type: "text/html", Body: []byte("<script>alert(1)</script>")}
	create(t, d, builtin.NewTicket{Files: []builtin.Upload{hostile}})
	note := false
	add(t, d, "1001", builtin.NewMessage{Role: "agent", Public: &note, Files: []builtin.Upload{hostile}})
	get := func(path, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/desk/api/tickets/1001/messages/"+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for _, tc := range []struct {
		path, token string
		want        int
	}{
		{"m1/files/f1", "secret-token", 200},
		{"m1/files/f1?view=customer", "secret-token", 200},
		{"m2/files/f1", "secret-token", 200},
		{"m2/files/f1?view=customer", "secret-token", 404},
		{"m1/files/f1", "", 401},
	} {
		if w := get(tc.path, tc.token); w.Code != tc.want {
			t.Errorf("GET %s with token %q: got %d, want %d", tc.path, tc.token, w.Code, tc.want)
		}
	}
	header := get("m1/files/f1", "secret-token").Header()
	for name, want := range map[string]string{
		"Content-Disposition":     `attachment; filename="a\"b; filename=x.html"`,
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestOnlyWhatTheCustomerWroteCanBeEdited(t *testing.T) {
	d := open(t, builtin.Options{})
	id := create(t, d, builtin.NewTicket{Subject: "Lamp"}).ID
	yes := true
	answer := add(t, d, id, builtin.NewMessage{Role: "agent", Text: "Try this.", Public: &yes})
	if _, err := d.Edit(id, builtin.Edit{Message: answer.ID, Text: "Never mind."}); err == nil {
		t.Error("an agent's reply was edited after it was sent")
	}
	before := get(t, d, id)
	first := before.Messages[0]
	m, err := d.Edit(id, builtin.Edit{Message: first.ID, Text: "It does not charge in the rain."})
	if err != nil || m.EditedAt.IsZero() || m.ID != first.ID {
		t.Fatalf("edit: %+v, %v", m, err)
	}
	if before.Messages[0].Text != first.Text {
		t.Error("an edit changed a ticket that was handed out")
	}
	if stamp := get(t, d, id).Stamp; stamp == before.Stamp {
		t.Error("an edit left the stamp")
	}
	again, err := d.Edit(id, builtin.Edit{Message: first.ID, Text: "It does not charge in the rain."})
	if err != nil || !again.EditedAt.Equal(m.EditedAt) {
		t.Errorf("the same text again: %+v, %v; want no change", again, err)
	}
}
