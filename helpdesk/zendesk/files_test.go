package zendesk_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/zendesk"
	"warmline/helpdesk/zendesk/zendesktest"
)

// store is where Zendesk keeps files: another host, over https, which notes what it is asked with.
type store struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []http.Header
	answer func(http.ResponseWriter, *http.Request)
}

func storeOf(t *testing.T) (*store, *http.Client) {
	t.Helper()
	s := &store{answer: func(w http.ResponseWriter, _ *http.Request) {
		zendesktest.ServeFile(w, desk.Upload{Type: "image/png", Body: []byte("\x89PNG")})
	}}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Header.Clone())
		s.mu.Unlock()
		s.answer(w, r)
	}))
	t.Cleanup(s.Close)
	address := s.Listener.Addr().String()
	return s, &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) { // whatever the name, the store answers
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the test's own server
	}}
}

// withFile is a ticket whose customer sent a file.
func (w *world) withFile(name string) (ticket string, m escalate.MessageID, f escalate.FileID) {
	w.t.Helper()
	ticket = w.create()
	w.fake.CustomerSays(ticket, "This is how it looks.", desk.Upload{Name: name, Type: "image/png", Body: []byte("\x89PNG")})
	last := w.read(ticket).Content.Messages[1]
	return ticket, last.ID, last.Files[0].ID
}

// TestCredentialsStayAtHome: the file's address is on the account's host and points to the store's, which gets none.
func TestCredentialsStayAtHome(t *testing.T) {
	w := start(t)
	s, client := storeOf(t)
	w.connect(func(o *zendesk.Options) { o.Elsewhere = client })
	w.fake.FilesAt = "https://p42.zdusercontent.test"
	ticket, m, f := w.withFile("lamp.png")
	r, err := w.c.OpenFile(t.Context(), ticket, m, f)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil || string(body) != "\x89PNG" {
		t.Errorf("read %q, %v", body, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked) != 1 || s.asked[0].Get("Authorization") != "" || s.asked[0].Get("Cookie") != "" {
		t.Errorf("the store was asked with %v", s.asked)
	}
}

func TestWhereNoFileIsFetchedFrom(t *testing.T) {
	w := start(t)
	s, client := storeOf(t)
	ticket, m, f := w.withFile("lamp.png")
	open := func(at string, elsewhere *http.Client) error {
		w.connect(func(o *zendesk.Options) { o.Elsewhere = elsewhere })
		w.fake.FilesAt = at
		r, err := w.c.OpenFile(t.Context(), ticket, m, f)
		if err == nil {
			_ = r.Close()
		}
		return err
	}
	for at, says := range map[string]string{
		"http://files.example":                              "nothing is fetched from",
		"https://user:pass@files.example":                   "nothing is fetched from",
		"ftp://files.example":                               "nothing is fetched from",
		"file://localhost":                                  "nothing is fetched from",
		strings.Replace(w.url, "127.0.0.1", "localhost", 1): "nothing is fetched from", // another name of the same machine is another host
	} {
		if err := open(at, client); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", at, err, says)
		}
	}
	if len(s.asked) != 0 {
		t.Errorf("the store was asked %d times", len(s.asked))
	}
	// The client that is used where none is given dials no private address, by whatever name.
	if err := open(s.URL, nil); err == nil || !strings.Contains(err.Error(), "no public address") {
		t.Errorf("a private address: %v", err)
	}
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://round.example/", http.StatusFound)
	}
	if err := open("https://round.example", client); err == nil || !strings.Contains(err.Error(), "only points to other ones") || len(s.asked) > 5 {
		t.Errorf("a circle: %v after %d calls", err, len(s.asked))
	}
	s.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	if err := open("https://files.example", client); err == nil || errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a store that is down: %v", err)
	}
	s.answer = http.NotFound
	if err := open("https://files.example", client); !errors.Is(err, desk.ErrNotFound) || strings.Contains(err.Error(), "xxxx") {
		t.Errorf("a file that is gone: %v", err)
	}
}

func TestMalwareIsNotOpened(t *testing.T) {
	w := start(t)
	ticket, m, f := w.withFile("virus.png")
	_, err := w.c.OpenFile(t.Context(), ticket, m, f)
	if refused, ok := errors.AsType[*desk.Refused](err); !ok || !strings.Contains(refused.Why, "malware") {
		t.Errorf("got %v", err)
	}
}

func TestAFileOfAnOldMessageIsFound(t *testing.T) {
	w := start(t)
	ticket, m, f := w.withFile("lamp.png")
	for range 120 {
		w.fake.CustomerSays(ticket, "And another thing.")
	}
	r, err := w.c.OpenFile(t.Context(), ticket, m, f)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	if _, err := w.c.OpenFile(t.Context(), ticket, "404404", f); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a file of a message that is not there: %v", err)
	}
}
