package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

// TestThePageDrivesARealApp closes the circle: the page, the real workspace, and an app on Slack's usual Go client.
func TestThePageDrivesARealApp(t *testing.T) {
	b := openBrowser(t)
	server := openWorkspace(t)
	app := startApp(t, server.URL)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))

	app.post(t)
	b.shows(".header", "#7 Charged twice")
	b.click(".button", "Claim")
	b.shows(".text", "claimed by @Ana Silva")
	b.shows(".edited", "(edited)")

	b.click(".button", "Edit")
	b.shows("dialog textarea", "")
	b.do(fill("dialog textarea", "bad"))
	b.click("dialog .button", "Send")
	b.shows(".input-error", "Too curt.")
	b.do(fill("dialog textarea", "Both are refunded."))
	b.click("dialog .button", "Send")
	b.gone("dialog")
	b.shows(".replies", "1 reply")
	b.shot("real")

	b.types("#channel textarea", "/escalate mine"+kb.Enter)
	b.shows(".message.ephemeral", "nothing in mine")
	b.click(".side-item", "Warmline")
	b.shows(".home-body", "My tickets")
	b.do(chromedp.Navigate(server.URL + app.permalink(t)))
	b.shows("#channel .message.marked", "#7 Charged twice")
	b.mustBeQuiet()
}

// A picture that an app uploads is loaded from the workspace, with its description for who cannot see it.
func TestThePageShowsAnUploadedPicture(t *testing.T) {
	b, app := openCard(t)
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 640, 360))); err != nil {
		t.Fatal(err)
	}
	_, err := app.client.UploadFileContext(t.Context(), slack.UploadFileParameters{
		Reader: &drawn, FileSize: drawn.Len(), Filename: "curve.png", Title: "The curve", AltTxt: "It falls from left to right.",
		Channel: app.channel, InitialComment: "What could be answered",
	})
	if err != nil {
		t.Fatal(err)
	}
	b.shows(".text", "What could be answered")
	b.shows(".file-name", "The curve")
	b.wait("the picture to be loaded", `document.querySelector(".file-image")?.naturalWidth === 640`)
	b.wait("its description", `document.querySelector(".file-image").alt === "It falls from left to right."`)
	b.shot("picture")
	b.mustBeQuiet()
}

