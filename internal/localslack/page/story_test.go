package page_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

func TestAnAgentWorksOnACard(t *testing.T) {
	workspace, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))

	b.shows(".header", "#1042 Charged twice")
	everyBlockIsDrawn(b)
	b.shot("light")
	b.dark(true)
	b.shot("dark")
	b.dark(false)

	b.click(".button", "Claim")
	b.shows(".block-context", "claimed by @Ana Silva")
	want := object{"channel": "C0SUPPORT", "ts": workspace.messages["C0SUPPORT"][3]["ts"], "user": "U0ANA", "block_id": "act", "action_id": "claim", "value": "tok_1", "state": object{}}
	if diff := cmp.Diff(want, workspace.lastAsked("click")); diff != "" {
		t.Errorf("the click as the workspace got it (-want +got):\n%s", diff)
	}

	b.click(".button", "Sleepy")
	b.shows(".failure", "Warmline did not take this: the app did not respond within 3s. Try again.")

	b.click(".button", "Reject")
	b.shows("dialog.confirm", "The customer gets nothing")
	b.shot("confirm")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.gone("dialog.confirm")
	if got := workspace.lastAsked("click")["action_id"]; got != "deaf" {
		t.Errorf("a press that was not confirmed reached the app: %v", got)
	}

	b.click(`[aria-label="More actions"]`, "")
	b.shows("[role=menu]", "Hand back to the AI")
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	b.gone("[role=menu]")
	b.wait("focus returns to the menu's button", `document.activeElement?.dataset.action === "more"`)
	if got := workspace.lastAsked("click")["value"]; got != "handback" {
		t.Errorf("overflow menu: got value %v, want handback", got)
	}
	b.mustBeQuiet()
}

func everyBlockIsDrawn(b *browser) {
	b.t.Helper()
	for _, kind := range []string{"header", "section", "divider", "rich_text", "actions", "image", "markdown", "carousel", "context"} {
		b.wait("a "+kind+" block", `[...document.querySelectorAll(".block-`+kind+`")].some((el) => el.getBoundingClientRect().height > 0)`)
	}
	b.shows(".unknown", "carousel")
	b.shows("blockquote", "<img src=x onerror=alert(1)> stays text.")
	b.shows(".mention.me", "@Ana Silva")
	b.shows(".badge", "APP")
	b.shows(".edited", "(edited)")
	b.shows(".only-you", "Only visible to you")
	b.shows(".replies", "2 replies")
	b.shows(".day", "Today")
	b.shows(".side-item.fresh", "refunds")
	b.shows(".count.mentioned", "2")
}

func TestAModalIsFilledRefusedAndSent(t *testing.T) {
	workspace, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.click(".button", "Edit")
	b.shows("dialog h2", "Edit the answer")
	b.wait("the first field has the focus", `document.activeElement?.value === "Hello Mira, I can see both charges."`)

	b.click("dialog .button", "Send")
	b.shows(".input-error", "Please complete this required field.")
	b.shot("modal")
	b.do(script(`(() => { const el = document.querySelector("dialog select"); el.value = "partner"; el.dispatchEvent(new Event("change", {bubbles: true})); })()`), fill("dialog textarea", "bad"))
	b.click("dialog .choice", "Solved")
	b.click("dialog .choice", "lesson")
	b.click("dialog .button", "Send")
	b.shows(".input-error", "asks for the order number again")
	b.dark(true)
	b.shot("modal-dark")
	b.dark(false)
	want := object{
		"reply": object{"text": "bad"}, "subject": object{"line": ""}, "wait": object{"reason": "partner"},
		"after": object{"status": "solved"}, "also": object{"extra": []any{"lesson"}},
	}
	if diff := cmp.Diff(want, workspace.lastAsked("submit")["values"]); diff != "" {
		t.Errorf("submitted values (-want +got):\n%s", diff)
	}

	b.do(fill("dialog textarea", "Both are refunded."))
	b.click("dialog .button", "Send")
	b.gone("dialog")
	b.shows(".message", "Sent: Both are refunded.")

	b.click(".button", "Edit")
	b.shows("dialog h2", "Edit the answer")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.gone("dialog")
	if got := workspace.lastAsked("close")["view_id"]; got != "V1" {
		t.Errorf("Esc: closed view %v, want V1", got)
	}
	b.mustBeQuiet()
}

// fill replaces a field's text as typing does, with the input event that the page listens to.
func fill(selector, text string) chromedp.Action[chromedp.Void] {
	return script(`(() => { const el = document.querySelector("` + selector + `"); el.value = "` + text + `"; el.dispatchEvent(new Event("input", {bubbles: true})); })()`)
}

