package builtin

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What a fault may strike: calls that post a message, read, patch, or ask for changes, and the desk's own webhooks.
const (
	opMessage = "message"
	opRead    = "read"
	opPatch   = "patch"
	opChanges = "changes"
	opWebhook = "webhook"
	opFree    = "" // never struck
)

// The kinds of faults.
const (
	tooMany      = "429"           // refused, with Retry-After
	errorBefore  = "500_before"    // not applied
	errorAfter   = "500_after"     // applied, and yet a 500
	timeoutAfter = "timeout_after" // applied; no answer for delay_ms, then the connection is cut
	lateApply    = "late_apply"    // a 504 at once; applied delay_ms later. Of a webhook: told that much later
	drop         = "drop"          // cut off, not applied. Of a webhook: never told
	staleRead    = "stale_read"    // a ticket as it was one change ago; no new changes
	duplicate    = "duplicate"     // told or listed twice
)

var faultKinds = map[string][]string{
	opMessage: {tooMany, errorBefore, errorAfter, timeoutAfter, lateApply, drop},
	opPatch:   {tooMany, errorBefore, errorAfter, timeoutAfter, lateApply, drop},
	opRead:    {tooMany, errorBefore, errorAfter, timeoutAfter, drop, staleRead},
	opChanges: {tooMany, errorBefore, errorAfter, timeoutAfter, drop, staleRead, duplicate},
	opWebhook: {lateApply, drop, duplicate},
}

// Fault is one misbehaviour on request. Faults last until their times are used up, they are cleared, or the desk
// closes.
type Fault struct {
	ID          int     `json:"id"`
	Op          string  `json:"op,omitempty"` // "message", "read", "patch", "changes", "webhook"; "" is every one that the kind fits
	Kind        string  `json:"kind"`
	Times       int     `json:"times,omitempty"`       // how often; 0 has no end
	Probability float64 `json:"probability,omitempty"` // of each fitting call; 0 means 1
	Seed        uint64  `json:"seed,omitempty"`        // decides which calls, the same each time
	RetryAfter  int     `json:"retry_after,omitempty"` // seconds, of a 429; default 1
	DelayMS     int     `json:"delay_ms,omitempty"`    // default 1000
	Fired       int     `json:"fired"`

	random *rand.Rand
}

func (f *Fault) check() error {
	_, isOp := faultKinds[f.Op]
	fits := func(op string) bool { return (f.Op == "" || f.Op == op) && slices.Contains(faultKinds[op], f.Kind) }
	switch {
	case f.Op != "" && !isOp:
		return invalid("op %q: want message, read, patch, changes, webhook or none", firstRunes(f.Op, 40))
	case !slices.ContainsFunc([]string{opMessage, opRead, opPatch, opChanges, opWebhook}, fits):
		kinds := faultKinds[f.Op]
		if f.Op == "" {
			kinds = []string{tooMany, errorBefore, errorAfter, timeoutAfter, lateApply, drop, staleRead, duplicate}
		}
		return invalid("kind %q: want one of %s", firstRunes(f.Kind, 40), strings.Join(kinds, ", "))
	case f.Probability < 0 || f.Probability > 1:
		return invalid("probability %g: want 0 to 1", f.Probability)
	case f.Times < 0 || f.RetryAfter < 0 || f.DelayMS < 0 || f.DelayMS > 600_000:
		return invalid("times, retry_after and delay_ms (at most 600000) cannot be negative")
	}
	if f.Probability == 0 {
		f.Probability = 1
	}
	if f.RetryAfter == 0 {
		f.RetryAfter = 1
	}
	if f.DelayMS == 0 {
		f.DelayMS = 1000
	}
	f.random = rand.New(rand.NewPCG(f.Seed, 0))
	return nil
}

func (f *Fault) delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

// faults are those that are set, in the order in which they were.
type faults struct {
	set  []*Fault
	last int
}

// strike returns the first fault that strikes a call of an op, or nil.
func (fs *faults) strike(op string) *Fault {
	for _, f := range fs.set {
		fits := (f.Op == "" || f.Op == op) && slices.Contains(faultKinds[op], f.Kind)
		if !fits || (f.Times > 0 && f.Fired >= f.Times) || f.random.Float64() >= f.Probability {
			continue
		}
		f.Fired++
		return f
	}
	return nil
}

// strike decides whether a call misbehaves, and journals it if so.
func (d *Desk) strike(op, ticket string) *Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.faults.strike(op)
	if f == nil {
		return nil
	}
	struck := *f
	struck.Op = op
	if err := d.record(&Record{Kind: FaultFired, Ticket: ticket, Fault: &struck}); err != nil {
		d.options.Logger.Error("fault not journalled", "error", err)
	}
	return &struck
}

func (d *Desk) setFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	if err := decode(w, r, &f); err != nil {
		fail(w, err)
		return
	}
	if err := f.check(); err != nil {
		fail(w, err)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	f.ID, f.Fired = d.faults.last+1, 0
	said := f
	if err := d.record(&Record{Kind: FaultSet, Fault: &said}); err != nil {
		fail(w, err)
		return
	}
	d.faults.last = f.ID
	d.faults.set = append(d.faults.set, &f)
	answer(w, http.StatusCreated, said)
}

func (d *Desk) listFaults(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	list := make([]Fault, 0, len(d.faults.set))
	for _, f := range d.faults.set {
		list = append(list, *f)
	}
	d.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"faults": list})
}

func (d *Desk) clearFaults(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.record(&Record{Kind: FaultsCleared}); err != nil {
		fail(w, err)
		return
	}
	d.faults.set = nil
	w.WriteHeader(http.StatusNoContent)
}
