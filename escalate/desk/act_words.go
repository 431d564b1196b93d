package desk

import (
	"context"
	"time"

	"warmline/escalate"
)

// personFresh is how old what is known of a person may be where nothing depends on it; groupsFresh how old a reading of
// the groups that a claim relies on. They are read every 50 s: older means that Slack does not answer.
const (
	personFresh = time.Hour
	groupsFresh = 2 * time.Minute
)

// name is a person's name as shown, or what stands in for it.
func (a *act) name(ctx context.Context, id escalate.PersonID) string {
	return personName(ctx, a.tx, id)
}

func personName(ctx context.Context, tx Tx, id escalate.PersonID) string {
	if p, err := tx.PersonRow(ctx, id); err == nil && p.Name != "" {
		return p.Name
	}
	return string(id)
}

// local says an instant of today in the person's own time zone.
func (a *act) local(t time.Time) string { return a.zoned(t).Format("15:04:05") }

// day says an instant in the person's own time zone, with its date.
func (a *act) day(t time.Time) string { return a.zoned(t).Format("2 Jan 2006 15:04") }

// second is day, to the second.
func (a *act) second(t time.Time) string { return a.zoned(t).Format("2 Jan 2006 15:04:05") }

func (a *act) zoned(t time.Time) time.Time {
	if zone, err := time.LoadLocation(a.who.Zone); err == nil {
		return t.In(zone)
	}
	return t
}