func TestTypingSendsMessagesCommandsAndReplies(t *testing.T) {
	workspace, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))

	b.shows(".header", "#1042")
	b.types("#channel textarea", "/")
	b.shows(".hint", "Steer the line between the AI and people")
	b.shot("slash")
	b.types("#channel textarea", "e"+kb.Tab+"queue"+kb.Enter)
	b.shows(".message.ephemeral", "Your queue is empty: queue")
	want := object{"command": "/escalate", "text": "queue", "channel": "C0SUPPORT", "user": "U0ANA"}
	if diff := cmp.Diff(want, workspace.lastAsked("command")); diff != "" {
		t.Errorf("command (-want +got):\n%s", diff)
	}
	b.types("#channel textarea", "/nope"+kb.Enter)
	b.shows(".message.ephemeral", "/nope is not a valid command")

	b.do(fill("#channel textarea", ""))
	b.types("#channel textarea", "@ben a < b"+kb.Enter)
	b.shows(".message", "@Ben Okafor a < b")
	if got := workspace.lastAsked("message")["text"]; got != "<@U0BEN> a &lt; b" {
		t.Errorf("a typed mention was sent as %q", got)
	}

	b.click(".replies", "2 replies")
	b.shows("#thread .message", "looks like the partner again")
	b.types("#thread textarea", "on it"+kb.Enter)
	b.shows("#thread .message", "on it")
	b.shows(".replies", "3 replies")
	b.shot("thread")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.gone("#thread")
	b.mustBeQuiet()
}

func TestActingAsAnotherPersonSeesTheirWorkspace(t *testing.T) {
	_, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.shows(".message.ephemeral", "only Ana reads this")

	b.click("#act-as", "")
	b.shot("act-as")
	b.click("[role=menu] button", "Ben Okafor")
	b.shows("#act-as", "Ben Okafor")
	b.gone(".message.ephemeral")
	b.shows(".side-item:not(.outside)", "leads")
	b.do(chromedp.Reload())
	b.shows("#act-as", "Ben Okafor")

	b.types(`[data-key="C0SUPPORT"]`, kb.ArrowDown+kb.Enter)
	b.shows("#channel .pane-head", "# refunds")

	b.click(".side-item", "Warmline")
	b.shows(".home-body", "Charged twice for one order")
	b.click(`[aria-label="Traffic inspector"]`, "")
	b.click(".entry summary", "interactive")
	b.shows(".entry pre", "envelope_id")
	b.shot("home")
	b.click(`[aria-label="Switch between light and dark"]`, "")
	b.wait("the theme is dark", `getComputedStyle(document.querySelector("#home")).backgroundColor === "rgb(26, 29, 33)"`)
	b.shot("home-dark")
	b.mustBeQuiet()
}

// Reading the directory again makes the acting person anew; an answer that was under way then is still theirs.
func TestAHomeIsShownThoughSomebodyJoinsMeanwhile(t *testing.T) {
	workspace, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.shows(".header", "#1042")
	answer := workspace.holdViews()
	b.click(".side-item", "Warmline")
	b.shows(".home-body", "Waiting for Warmline")
	workspace.join("U0CYN", "Cyn Novak")
	b.shows(".side-item", "Cyn Novak")
	close(answer)
	b.shows(".home-body", "Charged twice for one order")
	b.mustBeQuiet()
}

func TestAStackedModalGoesBackToTheOneBelow(t *testing.T) {
	workspace, server := newFakeWorkspace(t)
	below, top := fixture(t, "modal.json").(object), fixture(t, "modal.json").(object)
	top["id"], top["title"] = "V2", object{"type": "plain_text", "text": "Details"}
	workspace.views = []object{below, top}
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.shows("dialog h2", "Details")
	b.click(`dialog [aria-label="Back"]`, "")
	b.shows("dialog h2", "Edit the answer")
	b.gone(`dialog [aria-label="Back"]`)
	b.mustBeQuiet()
}

func TestALongChannelShowsItsEndFirst(t *testing.T) {
	workspace, server := newFakeWorkspace(t)
	for i := range 500 {
		workspace.messages["C0REFUNDS"] = append(workspace.messages["C0REFUNDS"], object{"ts": stamp(1800000000 + int64(i)), "user": "U0BEN", "text": fmt.Sprintf("number %d.", i)})
	}
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=refunds"))
	b.shows(".message", "number 499.")
	b.wait("the start is not drawn yet", `!document.body.innerText.includes("number 100.")`)
	b.click(".earlier", "Show earlier messages")
	b.shows(".message", "number 100.")
	b.do(script(`location.hash = "#refunds/1800000003.000100"`))
	b.shows(".message.marked", "number 3.")
	b.mustBeQuiet()
}

func TestAPermalinkOpensItsMessage(t *testing.T) {
	workspace, server := newFakeWorkspace(t)
	reply := workspace.messages["C0SUPPORT"][5]["ts"].(string)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=refunds#support/" + reply))
	b.shows("#thread .message.marked", "looks like the partner again")
	b.do(chromedp.EmulateViewport(1000, 800))
	b.shot("narrow")
	b.mustBeQuiet()
}

func TestAnAnswerOutOfSightIsToldOf(t *testing.T) {
	_, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.EmulateViewport(1200, 500), chromedp.Navigate(server.URL+"/slack/?as=ana&channel=support"))
	b.shows(".header", "#1042")
	b.do(script(`document.querySelector("#channel .scroll").scrollTop = 0`))
	b.types("#channel textarea", "/escalate queue"+kb.Enter)
	b.click(".below", "An answer only for you, below")
	b.gone(".below")
	b.wait("the end is in view", `(() => {
		const [box, last] = ["#channel .scroll", "#channel .message:last-child"].map((one) => document.querySelector(one).getBoundingClientRect());
		return last.bottom <= box.bottom + 1;
	})()`)
	b.mustBeQuiet()
}
