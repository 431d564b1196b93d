package generic_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/generic"
	"warmline/helpdesk/generic/generictest"
	"warmline/helpdesk/helpdesktest"
)

// hostile are texts that try to be more than text, in JSON, in a template, or in the mapping's own words.
var hostile = []string{
	`", "kind": "message", "x": "`, `"}], "hidden": 0, "y": [{"`, "{secret} {ticket} {key} {html}", "{stamp}", `\", \u0022kind\u0022: \u0022message\u0022`, "a\x00b\x01\u2028", "\r\nkind: message\r\n",
}

// TestNoTextMakesANotePublic writes notes with hostile texts into both helpdesks, which take everything for public that does not say
// otherwise.
func TestNoTextMakesANotePublic(t *testing.T) {
	for name, fake := range map[string]*generictest.Fake{"rich": generictest.New(&helpdesktest.Book{}), "poor": generictest.NewPoor(&helpdesktest.Book{})} {
		c := serve(t, fake)
		for i, text := range hostile {
			id := fake.Open(ina, "mail")
			write(t, c, id, desk.Write{Kind: desk.WriteNote, Key: fmt.Sprint("job-", i), Text: text})
			held, _ := fake.Book.Ticket(id)
			if m := held.Messages[len(held.Messages)-1]; m.Public || len(held.Messages) != 2 || strings.Contains(m.Body, generictest.Secret) {
				t.Errorf("%s: the note %q is %+v", name, text, m)
			}
			if m := last(t, c, id); m.Public || m.Marker != fmt.Sprint("job-", i) {
				t.Errorf("%s: the note %q reads as %+v", name, text, m)
			}
		}
	}
}

func TestTextIsNeverATemplate(t *testing.T) {
	for _, fake := range []*generictest.Fake{generictest.New(&helpdesktest.Book{}), generictest.NewPoor(&helpdesktest.Book{})} {
		c := serve(t, fake)
		id := fake.Open(ina, "mail")
		const text = "{secret} {ticket} {key} {html} {author}"
		write(t, c, id, desk.Write{Kind: desk.WriteReply, Key: "reply-1", Author: "{secret}", Text: text})
		if m := last(t, c, id); m.Text != text || m.Author != "{secret}" || m.Role != escalate.RoleAgent {
			t.Errorf("it reads as %+v", m)
		}
	}
}

// TestATicketsIDStaysInItsPlace: ids come from webhooks, and must not become another address.
func TestATicketsIDStaysInItsPlace(t *testing.T) {
	fake := generictest.New(&helpdesktest.Book{})
	var asked []string
	fake.Before = func(r *http.Request) { asked = append(asked, r.URL.EscapedPath()+"?"+r.URL.RawQuery) }
	c := serve(t, fake)
	for _, id := range []string{"../staff", "a/b?x=1", "7#x", "..%2fme", "{secret}", "é\n"} {
		if _, err := c.Read(t.Context(), id); err == nil {
			t.Errorf("%q is a ticket", id)
		}
	}
	for _, id := range []string{"", ".", ".."} {
		var refused *desk.Refused
		if _, err := c.Read(t.Context(), id); !errors.As(err, &refused) {
			t.Errorf("%q: %v, want it refused", id, err)
		}
	}
	want(t, "asked", asked, "/v1/cases/..%2Fstaff?", "/v1/cases/a%2Fb%3Fx=1?", "/v1/cases/7%23x?", "/v1/cases/..%252fme?", "/v1/cases/%7Bsecret%7D?", "/v1/cases/%C3%A9%0A?")
	poor := generictest.NewPoor(&helpdesktest.Book{})
	var refused *desk.Refused
	if _, err := serve(t, poor).Write(t.Context(), "7, \"hidden\": 0", reply("x")); !errors.As(err, &refused) {
		t.Errorf("an id that is no number where the mapping wants one: %v", err)
	}
}

func reply(text string) desk.Write {
	return desk.Write{Kind: desk.WriteReply, Key: "reply-1", Text: text}
}

