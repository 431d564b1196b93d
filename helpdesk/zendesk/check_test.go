package zendesk_test

import (
	"net/http"
	"strings"
	"testing"

	"warmline/helpdesk/zendesk"
)

// TestAnonymousIsNobody: with credentials that it does not see, Zendesk answers 200 and a user without an id.
func TestAnonymousIsNobody(t *testing.T) {
	w := open(t, noon, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			r.Header.Del("Authorization")
			h.ServeHTTP(rw, r)
		})
	})
	ticket := w.create()
	if _, err := w.c.Read(t.Context(), ticket); err == nil || !strings.Contains(err.Error(), "nobody's") {
		t.Errorf("read: %v", err)
	}
	found, err := w.c.Check(t.Context())
	if err != nil || len(found) != 1 || found[0].OK || !strings.Contains(found[0].Says, "token access") {
		t.Errorf("the check found %+v, %v", found, err)
	}
}

func TestCheckSaysWhatIsMissing(t *testing.T) {
	w := start(t)
	w.fake.Role, w.fake.Restricted, w.fake.NoHelpCentre = "agent", "groups", true
	found, err := w.c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bad := make(map[string]string)
	for _, f := range found {
		if !f.OK {
			bad[f.What] = f.Says
		}
	}
	if len(bad) != 2 || !strings.Contains(bad["all tickets"], "groups") || !strings.Contains(bad["changes"], "webhooks are all that tells of changes") {
		t.Errorf("wrong are %q", bad)
	}
	w.connect(func(o *zendesk.Options) { o.Token = "wrong" })
	if found, err = w.c.Check(t.Context()); err != nil || len(found) != 1 || found[0].OK {
		t.Errorf("with a wrong token: %+v, %v", found, err)
	}
	w.connect(nil)
	w.read(w.create()) // remembers the user
	w.fake.Role = "end-user"
	if found, err = w.c.Check(t.Context()); err != nil || found[1].OK {
		t.Errorf("as a customer: %+v, %v", found, err)
	}
}
