package desk

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

// command is one /escalate command as typed.
type command struct {
	name string
	args []string
	bare bool // nothing was typed
}

// commands lists every command with what it does and what it needs. Its order is the help's.
var commands = []struct {
	name, form, does string
	role             Role
	confirm          bool // needs a reading of the groups that begins after it was typed
}{
	{"next", "next", "claim what is offered to you, or the most urgent ticket that nobody has", RoleAgent, false},
	{"queue", "queue", "what waits for a person, most urgent first", RoleAgent, false},
	{"breaches", "breaches", "which deadlines are missed next, the nearest first", RoleAgent, false},
	{"sla", "sla [30d] [#payments]", "how many deadlines were kept lately, and how long it took", RoleAgent, false},
	{"mine", "mine", "what I have", RoleAgent, false},
	{"claim", "claim 17", "claim ticket 17", RoleAgent, false},
	{"handover", "handover [@colleague | channel] [note]", "pass everything I have to a colleague, at the end of a shift", RoleAgent, true},
	{"oncall", "oncall [support]", "who is on shift now and until when, and who is next", RoleAgent, false},
	{"cover", "cover [@ana [for @ben | off] fri 9:00-13:00 [support] | remove 3]", "who is on shift other than by turn", RoleAgent, true},
	{"rota", "rota [support] [people @ana @ben | add @cem | remove @ana | swap @ana @ben]", "who takes turns; leads change it", RoleLead, true},
	{"keepwarm", "keepwarm 17 [on | off] [reason payment] [by thursday 14:00]", "what the customer of ticket 17 hears while they wait; preview 17 shows all of it, effect what updates do", RoleAgent, true},
	{"reveal", "reveal 17", "what is hidden in ticket 17, for me alone; it is logged", RoleAgent, true},
	{"why", "why 17", "why ticket 17 went the way it went", RoleAgent, false},
	{"status", "status", "how things stand", RoleAgent, false},
	{"promise", "promise [topic] [2% | cautious | balanced | fast | off]", "how many automatic answers may be wrong at the most, and what backs it", RoleLead, true},
	{"simulate", "simulate [budget 2%] [what-if threshold 0.9 | what-if exclude topic X]", "what I would have done with past tickets, and which thresholds keep a budget", RoleLead, false},
	{"ladder", "ladder [topic] [up | down]", "which topics draft, answer some, or answer by themselves", RoleLead, true},
	{"topics", "topics", "every topic: how much there is, its rung, its promise, its evidence", RoleAgent, false},
	{"history", "history [7] [back]", "versions of the policy; go back to one", RoleLead, true},
	{"wrong", "wrong 17", "my automatic answer in ticket 17 was wrong", RoleAgent, true},
	{"threshold", "threshold [topic] [auto 0.95] [draft 0.6]", "show or set the line between machine and people", RoleLead, true},
	{"exclude", "exclude [add tag|topic|customer|words X | remove ID]", "keep tickets from the AI", RoleLead, true},
	{"pause", "pause [topic]", "stop all automatic answers at once; drafts go on", RoleAgent, false},
	{"resume", "resume [topic]", "end a pause", RoleLead, true},
	{"audit", "audit [50 | @who | ticket 17 | policy]", "who did what, and who was refused", RoleLead, false},
	{"link", "link [you@company.example | off]", "which helpdesk account is mine", RoleAgent, true},
	{"setup", "setup", "how far the setup is, and what to do next", RoleLead, false},
	{"help", "help [all | COMMAND]", "the commands for every day, all of them, or one in full", RoleNone, false},
}

// parseCommand splits what was typed. No words at all ask for the status.
func parseCommand(text string) command {
	words := strings.Fields(text)
	if len(words) == 0 {
		return command{name: "status", bare: true}
	}
	return command{name: strings.ToLower(words[0]), args: words[1:]}
}

// subject names a command in the audit log; what was typed after it is not for everybody to read.
func (c command) subject() string {
	for _, k := range commands {
		if k.name == c.name {
			return "command " + c.name
		}
	}
	return "command"
}

