package llm_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"warmline/brain/llm"
	"warmline/escalate"
)

// alone fails unless an assessment is the built-in brain's own, with a factor that says why.
func alone(t *testing.T, a, want escalate.Assessment, why string) {
	t.Helper()
	if len(a.Factors) != len(want.Factors)+1 {
		t.Fatalf("factors %+v", a.Factors)
	}
	last := a.Factors[len(a.Factors)-1]
	if last.Pull != 0 || !strings.Contains(last.Words, why) || !strings.HasSuffix(last.Words, "; the built-in brain read it alone") {
		t.Errorf("the factor says %q (pull %v), want %q", last.Words, last.Pull, why)
	}
	a.Factors = a.Factors[:len(a.Factors)-1]
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("the built-in brain's assessment changed: %s", diff)
	}
}

// drip sends a body in pieces with a pause before each.
func drip(piece string, pause time.Duration) reply {
	return func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case <-r.Context().Done():
				return
			case <-time.After(pause):
			}
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				return
			}
		}
	}
}

// cut announces more than it sends.
func cut(s string) reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, s)
	}
}

func TestWhateverTheEndpointDoesTheBuiltInBrainsReadingStandsInTime(t *testing.T) {
	ten := `{"choices":[{"message":{"content":"` + strings.Repeat("a", 10<<20) + `"}}]}`
	const slow, failed, noSense = "did not answer in time", "endpoint failed", "made no sense"
	for name, c := range map[string]struct {
		answer reply
		why    string
		kind   string
	}{
		"hangs":                   {hangs, slow, "timeout"},
		"drips":                   {drip(" ", 500*time.Millisecond), slow, "timeout"},
		"500":                     {status(500), failed + " (status 500)", "server_error"},
		"503 for long":            {status(503, "Retry-After", "3600"), failed, "server_error"},
		"429 storm":               {status(429, "Retry-After", "1"), "takes no more calls", "rate_limited"},
		"429 until tomorrow":      {status(429, "Retry-After", "Sat, 01 Jan 2000 12:00:00 GMT"), "takes no more calls", "rate_limited"},
		"401":                     {status(401), "rejected the call (status 401)", "rejected"},
		"404":                     {status(404), "rejected the call", "rejected"},
		"400 either way":          {status(400), "rejected the call", "rejected"},
		"redirect":                {status(307, "Location", "http://elsewhere.test/v1/chat/completions"), "rejected the call (status 307)", "rejected"},
		"garbage":                 {body("<html>busy</html>"), noSense, "bad_answer"},
		"empty body":              {body(""), noSense, "bad_answer"},
		"empty object":            {body("{}"), "answered nothing", "empty"},
		"no choices":              {body(`{"choices":[]}`), "answered nothing", "empty"},
		"null content":            {body(`{"choices":[{"message":{"role":"assistant","content":null},"finish_reason":"stop"}]}`), "answered nothing", "empty"},
		"10 MB":                   {body(ten), "too long to read", "too_large"},
		"body ends in the middle": {cut(`{"choices":[{"mess`), noSense, "bad_answer"},
		"JSON ends in the middle": {saysText(good().json()[:60]), noSense, "bad_answer"},
		"cut for length":          {body(completion(good().json()[:60], "length")), "ended in the middle", "truncated"},
		"filtered":                {body(completion("", "content_filter")), "would not read", "refusal"},
		"refuses": {
			body(`{"choices":[{"message":{"role":"assistant","content":"","refusal":"I cannot help"},"finish_reason":"stop"}]}`),
			"would not read", "refusal",
		},
		"prose":             {saysText("I am sorry, as an AI I think it is S1."), noSense, "bad_answer"},
		"another object":    {saysText(`{"action":"send","confidence":1}`), noSense, "bad_answer"},
		"a key too much":    {saysText(strings.Replace(good().json(), `{"summary"`, `{"action":"send","summary"`, 1)), noSense, "bad_answer"},
		"a key twice":       {saysText(strings.Replace(good().json(), `{"summary"`, `{"answer":"S2","summary"`, 1)), noSense, "bad_answer"},
		"a key in disguise": {saysText(strings.Replace(good().json(), `{"summary"`, `{"ANSWER":"S2","summary"`, 1)), noSense, "bad_answer"},
		"wrong types":       {saysText(`{"summary":1,"answer":["S1"],"unsure":"no"}`), noSense, "bad_answer"},
		"keys missing":      {saysText(`{"summary":"x"}`), noSense, "bad_answer"},
		"a list":            {saysText(`[1]`), noSense, "bad_answer"},
		"nested deep":       {saysText(`{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`), noSense, "bad_answer"},
		"invalid UTF-8":     {body(strings.Replace(completion(good().json(), "stop"), "parcel", "par\xff\xfecel", 1)), noSense, "bad_answer"},
		"a huge draft":      {saysText(with(func(o *out) { o.Draft = strings.Repeat("x", 50_000) })), noSense, "bad_answer"},
		"a million quotes":  {saysText(with(func(o *out) { o.Citations = make([]map[string]string, 5000) })), noSense, "bad_answer"},
	} {
		t.Run(name, func(t *testing.T) {
			reg := prometheus.NewRegistry()
			in(t, builtInSays(), func(w *world) {
				w.then(c.answer)
				began := time.Now()
				a := w.assess(ticket())
				if took := time.Since(began); took > 6*time.Second {
					t.Errorf("it took %v", took)
				}
				alone(t, a, builtInSays(), c.why)
				log := w.logs.String()
				if !strings.Contains(log, "language model took no part") || !strings.Contains(log, "ticket=17") {
					t.Errorf("logged %q", log)
				}
				if strings.Count(log, "\n") != 1 || strings.Contains(log, "over its limit") {
					t.Errorf("logged more than one line, or what the endpoint wrote: %q", log)
				}
				var want strings.Builder
				want.WriteString("# HELP warmline_llm_calls_total Calls to the language model, by how they ended.\n" +
					"# TYPE warmline_llm_calls_total counter\n")
				for _, k := range []string{
					"bad_answer", "empty", "ok", "rate_limited", "refusal", "rejected", "server_error", "timeout", "too_large",
					"truncated", "unreachable",
				} {
					n := 0
					if k == c.kind {
						n = 3
					}
					fmt.Fprintf(&want, "warmline_llm_calls_total{outcome=%q} %d\n", k, n)
				}
				if err := testutil.GatherAndCompare(reg, strings.NewReader(want.String()), "warmline_llm_calls_total"); err != nil {
					t.Error(err)
				}
			}, func(o *llm.Options) { o.Registerer = reg })
		})
	}
}

