package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"warmline/escalate/desk"
)

// allowed is who may do what, and what comes of it, in every state of a hand-off: open, mine, another's, taken in the helpdesk,
// resolved, with a draft to approve, and with one that a colleague approved.
//
//	"+" it is done, and the audit log says so
//	"-" there is nothing to do: the person is told why, the audit log says so, and nothing has changed
//	"s" something is shown, asked or begun; nothing has been done yet
//	"L" only a lead does it: agents are refused
//	"l" agents are refused, and for a lead there is nothing to do
//
// Below its role, for guests, bots, deactivated accounts and people of other workspaces everything is refused; RoleNone is what
// those in no group may do.
var allowed = []struct {
	does   string // an action, or a command after a slash
	role   desk.Role
	states string
}{
	{"claim", desk.RoleAgent, "+----+-"},
	{"approve", desk.RoleAgent, "-----+-"},
	{"approve_solve", desk.RoleAgent, "-----+-"},
	{"undo", desk.RoleAgent, "------L"},
	{"edit", desk.RoleAgent, "-----ss"},
	{"reject", desk.RoleAgent, "sssssss"},
	{"reply", desk.RoleAgent, "sssssss"},
	{"details", desk.RoleAgent, "sssssss"},
	{"resolve", desk.RoleAgent, "++L+-+L"},
	{"release", desk.RoleAgent, "-+L---L"},
	{"arrived", desk.RoleAgent, "-------"},
	{"send_again", desk.RoleAgent, "-------"},
	{"reassess", desk.RoleAgent, "+++++++"},
	{"wrong_answer", desk.RoleAgent, "+++++++"},
	{"submit_edit", desk.RoleAgent, "++L+-+-"},
	{"submit_reply", desk.RoleAgent, "++L+-+-"},
	{"submit_reject", desk.RoleAgent, "-----+-"},
	{"pass_on", desk.RoleAgent, "sssssss"},
	{"submit_pass person", desk.RoleAgent, "++l--+l"},
	{"submit_pass channel", desk.RoleAgent, "-+L---L"},
	{"submit_pass manager", desk.RoleAgent, "++L+-+l"},
	{"submit_pass ai", desk.RoleAgent, "++L+-+L"},
	{"submit_pass expert", desk.RoleAgent, "++L+-+L"},
	{"snooze", desk.RoleAgent, "sssssss"},
	{"submit_snooze", desk.RoleAgent, "++L--+L"},
	{"wake", desk.RoleAgent, "-------"},
	{"inform", desk.RoleAgent, "sssssss"},
	{"submit_inform", desk.RoleAgent, "-+L---L"},
	{"fold_reply", desk.RoleAgent, "sssssss"},
	{"fold_claim", desk.RoleAgent, "+ssss+s"},
	{"fold_show", desk.RoleAgent, "sssssss"},
	{"fold_undo", desk.RoleAgent, "sssssss"},
	{"submit_fold", desk.RoleAgent, "+ssss+s"},
	{"reveal", desk.RoleAgent, "+++++++"},
	{"preview", desk.RoleAgent, "-----++"},
	{"submit_preview", desk.RoleAgent, "-----+-"},
	{"should_auto", desk.RoleAgent, "----+--"},
	{"should_draft", desk.RoleAgent, "----+--"},
	{"should_human", desk.RoleAgent, "----+--"},
	{"answer_expert", desk.RoleNone, "sssssss"},
	{"submit_answer", desk.RoleNone, "+++++++"},
	{"asked", desk.RoleAgent, "+++++++"},
	{"escalate_message", desk.RoleAgent, "sssssss"},
	{"submit_escalate", desk.RoleAgent, "+++++++"},
	{"pause", desk.RoleAgent, "+++++++"},
	{"resume", desk.RoleLead, "+++++++"},
	{"setup", desk.RoleLead, "+++++++"},
	{"home_show", desk.RoleAgent, "sssssss"},
	{"home_channel", desk.RoleAgent, "sssssss"},
	{"home_topic", desk.RoleAgent, "sssssss"},
	{"home_previous", desk.RoleAgent, "sssssss"},
	{"home_next", desk.RoleAgent, "sssssss"},
	{"home_refresh", desk.RoleAgent, "sssssss"},
	{"draft_corrections", desk.RoleAgent, "sssssss"},
	{"submit_corrections", desk.RoleAgent, "+++++++"},
	{"review_right", desk.RoleAgent, "+++++++"},
	{"review_wrong", desk.RoleAgent, "+++++++"},
	{"apply_policy", desk.RoleLead, "+++++++"},
	{"link", desk.RoleAgent, "sssssss"},
	{"submit_link", desk.RoleAgent, "sssssss"},
	{"link_confirm", desk.RoleLead, "+++++++"},
	{"link_refuse", desk.RoleLead, "+++++++"},
	{"audit_older", desk.RoleLead, "sssssss"},

	{"/next", desk.RoleAgent, "+++++++"},
	{"/queue", desk.RoleAgent, "sssssss"},
	{"/mine", desk.RoleAgent, "sssssss"},
	{"/claim N", desk.RoleAgent, "+----+-"},
	{"/reveal N", desk.RoleAgent, "+++++++"},
	{"/keepwarm N", desk.RoleAgent, "sssssss"},
	{"/keepwarm preview N", desk.RoleAgent, "sssssss"},
	{"/keepwarm effect", desk.RoleAgent, "sssssss"},
	{"/keepwarm N reason payment", desk.RoleAgent, "-+L---L"},
	{"/handover", desk.RoleAgent, "sssssss"},
	{"/handover channel", desk.RoleAgent, "+++++++"},
	{"/handover <@U0ZOE> for the night", desk.RoleAgent, "+++++++"},
	{"/why N", desk.RoleAgent, "sssssss"},
	{"/sla", desk.RoleAgent, "sssssss"},
	{"/sla 30d #support", desk.RoleAgent, "sssssss"},
	{"/breaches", desk.RoleAgent, "sssssss"},
	{"/oncall", desk.RoleAgent, "sssssss"}, // there is no rota here
	{"/cover", desk.RoleAgent, "sssssss"},
	{"/cover me tomorrow 9-13", desk.RoleAgent, "sssssss"},
	{"/rota", desk.RoleAgent, "sssssss"},
	{"/rota support", desk.RoleAgent, "sssssss"},
	{"/rota swap <@U0ZOE> <@U0ANA>", desk.RoleLead, "sssssss"}, // there is no rota here
	{"/", desk.RoleAgent, "sssssss"},
	{"/status", desk.RoleAgent, "sssssss"},
	{"/setup", desk.RoleLead, "+++++++"},
	{"/topics", desk.RoleAgent, "sssssss"},
	{"/promise", desk.RoleAgent, "sssssss"},
	{"/promise 1%", desk.RoleLead, "+++++++"},
	{"/simulate", desk.RoleLead, "+++++++"},
	{"/ladder", desk.RoleAgent, "sssssss"},
	{"/ladder delivery down", desk.RoleLead, "+++++++"},
	{"/history", desk.RoleAgent, "sssssss"},
	{"/history 1", desk.RoleAgent, "sssssss"},
	{"/history 1 back", desk.RoleLead, "-------"},
	{"/wrong N", desk.RoleAgent, "+++++++"},
	{"/threshold", desk.RoleAgent, "sssssss"},
	{"/threshold auto 0.99", desk.RoleLead, "+++++++"},
	{"/threshold auto 0.9", desk.RoleLead, "-------"},
	{"/exclude", desk.RoleAgent, "sssssss"},
	{"/exclude list", desk.RoleAgent, "sssssss"},
	{"/exclude add tag press", desk.RoleLead, "+++++++"},
	{"/exclude remove x1", desk.RoleLead, "-------"},
	{"/pause", desk.RoleAgent, "+++++++"},
	{"/pause delivery", desk.RoleAgent, "+++++++"},
	{"/resume", desk.RoleLead, "+++++++"},
	{"/audit", desk.RoleLead, "+++++++"},
	{"/audit ticket N", desk.RoleLead, "+++++++"},
	{"/link", desk.RoleAgent, "sssssss"},
	{"/link off", desk.RoleAgent, "+++++++"},
	{"/link off @zoe", desk.RoleAgent, "LLLLLLL"},
	{"/link zoe@helpdesk.example", desk.RoleAgent, "sssssss"},
	{"/help", desk.RoleNone, "sssssss"},
	{"/help all", desk.RoleNone, "sssssss"},
	{"/exclude ?", desk.RoleNone, "sssssss"},
	{"/frobnicate", desk.RoleNone, "sssssss"},
}

