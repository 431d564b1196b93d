package llm_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"warmline/brain/llm"
	"warmline/escalate"
)

func one(o *llm.Options) { o.Samples = 1 }

func TestAnEndpointThatAsksToWaitIsAskedAgainThen(t *testing.T) {
	for name, c := range map[string]struct {
		refusal reply
		wait    time.Duration
	}{
		"seconds":      {status(429, "Retry-After", "2"), 2 * time.Second},
		"milliseconds": {status(429, "Retry-After-Ms", "700"), 700 * time.Millisecond},
		"a date":       {status(503, "Retry-After", "Sat, 01 Jan 2000 00:00:03 GMT"), 3 * time.Second}, // a bubble begins at midnight of that day
		"nothing":      {status(502), 250 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, builtInSays(), func(w *world) {
				w.then(c.refusal, says(good()))
				began := time.Now()
				if a := w.assess(ticket()); a.Measured["llm_same"] != 1 || w.calls() != 2 {
					t.Errorf("%+v after %d calls", a.Factors, w.calls())
				}
				if took := time.Since(began); took != c.wait {
					t.Errorf("it came again after %v, want %v", took, c.wait)
				}
			}, one)
		})
	}
}

func TestNobodyWaitsForAnEndpointThatAsksForMoreTimeThanThereIs(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		w.then(status(429, "Retry-After", "7"))
		began := time.Now()
		w.assess(ticket())
		if took := time.Since(began); took != 0 || w.calls() != 1 {
			t.Errorf("it took %v and %d calls", took, w.calls())
		}
	}, one)
}

func TestTheCallersDeadlineIsKept(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		w.then(hangs)
		ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		a, err := w.Assess(ctx, time.Now(), ticket())
		if err != nil {
			t.Fatal(err)
		}
		alone(t, a, builtInSays(), "did not answer in time")
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestOneSlowReadingOfThreeIsDoneWithout(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		w.then(hangs, says(good()))
		began := time.Now()
		a := w.assess(ticket())
		if a.Measured["llm_same"] != 1 || a.Measured["llm_lost"] < 0.3 || time.Since(began) != 6*time.Second {
			t.Errorf("after %v: %v", time.Since(began), a.Measured)
		}
	})
}

func TestABrokenEndpointIsLeftAloneAndTriedAgainLater(t *testing.T) {
	reg := prometheus.NewRegistry()
	state := func(want string) {
		t.Helper()
		text := "# HELP warmline_llm_breaker_state Whether calls are made: 0 yes, 1 one to try, 2 none.\n# TYPE warmline_llm_breaker_state gauge\nwarmline_llm_breaker_state " + want + "\n"
		if err := testutil.GatherAndCompare(reg, strings.NewReader(text), "warmline_llm_breaker_state"); err != nil {
			t.Error(err)
		}
	}
	in(t, builtInSays(), func(w *world) {
		w.then(hangs)
		state("0")
		w.assess(ticket()) // three calls fail
		w.assess(ticket()) // and three more: that is enough
		state("2")
		for range 50 {
			began := time.Now()
			alone(t, w.assess(ticket()), builtInSays(), "left alone for a while")
			if time.Since(began) != 0 {
				t.Fatalf("a ticket waited %v", time.Since(began))
			}
		}
		if w.calls() != 6 {
			t.Errorf("%d calls", w.calls())
		}
		time.Sleep(30*time.Second - time.Nanosecond)
		w.assess(ticket())
		if w.calls() != 6 {
			t.Error("it was tried too soon")
		}
		time.Sleep(time.Nanosecond)
		w.assess(ticket())
		if w.calls() != 7 {
			t.Errorf("%d calls, want one to try", w.calls()-6)
		}
		state("2")
		time.Sleep(59 * time.Second)
		w.assess(ticket())
		if w.calls() != 7 {
			t.Error("the rest did not double")
		}
		time.Sleep(time.Second)
		w.then(says(good()))
		if a := w.assess(ticket()); a.Measured["llm_same"] != 1 || w.calls() != 8 {
			t.Errorf("%+v after %d calls", a.Factors, w.calls())
		}
		state("0")
		w.assess(ticket())
		if w.calls() != 11 {
			t.Errorf("after it works again a ticket gets %d readings", w.calls()-8)
		}
	}, func(o *llm.Options) { o.Registerer = reg })
}

