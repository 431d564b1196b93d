package page_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// TestAMessageCanBeActedOn goes through the menu of a message by key and by mouse: reactions, a thread, a shortcut of an
// app, editing, deleting.
func TestAMessageCanBeActedOn(t *testing.T) {
	b, _ := openCard(t)
	b.types("#channel textarea", "a refund & @ben now"+kb.Enter)
	b.shows(".message .text", "a refund")

	choose := func(entry string) { // in the menu of the newest message
		t.Helper()
		b.do(script(`[...document.querySelectorAll('#channel [aria-label="More actions for this message"]')].at(-1).focus()`), chromedp.KeyEvent(kb.Enter))
		b.click("[role=menu] button", entry)
	}
	choose("Edit message")
	b.wait("the text as it was typed", `document.querySelector("dialog textarea").value === "a refund & @ben now"`)
	b.do(fill("dialog textarea", "the refund & @ben now"))
	b.click("dialog .button", "Save changes")
	b.shows(".message .text", "the refund & @Ben Okafor now (edited)")

	choose("Add a reaction")
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	b.shows(`.reaction[aria-pressed="true"]`, "👀")
	b.shot("reaction")
	b.click(".reaction", "👀")
	b.gone(".reaction")

	choose("Reply in thread")
	b.types("#thread textarea", "first reply"+kb.Enter)
	b.shows("#thread .message", "first reply")
	b.click(`[aria-label="Close thread"]`, "")
	b.shows(".replies", "1 reply")

	choose("Hand this off")
	b.shows(".message.ephemeral", "Handed off: the refund & <@")
	b.click(".dismiss", "Dismiss message")
	b.gone(".message.ephemeral")

	choose("Delete message")
	b.wait("the message is gone", `![...document.querySelectorAll("#channel .text")].some((el) => el.textContent.includes("the refund"))`)
	b.mustBeQuiet()
}

// TestAShortcutOpensAMenuThatAsks has an app supply options while one types.
func TestAShortcutOpensAMenuThatAsks(t *testing.T) {
	b := openBrowser(t)
	server := openWorkspace(t)
	startApp(t, server.URL)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.click(`#channel [aria-label="Shortcuts"]`, "")
	b.click("[role=menu] button", "Search tickets")
	b.shows("dialog h2", "Search")
	b.types("dialog input", "ref")
	b.wait("what the app offers", `[...document.querySelectorAll("dialog option")].some((el) => el.value === "Refunds")`)
	b.shot("options")
	b.do(fill("dialog input", "Refunds"))
	b.click("dialog .button", "Send")
	b.gone("dialog")
	b.mustBeQuiet()
}

// TestPeopleSayWhatTheyDo sets a status and do-not-disturb, which the others see.
func TestPeopleSayWhatTheyDo(t *testing.T) {
	b := openBrowser(t)
	server := openWorkspace(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	set := func(entry, want string) {
		t.Helper()
		b.click("#status", "")
		b.click("[role=menu] button", entry)
		b.wait("what one has set", `document.querySelector("#status").getAttribute("aria-label") === "Your status: `+want+`. Change"`)
	}
	b.shows("#act-as", "Ana Silva")
	set("Out for lunch", "Out for lunch")
	set("Pause notifications", "Out for lunch, notifications paused")
	set("Set yourself as away", "Out for lunch, notifications paused, away")
	b.click("#act-as", "")
	b.click("[role=menu] button", "Ben Okafor")
	b.wait("what others see", `[...document.querySelectorAll(".side-item")].some((el) => el.getAttribute("aria-label") === "Ana Silva, Out for lunch, notifications paused, away")`)
	b.shot("status")
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.shows("#act-as", "Ana Silva")
	set("Resume notifications", "Out for lunch, away")
	set("Clear status", "away")
	b.mustBeQuiet()
}

// TestAChannelThatTakesNoMessagesSaysSo looks at a channel that is archived meanwhile.
func TestAChannelThatTakesNoMessagesSaysSo(t *testing.T) {
	b, _ := openCard(t)
	b.shows("#channel .composer", "")
	archive := `fetch("/_control/channel", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({channel: "support", archived: true})}).then((answer) => answer.text())`
	b.text(archive)
	b.shows(".pane-notice", "#support is archived.")
	b.gone("#channel .composer")
	b.mustBeQuiet()
}

// TestAttachedButtonsArePressed presses a button inside an attachment.
func TestAttachedButtonsArePressed(t *testing.T) {
	b := openBrowser(t)
	server := openWorkspace(t)
	app := startApp(t, server.URL)
	app.post(t)
	attached := slack.Attachment{Color: "#2eb67d", Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewActionBlock("attached", slack.NewButtonBlockElement("claim", "", plain("Claim from here"))),
	}}}
	if _, _, err := app.client.PostMessageContext(t.Context(), app.channel, slack.MsgOptionText("attached", false), slack.MsgOptionAttachments(attached)); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.click(".attachment .button", "Claim from here")
	b.shows(".text", "claimed by @Ana Silva")
	b.mustBeQuiet()
}

