package localslack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmline/internal/localslack/page"
)

// Options says how a workspace runs. Only Config has no default.
type Options struct {
	// Config is who and what is there at the start.
	Config Config
	// Journal is the file that every change is appended to and that New
	// replays. Empty keeps everything in memory.
	Journal string
	// Logger gets what goes wrong inside. Default: nothing is logged.
	Logger *slog.Logger
	// Now is the clock. Default: time.Now.
	Now func() time.Time
	// Limits enforces Slack's rate limits: the tier of each method and about
	// one message a second in each channel. Default: not enforced.
	Limits bool
	// Schema holds all blocks of messages and views to Slack's own JSON schema
	// too, which takes milliseconds each. Default: the tables alone, which tests
	// hold to the schema.
	Schema bool
}

// Workspace is one Slack workspace. All methods are safe for concurrent use.
type Workspace struct {
	now    func() time.Time
	log    *slog.Logger
	mux    *http.ServeMux
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	wg     sync.WaitGroup // every goroutine the workspace started

	mu        sync.Mutex // guards all below
	st        *state
	journal   *journal
	closed    bool
	hub       hub
	triggers  triggers
	responses responseURLs
	uploads   uploads
	limits    *limiter // nil: not enforced
	schema    bool
	faults    []*plannedFault
	stream    subscribers
	traffic   traffic
	homes     map[string][]chan struct{} // user to those who wait for a Home view
}

// New builds a workspace and, where the journal file exists, replays it.
func New(o Options) (*Workspace, error) {
	if err := o.Config.Validate(); err != nil {
		return nil, fmt.Errorf("check workspace config: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	st := newState(o.Config)
	j, err := openJournal(o.Journal, st.apply)
	if err != nil {
		return nil, err
	}
	w := &Workspace{
		now: o.Now, log: o.Logger, st: st, journal: j,
		hub: newHub(), triggers: newTriggers(), responses: newResponseURLs(), uploads: newUploads(),
		stream: subscribers{}, homes: map[string][]chan struct{}{},
	}
	w.schema = o.Schema
	if o.Limits {
		w.limits = newLimiter()
	}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.mux = w.routes()
	w.mu.Lock() // what it sends goes on in goroutines of its own
	w.resume()
	w.mu.Unlock()
	return w, nil
}

// Handler serves the Web API, the sockets, response URLs, the control API and
// the page.
func (w *Workspace) Handler() http.Handler { return w.mux }

func (w *Workspace) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveAPI)
	mux.HandleFunc("GET /_socket/{ticket}", w.serveSocket)
	mux.HandleFunc("POST /_response/{id}", w.serveResponseURL)
	mux.HandleFunc("POST /_upload/{ticket}", w.serveUpload)
	mux.HandleFunc("GET /_files/{id}/{name}", w.serveFile)
	mux.HandleFunc("GET /archives/{channel}/{message}", servePermalink)
	mux.Handle("/_control/", w.controlRoutes())
	mux.Handle("/slack/", page.Handler())
	mux.Handle("GET /{$}", http.RedirectHandler("/slack/", http.StatusFound))
	return mux
}

// Close cuts every socket, ends every waiting request and closes the journal.
// Closing twice is fine.
func (w *Workspace) Close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	w.cancel()
	w.mu.Unlock()
	w.wg.Wait()
	return w.journal.close()
}

var errClosed = errors.New("workspace is closed")

// goOwned starts a goroutine that Close waits for. Callers hold mu.
func (w *Workspace) goOwned(f func()) {
	if !w.closed {
		w.wg.Go(f)
	}
}

// commit writes a change to the journal and then makes it visible. A crash
// before the write loses a change that nobody was told of; after it, replay
// makes the change again. Callers hold mu.
func (w *Workspace) commit(r Record) error {
	if w.closed {
		return errClosed
	}
	if w.schema {
		if err := holdToSchema(r); err != nil {
			return err
		}
	}
	r.At = w.now().UTC()
	if err := w.journal.append(&r); err != nil {
		w.log.Error("journal write failed", "kind", r.Kind, "error", err)
		return err
	}
	w.st.apply(r)
	if c, ok := changeOf(r); ok {
		w.stream.publish(c)
	}
	return nil
}

// nextTS returns a timestamp that no message of this workspace has or will
// have again. Callers hold mu.
func (w *Workspace) nextTS() string {
	w.st.lastTS = max(w.st.lastTS+1, w.now().UnixMicro())
	return formatTS(w.st.lastTS)
}

func formatTS(micros int64) string {
	return fmt.Sprintf("%010d.%06d", micros/1_000_000, micros%1_000_000)
}

// tsMicros is the inverse of formatTS; it is -1 for what is no timestamp.
func tsMicros(ts string) int64 {
	sec, frac, ok := strings.Cut(ts, ".")
	if !ok {
		frac = "000000"
	}
	if len(frac) != 6 {
		return -1
	}
	s, err1 := strconv.ParseInt(sec, 10, 64)
	f, err2 := strconv.ParseInt(frac, 10, 64)
	if err1 != nil || err2 != nil || s < 0 || f < 0 || s > 1<<40 {
		return -1
	}
	return s*1_000_000 + f
}

// newID returns an unguessable id in Slack's form.
func newID(prefix string) string { return prefix + rand.Text()[:12] }

// baseURL is the address under which the caller reached us, so that any
// listener or proxy works.
func baseURL(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
