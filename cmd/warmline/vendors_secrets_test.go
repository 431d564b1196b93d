package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

func TestNoSecretOfAnyVendorShows(t *testing.T) {
	t.Parallel()
	for _, o := range vendorFakes {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			v, err := vendorOf(o.name)
			if err != nil {
				t.Fatal(err)
			}
			helpdesktest.RunSecrets(t, helpdesktest.SecretsFixture{
				Vendor: v, Derived: []string{"access_token"},
				Open: func() (http.Handler, func(string) helpdesk.Account, func(helpdesk.Connector) helpdesktest.Fixture) {
					fake := o.open(&helpdesktest.Book{Agents: []helpdesktest.Agent{{ID: "77", Name: "Ana Ruiz", Email: "ana@shop.example"}}})
					return fake, func(url string) helpdesk.Account { return fake.Account(o.name, url) }, fake.Fixture
				},
			})
		})
	}
}

// A helpdesk that repeats our credentials whenever it refuses a write gets them onto no card, and into no log and no metric.
func TestNoSecretOfAnyVendorIsOnACardInALogOrInAMetric(t *testing.T) {
	t.Parallel()
	for i, o := range vendorFakes {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, log := newStory(t), &lockedBuffer{}
				var refuses atomic.Bool
				var sent lockedBuffer
				c := s.connect(i, func(fake http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if refuses.Load() && r.Method != http.MethodGet {
							repeatCredentials(w, r, &sent)
							return
						}
						fake.ServeHTTP(w, r)
					})
				})
				s.config.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				s.open()
				s.later(time.Minute)
				_, card := c.asksForAPerson()
				s.claim(card, "ana")
				refuses.Store(true)
				card.Click("Reply").As("ana")
				s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Ana here.").Submit()
				s.later(5 * time.Minute)
				card.ExpectText("HTTP 422")
				all := log.String() + s.metricsText() + strings.Join(s.texts("support"), "\n")
				for credential := range strings.FieldsSeq(sent.String()) {
					if len(credential) > len("Bearer") && strings.Contains(all, credential) {
						t.Error("a credential shows")
					}
				}
				if sent.String() == "" || !strings.Contains(all, "[redacted]") {
					t.Error("nothing was repeated, which proves nothing")
				}
			})
		})
	}
}

// repeatCredentials refuses a call with what it was authorized with, and keeps that.
func repeatCredentials(w http.ResponseWriter, r *http.Request, sent io.Writer) {
	user, password, _ := r.BasicAuth()
	said := strings.Join([]string{r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"), password}, " ")
	if !strings.Contains(user, "@") {
		said += " " + user
	}
	fmt.Fprintln(sent, said)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnprocessableEntity)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": "you sent " + said, "error": "you sent " + said}) // whoever asked may have gone
}

// metricsText is all metrics as they are scraped.
func (s *story) metricsText() string {
	s.t.Helper()
	families, err := s.app.registry.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range families {
		out.WriteString(f.String() + "\n")
	}
	return out.String()
}

// texts are all messages of a channel, those in threads and for one person's eyes included.
func (s *story) texts(channel string) (all []string) {
	for _, m := range s.Channel(channel).Messages() {
		all = append(all, m.Visible())
	}
	return all
}

// lockedBuffer is written to by several at once.
type lockedBuffer struct {
	mu  sync.Mutex
	buf strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