// asks reports whether a command asks how it is typed: "exclude ?", "exclude add ?".
func (c command) asks() bool { return len(c.args) > 0 && c.args[len(c.args)-1] == "?" }

// needs says which role a command needs, and whether it must be confirmed. To look at the policy an agent is enough.
func (c command) needs() (Role, bool) {
	for _, k := range commands {
		if k.name == c.name && !c.asks() {
			if k.confirm && c.looks() {
				return RoleAgent, false
			}
			return k.role, k.confirm
		}
	}
	return RoleNone, false
}

// looks reports whether a command shows what it could change, and changes nothing.
func (c command) looks() bool {
	switch c.name {
	case "resume", "wrong":
		return false
	case "exclude", "cover":
		return len(c.args) == 0 || c.args[0] == "list"
	case "ladder":
		return direction(c.args) == ""
	case "history":
		return len(c.args) < 2
	case "rota":
		return rotaVerb(c.args) < 0
	case "keepwarm":
		return len(c.args) < 2 || strings.EqualFold(c.args[0], "preview")
	}
	return len(c.args) == 0
}

// command runs a command; its answer is private.
func (a *act) command(ctx context.Context, c command) error {
	if c.asks() {
		return a.explain(ctx, c)
	}
	switch c.name {
	case "next":
		return a.next(ctx)
	case "queue":
		return a.list(ctx, "Waiting for a person", "Nothing waits for a person.", QueueFilter{})
	case "breaches":
		return a.breaches(ctx)
	case "sla":
		return a.sla(ctx, c.args)
	case "mine":
		return a.list(ctx, "Yours", "You have no tickets.", QueueFilter{Owner: a.press.Actor})
	case "claim":
		return a.claimNumber(ctx, c.args)
	case "handover":
		return a.handOver(ctx, c.args)
	case "oncall":
		return a.onCall(ctx, c.args)
	case "cover":
		return a.cover(ctx, c.args)
	case "rota":
		return a.rotas(ctx, c.args)
	case "keepwarm":
		return a.keepwarm(ctx, c.args)
	case "setup":
		return a.setupAsked(ctx)
	case "reveal":
		return a.revealNumber(ctx, c.args)
	case "why":
		return a.why(ctx, c.args)
	case "status":
		return a.status(ctx, c.bare)
	case "promise":
		return a.promise(ctx, c.args)
	case "simulate":
		return a.simulate(ctx, c.args)
	case "ladder":
		return a.ladder(ctx, c.args)
	case "topics":
		return a.topicList(ctx)
	case "history":
		return a.history(ctx, c.args)
	case "wrong":
		return a.wrong(ctx, c.args)
	case "threshold":
		return a.threshold(ctx, c.args)
	case "exclude":
		return a.exclude(ctx, c.args)
	case "pause", "resume":
		return a.pause(ctx, c.name == "pause", strings.Join(c.args, " "))
	case "audit":
		return a.auditLog(ctx, c.args)
	case "link":
		return a.link(ctx, c.args)
	case "help":
		return a.help(ctx, c.args)
	}
	return a.unknown(ctx, c)
}

// list shows a part of the queue.
func (a *act) list(ctx context.Context, title, none string, f QueueFilter) error {
	f.Limit = 20
	rows, err := a.tx.Queue(ctx, f)
	if err != nil {
		return fmt.Errorf("read queue: %w", err)
	}
	if len(rows) == 0 {
		return a.say(ctx, "%s", none)
	}
	ans := Answer{Text: fmt.Sprintf("%s: %d", title, len(rows)), Lines: []Line{{Head: title}}}
	for i := range rows {
		ans.Lines = append(ans.Lines, a.row(ctx, &rows[i]))
	}
	if len(rows) == f.Limit {
		ans.Lines = append(ans.Lines, Line{Text: fmt.Sprintf("These are the %d most urgent; there may be more.", f.Limit)})
	}
	return a.answer(ctx, ans)
}

