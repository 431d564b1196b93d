package helpscout_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/helpscout/helpscouttest"
)

// TestNothingOfASiteThatNotEverybodyMayReadIsRead holds that such articles are not even asked for.
func TestNothingOfASiteThatNotEverybodyMayReadIsRead(t *testing.T) {
	fake, c := account(t, nil)
	want := fake.Fixture(c).Articles
	var asked []string
	fake.Before = func(r *http.Request) { asked = append(asked, r.URL.Path) }
	n, cursor := 0, ""
	for {
		page, next, err := c.Articles(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		n += len(page)
		if cursor = next; cursor == "" {
			break
		}
	}
	if n != len(want) {
		t.Errorf("%d articles, want %d", n, len(want))
	}
	for _, path := range asked {
		for _, closed := range []string{"/collections/c2", "/collections/c3", "/collections/c4", "/collections/c5", "/articles/a2", "/articles/b1", "/articles/d"} {
			if strings.HasPrefix(path, "/v1"+closed) {
				t.Errorf("asked for %s", path)
			}
		}
	}
}

// TestAnArticleThatIsTakenBackWhileItIsReadIsLeftOut takes it back between the list and its text.
func TestAnArticleThatIsTakenBackWhileItIsReadIsLeftOut(t *testing.T) {
	fake, c := account(t, nil)
	fake.Fixture(c)
	fake.Before = func(r *http.Request) {
		if r.URL.Path == "/v1/articles/a1" {
			fake.Collections[0].Articles[0].Status = "notpublished"
		}
	}
	page, _, err := c.Articles(t.Context(), "")
	if err != nil || len(page) != 0 {
		t.Errorf("got %+v, %v", page, err)
	}
}

func TestWhereItIsNotKnownWhoMayReadNothingIsRead(t *testing.T) {
	fake, c := account(t, nil)
	fake.Fixture(c)
	fake.Sites = fake.Sites[1:]
	if page, _, err := c.Articles(t.Context(), ""); err == nil {
		t.Errorf("of a site that is not there: %+v", page)
	}
}

func TestWithoutAKeyOfDocsThereAreNoArticles(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{})
	a := fake.Account("shop", httpServer(t, fake))
	delete(a.Settings, "docs_key")
	k, err := helpscout.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := k.(*helpscout.Connector)
	_, _, err = c.Articles(t.Context(), "")
	if r, ok := errors.AsType[*desk.Refused](err); !ok || !strings.Contains(r.Why, "docs_key") || !strings.Contains(r.Why, "--articles") {
		t.Errorf("articles: got %v, want a refusal that says what to do", err)
	}
	for _, able := range c.Abilities() {
		if able.Row == helpdesk.RowArticles && (able.Has || !strings.Contains(able.Says, "docs_key")) {
			t.Errorf("it says of articles: %+v", able)
		}
	}
	findings, err := c.Check(t.Context())
	if err != nil || slices.ContainsFunc(findings, func(f helpdesk.Finding) bool { return !f.OK }) {
		t.Errorf("check: %+v, %v", findings, err)
	}
}

// TestTheKeyOfDocsGoesToDocsAlone holds that neither credential is ever sent where the other belongs.
func TestTheKeyOfDocsGoesToDocsAlone(t *testing.T) {
	fake, c := account(t, nil)
	fake.Fixture(c)
	fake.Before = func(r *http.Request) {
		given, docs := r.Header.Get("Authorization"), strings.HasPrefix(r.URL.Path, "/v1/")
		if docs != strings.HasPrefix(given, "Basic ") || !docs && r.URL.Path != helpscouttest.TokenPath && !strings.HasPrefix(given, "Bearer ") {
			t.Errorf("%s is called with %q", r.URL.Path, strings.Fields(given + " ")[0])
		}
	}
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestASavedReplyThatIsDeletedMeanwhileHidesNoOther(t *testing.T) {
	fake, c := account(t, nil)
	want := fake.Fixture(c).Macros
	deleted := false
	fake.Before = func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/saved-replies/500005") && !deleted { // of the first page, when others are still to come
			deleted = true
			fake.Mailboxes[2].Replies = slices.Delete(slices.Clone(fake.Mailboxes[2].Replies), 0, 1)
		}
	}
	var got []helpdesk.Macro
	cursor := ""
	for {
		page, next, err := c.Macros(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, page...)
		if cursor = next; cursor == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d saved replies, want %d", len(got), len(want))
	}
}

func TestCheckSaysHowToMend(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{})
	address := httpServer(t, fake)
	for name, test := range map[string]struct{ setting, value, what, says string }{
		"a wrong secret":   {"app_secret", "wrong", "the app", "My Apps"},
		"a foreign inbox":  {"inboxes", "85,86", "inboxes", "setting inboxes"},
		"a wrong Docs key": {"docs_key", "wrong", "Docs", "--articles"},
	} {
		a := fake.Account("shop", address)
		a.Settings[test.setting] = test.value
		c, err := helpscout.Vendor.Connect(a)
		if err != nil {
			t.Fatal(err)
		}
		findings, err := c.Check(t.Context())
		var faults []helpdesk.Finding
		for _, f := range findings {
			if !f.OK {
				faults = append(faults, f)
			}
		}
		if err != nil || len(faults) != 1 || faults[0].What != test.what || !strings.Contains(faults[0].Says, test.says) {
			t.Errorf("%s: faults %+v, %v; want one of %s that says %q", name, faults, err, test.what, test.says)
		}
	}
	fake.TokenStatus = http.StatusServiceUnavailable
	c, err := helpscout.Vendor.Connect(fake.Account("shop", address))
	if err != nil {
		t.Fatal(err)
	}
	if findings, err := c.Check(t.Context()); err == nil {
		t.Errorf("Help Scout is down, and it finds %+v", findings)
	}
}

// TestOurOwnPaceCountsWritesDouble lets time stand: what is left of the minute is then exactly what the calls have left.
func TestOurOwnPaceCountsWritesDouble(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{Now: func() time.Time { return noon }})
	a := fake.Account("shop", httpServer(t, fake))
	a.Settings["per_minute"] = "20" // two at once, and another every three seconds
	k, err := helpscout.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	id := fake.Open(ina, "")
	set := func() error {
		_, err := k.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending})
		return err
	}
	if _, err := k.AgentByEmail(t.Context(), "ana@shop.example"); err != nil { // with the token, two
		t.Fatal(err)
	}
	fake.Pass(6 * time.Second)
	if err := set(); err != nil {
		t.Fatal(err)
	}
	fake.Pass(3 * time.Second)
	if r, ok := errors.AsType[*desk.Refused](set()); !ok || r.RetryAfter < 2*time.Second {
		t.Errorf("with one call left a write goes out: %+v", r)
	}
}
