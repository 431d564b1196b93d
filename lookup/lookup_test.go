package lookup_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/internal/localslack/pipenet"
	"warmline/lookup"
)

const (
	key     = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMDE="
	oldKey  = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMDI="
	noKey   = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMDM="
	shipped = `{"facts":[{"name":"order_status","type":"text","value":"shipped"}]}`
)

var query = desk.FactQuery{Email: "ina@shop.example", Ticket: "17", Want: []string{"order_status"}, Mentioned: []string{"4711"}}

// answer is what a server does with one question.
type answer func(w http.ResponseWriter, r *http.Request)

// signed answers with a body, signed for a question's id.
func signed(body string) answer { return signedWith(key, "", 0, body) }

// signedWith signs with a key, for another id where one is named, as if the clock were off.
func signedWith(key, id string, off time.Duration, body string) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		of := id
		if of == "" {
			of = r.Header.Get("webhook-id")
		}
		if err := helpdesk.SignWebhook(w.Header(), key, of, time.Now().Add(off), []byte(body)); err != nil {
			panic(err)
		}
		_, _ = io.WriteString(w, body)
	}
}

func plain(status int, body string) answer {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); _, _ = io.WriteString(w, body) }
}

func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
}

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func breaks(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func echoes(w http.ResponseWriter, r *http.Request) {
	for _, h := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
		w.Header().Set(h, r.Header.Get(h))
	}
	_, _ = io.Copy(w, r.Body)
}

// world is a look-up in a bubble, with what it was asked.
type world struct {
	t        *testing.T
	client   *lookup.Client
	reg      *prometheus.Registry
	requests []*http.Request
}

// in plays a script in a bubble: each question gets the next answer, the last one again and again.
func in(t *testing.T, play func(w *world), script ...answer) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, ln := &world{t: t, reg: prometheus.NewRegistry()}, pipenet.Listen()
		srv := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Errorf("read question: %v", err)
			}
			kept := r.Clone(r.Context())
			kept.Body, r.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
			w.requests = append(w.requests, kept)
			script[min(len(w.requests), len(script))-1](rw, r)
		})}
		ended := make(chan error, 1)
		go func() { ended <- srv.Serve(ln) }()
		network := ln.Client()
		var err error
		w.client, err = lookup.New(lookup.Options{
			URL: "http://127.0.0.1/facts", Secrets: helpdesk.Secrets{Keys: []string{key, oldKey}}, Client: network, Registerer: w.reg,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			network.CloseIdleConnections()
			_ = srv.Close()
			<-ended
			_ = ln.Close()
		}()
		play(w)
	})
}

// asked is what the server was asked, once it is done.
func (w *world) asked() []*http.Request {
	synctest.Wait()
	return w.requests
}

// facts asks the query.
func (w *world) facts(q desk.FactQuery) ([]escalate.Fact, error) {
	return w.client.Facts(w.t.Context(), q)
}

// counted is a counter's value, by its one label.
func (w *world) counted(name, label string) float64 {
	w.t.Helper()
	families, err := w.reg.Gather()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetLabel()[0].GetValue() == label {
				return m.GetCounter().GetValue()
			}
		}
	}
	w.t.Fatalf("no %s of %s", name, label)
	return 0
}

func TestAQuestionSaysWhoAndWhatAndIsSignedWithEveryKey(t *testing.T) {
	in(t, func(w *world) {
		facts, err := w.facts(query)
		want := []escalate.Fact{{Name: "order_status", Type: escalate.FactText, Value: "shipped"}}
		if diff := cmp.Diff(want, facts); diff != "" || err != nil {
			w.t.Errorf("%v; facts (-want +got):\n%s", err, diff)
		}
		r := w.asked()[0]
		body, err := io.ReadAll(r.Body)
		if want := `{"email":"ina@shop.example","ticket":"17","want":["order_status"],"mentioned":["4711"]}`; string(body) != want || err != nil {
			w.t.Errorf("asked %s, %v", body, err)
		}
		for _, k := range []string{key, oldKey, noKey} {
			verify, err := helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: []string{k}})
			if err != nil {
				w.t.Fatal(err)
			}
			if _, err := verify(r.Header, body); (err == nil) != (k != noKey) {
				w.t.Errorf("with one of the keys the question's signature is: %v", err)
			}
		}
	}, signed(shipped))
}