func TestAnEndpointThatIsNotThereCostsNothing(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		b, err := llm.New(llm.Options{
			BaseURL: "http://127.0.0.1:1/v1", Model: "m", Fallback: builtIn{a: builtInSays()},
			HTTPClient: &http.Client{Transport: refusing{}},
		})
		if err != nil {
			t.Fatal(err)
		}
		a, err := b.Assess(w.t.Context(), time.Now(), ticket())
		if err != nil {
			t.Fatal(err)
		}
		alone(t, a, builtInSays(), "could not be reached")
	})
}

type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

func TestWordsAroundTheObjectAreTolerated(t *testing.T) {
	for name, content := range map[string]string{
		"a code fence": "```json\n" + good().json() + "\n```", "prose": "Here it is: " + good().json() + " I hope this helps.",
		"thoughts": "<think>is it {S2}? no</think>\n" + good().json(),
	} {
		in(t, builtInSays(), func(w *world) {
			w.then(saysText(content))
			if a := w.assess(ticket()); a.Measured["llm_same"] != 1 {
				t.Errorf("%s: %+v", name, a.Factors)
			}
		})
	}
}

func TestAnEndpointWithoutResponseFormatsIsAskedWithout(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		w.then(func(rw http.ResponseWriter, r *http.Request) {
			if w.last().ResponseFormat != nil {
				status(400)(rw, r)
				return
			}
			says(good())(rw, r)
		})
		if a := w.assess(ticket()); a.Measured["llm_same"] != 1 {
			t.Errorf("%+v", a.Factors)
		}
		before := w.calls()
		w.assess(ticket())
		if n := w.calls() - before; n != 1 {
			t.Errorf("the second ticket took %d calls: what the endpoint cannot do was forgotten", n)
		}
	}, func(o *llm.Options) { o.Samples = 1 })
}

