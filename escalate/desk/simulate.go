package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
)

// JobSimulate replays past tickets for the person who asked.
const JobSimulate = "simulate"

const (
	// simulationTime is how long one simulation may take.
	simulationTime = 20 * time.Minute
	// simulationTries is how often one is begun: one that takes the process down must not do so for ever.
	simulationTries = 3
	// SimulationTimeout is what the queue should allow one attempt of JobSimulate: enough to say that it took too long.
	SimulationTimeout = simulationTime + 2*time.Minute
	// simulationLife is when one that nobody heard of again no longer keeps others from being asked for.
	simulationLife = simulationTries * (simulationTime + 5*time.Minute)
	// simulationNow is the setting that says which one is under way.
	simulationNow = "simulation"
)

// simulateWork is a simulation that was asked for.
type simulateWork struct {
	To   Recipient `json:"to"`
	Args []string  `json:"args"`
}

// underWay says who asked for the simulation that is under way, and when.
type underWay struct {
	By escalate.PersonID  `json:"by"`
	At escalate.UnixMicro `json:"at"`
}

// simulate has past tickets replayed: "", "budget 2%", "what-if threshold 0.9", "what-if exclude topic delivery". The answer
// comes by a job, in the person's direct messages: it is long, has a picture, and must still be there tomorrow.
func (a *act) simulate(ctx context.Context, args []string) error {
	if a.s.Simulator == nil || a.s.Simulator.Past() == 0 {
		return a.say(ctx, "There are no past tickets to replay. Whoever runs me can give me some: --history tickets.jsonl")
	}
	q, err := parseQuestion(a.policy, args)
	if err != nil {
		return a.misread(ctx, "%v.", err)
	}
	if q.whatIf != nil {
		if _, err := q.whatIf.next(a.policy); err != nil {
			return a.say(ctx, "That cannot be simulated: %v", err)
		}
	}
	running, err := simulationUnderWay(ctx, a.tx)
	if err != nil {
		return err
	}
	if running != nil {
		return a.say(ctx, "A simulation is running already: %s asked for it at %s. One runs at a time; ask again when it has come.",
			a.name(ctx, running.By), a.local(running.At.Time()))
	}
	if err := a.beginSimulation(ctx, args); err != nil {
		return err
	}
	return a.say(ctx, "Running over %s past tickets. It may take some minutes; the report and its picture come to you alone, in my direct messages.",
		grouped(a.s.Simulator.Past()))
}

func (a *act) beginSimulation(ctx context.Context, args []string) error {
	mark, err := json.Marshal(underWay{By: a.press.Actor, At: escalate.At(a.tx.Now())})
	if err != nil {
		return fmt.Errorf("encode simulation: %w", err)
	}
	if err := a.tx.PutSetting(ctx, simulationNow, string(mark)); err != nil {
		return err
	}
	if err := a.audit(ctx, "simulation", outcomeDone, questionWords(args)); err != nil {
		return err
	}
	j, err := newJob(JobSimulate, simulateWork{To: a.recipient(), Args: args})
	if err != nil {
		return err
	}
	j.Key, j.Group = "simulation", "simulation"
	return a.tx.Enqueue(ctx, j)
}

// simulationUnderWay returns nil when none is.
func simulationUnderWay(ctx context.Context, tx Tx) (*underWay, error) {
	mark, err := tx.Setting(ctx, simulationNow)
	if err != nil || mark == "" {
		return nil, err
	}
	var u underWay
	if err := json.Unmarshal([]byte(mark), &u); err != nil {
		return nil, fmt.Errorf("decode simulation: %w", err)
	}
	if tx.Now().Sub(u.At.Time()) > simulationLife {
		return nil, nil
	}
	return &u, nil
}

