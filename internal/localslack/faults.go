package localslack

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// plannedFault is a failure of a Web API method or of an envelope kind.
type plannedFault struct {
	Method      string  `json:"method,omitempty"`   // a method's name, "upload" for the sending of bytes, "response_url", or "*"
	Envelope    string  `json:"envelope,omitempty"` // interactive, slash_commands, events_api, or "*"
	Status      int     `json:"status,omitempty"`   // HTTP status; 429 takes RetryAfter
	Error       string  `json:"error,omitempty"`    // {"ok":false,"error":…}; for an envelope: "drop" or "duplicate"
	AfterApply  bool    `json:"after_apply,omitempty"`
	Times       int     `json:"times,omitempty"`       // 0: until cleared
	RetryAfter  int     `json:"retry_after,omitempty"` // seconds
	DelayMS     int     `json:"delay_ms,omitempty"`
	Probability float64 `json:"probability,omitempty"` // 0: always
	Seed        uint64  `json:"seed,omitempty"`
	Clear       bool    `json:"clear,omitempty"` // removes every planned fault

	left int
	dice *rand.Rand
}

func (w *Workspace) addFault(f *plannedFault) error {
	if f.Clear {
		w.faults = nil
		return nil
	}
	switch {
	case (f.Method == "") == (f.Envelope == ""):
		return errors.New("say either method or envelope")
	case f.Method != "" && f.Method != "*" && f.Method != uploadMethod && f.Method != responseMethod && methods[f.Method].do == nil:
		return fmt.Errorf("no method %q", f.Method)
	case f.Envelope != "" && !slices.Contains([]string{"*", "interactive", "slash_commands", "events_api"}, f.Envelope):
		return fmt.Errorf("no envelope kind %q", f.Envelope)
	case f.Probability < 0 || f.Probability > 1 || f.Times < 0 || f.DelayMS < 0:
		return errors.New("times, delay_ms and probability must not be negative, probability at most 1")
	case f.Method != "" && f.Status != 0 && (f.Status < 100 || f.Status > 599):
		return fmt.Errorf("status %d is no HTTP status", f.Status)
	}
	f.left, f.dice = f.Times, rand.New(rand.NewPCG(f.Seed, 0))
	w.faults = append(w.faults, f)
	return nil
}

// matchFault finds the first fault that strikes now and uses it up once.
// Callers hold mu.
func (w *Workspace) matchFault(method, envelope string) *plannedFault {
	for i, f := range w.faults {
		name, want := method, f.Method
		if envelope != "" {
			name, want = envelope, f.Envelope
		}
		if want != name && want != "*" {
			continue
		}
		if f.Probability > 0 && f.dice.Float64() >= f.Probability {
			continue
		}
		if f.Times > 0 {
			if f.left--; f.left == 0 {
				w.faults = slices.Delete(w.faults, i, i+1)
			}
		}
		return f
	}
	return nil
}

// takeFault finds the fault that strikes a Web API call and waits out its
// delay. A fault that only delays is not returned.
func (w *Workspace) takeFault(ctx context.Context, method string) (*plannedFault, error) {
	w.mu.Lock()
	f := w.matchFault(method, "")
	w.mu.Unlock()
	if f == nil {
		return nil, nil
	}
	if f.DelayMS > 0 {
		if err := sleep(ctx, time.Duration(f.DelayMS)*time.Millisecond); err != nil {
			return nil, err
		}
	}
	if f.Status == 0 && f.Error == "" {
		return nil, nil
	}
	return f, nil
}

// answer is what the caller gets instead of the method's own reply.
func (f *plannedFault) answer() answer {
	switch {
	case f.Status == http.StatusTooManyRequests || f.Error == "ratelimited":
		return tooMany(max(1, f.RetryAfter))
	case f.Error != "":
		return jsonAnswer(max(http.StatusOK, f.Status), obj{"ok": false, "error": f.Error})
	}
	return answer{f.Status, map[string]string{"Content-Type": "text/plain; charset=utf-8"}, []byte(http.StatusText(f.Status))}
}
