package main

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"warmline/escalate/desk"
)

// BenchmarkPressBurst has two hundred people press at one instant while everything that a press could wait for stalls for ten
// seconds: Slack's Web API, the helpdesk and a language model. The bound is for what Slack waits; what the two hundred themselves
// and the workspace take of the same cores stands beside it.
func BenchmarkPressBurst(b *testing.B) {
	onEachEngine(b, func(b *testing.B, open func(*testing.B) string) { pressBurst(b, open(b)) })
}

func pressBurst(b *testing.B, dsn string) {
	const cards, presses = 50, 200
	bare := measureBare(b, dsn)
	calls := &stalling{delay: 10 * time.Second}
	w := newBenchWorld(b, dsn, len(benchChannels), func(w *benchWorld) {
		w.tune = func(c *appConfig) {
			client := &http.Client{Transport: calls}
			c.Slack.Client, c.Desks[0].Account.Client = client, client
			c.LLM = llmConfig{BaseURL: "http://127.0.0.1:1/v1", Model: "none", Client: client} // refuses, once it does not stall
		}
	})
	w.tellWebhooks(b)
	w.warmUp(b)
	ids := make([]string, cards)
	openLoop(b, cards, 20, func(i int, _ time.Time) (err error) { ids[i], err = w.writeTicket(i); return err })
	shown := w.awaitCards(b, ids)
	actions := []desk.Action{desk.ActClaim, desk.ActEdit, desk.ActReply, desk.ActApprove, desk.ActReassess, desk.ActSnooze}
	var acked, waited sample
	for b.Loop() {
		calls.stalled.Store(true)
		for _, id := range ids { // so that the brain and the helpdesk have work to stall on
			text := map[string]any{"role": "customer", "text": "And what about my parcel?", "public": true}
			if err := w.post(fmt.Sprintf("%s/desk/api/tickets/%s/messages", w.desk, id), text, nil, nil); err != nil {
				b.Fatal(err)
			}
		}
		waits, acks := make(sample, presses), make(sample, presses)
		var crowd sync.WaitGroup
		for i := range presses {
			crowd.Go(func() {
				begun := time.Now()
				took, err := w.press(shown[ids[i%cards]], actions[i%len(actions)], benchPeople[i%len(benchPeople)])
				if err != nil {
					b.Error(err)
				}
				waits[i], acks[i] = time.Since(begun), took
			})
		}
		crowd.Wait()
		calls.stalled.Store(false)
		acked, waited = append(acked, acks...), append(waited, waits...)
	}
	if calls.held.Load() == 0 {
		b.Error("nothing stalled")
	}
	bare.again(b)
	acked.report(b, bounds{p99: ackP99, max: ackMax}, bare)
	b.ReportMetric(ms(waited.quantile(0.99)), "pressed-p99-ms")
	b.ReportMetric(ms(waited.quantile(1)), "pressed-max-ms")
	b.ReportMetric(float64(calls.held.Load()), "stalled-calls")
}

// stalling holds up every call that is made while it stalls.
type stalling struct {
	delay   time.Duration
	stalled atomic.Bool
	held    atomic.Int64
}

func (s *stalling) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.stalled.Load() {
		s.held.Add(1)
		timer := time.NewTimer(s.delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	return http.DefaultTransport.RoundTrip(req)
}