func TestWhileOneTicketTriesTheOthersDoNotWait(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		w.then(hangs)
		for range 5 {
			w.assess(ticket())
		}
		time.Sleep(30 * time.Second)
		done := make(chan struct{})
		go func() { w.assess(ticket()); close(done) }()
		time.Sleep(time.Second)
		began := time.Now()
		w.assess(ticket())
		if time.Since(began) != 0 || w.calls() != 6 {
			t.Errorf("it took %v and %d calls", time.Since(began), w.calls())
		}
		<-done
	}, one)
}

// A bad answer, or a request that is too long, is no reason to leave the endpoint alone: it is there.
func TestWhatOnlyOneTicketDoesWrongDoesNotOpenTheBreaker(t *testing.T) {
	for name, c := range map[string]struct {
		answer reply
		calls  int
	}{"no sense": {saysText("hm"), 60}, "too long": {status(413), 60}, "not to its taste": {status(422), 120}} {
		in(t, builtInSays(), func(w *world) {
			w.then(c.answer)
			for range 20 {
				w.assess(ticket())
			}
			if w.calls() != c.calls {
				t.Errorf("%s: %d calls", name, w.calls())
			}
		}, func(o *llm.Options) { o.TokenBudgetTicket = -1 })
	}
}

func TestATicketThatIsReadAgainAndAgainHasABudget(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		for range 30 {
			w.assess(ticket())
		}
		if used := 1100 * w.calls(); used > 12_000 || used < 8000 {
			t.Errorf("%d tokens were used", used)
		}
		alone(t, w.assess(ticket()), builtInSays(), "this ticket has used up what it may cost")
		other := ticket()
		other.ID = "t2"
		if a := w.assess(other); a.Measured == nil {
			t.Errorf("another ticket pays for it: %+v", a.Factors)
		}
	}, func(o *llm.Options) { o.TokenBudgetTicket = 12_000 })
}

func TestADayHasABudgetAndTheNextDayItsOwn(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		tk := ticket()
		for n := range 200 {
			tk.ID = escalate.TicketID(strings.Repeat("x", n+1))
			w.assess(tk)
		}
		// 1000 tokens in at 1 and 100 out at 10 a million: 0.002 a call.
		if spent := 0.002 * float64(w.calls()); spent > 0.1 || spent < 0.05 {
			t.Errorf("%v was spent", spent)
		}
		tk.ID = "late"
		alone(t, w.assess(tk), builtInSays(), "today's budget for the language model is used up")
		before := w.calls()
		time.Sleep(24 * time.Hour)
		tk.ID = "tomorrow"
		if a := w.assess(tk); a.Measured == nil || w.calls() != before+3 {
			t.Errorf("%+v", a.Factors)
		}
	}, func(o *llm.Options) { o.MoneyBudgetDay, o.Prices = 0.1, llm.Prices{In: 1, Out: 10} })
}

// What is under way counts as spent, so that many tickets at once do not spend more than there is.
func TestTicketsAtTheSameTimeCannotOverspendTogether(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		w.then(func(rw http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			says(good())(rw, r)
		})
		done := make(chan struct{})
		for n := range 100 {
			go func() {
				tk := ticket()
				tk.ID = escalate.TicketID(strings.Repeat("x", n+1))
				w.assess(tk)
				done <- struct{}{}
			}()
		}
		for range 100 {
			<-done
		}
		if spent := 0.002 * float64(w.calls()); spent > 0.1 || w.calls() == 0 {
			t.Errorf("%v was spent in %d calls", spent, w.calls())
		}
	}, func(o *llm.Options) { o.MoneyBudgetDay, o.Prices = 0.1, llm.Prices{In: 1, Out: 10} })
}