// TestAFileIsShared attaches a file in a thread; a picture would be shown, anything else can be saved.
func TestAFileIsShared(t *testing.T) {
	b, _ := openCard(t)
	b.do(script(`document.querySelector('#channel [aria-label="More actions for this message"]').focus()`), chromedp.KeyEvent(kb.Enter))
	b.click("[role=menu] button", "Reply in thread")
	b.shows("#thread .header", "#7 Charged twice")
	b.do(script(`(() => {
		const picker = document.querySelector("#thread input[type=file]"), files = new DataTransfer();
		files.items.add(new File(["two charges"], "receipt.txt", {type: "text/plain"}));
		picker.files = files.files;
		picker.dispatchEvent(new Event("change"));
	})()`))
	b.shows("#thread .file a", "receipt.txt")
	if got := b.text(`fetch(document.querySelector("#thread .file a").href).then((answer) => answer.text())`); got != "two charges" {
		t.Errorf("the file holds %q", got)
	}
	b.mustBeQuiet()
}

// menu answers what is chosen from menus: a shortcut at a message, one from everywhere, and what is typed in its modal.
func (a *testApp) menu(ctx context.Context, event socketmode.Event, press slack.InteractionCallback) bool {
	var answer any
	switch press.Type {
	case slack.InteractionTypeBlockSuggestion:
		if known := "refunds"; strings.HasPrefix(known, press.Value) {
			answer = slack.OptionsResponse{Options: []*slack.OptionBlockObject{slack.NewOptionBlockObject(known, plain("Refunds"), nil)}}
		}
	case slack.InteractionTypeMessageAction:
		_, err := a.client.PostEphemeralContext(ctx, press.Channel.ID, press.User.ID, slack.MsgOptionText("Handed off: `"+press.Message.Text+"`", false))
		a.note(err)
	case slack.InteractionTypeShortcut:
		menu := &slack.SelectBlockElement{Type: slack.OptTypeExternal, ActionID: "topic"}
		_, err := a.client.OpenViewContext(ctx, press.TriggerID, slack.ModalViewRequest{
			Type: slack.VTModal, Title: plain("Search"), Submit: plain("Send"), CallbackID: "search",
			Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("topic", plain("Topic"), nil, menu)}},
		})
		a.note(err)
	case slack.InteractionTypeViewSubmission:
		if press.View.CallbackID != "search" {
			return false
		}
		if got := press.View.State.Values["topic"]["topic"].SelectedOption; got.Value != "refunds" || got.Text.Text != "Refunds" {
			answer = slack.NewErrorsViewSubmissionResponse(map[string]string{"topic": "Not an option"})
		}
	default:
		return false
	}
	a.note(a.socket.AckCtx(ctx, event.Request.EnvelopeID, answer))
	return true
}
