package escalate_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

func clone(tk *escalate.Ticket) *escalate.Ticket {
	b, err := json.Marshal(tk)
	if err != nil {
		panic(err)
	}
	var c escalate.Ticket
	if err := json.Unmarshal(b, &c); err != nil {
		panic(err)
	}
	return &c
}

// happened is an event as history would keep it.
type happened struct {
	at   time.Time
	kind string
	body []byte
}

// Whatever happens to a ticket, in whatever order, replaying its history gives the same state, and no event that was
// refused left a trace.
func TestReplayingHistoryGivesTheSameTicket(t *testing.T) {
	for seed := range uint64(120) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		live := &escalate.Ticket{ID: "t1"}
		var history []happened
		now := t0
		for step := range 80 {
			now = now.Add(time.Duration(rnd.IntN(1000)) * time.Second)
			event := randomEvent(rnd, live, step)
			if step == 0 && seed%2 == 0 { // the others are tickets of before there were targets, for a while
				event = targeted(4 * time.Hour)
			}
			before := clone(live)
			if _, err := live.Apply(now, event); err != nil {
				if diff := cmp.Diff(before, clone(live)); diff != "" {
					t.Fatalf("seed %d: refused %s changed the ticket:\n%s", seed, event.EventKind(), diff)
				}
				continue
			}
			body, err := json.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			history = append(history, happened{now, event.EventKind(), body})
		}
		replayed := &escalate.Ticket{ID: "t1"}
		for _, h := range history {
			event, err := escalate.DecodeEvent(h.kind, h.body)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := replayed.Apply(h.at, event); err != nil {
				t.Fatalf("seed %d: replay %s: %v", seed, h.kind, err)
			}
		}
		if diff := cmp.Diff(clone(live), clone(replayed)); diff != "" {
			t.Fatalf("seed %d: replay differs (-live +replayed):\n%s", seed, diff)
		}
		if len(history) < 15 {
			t.Fatalf("seed %d: only %d events fitted; the walk no longer exercises the machines", seed, len(history))
		}
		checkInvariants(t, seed, live)
	}
}

// What is stored with a decision is enough to take it again, whatever evidence there has been since.
func TestADecisionIsTakenAgainFromWhatWasStoredWithIt(t *testing.T) {
	bounds := map[escalate.Bound]int{}
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		p := autoPolicy()
		p.Budget = []float64{0, 0.01, 0.05}[rnd.IntN(3)]
		p.Topics["delivery"] = escalate.TopicRule{Stage: escalate.Stages[rnd.IntN(4)]}
		a := with(sure(), func(a *escalate.Assessment) { a.Confidence = 0.9 + rnd.Float64()/10 })
		w := escalate.World{Paused: rnd.IntN(10) == 0}
		if p.Budget > 0 {
			b := escalate.Back(append(clean(rnd.IntN(200), 0.97), wrong(rnd.IntN(2), 0.96)...), clean(rnd.IntN(200), 0.98), p.Budget, 0.95)
			w.Promise = &b
		}
		tk := &escalate.Ticket{ID: escalate.TicketID(strconv.FormatUint(seed, 10))}
		d := escalate.Decide(t0, p, tk, a, w)
		body, err := json.Marshal(escalate.Decided{Decision: d})
		if err != nil {
			t.Fatal(err)
		}
		event, err := escalate.DecodeEvent("decided", body)
		if err != nil {
			t.Fatal(err)
		}
		kept := event.(escalate.Decided).Decision
		if diff := cmp.Diff(d, escalate.Decide(kept.At, p, tk, a, kept.World)); diff != "" {
			t.Errorf("seed %d (-then +again):\n%s", seed, diff)
		}
		bounds[d.Bound]++
	}
	for _, b := range []escalate.Bound{escalate.BoundPause, escalate.BoundLadder, escalate.BoundPromise, escalate.BoundThreshold} {
		if bounds[b] == 0 {
			t.Errorf("no decision was bound by %s: %v", b, bounds)
		}
	}
}

// checkInvariants holds what must be true of a ticket in any state.
func checkInvariants(t *testing.T, seed uint64, tk *escalate.Ticket) {
	t.Helper()
	live := 0
	for i := range tk.Replies {
		if r := &tk.Replies[i]; r.Live() && r.Purpose == escalate.PurposeAnswer {
			live++
		}
	}
	if live > 1 {
		t.Errorf("seed %d: %d drafts wait for approval at once", seed, live)
	}
	if h := tk.Handoff; h != nil && (h.State == escalate.HandoffClaimed) != (h.Owner != "") && h.Active() {
		t.Errorf("seed %d: hand-off is %s with owner %q", seed, h.State, h.Owner)
	}
	if h := tk.Handoff; h.Active() && h.State != escalate.HandoffOpen && h.Offer.To != "" {
		t.Errorf("seed %d: hand-off is %s and offered to %s", seed, h.State, h.Offer.To)
	}
}

