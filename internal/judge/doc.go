// Package judge says whether Warmline kept its promises: every ticket has one outcome, a hand-off has one card, a
// customer reads each message once, a press that was acknowledged had its effect once. It reads what the two sides of
// the wire wrote down themselves (the Slack workspace's journal and the helpdesk's) and the database by plain SQL. It
// shares no code with the accused, because shared code is shared bugs.
//
//	slack, err := localslack.ReadJournal("slack.jsonl")
//	…
//	tickets, err := judge.ReadDesk("desk.jsonl")
//	…
//	findings, err := judge.Judge(ctx, judge.Evidence{Slack: slack, Desk: tickets, DB: db, At: time.Now()})
//	for _, f := range findings {
//		t.Error(f)
//	}
//
// Evidence is taken once everything is quiet: a card that is just being drawn would be called untrue.
package judge