// asksWith says which question an action answers; the others are pressed on the ticket's card.
var asksWith = map[string]string{
	"apply_policy": "policy", "draft_corrections": "correct", "submit_corrections": "correct", "review_right": "review",
	"review_wrong": "review", "link_confirm": "link", "link_refuse": "link", "audit_older": "audit",
	"answer_expert": "expert", "submit_answer": "expert",
	"fold_reply": "fold", "fold_claim": "fold", "fold_show": "fold", "fold_undo": "fold", "submit_fold": "fold",
}

func TestEveryoneMayWhatTheMatrixSaysAndEveryRefusalIsKeptAndExplained(t *testing.T) {
	t.Parallel()
	w := newAllowedWorld(t)
	cells, refused := 0, 0
	for _, row := range allowed {
		for column, state := range handoffStates {
			for _, p := range principals {
				teams := []string{"T1"}
				if column == 0 { // who is of another workspace is refused before the hand-off is looked at
					teams = append(teams, "T2")
				}
				for _, team := range teams {
					want := expected(row.role, rune(row.states[column]), p.name, team)
					w.within(false, func() { w.try(row.does, state, p.name, team, want) })
					cells++
					if want == 'x' {
						refused++
					}
				}
			}
		}
	}
	t.Logf("%d presses, of which %d had to be refused", cells, refused)
}

