package hubspot

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// stagesOf are the pipelines of tickets, whose stages are what a ticket's status is.
func (c *Connector) stagesOf(ctx context.Context, most time.Duration) ([]pipeline, error) {
	return c.pipelines.Get(c.now(), most, func() ([]pipeline, error) {
		found, err := all[pipeline](ctx, c, helpdesk.Call{Op: "list pipelines", Path: []string{"crm", "v3", "pipelines", "tickets"}})
		return found, notOfTheTicket(err)
	})
}

// stage finds a ticket's stage and the pipeline that it is in; nil where the list lacks it even when read anew.
func (c *Connector) stage(ctx context.Context, t *record) (*pipeline, *stage, error) {
	in, at := t.Properties["hs_pipeline"], t.Properties["hs_pipeline_stage"]
	for _, most := range []time.Duration{helpdesk.RememberFor, 0} {
		pipelines, err := c.stagesOf(ctx, most)
		if err != nil {
			return nil, nil, err
		}
		for i := range pipelines {
			p := &pipelines[i]
			if in != "" && p.ID != in {
				continue
			}
			for j := range p.Stages {
				if p.Stages[j].ID == at {
					return p, &p.Stages[j], nil
				}
			}
		}
	}
	return nil, nil, nil
}

// statusOf is where a ticket stands. A stage that nobody knows counts as open, so that somebody looks.
func (c *Connector) statusOf(ctx context.Context, t *record) (escalate.Status, error) {
	_, s, err := c.stage(ctx, t)
	if err != nil || s == nil {
		return escalate.StatusOpen, err
	}
	return c.meaning(s), nil
}

// brandOf is what a ticket's pipeline is called: teams and brands have their own. The list is the one that the status is from.
func (c *Connector) brandOf(ctx context.Context, t *record) string {
	id := t.Properties["hs_pipeline"]
	pipelines, err := c.stagesOf(ctx, helpdesk.RememberFor)
	if at := slices.IndexFunc(pipelines, func(p pipeline) bool { return p.ID == id }); err == nil && at >= 0 && pipelines[at].Label != "" {
		id = pipelines[at].Label
	}
	return strings.TrimSpace(helpdesk.Clean(string(id)))
}

// meaning is what a stage means: what the settings say, else its state, else its name. HubSpot has one end, which counts as solved.
func (c *Connector) meaning(s *stage) escalate.Status {
	if set, ok := c.stages[string(s.ID)]; ok {
		return set
	}
	if strings.EqualFold(string(s.Metadata["ticketState"]), "CLOSED") || s.Metadata["ticketState"] == "" && s.Metadata["isClosed"] == "true" {
		return escalate.StatusSolved
	}
	name := strings.ToLower(string(s.Label))
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
	}
	switch {
	case has("waiting on us", "waiting for us"):
		return escalate.StatusOpen
	case has("hold", "third party", "vendor"):
		return escalate.StatusOnHold
	case has("waiting on", "waiting for", "pending"):
		return escalate.StatusPending
	}
	return escalate.StatusOpen
}

// stageFor is the stage of a pipeline that means a status: for open, the one that says that we are waited for, where there is one. Where
// a pipeline does not tell solved from closed, either is the other.
func (c *Connector) stageFor(p *pipeline, want escalate.Status) *stage {
	var found []*stage
	for _, s := range []escalate.Status{want, otherEnd(want)} {
		for i := range p.Stages {
			if st := &p.Stages[i]; !st.Archived && c.meaning(st) == s {
				found = append(found, st)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	if len(found) == 0 {
		return nil
	}
	order := func(s *stage) int { n, _ := strconv.Atoi(string(s.Order)); return n }
	return slices.MinFunc(found, func(a, b *stage) int {
		us := func(s *stage) int {
			if strings.Contains(strings.ToLower(string(s.Label)), " us") {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(us(a), us(b)), cmp.Compare(order(a), order(b)))
	})
}

func otherEnd(s escalate.Status) escalate.Status {
	switch s {
	case escalate.StatusSolved:
		return escalate.StatusClosed
	case escalate.StatusClosed:
		return escalate.StatusSolved
	default:
		return s
	}
}

// setStatus moves a ticket to the stage that means a status, in the pipeline that it is in, and closes or opens its threads. A ticket
// that is in such a stage stays in it. The commit point is the ticket's change; what comes after is set again by a repeat.
func (c *Connector) setStatus(ctx context.Context, id string, want escalate.Status) error {
	const op = "set status"
	t, err := c.standing(ctx, op, id)
	if err != nil {
		return err
	}
	p, now, err := c.stage(ctx, t)
	if err != nil {
		return nothingSent(op, err)
	}
	if p == nil {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("ticket %s is in stage %q, which no pipeline has; move it in HubSpot", id, t.Properties["hs_pipeline_stage"])}
	}
	next, mean := c.stageFor(p, want), c.meaning(now)
	switch {
	case mean == want || next != nil && c.meaning(next) == mean: // it is there, or in what is the same in this pipeline
	case next == nil:
		return &desk.Refused{Op: op, Why: fmt.Sprintf(
			"the pipeline %q has no stage that means %s; name one in the setting stages, or add one in HubSpot", helpdesk.Clean(string(p.Label)), want)}
	default:
		if err := c.patch(ctx, op, id, map[string]string{"hs_pipeline_stage": string(next.ID)}); err != nil {
			return err
		}
	}
	return c.setThreads(ctx, id, want)
}

// setThreads closes a ticket's threads, or opens the newest.
func (c *Connector) setThreads(ctx context.Context, id string, status escalate.Status) error {
	threads, err := c.threads(ctx, id)
	if err != nil {
		return err
	}
	want := "OPEN"
	if status.Ended() {
		want = "CLOSED"
	}
	for i := range threads {
		th := &threads[i]
		if string(th.Status) == want || want == "OPEN" && i < len(threads)-1 {
			continue
		}
		err := c.http.Do(ctx, helpdesk.Call{
			Op: "set status of thread", Method: http.MethodPatch, Path: threadPath(string(th.ID)), Body: map[string]string{"status": want},
		}, nil)
		if err != nil {
			return notOfTheTicket(err)
		}
	}
	return nil
}