func TestAPingAsksForNothingAboutNobody(t *testing.T) {
	in(t, func(w *world) {
		if err := w.client.Ping(w.t.Context()); err != nil {
			w.t.Error(err)
		}
		if body, err := io.ReadAll(w.asked()[0].Body); string(body) != `{"email":"","ticket":"","want":[],"mentioned":[]}` || err != nil {
			w.t.Errorf("asked %s, %v", body, err)
		}
	}, signed(`{"facts":[]}`))
}

func TestOnlyAnAnswerToThisQuestionCounts(t *testing.T) {
	for name, tc := range map[string]struct {
		script  []answer
		outcome string
		calls   int
		took    time.Duration
	}{
		"signed with the old key":      {[]answer{signedWith(oldKey, "", 0, shipped)}, "ok", 1, 0},
		"five minutes off":             {[]answer{signedWith(key, "", 5*time.Minute, shipped)}, "ok", 1, 0},
		"500, then an answer":          {[]answer{plain(500, "x"), signed(shipped)}, "ok", 2, 100 * time.Millisecond},
		"429, then an answer":          {[]answer{plain(429, ""), signed(shipped)}, "ok", 2, 100 * time.Millisecond},
		"broken off, then an answer":   {[]answer{breaks, signed(shipped)}, "ok", 2, 100 * time.Millisecond},
		"more than was agreed":         {[]answer{signed(`{"facts":[{"name":"order_status","type":"text","value":"shipped","x":1}],"v":2}`)}, "ok", 1, 0},
		"500 twice":                    {[]answer{plain(500, ""), plain(503, ""), signed(shipped)}, "refused", 2, 100 * time.Millisecond},
		"404":                          {[]answer{plain(404, shipped), signed(shipped)}, "refused", 1, 0},
		"401":                          {[]answer{plain(401, "")}, "refused", 1, 0},
		"no content":                   {[]answer{plain(204, "")}, "refused", 1, 0},
		"another address":              {[]answer{redirect, signed(shipped)}, "refused", 1, 0},
		"silence":                      {[]answer{hangs}, "unreachable", 1, 3 * time.Second},
		"500, then silence":            {[]answer{plain(500, ""), hangs}, "unreachable", 2, 3 * time.Second},
		"broken off twice":             {[]answer{breaks}, "unreachable", 2, 100 * time.Millisecond},
		"not signed":                   {[]answer{plain(200, shipped)}, "unsigned", 1, 0},
		"signed with another key":      {[]answer{signedWith(noKey, "", 0, shipped)}, "unsigned", 1, 0},
		"signed for another question":  {[]answer{signedWith(key, "wl_other", 0, shipped)}, "unsigned", 1, 0},
		"old":                          {[]answer{signedWith(key, "", -6*time.Minute, shipped)}, "unsigned", 1, 0},
		"from the future":              {[]answer{signedWith(key, "", 6*time.Minute, shipped)}, "unsigned", 1, 0},
		"the question, sent back":      {[]answer{echoes}, "bad_answer", 1, 0},
		"a megabyte":                   {[]answer{signed(strings.Repeat(" ", 1<<20) + shipped)}, "bad_answer", 1, 0},
		"garbage":                      {[]answer{signed(`hello <script>`)}, "bad_answer", 1, 0},
		"nothing":                      {[]answer{signed(``)}, "bad_answer", 1, 0},
		"no list":                      {[]answer{signed(`{"facts":{"order_status":"shipped"}}`)}, "bad_answer", 1, 0},
		"null":                         {[]answer{signed(`{"facts":null}`)}, "bad_answer", 1, 0},
		"an answer, and more after it": {[]answer{signed(shipped + shipped)}, "bad_answer", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(w *world) {
				began := time.Now()
				facts, err := w.facts(query)
				if took := time.Since(began); took != tc.took || len(w.asked()) != tc.calls {
					w.t.Errorf("it took %v and %d calls", took, len(w.asked()))
				}
				if (err == nil) != (tc.outcome == "ok") || (len(facts) == 1) != (tc.outcome == "ok") {
					w.t.Errorf("facts %v, %v", facts, err)
				}
				for _, private := range []string{"ina@", "4711", "shipped", "script", "127.0.0.1", "whsec"} {
					if err != nil && strings.Contains(err.Error(), private) {
						w.t.Errorf("the error tells of %s: %v", private, err)
					}
				}
				if n := w.counted("warmline_lookup_calls_total", tc.outcome); n != 1 {
					w.t.Errorf("%v questions ended so", n)
				}
				ids := map[string]bool{}
				for _, r := range w.asked() {
					ids[r.Header.Get("webhook-id")] = true
				}
				if len(ids) != 1 {
					w.t.Errorf("a repeat has another id: %v", ids)
				}
			}, tc.script...)
		})
	}
}

