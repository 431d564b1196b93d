package desk

import (
	"context"
	"errors"
	"time"

	"warmline/escalate"
)

// The groups of jobs: what writes to one ticket, or posts to one channel, goes in order; what redraws messages goes at the pace
// that Slack has for a workspace.

// calm is how long a card that nobody pressed waits for what else changes it: a claim is followed by its reading back, sending
// by sent. Slack takes 50 updates a minute, and who presses is to see it at once.
const calm = 2 * time.Second

// planDraw says when a card is drawn, and after what else: a new one, and one that was pressed, at once.
func (c *change) planDraw(ctx context.Context, j *Job, h escalate.HandoffID) error {
	j.Key, j.Group, j.Urgent = string(h), c.slackGroup(h), true
	row, err := c.card(ctx, h)
	if errors.Is(err, ErrNotFound) || err == nil && row.Place.TS == "" {
		return nil
	}
	if err != nil {
		return err
	}
	j.Group, j.Urgent = UpdatesGroup, c.pressed
	if !c.pressed {
		j.At = c.tx.Now().Add(calm)
	}
	return nil
}

// card loads a hand-off's row, unless it is the one that was pressed.
func (c *change) card(ctx context.Context, h escalate.HandoffID) (*CardRow, error) {
	if c.on != nil && c.on.Handoff == h {
		return c.on, nil
	}
	return c.tx.Card(ctx, h)
}

// slackGroup keeps one channel's messages in order and at Slack's pace.
func (c *change) slackGroup(h escalate.HandoffID) string {
	if ho := c.ticket.FindHandoff(h); ho != nil {
		return channelGroup(ho.Channel)
	}
	return channelGroup("")
}

func channelGroup(channel string) string { return "slack:" + channel }

// UpdatesGroup is the group of all redrawing of messages. Slack counts it for the workspace as a whole, and apart from what is
// posted to a channel: a card that was pressed does not wait behind a transcript.
const UpdatesGroup = "slack-updates"

// drawGroup is where a message of ours is drawn: with what is posted to its channel until it stands, then with all updates.
// Every run asks again, so that no two draw one message at once.
func drawGroup(at Place, channel string) string {
	if at.TS != "" {
		return UpdatesGroup
	}
	return channelGroup(channel)
}

// move has a job run again in the group in which it belongs by now, and ends this run.
func move(ctx context.Context, tx Tx, j Leased, group string) error {
	again := j.Job
	again.Group, again.At = group, tx.Now()
	if err := tx.Enqueue(ctx, again); err != nil {
		return err
	}
	return tx.Finish(ctx, j)
}

// ticketGroup keeps the writes to one helpdesk ticket in order.
func ticketGroup(t *escalate.Ticket) string { return "ticket:" + string(t.ID) }