// expected is what the matrix means for one person.
func expected(need desk.Role, outcome rune, who, team string) rune {
	order := []desk.Role{desk.RoleNone, desk.RoleAgent, desk.RoleLead, desk.RoleAdmin}
	role := map[string]desk.Role{"in no group": desk.RoleNone, "agent": desk.RoleAgent, "lead": desk.RoleLead, "admin": desk.RoleAdmin}
	has, works := role[who]
	switch {
	case team != "T1", !works, slices.Index(order, has) < slices.Index(order, need):
		return 'x'
	case strings.ContainsRune("Ll", outcome) && has == desk.RoleAgent:
		return 'x'
	case outcome == 'L':
		return '+'
	case outcome == 'l':
		return '-'
	}
	return outcome
}

// try has one person press one thing once.
func (w *allowedWorld) try(does, state, who, team string, want rune) {
	w.t.Helper()
	actor := principalID(who)
	ticket := state
	if state == "mine" {
		ticket = "mine " + who
	}
	action, to, _ := strings.Cut(does, " ")
	press := desk.Press{Actor: actor, Team: team, Action: desk.Action(action), Token: w.tokens[ticket], Fields: map[string]string{
		"text": "It is on its way.", "to": to, "person": string(zoe), "where": "C0EXPERTS", "for": "4h", "picked": "0",
		"subject": "Order", "email": "ina@shop.example",
	}, Home: strings.HasPrefix(action, "home_")}
	switch kind := asksWith[action]; {
	case kind == "audit":
		press.Token = kind + string(actor)
	case kind == "fold":
		press.Token = kind + ticket
	case kind != "":
		press.Token = w.tokens[kind]
	}
	switch action {
	case "submit_link":
		press.Fields["text"] = "zoe@helpdesk.example"
	case "pause", "resume":
		press.Token = desk.Choice("delivery")
	case "asked":
		press.On = desk.Place{Channel: "C0SUPPORT", TS: w.number(ticket)}
	case "submit_preview":
		press.Fields["newest"] = "r" + w.number(ticket)
	}
	if command, ok := strings.CutPrefix(does, "/"); ok {
		press.Action, press.Fields["text"] = desk.ActCommand, strings.Replace(command, "N", w.number(ticket), 1)
	}
	before := w.mark(ticket)
	ack := w.press(press)
	outcomes := w.outcomes(press)
	var wrong []string
	check := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, what)
		}
	}
	told := ack.Answer != nil || len(w.told(actor)) > 0 || w.saidAtHome(actor)
	check(len(ack.Errors) == 0, "its modal stayed open")
	check(slices.Contains(outcomes, "refused") == (want == 'x'), "refusal")
	check(slices.Contains(outcomes, "done") == (want == '+'), "done")
	switch want {
	case 'x':
		check(told, "the refusal is not explained")
		check(before == w.mark(ticket) && w.onlyTells(), "it changed something all the same")
	case '-':
		check(told && slices.Contains(outcomes, "no effect"), "nothing was said, or kept")
		check(before == w.mark(ticket), "it changed something all the same")
	case 's':
		check(told || ack.Open != nil || w.goesOn(), "nothing came of it")
	}
	if len(wrong) > 0 {
		w.t.Errorf("%s of %s in %s, hand-off %s: want %c, got %q: %s\n%+v", does, who, team, state, want, outcomes, strings.Join(wrong, ", "), ack.Answer)
	}
}

