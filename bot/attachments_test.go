package bot

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"warmline/escalate/desk"
)

// shares has ana share a file in the support channel and returns its id.
func (r *rig) shares(name string, data []byte) string {
	r.t.Helper()
	out := r.control("upload", map[string]any{
		"channel": "support", "name": name, "data": base64.StdEncoding.EncodeToString(data), "user": "ana",
	})
	id, _ := out["file"].(string)
	if id == "" {
		r.t.Fatalf("share %s: %v", name, out)
	}
	return id
}

func TestAnAttachedFileIsFetchedWholeOrNotAtAll(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		data := append([]byte("\x89PNG"), make([]byte, 5000)...)
		id := r.shares("lamp.png", data)
		fetch := func(most int64) ([]byte, error) { return r.bot.FetchFile(t.Context(), id, most) }
		if got, err := fetch(int64(len(data))); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("got %d bytes, %v", len(got), err)
		}
		if _, err := fetch(100); !errors.Is(err, desk.ErrTooLarge) {
			t.Errorf("more than asked for: %v", err)
		}
		var refused *desk.Refused
		r.fail(map[string]any{"method": "files.info", "status": 503, "times": 1})
		if _, err := fetch(10_000); err == nil || errors.As(err, &refused) || errors.Is(err, desk.ErrNotFound) {
			t.Errorf("an answer that was lost: %v", err)
		}
		r.fail(map[string]any{"method": "files.info", "status": 429, "retry_after": 7, "times": 1})
		if _, err := fetch(10_000); !errors.As(err, &refused) || refused.RetryAfter == 0 {
			t.Errorf("too fast: %v", err)
		}
		if _, err := r.bot.FetchFile(t.Context(), "F404", 100); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a file that never was: %v", err)
		}
		r.control("unshare", map[string]any{"file": id, "user": "ana"})
		if _, err := fetch(10_000); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a file that was deleted: %v", err)
		}
	})
}

func TestWithoutTheScopeAFileIsRefusedWithAHint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := workspaceConfig()
		c.Apps[0].Scopes = slices.DeleteFunc(slices.Clone(c.Apps[0].Scopes), func(s string) bool { return s == "files:read" })
		r := newRig(t, c)
		_, err := r.bot.FetchFile(t.Context(), "F1", 100)
		if !refusedWith(err, "missing_scope") || !strings.Contains(err.Error(), "update the app from manifest.yml") {
			t.Errorf("the refusal is %v", err)
		}
	})
}

// elsewhere answers files.info with an address that is not Slack's, and fails the test when anybody goes there.
type elsewhere struct {
	t    *testing.T
	next http.RoundTripper
}

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == "evil.example" {
		e.t.Errorf("%s was asked, with %q", r.URL, r.Header.Get("Authorization"))
	}
	if !strings.HasSuffix(r.URL.Path, "/files.info") {
		return e.next.RoundTrip(r)
	}
	w := http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r}
	w.Body = readCloser{strings.NewReader(`{"ok":true,"file":{"id":"F1","size":10,"url_private_download":"https://evil.example/F1"}}`)}
	return &w, nil
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func TestTheTokenGoesToNoFileOutsideSlack(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		b, err := New(Options{
			BotToken: testBot, AppToken: testApp, APIURL: base + "/api/", Desk: r.bot.o.Desk,
			HTTPClient: &http.Client{Transport: elsewhere{t, r.http.Transport}},
		})
		if err != nil {
			t.Fatal(err)
		}
		var refused *desk.Refused
		if _, err := b.FetchFile(t.Context(), "F1", 100); !errors.As(err, &refused) || !strings.Contains(refused.Why, "not kept in Slack") {
			t.Errorf("got %v, want a refusal", err)
		}
	})
}

func TestWhatWasAttachedComesWithThePress(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		r.desk.answer(func(_ context.Context, p desk.Press) (desk.Ack, error) {
			if p.Action != desk.ActEdit {
				return desk.Ack{}, nil
			}
			return desk.Ack{Open: &desk.Modal{
				Action: desk.ActSubmitEdit, Token: p.Token, Card: sample(), Text: "Hi Ina.", MaxFiles: 3, MaxUpload: 1 << 20,
				Kept: []desk.FileLine{{Ref: "F1", Name: "a.pdf"}, {Ref: "F2", Name: "b.pdf"}},
			}}, nil
		})
		r.post(sample())
		r.Channel("support").ExpectCard("refund").Click("Edit").As("ana")
		modal := r.User("ana").ExpectModal("Edit the reply").Fill("kept", []string{"F2"})
		id := modal.Attach("Attach files", "c.txt", []byte("hello"))
		modal.Submit()
		all := r.desk.done()
		got := all[len(all)-1]
		if want := []desk.Attached{{ID: id, Name: "c.txt", Type: "text/plain", Size: 5}}; !slices.Equal(got.Files, want) {
			t.Errorf("attached is %+v, want %+v", got.Files, want)
		}
		if got.Fields["kept"] != "F2" || got.Fields["text"] != "Hi Ina." {
			t.Errorf("the fields are %q", got.Fields)
		}
		if got, err := r.bot.FetchFile(t.Context(), id, 5); err != nil || string(got) != "hello" {
			t.Errorf("its bytes are %q, %v", got, err)
		}
	})
}
