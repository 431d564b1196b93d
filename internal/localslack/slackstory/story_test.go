package slackstory_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
	"warmline/internal/localslack/pipenet"
	"warmline/internal/localslack/slackstory"
)

const base = "http://slack.test"

// bot is a small app: it claims, edits and answers.
type bot struct {
	t   *testing.T
	api *slack.Client
}

func text(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject("plain_text", s, false, false)
}

func card(line string, buttons ...string) slack.MsgOption {
	blocks := []slack.Block{slack.NewSectionBlock(text(line), nil, nil)}
	var row []slack.BlockElement
	for _, b := range buttons {
		row = append(row, slack.NewButtonBlockElement(strings.ToLower(b), "v-"+b, text(b)))
	}
	if len(row) > 0 {
		blocks = append(blocks, slack.NewActionBlock("row", row...))
	}
	return slack.MsgOptionBlocks(blocks...)
}

func (b *bot) handle(e socketmode.Event) (payload any, ack bool) {
	switch d := e.Data.(type) {
	case slack.SlashCommand:
		return map[string]any{"text": "2 waiting in " + d.Text}, true
	case slackevents.EventsAPIEvent:
		if in, ok := d.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
			_, err := b.api.PublishView(in.User, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{
				BlockSet: []slack.Block{slack.NewHeaderBlock(text("My tickets"))},
			}}, "")
			b.check(err)
		}
	case slack.InteractionCallback:
		return b.interact(d)
	}
	return nil, true
}

func (b *bot) interact(cb slack.InteractionCallback) (any, bool) {
	if cb.Type == slack.InteractionTypeViewSubmission {
		reply := cb.View.State.Values["b"]["reply"].Value
		if len(reply) < 3 {
			return map[string]any{"response_action": "errors", "errors": map[string]string{"b": "Too short."}}, true
		}
		_, _, err := b.api.PostMessage("C1", slack.MsgOptionText("sent: "+reply, false), slack.MsgOptionTS(cb.View.PrivateMetadata))
		b.check(err)
		return nil, true
	}
	switch cb.ActionCallback.BlockActions[0].ActionID {
	case "claim":
		_, _, _, err := b.api.UpdateMessage("C1", cb.Message.Timestamp, card("claimed by "+cb.User.Name, "Edit", "Stuck"))
		b.check(err)
	case "edit":
		_, err := b.api.OpenView(cb.TriggerID, slack.ModalViewRequest{
			Type: slack.VTModal, Title: text("Edit the draft"), Submit: text("Send"), PrivateMetadata: cb.Message.Timestamp,
			Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewInputBlock("b", text("Your reply"), nil, slack.NewPlainTextInputBlockElement(nil, "reply")),
			}},
		})
		b.check(err)
	case "stuck":
		return nil, false
	}
	return nil, true
}

func (b *bot) check(err error) {
	if err != nil {
		b.t.Errorf("bot: %v", err)
	}
}