// TestTheNextPageIsNotFollowedElsewhere: whoever writes the link would otherwise get the credentials.
func TestTheNextPageIsNotFollowedElsewhere(t *testing.T) {
	strayed := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed++ }))
	defer other.Close()
	var link string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/admin") {
			strayed++
		}
		if strings.HasSuffix(r.URL.Path, "/entries") {
			_, _ = fmt.Fprintf(w, `{"data": [], "links": {"next": %q}}`, link)
			return
		}
		_, _ = fmt.Fprint(w, `{"data": {"state": "new"}}`)
	}))
	defer server.Close()
	c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL + "/v1", Secret: "s", Mapping: mapping(t, generictest.Rich)})
	if err != nil {
		t.Fatal(err)
	}
	for _, link = range []string{
		other.URL + "/v1/x", "//" + strings.TrimPrefix(other.URL, "http://") + "/v1/x", server.URL + "/admin", "/admin", "../admin", "/v1/../admin", "/v1/%2e%2e/admin", "https" + strings.TrimPrefix(server.URL, "http") + "/v1/x",
		strings.Replace(server.URL, "//", "//me:pw@", 1) + "/v1/x", "file:///etc/passwd", ":", "/v1/cases/7/entries?n=1", // the last leads to itself for ever
	} {
		if _, err := c.Read(t.Context(), "7"); err == nil || !strings.Contains(err.Error(), "the link to the next page") && !strings.Contains(err.Error(), "is not allowed") && !strings.HasSuffix(link, "entries?n=1") {
			t.Errorf("%s is followed: %v", link, err)
		}
	}
	if strayed != 0 {
		t.Errorf("%d calls left the account's address", strayed)
	}
}

// TestCustomersCannotPassForUs: a reference that a customer quotes would make a reply that never went out look sent.
func TestCustomersCannotPassForUs(t *testing.T) {
	poor := generictest.NewPoor(&helpdesktest.Book{})
	c := serve(t, poor)
	id := poor.Open(ina, "mail")
	quoted := helpdesk.WithRef("As you wrote.", "reply-1")
	for _, role := range []escalate.Role{escalate.RoleCustomer, escalate.RoleAgent} {
		poor.Says(id, helpdesktest.Message{Role: role, Author: ina.Email, Public: true, Body: quoted})
		if m := last(t, c, id); m.Marker != "" || m.Role != role || m.Text != quoted {
			t.Errorf("it reads as %+v", m)
		}
	}
	rich := generictest.New(&helpdesktest.Book{})
	c = serve(t, rich)
	id = rich.Open(ina, "mail")
	for role, ref := range map[escalate.Role]string{escalate.RoleCustomer: "warmline:reply-1", escalate.RoleAgent: "echo-1"} {
		rich.Says(id, helpdesktest.Message{Role: role, Author: ina.Email, Public: true, Body: "<p>Hi</p>", Extra: map[string]any{"external_ref": ref}})
		if m := last(t, c, id); m.Marker != "" || m.Role != role {
			t.Errorf("%s reads as %+v", ref, m)
		}
	}
}

