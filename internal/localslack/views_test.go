package localslack_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

// interactions runs an app that hands each interaction to f and acknowledges
// with what it returns.
func (r *rig) interactions(f func(slack.InteractionCallback) any) {
	r.t.Helper()
	r.app(func(e socketmode.Event) (any, bool) {
		if cb, ok := e.Data.(slack.InteractionCallback); ok {
			return f(cb), true
		}
		return nil, true
	})
}

// trigger clicks a button and returns the trigger_id that the app got.
func (r *rig) trigger(triggers <-chan string, ts string) string {
	r.t.Helper()
	r.must("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"})
	return <-triggers
}

func slackError(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestTriggerOpensOneViewWithinThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		triggers := make(chan string, 10)
		r.interactions(func(cb slack.InteractionCallback) any { triggers <- cb.TriggerID; return nil })
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))

		id := r.trigger(triggers, ts)
		if _, err := r.api.OpenView(id, modal("Edit", "reply", false)); err != nil {
			t.Fatal(err)
		}
		if _, err := r.api.OpenView(id, modal("Edit", "reply", false)); slackError(err) != "exchanged_trigger_id" {
			t.Errorf("second use: %v, want exchanged_trigger_id", err)
		}
		id = r.trigger(triggers, ts)
		time.Sleep(3*time.Second + time.Millisecond)
		if _, err := r.api.OpenView(id, modal("Edit", "reply", false)); slackError(err) != "expired_trigger_id" {
			t.Errorf("late use: %v, want expired_trigger_id", err)
		}
		if _, err := r.api.OpenView("1.2.x", modal("Edit", "reply", false)); slackError(err) != "invalid_trigger_id" {
			t.Errorf("made-up trigger: %v, want invalid_trigger_id", err)
		}
	})
}

func TestStackHoldsThreeViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		triggers := make(chan string, 10)
		r.interactions(func(cb slack.InteractionCallback) any { triggers <- cb.TriggerID; return nil })
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		view := modal("Edit", "reply", false)
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, buttonBlocks()[1])
		if _, err := r.api.PushView(r.trigger(triggers, ts), view); slackError(err) != "not_found" {
			t.Errorf("push without a modal: %v, want not_found", err)
		}
		root, err := r.api.OpenView(r.trigger(triggers, ts), view)
		if err != nil {
			t.Fatal(err)
		}
		for n := 2; n <= 4; n++ {
			r.must("click", m{"view_id": r.topView(), "action_id": "claim", "user": "ana"})
			pushed, err := r.api.PushView(<-triggers, view)
			switch {
			case n == 4 && slackError(err) != "push_limit_reached":
				t.Errorf("fourth view: %v, want push_limit_reached", err)
			case n < 4 && (err != nil || pushed.RootViewID != root.ID || pushed.PreviousViewID == ""):
				t.Errorf("view %d = %+v, %v", n, pushed, err)
			}
		}
	})
}

func TestViewConflicts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		triggers := make(chan string, 10)
		r.interactions(func(cb slack.InteractionCallback) any { triggers <- cb.TriggerID; return nil })
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		view := modal("Edit", "reply", false)
		view.ExternalID = "ticket-1"
		opened, err := r.api.OpenView(r.trigger(triggers, ts), view)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.api.UpdateView(view, "", "0.stale", opened.ID); slackError(err) != "hash_conflict" {
			t.Errorf("stale hash: %v, want hash_conflict", err)
		}
		if _, err := r.api.UpdateView(view, "", opened.Hash, opened.ID); err != nil {
			t.Errorf("own hash and external id: %v", err)
		}
		if _, err := r.api.UpdateView(view, "", "", "V0"); slackError(err) != "not_found" {
			t.Errorf("unknown view: %v, want not_found", err)
		}
		if _, err := r.api.OpenView(r.trigger(triggers, ts), view); slackError(err) != "duplicate_external_id" {
			t.Errorf("same external id: %v, want duplicate_external_id", err)
		}
		big := `{"type":"home","blocks":[],"private_metadata":"` + strings.Repeat("x", 250_000) + `"}`
		r.wantError("view_too_large", "views.publish", "user_id=U1", "view="+big)
		r.wantError("hash_conflict", "views.publish", "user_id=U1", `view={"type":"home","blocks":[]}`, "hash=0.x")
		r.wantError("invalid_arguments", "views.publish", "user_id=U1", `view={"type":"modal","blocks":[]}`)
		r.wantError("invalid_arguments", "views.publish", "user_id=U9", `view={"type":"home","blocks":[]}`)
	})
}

func TestSubmissionAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var answer any
		var got slack.InteractionCallback
		r.interactions(func(cb slack.InteractionCallback) any {
			if cb.Type == slack.InteractionTypeBlockActions {
				if _, err := r.api.OpenView(cb.TriggerID, modal("Edit", "reply", false)); err != nil {
					t.Error(err)
				}
				return nil
			}
			got = cb
			return answer
		})
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		r.must("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"})
		submit := func(text string) m {
			return r.control("submit", m{"view_id": r.topView(), "values": m{"reply": text}, "user": "ana"})
		}
		if out := submit(""); out["response_action"] != "errors" || got.Type != "" {
			t.Errorf("an empty required input answered %v and the app got %q", out, got.Type)
		}
		answer = m{"response_action": "errors", "errors": m{"b-reply": "Too short."}}
		if out := submit("x"); out["errors"].(m)["b-reply"] != "Too short." {
			t.Errorf("errors = %v", out)
		}
		if v := got.View.State.Values["b-reply"]["reply"].Value; v != "x" || got.View.CallbackID != "edit" {
			t.Errorf("the app got %q of view %q", v, got.View.CallbackID)
		}
		answer = m{"response_action": "errors", "errors": m{"elsewhere": "?"}}
		if out := submit("x"); out["ok"] != false {
			t.Errorf("errors for an unknown block answered %v", out)
		}
		answer = m{"response_action": "update", "view": modal("Again", "more", false)}
		if out := submit("x"); out["response_action"] != "update" || r.topTitle() != "Again" {
			t.Errorf("update answered %v, top is %q", out, r.topTitle())
		}
		answer = m{"response_action": "push", "view": modal("Sure?", "reply", false)}
		r.must("submit", m{"view_id": r.topView(), "values": m{"b-more": m{"more": "y"}}, "user": "ana"})
		if r.topTitle() != "Sure?" {
			t.Errorf("push left %q on top", r.topTitle())
		}
		answer = nil
		submit("z")
		if r.topTitle() != "Again" {
			t.Errorf("an empty ack left %q on top, want the view below", r.topTitle())
		}
		answer = m{"response_action": "clear"}
		r.must("submit", m{"view_id": r.topView(), "values": m{"more": "y"}, "user": "ana"})
		if views := r.control("views?user=ana", nil)["views"].([]any); len(views) != 0 {
			t.Errorf("clear left %d views", len(views))
		}
	})
}

func (r *rig) topTitle() string {
	for _, v := range r.control("views?user=ana", nil)["views"].([]any) {
		if v.(m)["id"] == r.topView() {
			return v.(m)["title"].(m)["text"].(string)
		}
	}
	return ""
}

func TestHomeAnswersThePublishedView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.app(func(e socketmode.Event) (any, bool) {
			if ev, ok := e.Data.(slackevents.EventsAPIEvent); ok {
				if home, ok := ev.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
					_, err := r.api.PublishView(home.User, slack.HomeTabViewRequest{
						Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: buttonBlocks()},
					}, "")
					if err != nil {
						t.Error(err)
					}
				}
			}
			return nil, true
		})
		out := r.must("home", m{"user": "ana"})
		if out["published"] != true || out["view"].(m)["type"] != "home" {
			t.Errorf("home answered %v", out)
		}
		if out := r.must("click", m{"view_id": out["view"].(m)["id"], "action_id": "claim", "user": "ana"}); out["acked"] != true {
			t.Errorf("click in the Home tab answered %v", out)
		}
	})
}

func TestSelectsCarryTheirOption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		got := make(chan slack.InteractionCallback, 10)
		r.interactions(func(cb slack.InteractionCallback) any { got <- cb; return nil })
		text := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
		pick := slack.NewOptionsSelectBlockElement("static_select", text("Until"), "until",
			slack.NewOptionBlockObject("h", text("An hour"), nil), slack.NewOptionBlockObject("d", text("A day"), nil))
		more := slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("note", text("Add note"), nil))
		ts := r.post(slack.MsgOptionBlocks(slack.NewActionBlock("b", pick, more)))
		r.must("click", m{"channel": "C1", "ts": ts, "action_id": "until", "value": "d", "user": "ana"})
		cb := <-got
		if o := cb.ActionCallback.BlockActions[0].SelectedOption; o.Value != "d" || o.Text.Text != "A day" {
			t.Errorf("selected option %+v", o)
		}
		var state struct {
			Values map[string]map[string]slack.BlockAction
		}
		if err := json.Unmarshal(cb.RawState, &state); err != nil || state.Values["b"]["until"].SelectedOption.Value != "d" {
			t.Errorf("state %s, %v", cb.RawState, err)
		}
		r.must("click", m{"channel": "C1", "ts": ts, "action_id": "more", "value": "note", "user": "ana"})
		if o := (<-got).ActionCallback.BlockActions[0].SelectedOption; o.Value != "note" {
			t.Errorf("overflow carries %+v", o)
		}
		if out := r.control("click", m{"channel": "C1", "ts": ts, "action_id": "until", "value": "x", "user": "ana"}); out["ok"] != false {
			t.Errorf("an option that is not there answered %v", out)
		}
	})
}

func TestCommandAckIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var answer any = m{"text": "queue is empty"}
		r.app(func(e socketmode.Event) (any, bool) {
			cmd, ok := e.Data.(slack.SlashCommand)
			if !ok {
				return nil, true
			}
			if cmd.Command != "/escalate" || cmd.UserName != "ana" || !e.Request.AcceptsResponsePayload {
				t.Errorf("command = %+v", cmd)
			}
			return answer, true
		})
		run := func() m {
			return r.control("command", m{"command": "/escalate", "text": "queue", "channel": "support", "user": "ana"})
		}
		texts := func(query string) (all []string) {
			for _, v := range r.control("messages?channel=support"+query, nil)["messages"].([]any) {
				all = append(all, v.(m)["text"].(string))
			}
			return all
		}
		run()
		if got := texts("&as=ana"); len(got) != 1 || got[0] != "queue is empty" || len(texts("")) != 0 || len(texts("&as=ben")) != 0 {
			t.Errorf("ana sees %v, ben %v, want an ephemeral for ana alone", got, texts("&as=ben"))
		}
		answer = m{"text": "paused", "response_type": "in_channel"}
		run()
		if got := texts(""); len(got) != 1 || got[0] != "paused" {
			t.Errorf("channel shows %v", got)
		}
		answer = m{"blocks": []m{{"type": "blink"}}}
		if out := run(); out["ok"] != false {
			t.Errorf("an ack with bad blocks answered %v", out)
		}
		if out := r.control("command", m{"command": "/nope", "channel": "support", "user": "ana"}); out["ok"] != false {
			t.Errorf("an unknown command answered %v", out)
		}
	})
}

func TestResponseURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		urls := make(chan string, 10)
		r.interactions(func(cb slack.InteractionCallback) any { urls <- cb.ResponseURL; return nil })
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		r.must("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"})
		url := <-urls
		say := func(text string, o ...slack.MsgOption) error {
			_, _, err := r.api.PostMessage("C1", append(o, slack.MsgOptionText(text, false), slack.MsgOptionResponseURL(url, slack.ResponseTypeEphemeral))...)
			return err
		}
		if err := say("already claimed by ben"); err != nil {
			t.Fatalf("first use: %v", err)
		}
		shown := r.control("messages?channel=C1&as=ana", nil)["messages"].([]any)
		if last := shown[len(shown)-1].(m); last["ephemeral"] != true || last["to"] != "U1" || last["text"] != "already claimed by ben" {
			t.Errorf("ana sees %v", last)
		}
		if err := say("replaced", slack.MsgOptionReplaceOriginal(url)); err != nil {
			t.Errorf("replace: %v", err)
		}
		if all := r.control("messages?channel=C1", nil)["messages"].([]any); len(all) != 1 || all[0].(m)["text"] != "replaced" {
			t.Errorf("original is now %v", all)
		}
		if res, _ := r.do("POST", strings.TrimPrefix(url, base), "application/json", `{"text":""}`); res.StatusCode != http.StatusBadRequest {
			t.Errorf("no text answered %d", res.StatusCode)
		}
		for range 3 { // the refusal used nothing up
			if err := say("more"); err != nil {
				t.Errorf("use within five: %v", err)
			}
		}
		r.must("fault", m{"method": "response_url", "status": 500, "times": 1})
		if err := say("lost"); err == nil {
			t.Error("a planned fault did not strike")
		}
		if err := say("sixth"); err == nil {
			t.Error("a sixth use was accepted")
		}
		r.post(slack.MsgOptionText("x", false))
		r.must("click", m{"channel": "C1", "ts": r.post(slack.MsgOptionBlocks(buttonBlocks()...)), "action_id": "claim", "user": "ana"})
		url = <-urls
		time.Sleep(30*time.Minute + time.Second)
		if err := say("late"); err == nil {
			t.Error("a use after half an hour was accepted")
		}
		if n := count(r.records(), localslack.EphemeralPosted); n != 4 {
			t.Errorf("journal has %d ephemerals, want 4", n)
		}
	})
}