// outcomes are how what was pressed ended, by the audit log.
func (w *allowedWorld) outcomes(p desk.Press) (all []string) {
	w.t.Helper()
	rows, err := w.current.AuditRows(w.t.Context(), desk.AuditFilter{Person: p.Actor})
	w.must(err)
	for _, r := range rows {
		if r.Actor == string(p.Actor) && r.Action == string(p.Action) && r.ID > w.began {
			all = append(all, r.Outcome)
		}
	}
	return all
}

// mark is what a refusal must leave as it is.
func (w *allowedWorld) mark(state string) string {
	w.t.Helper()
	ctx := w.t.Context()
	t, err := w.current.Ticket(ctx, w.tickets[state])
	w.must(err)
	p, err := w.current.Policy(ctx)
	w.must(err)
	pauses, err := w.current.Pauses(ctx)
	w.must(err)
	z, err := w.current.PersonRow(ctx, zoe)
	w.must(err)
	return strconv.FormatInt(t.Version, 10) + " " + strconv.FormatInt(p.Version, 10) + " " + strconv.Itoa(len(pauses)) + " " + string(z.Accounts[deskName].Link) + string(z.Accounts[deskName].Agent)
}

// onlyTells reports whether nothing but answers to the person alone is to be done.
func (w *allowedWorld) onlyTells() bool {
	kinds := []string{desk.JobTell, desk.JobApplyPress, desk.JobHome, desk.JobHomes} // in App Home each sees what is theirs
	return !slices.ContainsFunc(w.current.jobs, func(j desk.Job) bool { return !slices.Contains(kinds, j.Kind) })
}

// goesOn reports whether a job is to show or find what was asked for.
func (w *allowedWorld) goesOn() bool {
	return slices.ContainsFunc(w.current.jobs, func(j desk.Job) bool { return j.Kind != desk.JobApplyPress })
}

// A new action or command has to say who may do it.
func TestTheMatrixNamesEveryActionAndEveryCommandThatThereIs(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{"command": true, "home": true} // the commands have rows of their own; App Home shows each what is theirs
	for _, row := range allowed {
		if len(row.states) != len(handoffStates) {
			t.Errorf("%s: %d states, want %d", row.does, len(row.states), len(handoffStates))
		}
		word, _, _ := strings.Cut(row.does, " ")
		listed[word] = true
	}
	for _, action := range actionsInSource(t) {
		if !listed[action] {
			t.Errorf("the matrix says nothing of the action %q", action)
		}
	}
	w := newAllowedWorld(t)
	var commands []string
	w.within(false, func() {
		ack := w.press(desk.Press{Actor: zoe, Team: "T1", Action: desk.ActCommand, Fields: map[string]string{"text": "help all"}})
		for _, l := range ack.Answer.Lines {
			if name, ok := strings.CutPrefix(l.Head, "/escalate "); ok {
				commands = append(commands, strings.Fields(name)[0])
			}
		}
	})
	if len(commands) < 10 {
		t.Fatalf("help all lists only %q", commands)
	}
	for _, c := range commands {
		if !listed["/"+c] {
			t.Errorf("the matrix says nothing of the command %q", c)
		}
	}
}

// actionsInSource reads the actions from where they are declared.
func actionsInSource(t *testing.T) (all []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../escalate/desk/press.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Action" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, value)
		}
		return true
	})
	if len(all) < 20 {
		t.Fatalf("found only %q", all)
	}
	return all
}