func (e *endpoint) last() request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.requests[len(e.requests)-1]
}

func TestModelsThatThinkFirstAreAskedInTheirWay(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		w.assess(ticket())
		raw := string(w.last().raw)
		if !strings.Contains(raw, `"max_completion_tokens":8000`) || strings.Contains(raw, `"temperature"`) {
			t.Errorf("sent %.300s", raw)
		}
	}, func(o *llm.Options) { o.Model = "o3-mini" })
}

// chunks sends a stream.
func chunks(lines ...string) reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, l := range lines {
			_, _ = io.WriteString(w, "data: "+l+"\n\n")
			_ = http.NewResponseController(w).Flush()
		}
	}
}

func delta(content, finish string) string {
	end := "null"
	if finish != "" {
		end = `"` + finish + `"`
	}
	return fmt.Sprintf(`{"choices":[{"index":0,"delta":{"content":%q},"finish_reason":%s}]}`, content, end)
}

func TestAStreamIsPutTogether(t *testing.T) {
	text := good().json()
	reg := prometheus.NewRegistry()
	in(t, builtInSays(), func(w *world) {
		var lines []string
		for len(text) > 0 {
			n := min(7, len(text))
			lines, text = append(lines, delta(text[:n], "")), text[n:]
		}
		w.then(chunks(append(lines, delta("", "stop"), `{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}`, "[DONE]")...))
		if a := w.assess(ticket()); a.Measured["llm_same"] != 1 {
			t.Errorf("%+v", a.Factors)
		}
		if !w.last().Stream {
			t.Error("no stream was asked for")
		}
		want := "# HELP warmline_llm_tokens_total Tokens sent to and written by the language model.\n# TYPE warmline_llm_tokens_total counter\n" +
			"warmline_llm_tokens_total{direction=\"in\"} 30\nwarmline_llm_tokens_total{direction=\"out\"} 15\n"
		if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "warmline_llm_tokens_total"); err != nil {
			t.Error(err)
		}
	}, func(o *llm.Options) { o.Stream, o.Registerer = true, reg })
}

func TestAStreamThatGoesWrongIsNoReading(t *testing.T) {
	for name, c := range map[string]struct {
		answer reply
		why    string
	}{
		"hangs":               {hangs, "did not answer in time"},
		"hangs in the middle": {drip("data: "+delta("{", "")+"\n\n", time.Second), "did not answer in time"},
		"ends early":          {chunks(delta(good().json()[:40], "")), "ended in the middle"},
		"garbage":             {chunks("not json"), "made no sense"},
		"an error":            {chunks(delta("{", ""), `{"error":{"message":"overloaded","type":"x"}}`), "failed"},
		"refuses":             {chunks(`{"choices":[{"index":0,"delta":{"refusal":"no"},"finish_reason":"stop"}]}`, "[DONE]"), "would not read"},
		"never ends":          {drip("data: "+delta(strings.Repeat("x", 60_000), "")+"\n\n", time.Millisecond), "too long to read"},
		"one endless line":    {drip("data: "+strings.Repeat("x", 60_000), time.Millisecond), "too long to read"},
		"500":                 {status(500), "failed"},
		"nothing":             {chunks("[DONE]"), "answered nothing"},
		"redirect":            {status(302, "Location", "http://elsewhere.test/"), "rejected"},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, builtInSays(), func(w *world) {
				w.then(c.answer)
				alone(t, w.assess(ticket()), builtInSays(), c.why)
			}, func(o *llm.Options) { o.Stream = true })
		})
	}
}