func TestTwoQuestionsNeverShareAnID(t *testing.T) {
	in(t, func(w *world) {
		for range 2 {
			if _, err := w.facts(query); err != nil {
				w.t.Fatal(err)
			}
		}
		if a, b := w.asked()[0].Header.Get("webhook-id"), w.asked()[1].Header.Get("webhook-id"); a == b || len(a) < 20 {
			w.t.Errorf("the ids are %q and %q", a, b)
		}
	}, signed(shipped))
}

func TestWhatWasNotAskedOrIsNotWhatItSaysIsDroppedAndCounted(t *testing.T) {
	said := `{"facts":[
		{"name":"order_status","type":"text","value":"shipped"},
		{"name":"delivery_date","type":"date","value":"soon"},
		{"name":"points","type":"number","value":3},
		{"name":"plan","type":"html","value":"Plus"},
		{"name":"link","type":"link","value":"http://evil.example"},
		{"name":"iban","type":"text","value":"x"},
		{"name":"total","type":"money","value":"1.00 EUR"},
		{"name":"total","type":"money","value":"2.00 EUR"},
		7, "order_status", null]}`
	q := query
	q.Want = []string{"order_status", "delivery_date", "points", "plan", "link", "total"}
	in(t, func(w *world) {
		facts, err := w.facts(q)
		want := []escalate.Fact{{Name: "order_status", Type: escalate.FactText, Value: "shipped"}}
		if diff := cmp.Diff(want, facts); diff != "" || err != nil {
			w.t.Errorf("%v; facts (-want +got):\n%s", err, diff)
		}
		for why, want := range map[string]float64{"bad": 7, "not_asked": 1, "twice": 2} {
			if n := w.counted("warmline_lookup_dropped_total", why); n != want {
				w.t.Errorf("%v dropped as %s, want %v", n, why, want)
			}
		}
	}, signed(said))
}

// Whatever is signed and said, only what was asked for and is what it says comes through.
func FuzzAnswer(f *testing.F) {
	f.Add(shipped)
	f.Add(`{"facts":[{"name":"order_status","type":"money","value":"1.00 EUR"},null,{}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		c, err := lookup.New(lookup.Options{
			URL: "https://shop.example/", Secrets: helpdesk.Secrets{Keys: []string{key}}, Client: &http.Client{Transport: answers(body)},
		})
		if err != nil {
			t.Fatal(err)
		}
		facts, err := c.Facts(t.Context(), query)
		if err != nil && !json.Valid([]byte(body)) {
			return
		}
		for _, f := range facts {
			if f.Name != "order_status" || f.Check() != nil || len(facts) != 1 {
				t.Errorf("facts %+v", facts)
			}
		}
	})
}

// answers is a network on which every question has the same answer.
type answers string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}
	return res, helpdesk.SignWebhook(res.Header, key, r.Header.Get("webhook-id"), time.Now(), []byte(a))
}
