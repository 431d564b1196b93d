package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"warmline/bot/card"
	"warmline/escalate/desk"
	"warmline/internal/localslack"
)

// press has a person do one thing: finish the window that is open, or press something on a card.
func (d *killDriver) press(ctx context.Context, who string) {
	d.mu.Lock()
	modal := d.modals[d.ids[who]]
	d.mu.Unlock()
	if modal != nil {
		d.submit(ctx, who, modal)
		return
	}
	at, b := d.choose()
	if b.id == "" {
		return
	}
	if d.roll(20) == 0 {
		d.command(ctx, who)
		return
	}
	if b.action != desk.ActClaim {
		d.click(ctx, who, at, b)
		return
	}
	// Three people press Claim at the same moment.
	var all sync.WaitGroup
	for _, other := range []string{who, killPeople[d.roll(len(killPeople))].name, killPeople[d.roll(len(killPeople))].name} {
		all.Go(func() { d.click(ctx, other, at, b) })
	}
	all.Wait()
}

// often says how often each action is pressed, against one another. Details is not among them: it changes nothing.
var often = map[desk.Action]int{
	desk.ActClaim: 4, desk.ActApprove: 24, desk.ActSolve: 4, desk.ActEdit: 3, desk.ActReply: 2, desk.ActUndo: 3,
	desk.ActResolve: 2, desk.ActReject: 1, desk.ActRelease: 1, desk.ActReassess: 1, desk.ActArrived: 3, desk.ActResend: 1,
	desk.ActFoldShow: 12, desk.ActFoldClaim: 4, desk.ActFoldReply: 2, desk.ActFoldUndo: 2,
	desk.ActPass: 2, desk.ActSnooze: 1, desk.ActWake: 2, desk.ActComplain: 1,
	desk.ActShouldAuto: 1, desk.ActShouldDraft: 1, desk.ActShouldHuman: 1,
}

// choose picks something that some card offers now.
func (d *killDriver) choose() (desk.Place, buttonSeen) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range 20 { // most cards have been dealt with
		if len(d.cards) == 0 {
			break
		}
		c := d.cards[d.dice.IntN(len(d.cards))]
		var weighed []buttonSeen
		for _, b := range c.buttons {
			for range often[b.action] {
				weighed = append(weighed, b)
			}
		}
		if len(weighed) > 0 {
			return c.place, weighed[d.dice.IntN(len(weighed))]
		}
	}
	return desk.Place{}, buttonSeen{}
}

// click presses a button. What comes of it is in the workspace's journal; the card may have changed meanwhile.
func (d *killDriver) click(ctx context.Context, who string, at desk.Place, b buttonSeen) {
	d.world.call(ctx, http.MethodPost, d.world.slackURL+"/_control/click", map[string]any{
		"channel": at.Channel, "ts": at.TS, "action_id": b.id, "value": b.value, "user": who, "state": b.boxes,
	})
}

// command asks for something that changes nothing.
func (d *killDriver) command(ctx context.Context, who string) {
	d.mu.Lock()
	opened := d.opened
	d.mu.Unlock()
	text := []string{"queue", "mine", "status", "why " + ticketID(1+d.roll(opened))}[d.roll(4)]
	d.world.call(ctx, http.MethodPost, d.world.slackURL+"/_control/command", map[string]any{
		"command": "/escalate", "text": text, "channel": killChannels[d.roll(len(killChannels))], "user": who,
	})
}

// submit fills in a window and sends it, or closes it.
func (d *killDriver) submit(ctx context.Context, who string, v *localslack.View) {
	values := map[string]any{}
	switch content := decodedJSON[struct {
		Action desk.Action `json:"callback_id"`
	}](v.Content); content.Action {
	case desk.ActSubmitEdit:
		values[card.FieldText] = fmt.Sprintf("Thank you for your patience. %s looked at it: all is well again (%d).", who, d.roll(1e9))
	case desk.ActSubmitReply:
		values[card.FieldText] = fmt.Sprintf("%s here. I have changed it for you (%d).", who, d.roll(1e9))
		values[card.FieldMode] = []string{card.ModeReply, card.ModeReply, card.ModeSolve, card.ModeNote}[d.roll(4)]
	case desk.ActSubmitReject:
		values[card.FieldReason] = []string{card.ReasonWrong, card.ReasonTone, card.ReasonHuman}[d.roll(3)]
	case desk.ActSubmitFold:
		values[card.FieldText] = fmt.Sprintf("%s here. It is being repaired (%d).", who, d.roll(1e9))
	case desk.ActSubmitPass:
		values[card.FieldTo] = []string{"person", "channel", "ai", "manager"}[d.roll(4)]
		values[card.FieldPerson] = d.ids[killPeople[d.roll(len(killPeople))].name]
	case desk.ActSubmitInform:
		values[card.FieldWait] = []string{"none", "payment", "delivery"}[d.roll(3)]
		values[card.FieldUpdates] = []string{"on", "on", "off"}[d.roll(3)]
	case desk.ActSubmitSnooze:
		values[card.FieldFor] = []string{"1h", "4h"}[d.roll(2)]
	default: // Details: nothing to fill in
	}
	if len(values) > 0 && d.roll(8) > 0 {
		status, answer := d.world.call(ctx, http.MethodPost, d.world.slackURL+"/_control/submit", map[string]any{
			"view_id": v.ID, "values": values, "user": who,
		})
		if status == http.StatusOK && decodedJSON[struct{ Acked bool }](answer).Acked {
			return
		}
	}
	d.world.call(ctx, http.MethodPost, d.world.slackURL+"/_control/close", map[string]any{"view_id": v.ID, "user": who})
}

// buttonsIn finds what a message offers.
func buttonsIn(blocks json.RawMessage) (found []buttonSeen) {
	type element struct {
		Type    string
		ID      string `json:"action_id"`
		Value   string
		Options []struct{ Value string }
	}
	boxes := map[string][]string{} // all are checked when something is pressed
	// Elements of other blocks look different and hold no buttons.
	for _, b := range decodedJSON[[]struct {
		Type     string
		Elements json.RawMessage
	}](blocks) {
		if b.Type != "actions" {
			continue
		}
		for _, e := range decodedJSON[[]element](b.Elements) {
			if e.Type == "button" {
				found = append(found, buttonSeen{action: desk.Action(e.ID), id: e.ID, value: e.Value, boxes: boxes})
			}
			for _, o := range e.Options {
				if e.Type == "checkboxes" {
					boxes[e.ID] = append(boxes[e.ID], o.Value)
					continue
				}
				action, _, _ := strings.Cut(o.Value, ":")
				found = append(found, buttonSeen{action: desk.Action(action), id: e.ID, value: o.Value})
			}
		}
	}
	return found
}
