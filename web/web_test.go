package web_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"warmline/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
	return rec.Code, rec.Body.String()
}

func TestReadyzSaysWhyNot(t *testing.T) {
	var fault error
	h := web.Handler(web.Options{Ready: func(context.Context) error { return fault }})
	if code, _ := get(t, h, "/readyz"); code != http.StatusOK {
		t.Errorf("ready: status %d", code)
	}
	fault = errors.New("database does not answer")
	if code, body := get(t, h, "/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "database does not answer") {
		t.Errorf("not ready: %d %q", code, body)
	}
	if code, _ := get(t, h, "/healthz"); code != http.StatusOK {
		t.Errorf("healthz: status %d while only not ready", code)
	}
}

func TestMetricsAndMounts(t *testing.T) {
	reg := prometheus.NewRegistry()
	prometheus.WrapRegistererWith(nil, reg).MustRegister(prometheus.NewCounter(prometheus.CounterOpts{Name: "tickets_total"}))
	h := web.Handler(web.Options{Gatherer: reg, Mounts: map[string]http.Handler{
		"/hooks/": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }),
	}})
	if _, body := get(t, h, "/metrics"); !strings.Contains(body, "tickets_total 0") {
		t.Errorf("metrics lack the counter: %s", body)
	}
	if code, _ := get(t, h, "/hooks/main"); code != http.StatusAccepted {
		t.Errorf("mount: status %d", code)
	}
}

func TestServeStopsAndCutsStreams(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	streaming := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- web.Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			close(streaming)
			<-r.Context().Done()
		}))
	}()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	<-streaming
	cancel()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Errorf("stream: %v", err)
	}
	resp.Body.Close()
	if err := <-done; err != nil {
		t.Errorf("serve: %v", err)
	}
}
