package gorgias_test

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"warmline/escalate/desk"
	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

// elsewhere is another host with a file, which counts the requests that came with credentials.
type elsewhere struct {
	*httptest.Server

	calls, credentials int
	dialled            atomic.Int64
	to                 string // where it points instead
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	e := &elsewhere{}
	e.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.calls++
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			e.credentials++
		}
		if e.to != "" {
			http.Redirect(w, r, e.to, http.StatusFound)
			return
		}
		_, _ = w.Write([]byte("bytes"))
	}))
	e.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			e.dialled.Add(1)
		}
	}
	e.Config.ErrorLog = log.New(io.Discard, "", 0) // of those whom it does not let in
	e.StartTLS()
	t.Cleanup(e.Close)
	return e
}

// trusting connects to a fake such that other hosts are reached with a client.
func trusting(t *testing.T, fake *gorgiastest.Fake, client *http.Client) *gorgias.Connector {
	t.Helper()
	server := httptest.NewServer(ourReading.Hold(t, fake))
	t.Cleanup(server.Close)
	c, err := gorgias.Connect(gorgias.Options{Name: "shop", Account: server.URL, Email: gorgiastest.Me.Email, Key: gorgiastest.Key, Elsewhere: client, PerMinute: 60000})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// linked opens a ticket whose customer sends a file that lies at an address, and returns what opening it gives.
func linked(t *testing.T, fake *gorgiastest.Fake, c *gorgias.Connector, address string) (string, error) {
	t.Helper()
	id := fake.Open(ina, "email")
	fake.SendsLink(id, "See this.", "lamp.png", address)
	m := last(t, c, id)
	if len(m.Files) != 1 {
		t.Fatalf("the message has %d files", len(m.Files))
	}
	r, err := c.OpenFile(t.Context(), id, m.ID, m.Files[0].ID)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(r)
	return string(body), errors.Join(err, r.Close())
}

func TestAFileElsewhereGetsNoCredentials(t *testing.T) {
	other, third := newElsewhere(t), newElsewhere(t)
	fake := gorgiastest.New(&helpdesktest.Book{})
	c := trusting(t, fake, other.Client())
	if got, err := linked(t, fake, c, other.URL+"/files/lamp.png?sig=1"); err != nil || got != "bytes" {
		t.Errorf("opened %q, %v", got, err)
	}
	other.to = other.URL + "/loop"
	if _, err := linked(t, fake, c, other.URL+"/files/lamp.png"); err == nil {
		t.Error("an address that points to itself is opened")
	}
	other.to = strings.Replace(third.URL, "https://", "http://", 1)
	if _, err := linked(t, fake, c, other.URL+"/files/lamp.png"); err == nil || third.calls != 0 {
		t.Errorf("it was followed to an address that is not https: %v, %d calls", err, third.calls)
	}
	if other.credentials+third.credentials != 0 || other.calls == 0 {
		t.Errorf("%d of %d requests came with credentials", other.credentials, other.calls)
	}
}

// TestNoPrivateAddressIsDialled has the client of its own, which looks at what a name resolves to.
func TestNoPrivateAddressIsDialled(t *testing.T) {
	inside := newElsewhere(t)
	fake := gorgiastest.New(&helpdesktest.Book{})
	c := trusting(t, fake, nil)
	at, err := url.Parse(inside.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{inside.URL + "/secrets", "https://localhost:" + at.Port() + "/secrets", "https://[::1]:" + at.Port() + "/", "https://[::ffff:127.0.0.1]:" + at.Port() + "/"} {
		if got, err := linked(t, fake, c, address); err == nil {
			t.Errorf("%s gave %q", address, got)
		}
	}
	for _, address := range []string{"http://" + at.Host + "/", "ftp://files.example/a", "file:///etc/passwd", "https://user:pass@files.example/a", "//x", "lamp.png", "https://"} {
		if _, err := linked(t, fake, c, address); err == nil {
			t.Errorf("%s is opened", address)
		} else {
			refusal(t, err)
		}
	}
	if n := inside.dialled.Load(); n != 0 {
		t.Errorf("the private address was dialled %d times", n)
	}
}

// TestAFileOfGorgiasIsFetchedThroughTheAccount holds to what Gorgias changed in 2023: its own addresses answer nobody any more.
func TestAFileOfGorgiasIsFetchedThroughTheAccount(t *testing.T) {
	fake, c := account(t, nil)
	var asked []string
	fake.Before = func(r *http.Request) { asked = append(asked, r.URL.EscapedPath()) }
	for address, want := range map[string]string{
		"https://uploads.gorgias.io/JakiuM7ama/image%20%231.png?x=1": "/api/attachment/download/JakiuM7ama/image%20%231.png",
		"https://gorgias.io/attachments/JakiuM7ama/a.png":            "/api/attachment/download/JakiuM7ama/a.png",
		"https://uploads.gorgias.io/../../users/0":                   "/api/attachment/download/users/0",
	} {
		asked = nil
		_, err := linked(t, fake, c, address)
		if got := asked[len(asked)-1]; got != want || !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s: asked for %s (%v), want %s", address, got, err, want)
		}
	}
	for _, address := range []string{"https://evilgorgias.io/a/b.png", "https://uploads.gorgias.io.evil.example/a/b.png"} {
		asked = nil
		_, err := linked(t, fake, c, address)
		if err == nil || strings.Contains(strings.Join(asked, " "), "download") {
			t.Errorf("%s: %v after %q", address, err, asked)
		}
	}
}

func TestTooManyFilesAreRefused(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	limits := c.Limits()
	w := answerOf("reply-1")
	for range limits.MaxFiles + 1 {
		w.Files = append(w.Files, desk.Upload{Name: "a.txt", Type: "text/plain", Body: []byte("a")})
	}
	if r := refused(t, c, id, w); !r.Content {
		t.Errorf("%d files: %+v", len(w.Files), r)
	}
	w.Files = []desk.Upload{{Name: "a.bin", Body: make([]byte, limits.MaxUpload+1)}}
	if r := refused(t, c, id, w); !r.Content || len(fake.Sent(id)) != 0 {
		t.Errorf("too large a file: %+v", r)
	}
}
