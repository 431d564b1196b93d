package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"warmline/bot"
	"warmline/cmd/warmline/demo"
	"warmline/helpdesk/generic/generictest"
	"warmline/helpdesk/helpdesktest"
)

// How many webhooks are accepted in a second, each of them on disk before it is answered: at least so much of what a handler accepts that
// only reads the body, and so many times what the intake itself accepts when each has a commit of its own. The three are measured after
// one another.
const (
	acceptOfBare  = 0.15
	acceptOfAlone = 3
)

// So many clients post so many webhooks, each of another ticket.
const (
	acceptClients = 64
	acceptHooks   = 4000
	acceptAlone   = 1500 // with a commit each
)

// webhook is one delivery, ready to be posted.
type webhook struct {
	header http.Header
	body   []byte
}

// BenchmarkWebhookAccept floods the intake of each vendor with signed webhooks, which nothing works off meanwhile.
func BenchmarkWebhookAccept(b *testing.B) {
	for i, o := range vendorFakes {
		b.Run(o.name, func(b *testing.B) { acceptWebhooks(b, i) })
	}
}

func acceptWebhooks(b *testing.B, vendor int) {
	w := newAcceptWorld(b, vendor)
	intake := w.app.handler(nil)
	var ours, bare, each float64
	for b.Loop() {
		hooks := w.hooks(b, acceptHooks)
		bare = max(bare, w.flood(b, onlyReads, hooks))
		ours = max(ours, w.flood(b, intake, hooks))
		each = max(each, w.flood(b, oneCommitEach(intake), w.hooks(b, acceptAlone)))
	}
	b.ReportMetric(ours, "accepted/s")
	b.ReportMetric(ours/bare, "of-bare")
	b.ReportMetric(ours/each, "of-one-commit-each")
	if ours < acceptOfBare*bare {
		b.Errorf("%s: %.0f webhooks a second, and a bare handler %.0f: %.2f of it, want %.2f", w.name, ours, bare, ours/bare, acceptOfBare)
	}
	if ours < acceptOfAlone*each {
		b.Errorf("%s: %.0f webhooks a second, and with one commit each %.0f: %.1f times, want %d", w.name, ours, each, ours/each, acceptOfAlone)
	}
}

// acceptWorld is a bot that does not run, with one vendor's account, and webhooks for it.
type acceptWorld struct {
	*stormy
	app *app
}

func newAcceptWorld(b *testing.B, vendor int) *acceptWorld {
	b.Helper()
	company, err := demo.Load()
	if err != nil {
		b.Fatal(err)
	}
	w := &acceptWorld{stormy: newStormy(b, vendor, helpdesktest.Agent{ID: "77", Name: "Ana Ruiz", Email: "ana@shop.example"})}
	w.reach(b, "http://127.0.0.1", nil)
	w.account.HookSecrets = []string{hookSecret}
	if _, ok := w.fake.(*generictest.Fake); ok {
		w.account.Now = nil // its clock runs ahead with every ticket, and its webhooks are signed by ours
	}
	w.app, err = newApp(b.Context(), appConfig{
		DSN: "sqlite:" + filepath.Join(b.TempDir(), "warmline.db"), Policy: benchPolicy(1), Knowledge: company.Knowledge, Logger: slog.New(slog.DiscardHandler),
		Slack: slackConfig{BotToken: bot.Secret(demoBotToken), AppToken: bot.Secret(demoAppToken), APIURL: "http://127.0.0.1/api/"},
		Desks: []deskConfig{{Vendor: w.vendor, Account: w.account, Poll: time.Hour}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := w.app.Close(); err != nil {
			b.Error(err)
		}
	})
	return w
}

// hooks are webhooks of so many new tickets.
func (w *acceptWorld) hooks(b *testing.B, n int) (all []webhook) {
	b.Helper()
	for i := range n {
		id := w.fixture.Create(b, helpdesktest.Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Case " + strconv.Itoa(i), Text: "Hello?"})
		header, body := w.told(b, id)
		all = append(all, webhook{header, body})
	}
	return all
}

// onlyReads is the bare handler.
var onlyReads = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusNoContent)
})

// oneCommitEach lets one request at a time through, so that nothing shares its commit.
func oneCommitEach(handler http.Handler) http.Handler {
	var one sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		handler.ServeHTTP(w, r)
	})
}

// flood posts webhooks from all clients at once and returns how many a second were accepted.
func (w *acceptWorld) flood(b *testing.B, handler http.Handler, hooks []webhook) float64 {
	b.Helper()
	at := benchListen(b)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(at) })
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: acceptClients}}
	defer func() { client.CloseIdleConnections(); _ = server.Close(); serving.Wait() }()

	var next atomic.Int64
	var clients sync.WaitGroup
	url, began := benchURL(at)+"/hooks/"+w.name, time.Now()
	for range acceptClients {
		clients.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(hooks)); i = next.Add(1) - 1 {
				if err := postHook(b, client, url, hooks[i]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
	return float64(len(hooks)) / time.Since(began).Seconds()
}

func postHook(b *testing.B, client *http.Client, url string, hook webhook) error {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, bytes.NewReader(hook.body))
	if err != nil {
		return err
	}
	req.Header = hook.header.Clone()
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("a webhook was answered %s", res.Status)
	}
	return nil
}