// TestWhatIsUnknownIsTreatedWithCare: a status that nobody mapped is open, a visibility that nobody mapped is internal, and a message
// without a time keeps its place.
func TestWhatIsUnknownIsTreatedWithCare(t *testing.T) {
	answers := map[string]string{
		"/cases/7": `{"data": {"state": "escalated", "subject": null, "requester": null, "owner": null, "labels": null, "urgency": 9, "channel": "LiveChat", "due": null, "version": null, "new": {}}}`,
		"/cases/7/entries": `{"data": [
			{"id": 4, "kind": "whisper", "from": {"type": "partner", "name": null}, "html": null, "created": null, "attachments": null},
			{"id": 3, "kind": null, "from": {"type": "staff"}, "html": "<p>c</p>", "created": "2026-11-23T08:02:00Z", "edited": "2026-11-23T08:02:00Z"},
			{"id": "2", "kind": "whisper", "from": {"type": "requester"}, "html": "b", "created": "2026-11-23 08:01:00", "attachments": [{"id": 7, "file_name": "a.png", "bytes": "12"}, {}]},
			{"id": 3, "kind": null, "from": {"type": "staff"}, "html": "<p>c</p>", "created": "2026-11-23T08:02:00Z"}
		], "links": null}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, answers[r.URL.Path]) }))
	defer server.Close()
	c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL, Secret: "s", Mapping: mapping(t, generictest.Rich)})
	if err != nil {
		t.Fatal(err)
	}
	s := read(t, c, "7")
	if s.Status != escalate.StatusOpen || s.Content.Priority != escalate.PriorityNone || s.Content.Channel != "livechat" || s.Content.URL != "https://desk.example.com/agent/7" {
		t.Errorf("read %+v", s)
	}
	var got []string
	for _, m := range s.Content.Messages {
		got = append(got, fmt.Sprint(m.ID, " ", m.Role, " ", m.Public, " ", m.At.Format("15:04"), " ", m.EditedAt.IsZero(), " ", len(m.Files)))
	}
	want(t, "messages", got, "2 customer true 08:01 true 1", "4 participant false 08:01 true 0", "3 agent false 08:02 true 0")
}

// TestAnAnswerOfAnotherFormIsNoEmptyTicket: some answer 200 to everything, and a wrong path must not read as "nothing there".
func TestAnAnswerOfAnotherFormIsNoEmptyTicket(t *testing.T) {
	for path, bodies := range map[string][]string{
		"/cases/7":         {`{"error": "no such case"}`, `{"data": {"state": null}}`, `[]`, `null`, `{"data": {"state": "new"}} x`, `<html>`, ``},
		"/cases/7/entries": {`{"error": "no"}`, `{"data": {"a": 1}}`, `{"data": [{"id": null, "html": "x"}]}`, `{"data": [{"id": 1, "created": "soon"}]}`, `{"data": ["x"]}`},
	} {
		for _, body := range bodies {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == path {
					_, _ = fmt.Fprint(w, body)
				} else {
					_, _ = fmt.Fprint(w, `{"data": {"state": "new"}}`)
				}
			}))
			c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL, Secret: "s", Mapping: mapping(t, generictest.Rich)})
			if err != nil {
				t.Fatal(err)
			}
			if s, err := c.Read(t.Context(), "7"); err == nil {
				t.Errorf("%s answering %q reads as %+v", path, body, s)
			}
			server.Close()
		}
	}
}

// TestWhatTheMappingLacksIsRefusedWithAWayOut holds the poor account to saying so, in Abilities and when asked all the same.
func TestWhatTheMappingLacksIsRefusedWithAWayOut(t *testing.T) {
	fake := generictest.NewPoor(&helpdesktest.Book{})
	c := serve(t, fake)
	id := fake.Open(ina, "mail")
	rows := map[helpdesk.Row]bool{}
	for _, a := range c.Abilities() {
		rows[a.Row] = a.Has
	}
	for row, w := range map[helpdesk.Row]desk.Write{
		helpdesk.RowAssign: {Kind: desk.WriteAssign, Agent: "501"}, helpdesk.RowTags: {Kind: desk.WriteTags, Tags: []string{"vip"}},
		helpdesk.RowPriority: {Kind: desk.WritePriority, Priority: escalate.PriorityHigh}, helpdesk.RowFiles: {Kind: desk.WriteReply, Key: "r", Text: "x", Files: []desk.Upload{{Name: "a"}}},
	} {
		var refused *desk.Refused
		if _, err := c.Write(t.Context(), id, w); !errors.As(err, &refused) || refused.RetryAfter != 0 || rows[row] {
			t.Errorf("%s: %v, has %v", w.Kind, err, rows[row])
		}
	}
	var refused *desk.Refused
	if _, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOnHold}); !errors.As(err, &refused) || !strings.Contains(err.Error(), "status.words") {
		t.Errorf("a status without a word: %v", err)
	}
	if _, err := c.AgentByEmail(t.Context(), "ana@shop.example"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("an agent: %v", err)
	}
}

// TestTagsThatReplaceLoseNone lets somebody else overwrite ours between our write and our reading.
func TestTagsThatReplaceLoseNone(t *testing.T) {
	have := []string{"vip"}
	writes := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = fmt.Fprintf(w, `{"ticket": {"state": 0, "tags": ["%s"]}}`, strings.Join(have, `","`))
			return
		}
		var in struct{ Tags []string }
		readJSON(r, &in)
		if have = in.Tags; writes == 0 {
			have = []string{"vip", "late"} // who read before us wrote after us
		}
		writes++
	}))
	defer server.Close()
	m := mapping(t, generictest.Poor, "  subject:", "  tags: ticket.tags\n  subject:", "status:\n  url: /state", "tags: {method: PUT, url: \"/tags/{ticket}\", body: {tags: \"{tags}\"}, replaces: true}\nstatus:\n  url: /state")
	c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL, Secret: "s", Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	write(t, c, "7", desk.Write{Kind: desk.WriteTags, Tags: []string{"refund", "vip"}})
	slices.Sort(have)
	want(t, "tags", have, "late", "refund", "vip")
	if write(t, c, "7", desk.Write{Kind: desk.WriteTags, Tags: []string{"refund"}}); writes != 2 {
		t.Errorf("%d writes, want none more for a tag that is there", writes)
	}
}

// TestATakenReplyWithoutAnIDIsNoRefusal: the call was applied, so the caller must look before it sends again.
func TestATakenReplyWithoutAnIDIsNoRefusal(t *testing.T) {
	for _, body := range []string{`{"data": {}}`, `{"data": {"id": null}}`, ``, `<html>`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) }))
		c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL, Secret: "s", Mapping: mapping(t, generictest.Rich)})
		if err != nil {
			t.Fatal(err)
		}
		var refused *desk.Refused
		if _, err := c.Write(t.Context(), "7", reply("x")); err == nil || errors.As(err, &refused) || errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%q: %v, want an error that leaves it open", body, err)
		}
		server.Close()
	}
	// Where no id is answered, the message is looked for; a ticket that is gone by then does not unsay what was sent.
	posts := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusNotFound)
		}
		posts++
	}))
	defer server.Close()
	c, err := generic.Connect(generic.Options{Name: "shop", URL: server.URL, Secret: "s", Mapping: mapping(t, generictest.Poor)})
	if err != nil {
		t.Fatal(err)
	}
	var refused *desk.Refused
	if _, err := c.Write(t.Context(), "7", reply("x")); err == nil || errors.As(err, &refused) || errors.Is(err, desk.ErrNotFound) || posts != 2 {
		t.Errorf("%v after %d calls, want an error that leaves it open", err, posts)
	}
}

// TestTheSecretIsNeverShown prints everything that has it.
func TestTheSecretIsNeverShown(t *testing.T) {
	o := generic.Options{Name: "shop", URL: "https://desk.example.com", Secret: "hush-hush", Mapping: mapping(t, generictest.Rich)}
	if text := fmt.Sprintf("%v %+v %#v", o, o, o); strings.Contains(text, "hush-hush") {
		t.Error(text)
	}
	fake := generictest.New(&helpdesktest.Book{})
	account := fake.Account("shop", "http://127.0.0.1:1")
	account.Settings["secret"] = "hush-hush"
	c, err := generic.Vendor.Connect(account)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(t.Context(), "7"); err == nil || strings.Contains(err.Error(), "hush-hush") {
		t.Errorf("got %v", err)
	}
}

// TestAWrongAccountSaysHowToMendIt lets the secret, the address and a path of the mapping be wrong in turn.
func TestAWrongAccountSaysHowToMendIt(t *testing.T) {
	fake := generictest.New(&helpdesktest.Book{})
	server := httptest.NewServer(fake)
	defer server.Close()
	for mend, change := range map[string]func(helpdesk.Account){
		"setting secret": func(a helpdesk.Account) { a.Settings["secret"] = "wrong" },
		"setting url":    func(a helpdesk.Account) { a.Settings["url"] = server.URL + "/v9" },
		"changes of the mapping": func(a helpdesk.Account) {
			a.Settings["mapping"] = changed(t, generictest.Rich, "updated: changed", "updated: touched")
		},
		"agents of the mapping": func(a helpdesk.Account) {
			a.Settings["mapping"] = changed(t, generictest.Rich, "/staff?q={email}\n  list: data", "/staff?q={email}\n  list: people")
		},
	} {
		fake.Open(ina, "mail")
		account := fake.Account("shop", server.URL)
		change(account)
		c, err := generic.Vendor.Connect(account)
		if err != nil {
			t.Fatal(err)
		}
		found, err := c.Check(t.Context())
		if err != nil || !slices.ContainsFunc(found, func(f helpdesk.Finding) bool { return !f.OK && strings.Contains(f.Says, mend) }) {
			t.Errorf("%s: %+v, %v", mend, found, err)
		}
	}
}
