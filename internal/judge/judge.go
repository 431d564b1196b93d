package judge

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// trial is one judgement under way.
type trial struct {
	*records
	evidence *Evidence
	talks    []*conversation
	posted   *posted
	findings []Finding
}

// Judge returns every broken promise, by ticket and then by kind; none when all were kept. It only reads, and an error
// says that the evidence could not be read, never that something is wrong with it.
func Judge(ctx context.Context, e Evidence) ([]Finding, error) {
	if e.Grace == 0 {
		e.Grace = 10 * time.Second
	}
	rows, err := load(ctx, e.DB)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	t := &trial{records: rows, evidence: &e, talks: conversations(e.Desk)}
	if t.posted, err = replay(e.Slack); err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	t.judgeTickets()
	t.judgeHandoffs()
	t.judgeCards()
	t.judgeMessages()
	t.judgeReplies()
	t.judgePresses()
	t.judgeJobs()
	slices.SortStableFunc(t.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Ticket, b.Ticket), cmp.Compare(a.Kind, b.Kind))
	})
	return t.findings, nil
}

func (t *trial) find(kind Kind, ticket, format string, args ...any) {
	t.findings = append(t.findings, Finding{Kind: kind, Ticket: ticket, Evidence: fmt.Sprintf(format, args...)})
}

// overdue reports whether an instant in Unix microseconds is so long ago that it can no longer be on its way.
func (t *trial) overdue(at int64) bool {
	return at < t.evidence.At.Add(-t.evidence.Grace).UnixMicro()
}

// judgeJobs looks for work that nobody will do any more.
func (t *trial) judgeJobs() {
	for _, j := range t.jobs {
		name := fmt.Sprintf("job %s %s", j.kind, j.key)
		switch {
		case j.state == "dead":
			t.find(JobDead, "-", "%s was given up after %d attempts: %s", name, j.attempt, j.lastError)
		case j.state == "running" && t.overdue(j.lease):
			t.find(JobStuck, "-", "%s is leased by nobody since %s", name, time.UnixMicro(j.lease).UTC())
		case j.state == "ready" && t.overdue(j.runAt):
			t.find(JobStuck, "-", "%s is due since %s after %d attempts: %s", name, time.UnixMicro(j.runAt).UTC(), j.attempt, j.lastError)
		}
	}
}
