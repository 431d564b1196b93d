package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTheLookUpsSecretsAreReadFromTheirFileAndNeverPrinted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets")
	if err := os.WriteFile(path, []byte("whsec_new\n\nwhsec_old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := lookupFlags{URL: "https://shop.example/", Secret: "whsec_flag", SecretFile: path}
	c, err := f.config()
	if err != nil || !slices.Equal(c.Secrets.Keys, []string{"whsec_new", "whsec_old"}) {
		t.Errorf("%d secrets, %v", len(c.Secrets.Keys), err)
	}
	if shown := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(shown, "whsec_") {
		t.Errorf("printed %s", shown)
	}
}

func TestAnEmptySecretRefusesToStartAndWithoutAnAddressNothingIsLookedUp(t *testing.T) {
	for _, secret := range []string{"", " \n "} {
		if _, err := (&lookupFlags{URL: "https://shop.example/", Secret: secret}).config(); err == nil || !strings.Contains(err.Error(), "WARMLINE_LOOKUP_SECRET") {
			t.Errorf("%q: %v", secret, err)
		}
	}
	c, err := (&lookupFlags{Secret: "x", SecretFile: "nowhere"}).config()
	facts, none := newFacts(&c, nil)
	if err != nil || none != nil || facts != nil {
		t.Errorf("%v, %v, %v", facts, err, none)
	}
}

func TestTheDoctorAsksTheLookUpForNothingAboutNobody(t *testing.T) {
	shop := &shopFacts{status: "packed"}
	srv := httptest.NewServer(shop)
	defer srv.Close()
	ask := func(secret string) finding {
		return checkLookup(t.Context(), &lookupFlags{URL: srv.URL, Secret: secret})
	}
	if f := ask("whsec_bmV3ZXItc3RvcnktbG9vay11cHM= " + lookupKey); f.grade != fine {
		t.Errorf("%+v", f)
	}
	if f := ask("whsec_bmV3ZXItc3RvcnktbG9vay11cHM="); f.grade != fault || !strings.Contains(f.said, "does not count") {
		t.Errorf("with another secret: %+v", f)
	}
	for _, q := range shop.questions() {
		if q != `{"email":"","ticket":"","want":[],"mentioned":[]}` {
			t.Errorf("asked %s", q)
		}
	}
	srv.Close()
	if f := ask(lookupKey); f.grade != fault || !strings.Contains(f.said, "check that it runs") {
		t.Errorf("with nobody there: %+v", f)
	}
}
