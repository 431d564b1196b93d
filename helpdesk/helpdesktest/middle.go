package helpdesktest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// fault is how the next fitting call goes wrong.
type fault string

const (
	tooMany     fault = "429" // refused, Retry-After 7
	errorBefore fault = "500, not applied"
	errorAfter  fault = "500, applied"
	cutBefore   fault = "cut, not applied"
	cutAfter    fault = "cut, applied"
	redirect    fault = "redirect" // to another host
	endless     fault = "endless answer"
	silence     fault = "no answer"
)

// Middle stands between a connector and its helpdesk. It is transparent until a test lets something go wrong.
type Middle struct {
	elsewhere string // another host, where no call may ever arrive

	mu      sync.Mutex
	next    fault
	writes  bool // whether next strikes a write or a read
	strayed []*http.Request
	poured  int // bytes of an endless answer that were taken
}

func newMiddle(t *testing.T) *Middle {
	t.Helper()
	m := &Middle{}
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.strayed = append(m.strayed, r)
	}))
	t.Cleanup(other.Close)
	m.elsewhere = other.URL
	return m
}

// Wrap puts the Middle before a helpdesk's handler.
func (m *Middle) Wrap(helpdesk http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := m.take(r)
		switch f {
		case tooMany:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		case errorBefore:
			w.WriteHeader(http.StatusInternalServerError)
		case errorAfter:
			helpdesk.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusInternalServerError)
		case cutBefore:
			panic(http.ErrAbortHandler)
		case cutAfter:
			helpdesk.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case redirect:
			http.Redirect(w, r, m.elsewhere+r.URL.Path, http.StatusTemporaryRedirect)
		case endless:
			m.pour(w)
		case silence:
			// Only after the body does the server notice that its client has gone.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		default:
			helpdesk.ServeHTTP(w, r)
		}
	})
}

// pour sends what may yet become JSON for as long as anyone reads, at most 256 MiB.
func (m *Middle) pour(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	spaces := make([]byte, 1<<20)
	for i := range spaces {
		spaces[i] = ' '
	}
	for range 256 {
		if _, err := w.Write(spaces); err != nil {
			return
		}
		m.mu.Lock()
		m.poured += len(spaces)
		m.mu.Unlock()
	}
}

// strike lets the next write, or read, go wrong.
func (m *Middle) strike(f fault, writes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next, m.writes = f, writes
}

func (m *Middle) take(r *http.Request) fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	isWrite := r.Method != http.MethodGet && r.Method != http.MethodHead
	if m.next == "" || isWrite != m.writes {
		return ""
	}
	f := m.next
	m.next = ""
	return f
}

func (m *Middle) taken() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.poured
}

// struck reports whether the fault was met, and how many calls reached the other host.
func (m *Middle) struck() (bool, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.next == "", len(m.strayed)
}