// Files that are picked in a modal reach the app with it; one that was taken out again does not.
func TestFilesArePickedInAModal(t *testing.T) {
	b, _ := openCard(t)
	var paths []string
	for _, name := range []string{"label.pdf", "wrong.pdf"} {
		paths = append(paths, filepath.Join(t.TempDir(), name))
		if err := os.WriteFile(paths[len(paths)-1], []byte("%PDF "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.click(".button", "Edit")
	b.shows("dialog textarea", "")
	b.do(chromedp.SetUploadFiles(".file-picker", paths))
	b.wait("both files to be picked", `document.querySelectorAll(".picked-files li").length === 2`)
	b.shot("modal-files")
	b.do(chromedp.Click(`.picked-files [aria-label="Remove wrong.pdf"]`), fill("dialog textarea", "Here it is"))
	b.click("dialog .button", "Send")
	b.gone("dialog")
	b.shows(".replies", "1 reply")
	b.do(chromedp.Click(".replies"))
	b.shows(".text", "Here it is +label.pdf (14 bytes)")
	b.mustBeQuiet()
}

// openCard shows Ana the channel in which the app has posted a card.
func openCard(t *testing.T) (*browser, *testApp) {
	t.Helper()
	b := openBrowser(t)
	server := openWorkspace(t)
	app := startApp(t, server.URL)
	app.post(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.shows(".header", "#7 Charged twice")
	return b, app
}

func openWorkspace(t *testing.T) *httptest.Server {
	t.Helper()
	workspace, err := localslack.New(localslack.Options{Config: localslack.Config{
		Users: []localslack.User{{Name: "ana", RealName: "Ana Silva"}, {Name: "ben", RealName: "Ben Okafor"}},
		Apps: []localslack.App{{
			Name: "Warmline", BotToken: "xoxb-page", AppToken: "xapp-page", BotUser: "warmline",
			Scopes:   []string{"chat:write", "files:read", "files:write", "commands", "app_mentions:read", "channels:history", "channels:read", "users:read"},
			Commands: []localslack.Command{{Command: "/escalate", Description: "Steer", UsageHint: "[queue | mine]"}},
			Shortcuts: []localslack.Shortcut{
				{CallbackID: "hand_off", Name: "Hand this off", Type: "message"}, {CallbackID: "search", Name: "Search tickets", Type: "global"},
			},
		}},
		Channels: []localslack.Channel{{Name: "support", Members: []string{"ana", "ben", "warmline"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(workspace.Handler())
	t.Cleanup(func() {
		if err := workspace.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return server
}

// testApp is a small bot; it acknowledges first or with a payload, as Slack's documentation shows.
type testApp struct {
	client  *slack.Client
	socket  *socketmode.Client
	ready   chan struct{}
	channel string
	ts      string
	trouble chan error
}

func startApp(t *testing.T, server string) *testApp {
	t.Helper()
	client := slack.New("xoxb-page", slack.OptionAppLevelToken("xapp-page"), slack.OptionAPIURL(server+"/api/"))
	app := &testApp{client: client, socket: socketmode.New(client), ready: make(chan struct{}), trouble: make(chan error, 16)}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := app.socket.RunContext(ctx); !errors.Is(err, context.Canceled) {
			app.note(err)
		}
	})
	running.Go(func() { app.serve(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		close(app.trouble)
		for err := range app.trouble {
			t.Errorf("app: %v", err)
		}
	})
	<-app.ready
	return app
}

func (a *testApp) note(err error) {
	if err != nil {
		a.trouble <- err
	}
}

func (a *testApp) serve(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-a.socket.Events:
			a.handle(ctx, event)
		}
	}
}

func (a *testApp) handle(ctx context.Context, event socketmode.Event) {
	switch event.Type {
	case socketmode.EventTypeHello:
		close(a.ready)
	case socketmode.EventTypeInteractive:
		a.interact(ctx, event, event.Data.(slack.InteractionCallback))
	case socketmode.EventTypeSlashCommand:
		a.note(a.socket.AckCtx(ctx, event.Request.EnvelopeID, map[string]string{"text": "nothing in " + event.Data.(slack.SlashCommand).Text}))
	case socketmode.EventTypeEventsAPI:
		a.note(a.socket.AckCtx(ctx, event.Request.EnvelopeID, nil))
		a.publish(ctx, event.Request.Payload)
	default: // the connection's own coming and going
	}
}

func (a *testApp) interact(ctx context.Context, event socketmode.Event, press slack.InteractionCallback) {
	if a.menu(ctx, event, press) {
		return
	}
	if press.Type == slack.InteractionTypeViewSubmission {
		answer := press.View.State.Values["reply"]["text"].Value
		if answer == "bad" {
			a.note(a.socket.AckCtx(ctx, event.Request.EnvelopeID, slack.NewErrorsViewSubmissionResponse(map[string]string{"reply": "Too curt."})))
			return
		}
		a.note(a.socket.AckCtx(ctx, event.Request.EnvelopeID, nil))
		var files strings.Builder
		for _, f := range press.View.State.Values["files"]["files"].Files {
			fmt.Fprintf(&files, " +%s (%d bytes)", f.Name, f.Size)
		}
		answer += files.String()
		_, _, err := a.client.PostMessageContext(ctx, a.channel, slack.MsgOptionText(answer, false), slack.MsgOptionTS(a.ts))
		a.note(err)
		return
	}
	a.note(a.socket.AckCtx(ctx, event.Request.EnvelopeID, nil))
	switch press.ActionCallback.BlockActions[0].ActionID {
	case "claim":
		_, _, _, err := a.client.UpdateMessageContext(ctx, a.channel, a.ts, slack.MsgOptionText("#7", false), slack.MsgOptionBlocks(card("claimed by <@"+press.User.ID+">")...))
		a.note(err)
	case "edit":
		input := slack.NewPlainTextInputBlockElement(nil, "text").WithMultiline(true)
		files := slack.NewInputBlock("files", plain("Files"), nil, slack.NewFileInputBlockElement("files").WithMaxFiles(2)).WithOptional(true)
		_, err := a.client.OpenViewContext(ctx, press.TriggerID, slack.ModalViewRequest{
			Type: slack.VTModal, Title: plain("Edit"), Submit: plain("Send"), Close: plain("Cancel"),
			Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("reply", plain("Answer"), nil, input), files}},
		})
		a.note(err)
	}
}

func (a *testApp) publish(ctx context.Context, payload json.RawMessage) {
	var outer struct {
		Event struct{ Type, User string } `json:"event"`
	}
	if err := json.Unmarshal(payload, &outer); err != nil || outer.Event.Type != "app_home_opened" {
		a.note(err)
		return
	}
	_, err := a.client.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: outer.Event.User, View: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(plain("My tickets"))}},
	}})
	a.note(err)
}

// post puts the card into #support and remembers where.
func (a *testApp) post(t *testing.T) {
	t.Helper()
	channels, _, err := a.client.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{})
	if err != nil {
		t.Fatal(err)
	}
	a.channel, a.ts, err = a.client.PostMessageContext(t.Context(), channels[0].ID, slack.MsgOptionText("#7", false), slack.MsgOptionBlocks(card("unclaimed")...))
	if err != nil {
		t.Fatal(err)
	}
}

// permalink is the path of the card's permalink.
func (a *testApp) permalink(t *testing.T) string {
	t.Helper()
	link, err := a.client.GetPermalinkContext(t.Context(), &slack.PermalinkParameters{Channel: a.channel, Ts: a.ts})
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return at.Path
}

func card(state string) []slack.Block {
	return []slack.Block{
		slack.NewHeaderBlock(plain("#7 Charged twice")),
		slack.NewContextBlock("state", slack.NewTextBlockObject(slack.MarkdownType, state, false, false)),
		slack.NewActionBlock("act", slack.NewButtonBlockElement("claim", "tok_1", plain("Claim")).WithStyle(slack.StylePrimary),
			slack.NewButtonBlockElement("edit", "tok_2", plain("Edit"))),
	}
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}