func randomEvent(rnd *rand.Rand, tk *escalate.Ticket, step int) escalate.Event {
	id := escalate.ReplyID(fmt.Sprintf("r%d", step))
	handoff := escalate.HandoffID(fmt.Sprintf("h%d", step))
	msg := escalate.MessageID(fmt.Sprintf("m%d", rnd.IntN(step+1)))
	reply := id
	if n := len(tk.Replies); n > 0 {
		reply = tk.Replies[n-1-rnd.IntN(min(n, 3))].ID
	}
	who := escalate.PersonID(fmt.Sprintf("U%d", rnd.IntN(3)))
	switch rnd.IntN(28) {
	case 0:
		return escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: msg, Customer: msg}}
	case 1:
		return escalate.Read{Seen: escalate.Seen{Status: []escalate.Status{escalate.StatusSolved, escalate.StatusPending, escalate.StatusOpen}[rnd.IntN(3)], Newest: msg}}
	case 2:
		return humanReplied(msg)
	case 3:
		return escalated(handoff)
	case 4:
		return drafted(handoff, id)
	case 5:
		return answered(id)
	case 6:
		return escalate.Claimed{By: who}
	case 7:
		return escalate.Released{By: who}
	case 8:
		return escalate.Resolved{By: who}
	case 9:
		p := proposal(id, escalate.PurposeAnswer)
		p.Edited = rnd.IntN(2) == 0
		return escalate.Proposed{Reply: p}
	case 10:
		return escalate.Approved{Reply: reply, By: who, Solve: rnd.IntN(3) == 0}
	case 11:
		return escalate.Undone{Reply: reply, By: who}
	case 12:
		return escalate.Sending{Reply: reply, Stamp: strconv.Itoa(step)}
	case 13:
		return escalate.Lost{Reply: reply}
	case 14:
		return escalate.Sent{Reply: reply, Message: msg}
	case 15:
		return []escalate.Event{escalate.Failed{Reply: reply}, escalate.Returned{Reply: reply}, escalate.Asked{Reply: reply}, escalate.Missing{Reply: reply}}[rnd.IntN(4)]
	case 16:
		return escalate.Withdrawn{Reply: reply, Detail: "rejected:tone"}
	case 17:
		return escalate.Linked{By: who, Agent: escalate.AgentID("agent of " + who)}
	case 18:
		return escalate.Waiting{Handoff: current(tk), By: who, Reason: escalate.WaitReasons[rnd.IntN(6)], Until: escalate.UnixMicro(rnd.IntN(2) * step), Off: rnd.IntN(4) == 0}
	case 19:
		return []escalate.Event{
			escalate.Reminded{Handoff: current(tk), Until: stated(tk)}, escalate.Missed{Handoff: current(tk), Until: stated(tk), Reply: new(proposal(id, escalate.PurposeWarm))},
		}[rnd.IntN(2)]
	case 20:
		return escalate.Snoozed{By: who, Until: escalate.UnixMicro(step)}
	case 21:
		return escalate.Woken{Handoff: current(tk)}
	case 22:
		e := targeted(time.Duration(rnd.IntN(3)) * time.Hour)
		if rnd.IntN(2) == 0 {
			e.Terms = nil
		}
		e.Deadlines = map[escalate.Target]escalate.UnixMicro{escalate.Targets[rnd.IntN(3)]: escalate.UnixMicro(rnd.IntN(2) * step)}
		return e
	case 23:
		return escalate.Alerted{Handoff: current(tk), Target: escalate.Targets[rnd.IntN(5)], Stages: []calendar.Stage{{Share: 0.5}, calendar.Breach}[rnd.IntN(2):]}
	case 25:
		choice := rota.Choice{Reason: rota.NobodyFree}
		if rnd.IntN(3) > 0 {
			choice = rota.Choice{Person: rota.PersonID(who), Reason: rota.LongestAgo, Offered: t0}
		}
		return escalate.Offered{Handoff: current(tk), Rota: "support", Choice: choice, Opens: escalate.UnixMicro(rnd.IntN(2) * step)}
	case 26:
		return escalate.Climbed{Handoff: current(tk), Rung: []escalate.Rung{escalate.RungLead, escalate.RungManager}[rnd.IntN(2)]}
	case 24:
		return escalate.Timed{Handoff: current(tk), Due: escalate.Due{At: escalate.UnixMicro(step), Target: escalate.TargetClaim, State: calendar.Running}}
	}
	return escalate.Warned{Handoff: handoff}
}

func current(tk *escalate.Ticket) escalate.HandoffID {
	if tk.Handoff == nil {
		return ""
	}
	return tk.Handoff.ID
}

func stated(tk *escalate.Ticket) escalate.UnixMicro {
	if tk.Handoff == nil {
		return 0
	}
	return escalate.At(tk.Handoff.Wait.Until)
}
