package helpdesk_test

import (
	"crypto/sha1"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
)

// The first is the sample of WebSub, which GitHub and Atlassian print too; the other was computed by the formula of Help Scout's own
// library.
func TestHMACKnowsSignaturesOfOthers(t *testing.T) {
	for _, tc := range []struct {
		name            string
		how             helpdesk.HMAC
		secret, body    string
		header, correct string
	}{
		{
			"sha256, hexadecimal, with a prefix",
			helpdesk.HMAC{Header: "X-Hub-Signature", Prefix: "sha256="},
			"It's a Secret to Everybody",
			"Hello World!", "X-Hub-Signature", "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
		},
		{
			"sha1, base64",
			helpdesk.HMAC{Header: "X-Helpscout-Signature", Hash: sha1.New, Base64: true},
			"mZ9XbGHodX", `{"id":"x"}`,
			"X-Helpscout-Signature", "/ZjcUBn3BVqtWZsjuUunujrIAzg=",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			verify, err := tc.how.Verify([]string{tc.secret}, nil)
			if err != nil {
				t.Fatal(err)
			}
			id, err := verify(http.Header{tc.header: {tc.correct}}, []byte(tc.body))
			if err != nil || id == "" {
				t.Errorf("delivery %q, %v", id, err)
			}
			if _, err := verify(http.Header{tc.header: {tc.correct}}, []byte(tc.body+" ")); err == nil {
				t.Error("another body passes")
			}
		})
	}
}

func TestATokenIsNoSignature(t *testing.T) {
	now := noon
	verify, err := helpdesk.Token("X-Warmline-Token", []string{"token-of-today", "token-of-yesterday"}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	first, err := verify(http.Header{"X-Warmline-Token": {"token-of-yesterday"}}, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Millisecond)
	second, err := verify(http.Header{"X-Warmline-Token": {"token-of-today"}}, []byte("{}"))
	if err != nil || first == second {
		t.Errorf("deliveries %q and %q, %v: two changes must not pass for one", first, second, err)
	}
	for _, bad := range [][]string{nil, {""}, {"token-of-toda"}, {"token-of-today", "token-of-today"}} {
		if _, err := verify(http.Header{"X-Warmline-Token": bad}, []byte("{}")); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestRefIsFoundAgainAtTheEndAlone(t *testing.T) {
	const text, key = "Hold the button.\n  - five seconds", "note-01JD9F3Z6Q8X5M2T7V4B1N0C9K"
	if rest, got := helpdesk.CutRef(helpdesk.WithRef(text, key)); rest != text || got != key {
		t.Errorf("got %q and %q", rest, got)
	}
	for _, other := range []string{text, "", "[ref:]", "[ref:a b]", "see [ref:abc] above", "[ref:" + strings.Repeat("x", 300) + "]"} {
		if rest, got := helpdesk.CutRef(other); rest != other || got != "" {
			t.Errorf("%q: got %q and %q", other, rest, got)
		}
	}
	if got := helpdesk.WithRef(text, ""); got != text {
		t.Errorf("without a key: %q", got)
	}
}
