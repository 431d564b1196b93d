package desk

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"warmline/escalate"
)

// mostHandedOver bounds one hand-over: all of it is one transaction.
const mostHandedOver = 100

// mentioned is how a person who was mentioned arrives in a command.
var mentioned = regexp.MustCompile(`^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$`)

// handOver passes everything that the person has to a colleague, or back to its channels, at the end of a shift.
func (a *act) handOver(ctx context.Context, args []string) error {
	mine, err := a.tx.Queue(ctx, QueueFilter{Owner: a.press.Actor, Limit: mostHandedOver})
	if err != nil {
		return fmt.Errorf("list own hand-offs: %w", err)
	}
	switch {
	case len(mine) == 0:
		return a.say(ctx, "You have no tickets; there is nothing to hand over.")
	case len(args) == 0:
		left, err := a.stillMine(ctx)
		if err != nil {
			return err
		}
		next, err := a.suggestion(ctx)
		if err != nil {
			return err
		}
		return a.say(ctx, "%s would go%s. Say to whom: /escalate handover @colleague, or /escalate handover channel. A note may follow.%s",
			numbersIn(mine), beyond(left-len(mine), "; %d more go when you say it again, for %d go at once"), next)
	}
	note := strings.Join(args[1:], " ")
	if strings.EqualFold(args[0], "channel") {
		return a.handOverAll(ctx, mine, note, "released this at the end of their shift", who{})
	}
	if !names(args[0]) || strings.EqualFold(args[0], "me") {
		return a.say(ctx, "I do not know whom you mean by %q. Mention a colleague: /escalate handover @colleague", args[0])
	}
	p, err := a.someone(ctx, args[0], "handover")
	if p == nil || err != nil {
		return err
	}
	to, err := identify(ctx, a.tx, a.policy, p.ID)
	if err != nil {
		return err
	}
	switch {
	case to.ID == a.press.Actor:
		return a.say(ctx, "They are yours already.")
	case !to.role.atLeast(RoleAgent):
		return a.say(ctx, "Nothing was changed: %s is none of the agents.", to.Name)
	}
	return a.handOverAll(ctx, mine, note, "handed this over to you", to)
}

// handOverAll passes hand-offs to a colleague; to nobody in particular when there is none.
func (a *act) handOverAll(ctx context.Context, rows []QueueRow, note, did string, to who) error {
	a.press.Fields["text"] = note // what the threads say
	var gone []QueueRow
	for i := range rows {
		var err error
		if a.change, err = a.s.change(ctx, a.tx, rows[i].Ticket); err != nil {
			return err
		}
		var event escalate.Event = escalate.Released{By: a.press.Actor}
		if to.ID != "" {
			event = escalate.Reassigned{By: a.press.Actor, To: to.ID, Agent: to.agentIn(a.ticket().Ref.Desk)}
		}
		if err := a.apply(event); refusedTransition(err) {
			continue // ended, or taken over in the helpdesk
		} else if err != nil {
			return err
		}
		if err := a.noteBelow(ctx, did, to.ID); err != nil {
			return err
		}
		if err := a.change.save(ctx); err != nil {
			return err
		}
		if err := a.done(ctx, "handed over to "+string(to.ID)); err != nil {
			return err
		}
		gone = append(gone, rows[i])
	}
	left, err := a.stillMine(ctx)
	if err != nil {
		return err
	}
	rest := beyond(left, " You still have %d more, for %d go at once: say the same again.")
	if to.ID == "" {
		return a.say(ctx, "Released: %s. They wait in their channels.%s", numbersIn(gone), rest)
	}
	return a.say(ctx, "%s now has %s. Each card says so, and tells %s.%s", to.Name, numbersIn(gone), to.Name, rest)
}

// stillMine counts the tickets that the person has.
func (a *act) stillMine(ctx context.Context) (n int, err error) {
	tally, err := a.tx.QueueTally(ctx, a.press.Actor, a.tx.Now())
	if err != nil {
		return 0, fmt.Errorf("count own hand-offs: %w", err)
	}
	for i := range tally {
		n += tally[i].Mine
	}
	return n, nil
}

// beyond says how many tickets one hand-over leaves, and how many go at once; nothing when none are left.
func beyond(left int, words string) string {
	if left <= 0 {
		return ""
	}
	return fmt.Sprintf(words, left, mostHandedOver)
}

// numbersIn names the tickets of a list.
func numbersIn(rows []QueueRow) string {
	if len(rows) == 0 {
		return "nothing"
	}
	var numbers []string
	for i := range rows {
		numbers = append(numbers, "#"+rows[i].Ref.ID)
	}
	return strings.Join(numbers, ", ")
}