// runSimulation replays and has the report delivered. A crash before the commit means that it runs again; from there on the
// report is a job of its own.
func (s *Service) runSimulation(ctx context.Context, j Leased) error {
	var w simulateWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	if s.Simulator == nil || j.Attempt > simulationTries {
		return s.endSimulation(ctx, j, &w, "The simulation was begun several times and never came to an end. Whoever runs me finds the reason in the log.")
	}
	var p *escalate.Policy
	if err := s.Store.View(ctx, func(tx Tx) (err error) { p, err = tx.Policy(ctx); return err }); err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	q, o, err := asked(p, w.Args)
	if err != nil { // the policy changed since
		return s.endSimulation(ctx, j, &w, "That cannot be simulated any more: "+err.Error())
	}
	within, cancel := context.WithTimeout(ctx, simulationTime)
	defer cancel()
	sim, err := s.Simulator.Simulate(within, p, o)
	var short *Unmeasurable
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("simulate: %w", ctx.Err()) // stopped from outside: it runs again
	case errors.Is(err, context.DeadlineExceeded):
		return s.endSimulation(ctx, j, &w, fmt.Sprintf("The simulation took longer than %s and was stopped. Fewer past tickets will do as well: the newest count most.", spoken(simulationTime)))
	case errors.As(err, &short):
		return s.endSimulation(ctx, j, &w, "Nothing can be measured yet, so the recommendation is to draft and answer nothing by itself. "+short.Why)
	case err != nil:
		return fmt.Errorf("simulate: %w", err)
	}
	return s.reportSimulation(ctx, j, &w, q, p, sim)
}

// asked reads what a simulation was asked for, under the policy of now.
func asked(p *escalate.Policy, args []string) (q question, o SimulateOptions, err error) {
	if q, err = parseQuestion(p, args); err != nil {
		return q, o, err
	}
	o.Budget = q.budget
	if q.whatIf != nil {
		o.WhatIf, err = q.whatIf.next(p)
	}
	return q, o, err
}

// reportSimulation writes the report, with a button that does what it recommends, for a person who still may read it.
func (s *Service) reportSimulation(ctx context.Context, j Leased, w *simulateWork, q question, p *escalate.Policy, sim *Simulation) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		a := &act{s: s, tx: tx, press: Press{Actor: w.To.Person, Action: ActCommand}}
		var err error
		if a.policy, err = tx.Policy(ctx); err != nil {
			return fmt.Errorf("load policy: %w", err)
		}
		if a.who, err = identify(ctx, tx, a.policy, w.To.Person); err != nil {
			return err
		}
		if !a.who.role.atLeast(RoleLead) { // they left the group while it ran
			if err := a.refuse(ctx, a.notAllowed(RoleLead)); err != nil {
				return err
			}
			return a.simulated(ctx, j, w.To, a.ack.Answer)
		}
		report, err := a.report(ctx, q, p, sim)
		if err != nil {
			return err
		}
		d := delivery{To: w.To, Key: j.ID, Answer: report, Told: "The simulation is done. Its report is in my direct messages to you."}
		if len(sim.Picture) > 0 {
			d.Picture = &Picture{
				Name: "warmline-simulation.png", Title: "How much could be answered, and how much of it would be wrong", Alt: sim.Alt,
				Words: "The curve of the simulation above.", Data: sim.Picture,
			}
		}
		if err := enqueueDelivery(ctx, tx, &d); err != nil {
			return err
		}
		return a.simulated(ctx, j, w.To, nil)
	})
}

// endSimulation tells the person why there is no report.
func (s *Service) endSimulation(ctx context.Context, j Leased, w *simulateWork, why string) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		a := &act{s: s, tx: tx, press: Press{Actor: w.To.Person, Action: ActCommand}}
		if err := a.audit(ctx, "simulation", outcomeNothing, why); err != nil {
			return err
		}
		return a.simulated(ctx, j, w.To, &Answer{Text: why, Lines: []Line{{Text: why}}})
	})
}

// simulated makes room for the next simulation, tells the person what there is to tell, and ends the job.
func (a *act) simulated(ctx context.Context, j Leased, to Recipient, answer *Answer) error {
	if answer != nil {
		if err := a.s.enqueueTell(ctx, a.tx, to, *answer); err != nil {
			return err
		}
	}
	return errors.Join(a.tx.PutSetting(ctx, simulationNow, ""), a.tx.Finish(ctx, j))
}
