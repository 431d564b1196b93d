package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// nameless lists the visible controls that a screen reader could only call "button".
const nameless = `[...document.querySelectorAll("button, input:not([type=file]), select, textarea, a[href], [role=menuitem], [role=option], dialog, nav, main, aside")]
	.filter((el) => el.checkVisibility())
	.filter((el) => {
		const by = (el.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("");
		const landmark = el.matches("main, aside, nav");
		const words = [el.getAttribute("aria-label"), by, el.closest("label")?.textContent, landmark ? el.querySelector("h1, h2")?.textContent : el.textContent, el.querySelector("img")?.alt];
		return !words.some((one) => one?.trim());
	}).map((el) => el.outerHTML.slice(0, 120)).join("\n")`

// TestEveryControlHasAName walks through the places of the page and holds that nothing on them is without a name.
func TestEveryControlHasAName(t *testing.T) {
	_, server := newFakeWorkspace(t)
	b := openBrowser(t)
	look := func(where string) {
		t.Helper()
		if got := b.text(nameless); got != "" {
			t.Errorf("%s: without a name:\n%s", where, got)
		}
	}
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.shows(".header", "#1042")
	look("the channel")
	b.click(".replies", "2 replies")
	b.shows("#thread .message", "looks like the partner again")
	look("the thread")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.gone("#thread")
	b.do(script(`document.querySelector('#channel [aria-label="More actions for this message"]').focus()`), chromedp.KeyEvent(kb.Enter))
	b.shows("[role=menu] button", "Copy link")
	look("a message's menu")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.click(".button", "Edit")
	b.shows("dialog h2", "Edit the answer")
	look("the modal")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.gone("dialog")
	b.click(`[aria-label="Traffic inspector"]`, "")
	b.shows(".entry summary", "interactive")
	look("the inspector")
	b.click(".side-item", "Warmline")
	b.shows(".home-body", "Charged twice for one order")
	look("App Home")
	b.mustBeQuiet()
}

// TestTheWayByKey goes to a message's menu and back with the keyboard alone.
func TestTheWayByKey(t *testing.T) {
	_, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana&channel=support"))
	b.shows(".header", "#1042")
	b.wait("the composer has the focus", `document.activeElement?.dataset.key === "composer"`)
	for range 3 { // backwards: whatever the last message offers, down to its menu
		b.do(script(`window.before = document.activeElement`), chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		b.wait("the focus moves", `document.activeElement !== window.before`)
		if b.text(`document.activeElement.getAttribute("aria-label") ?? ""`) == "More actions for this message" {
			break
		}
	}
	b.wait("the menu's button shows", `document.activeElement.ariaLabel === "More actions for this message" && getComputedStyle(document.activeElement.closest(".toolbar")).opacity === "1"`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.shows("[role=menu] button", "Reply in thread")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.gone("[role=menu]")
	b.wait("the focus comes back", `document.activeElement.ariaLabel === "More actions for this message"`)
	b.mustBeQuiet()
}