// workspace serves a workspace and the bot; the client reaches it.
func workspace(t *testing.T) (*http.Client, *bot) {
	t.Helper()
	w, err := localslack.New(localslack.Options{Config: localslack.Config{
		Users:    []localslack.User{{ID: "U1", Name: "ana"}, {ID: "U2", Name: "ben"}},
		Channels: []localslack.Channel{{ID: "C1", Name: "support", Members: []string{"ana", "ben", "warmline"}}},
		Apps: []localslack.App{{
			Name: "Warmline", BotToken: "xoxb-1", AppToken: "xapp-1", Scopes: []string{"chat:write", "channels:history"},
			Commands: []localslack.Command{{Command: "/escalate"}},
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	ln := pipenet.Listen()
	srv := &http.Server{Handler: w.Handler()}
	go func() { _ = srv.Serve(ln) }()
	client := ln.Client()
	api := slack.New("xoxb-1", slack.OptionAPIURL(base+"/api/"), slack.OptionAppLevelToken("xapp-1"), slack.OptionHTTPClient(client))
	b := &bot{t, api}
	stop := b.run(ln)
	t.Cleanup(func() {
		stop()
		_ = w.Close()
		client.CloseIdleConnections()
		_ = srv.Close()
	})
	return client, b
}

func (b *bot) run(ln *pipenet.Listener) (stop func()) {
	sm := socketmode.New(b.api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: ln.DialContext}))
	ctx, cancel := context.WithCancel(context.Background())
	done, ready := make(chan struct{}, 2), make(chan struct{}, 1)
	go func() { _ = sm.RunContext(ctx); done <- struct{}{} }()
	go func() {
		defer func() { done <- struct{}{} }()
		for {
			select {
			case e := <-sm.Events:
				if e.Type == socketmode.EventTypeHello {
					ready <- struct{}{}
				}
				if e.Request == nil || e.Request.EnvelopeID == "" {
					continue
				}
				if payload, ack := b.handle(e); ack {
					_ = sm.AckCtx(ctx, e.Request.EnvelopeID, payload)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	<-ready
	return func() { cancel(); <-done; <-done }
}

func tell(t *testing.T) {
	t.Helper()
	client, b := workspace(t)
	if _, _, err := b.api.PostMessage("C1", card("Refund for #1042", "Claim")); err != nil {
		t.Fatal(err)
	}
	s := slackstory.New(t, client, base)
	c := s.Channel("support").ExpectCard("refund")
	c.Click("Claim").As("ana")
	c.ExpectText("claimed by ana").ExpectNoButton("Claim").ExpectNoText("Refund")
	c.Click("Edit").As("ana")
	modal := s.User("ana").ExpectModal("Edit")
	modal.Fill("reply", "no").SubmitExpectingError("Too short")
	modal.ExpectText("Your reply").Fill("Your reply", "Hello Kim").Submit()
	s.User("ana").ExpectNoModal()
	c.Thread().Expect("sent: Hello Kim")
	c.Thread().Say("ben", "nice")
	if diff := cmp.Diff([]string{"sent: Hello Kim", "nice"}, c.Thread().Texts()); diff != "" {
		t.Errorf("thread (-want +got):\n%s", diff)
	}
	s.Command("/escalate", "queue").In("support").As("ana").ExpectPrivate("2 waiting in queue")
	s.Channel("support").As("ana").ExpectPrivate("2 waiting")
	s.Channel("support").As("ben").ExpectNone("2 waiting")
	s.User("ben").OpenHome().ExpectText("my tickets")
	c.Click("Stuck").FailsAs("ben")
	c.Click("Edit").As("ben")
	s.User("ben").ExpectModal("Edit").Close()
	s.User("ben").ExpectNoModal()
	if _, _, err := b.api.DeleteMessage("C1", c.TS()); err != nil {
		t.Fatal(err)
	}
	c.ExpectGone()
}

func TestStoryInABubble(t *testing.T) { synctest.Test(t, tell) }

func TestStoryInRealTime(t *testing.T) { tell(t) }

// quitter is a test that ends its goroutine on Fatalf and keeps the words.
type quitter struct {
	testing.TB
	said string
}

func (q *quitter) Helper() {}

func (q *quitter) Fatalf(format string, args ...any) {
	q.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestFailuresShowWhatIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, b := workspace(t)
		if _, _, err := b.api.PostMessage("C1", card("Refund for #1042", "Claim")); err != nil {
			t.Fatal(err)
		}
		for want, act := range map[string]func(*slackstory.Story){
			`expected a card with "nothing" in #support`: func(s *slackstory.Story) { s.Channel("support").ExpectCard("nothing") },
			`to offer "Approve"`:                         func(s *slackstory.Story) { s.Channel("support").ExpectCard("Refund").ExpectButton("Approve") },
			"no channel":                                 func(s *slackstory.Story) { s.Channel("nowhere").Messages() },
			`a modal "Edit"`:                             func(s *slackstory.Story) { s.User("ana").ExpectModal("Edit") },
			`nothing with "ref`:                          func(s *slackstory.Story) { s.Channel("support").ExpectNone("refund") },
		} {
			q := &quitter{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				act(slackstory.New(q, client, base))
			}()
			<-done
			if !strings.Contains(q.said, want) {
				t.Errorf("failure says %q, want %q in it", q.said, want)
			}
			if strings.Contains(want, "card") && (!strings.Contains(q.said, "Refund for #1042") || !strings.Contains(q.said, "buttons: Claim")) {
				t.Errorf("failure does not show the channel:\n%s", q.said)
			}
		}
	})
}