// row is a hand-off in one line.
func (a *act) row(ctx context.Context, q *QueueRow) Line {
	parts := []string{q.Subject, q.Reason.Words()}
	if q.Reason == "" {
		parts[1] = "Draft to approve"
	}
	switch {
	case q.Handoff.State == escalate.HandoffTaken:
		parts = append(parts, "answered in the helpdesk")
	case q.Handoff.Owner == a.press.Actor:
		parts = append(parts, "yours")
	case q.Handoff.Owner != "":
		parts = append(parts, "claimed by "+a.name(ctx, q.Handoff.Owner))
	case q.Handoff.Offer.To == a.press.Actor:
		parts = append(parts, "offered to you in #"+q.Handoff.Channel)
	case q.Handoff.Offer.To != "":
		parts = append(parts, "unclaimed in #"+q.Handoff.Channel+", offered to "+a.name(ctx, q.Handoff.Offer.To))
	default:
		parts = append(parts, "unclaimed in #"+q.Handoff.Channel)
	}
	if due := dueLine(a.tx.Now(), &q.Handoff); due != "" {
		parts = append(parts, due)
	}
	return Line{Head: "#" + q.Ref.ID, Text: strings.Join(parts, " · ")}
}

// dueWords says how long is left.
func dueWords(now, due time.Time) string {
	if left := due.Sub(now); left > 0 {
		return "due in " + spoken(left.Round(time.Minute))
	}
	return "overdue by " + spoken(now.Sub(due).Round(time.Minute))
}

// next claims the most urgent hand-off that nobody has.
func (a *act) next(ctx context.Context) error {
	rows, err := a.tx.Queue(ctx, QueueFilter{Offered: a.press.Actor, Limit: 1})
	if err == nil && len(rows) == 0 {
		rows, err = a.tx.Queue(ctx, QueueFilter{Unclaimed: true, Limit: 1})
	}
	if err != nil {
		return fmt.Errorf("read queue: %w", err)
	}
	if len(rows) == 0 {
		return a.say(ctx, "Nothing waits for a person. Well done.")
	}
	return a.claimTicket(ctx, rows[0].Ticket)
}

func (a *act) claimNumber(ctx context.Context, args []string) error {
	id, err := a.find(ctx, "claim", args)
	if id == "" {
		return err
	}
	return a.claimTicket(ctx, id)
}

// find finds the ticket that a command names; it answers and returns "" when there is none.
func (a *act) find(ctx context.Context, cmd string, args []string) (escalate.TicketID, error) {
	if len(args) != 1 {
		return "", a.misread(ctx, "Name one ticket: /escalate %s 17", cmd)
	}
	t, err := a.tx.FindTicket(ctx, args[0])
	if errors.Is(err, ErrNotFound) {
		return "", a.say(ctx, "I know no ticket %s. /escalate queue lists those that wait.", args[0])
	}
	if err != nil {
		return "", fmt.Errorf("find ticket %q: %w", args[0], err)
	}
	return t.ID, nil
}

func (a *act) claimTicket(ctx context.Context, id escalate.TicketID) (err error) {
	if a.change, err = a.s.change(ctx, a.tx, id); err != nil {
		return err
	}
	t := a.ticket()
	if t.Handoff == nil {
		return a.say(ctx, "#%s is not in human hands; there is nothing to claim.", t.Ref.ID)
	}
	if err := a.claim(ctx); err != nil {
		return err
	}
	if a.ack.Answer == nil {
		text := fmt.Sprintf("#%s is yours: its card is in #%s.", t.Ref.ID, t.Handoff.Channel)
		a.ack.Answer = &Answer{Text: text, Lines: []Line{{Text: text}, {Head: "#" + t.Ref.ID, Text: t.Content.Subject}}}
	}
	if err := a.change.save(ctx); err != nil {
		return err
	}
	return a.nudge(ctx)
}

func (a *act) line(th escalate.Thresholds, stage escalate.Stage) string {
	return fmt.Sprintf("answers from %s, drafts from %s, stage %s", percent(th.Auto), percent(th.Draft), stage)
}

// percent writes a share as people do: 0.955 is "95.5 %".
func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1000)/10, 'f', -1, 64) + " %"
}

func scopeWords(scope string) string {
	if scope == "" {
		return "everything"
	}
	return "topic " + scope
}
