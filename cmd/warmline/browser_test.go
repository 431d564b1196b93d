package main

import (
	"net/http"
	"testing"
	"time"
)

// A newcomer starts the demo, follows the start page, and sees how a customer reaches a person and how a draft becomes
// an answer. WARMLINE_SCREENSHOTS=FOLDER keeps the pictures; README's is one of them.
func TestNewcomer(t *testing.T) {
	b := openBrowser(t)
	url := startDemo(t)

	start := b.open(url)
	start.shows("h1", "nobody repeats themselves")
	start.picture("start")
	start.linksWork()

	// A customer asks for a person, and is told at once that one will come.
	customer := b.open(start.link("Open the contact form"))
	customer.click(".example", "talk to a person")
	customer.click("button", "Send message")
	customer.shows(".message.own", "Could I please speak with a real person")
	customer.shows(".message.bot", "a person will read it and answer you here")
	number := customer.text(`new URL(location).searchParams.get("ticket")`)

	// The card is in #support with the whole story, and Ana takes it.
	slack := b.open(start.link("Open Slack as Ana"))
	asked := slack.card("#" + number)
	slack.shows(asked, "Asks for a person")
	slack.shows(asked, "Nobody has claimed it yet.")
	slack.click(asked+" .replies", "repl")
	slack.shows(".thread .message", "this is the third time that I write")
	slack.shows(".thread .message", "a person will read it and answer you here")
	slack.picture("slack")
	slack.click(asked+" button", "Claim")
	slack.shows(asked, "Claimed by @Ana Ferreira")
	slack.gone(asked+" button", "Claim")

	// Of another ticket she approves the draft, and its customer reads it.
	drafted := slack.card("#1002")
	slack.click(drafted+" button", "Approve & send")
	slack.shows(drafted, "@Ana Ferreira approved, goes out at")
	slack.shows(drafted+" button", "Undo")
	slack.shows(drafted, "Sent: the reply, by @Ana Ferreira")
	customer.goTo(url + "desk/?as=customer&ticket=1002")
	customer.shows(".message.agent", "Ana Ferreira")
	customer.shows(".message.agent", "the Rill valve four AA")
	customer.picture("answer")

	b.wasQuiet()
}

// A browser keeps pages that one may go back to, and opens six connections to one place: a page that held on to its stream
// of changes would block all that follow.
func TestWanderingThroughTheDemoBlocksNothing(t *testing.T) {
	b := openBrowser(t)
	url := startDemo(t)
	p := b.open(url)
	for range 5 {
		p.goTo(url + "slack/?as=ana&channel=support")
		p.shows(".channel .message", "#1003 ·")
		p.goTo(url + "desk/?as=agent&ticket=1003")
		p.shows(".message", "Hannah Whitlock")
	}
	b.wasQuiet()
}

// An agent opens App Home, narrows the queue, and claims there; a lead has the policy below it, and pauses with one click.
func TestAppHomeInABrowser(t *testing.T) {
	b := openBrowser(t)
	url := startDemo(t)
	slack := b.open(url + "slack/?as=ana&home=warmline")
	slack.shows(".home-body", "Team queue")
	slack.shows(".home-body button", "Claim #1003")
	slack.picture("home")
	slack.click(".home-body button", "Claim #1003")
	slack.shows(".home-body", "My tickets: 1")
	slack.click(".home-body button", "Drafts:")
	slack.shows(".home-body", "drafts that wait for approval")
	slack.shows(".home-body a", "Open card #1002")
	slack.click(".home-body button", "Mine: 1")
	slack.shows(".home-body", "what is yours")
	slack.linksWork()
	lead := b.open(url + "slack/?as=lea&home=warmline")
	lead.shows(".home-body", "/escalate promise 2%")
	lead.click(".home-body button", "Pause everything")
	lead.picture("home-confirm")
	lead.click("dialog button", "Pause")
	lead.shows(".home-body", "Your last click: Paused: everything")
	lead.text(`document.querySelector(".home .scroll").scrollTo(0, 1e6), ""`)
	lead.picture("home-lead")
	slack.shows(".home-body", "Paused: everything, by Lea")
	b.wasQuiet()
}

// A lead asks what the past says, and the curve is on her screen, with a button that does what it recommends.
func TestALeadSeesTheCurve(t *testing.T) {
	b := openBrowser(t)
	url := startDemo(t)
	ask, err := post(http.DefaultClient, url+"_control/command", map[string]any{
		"command": "/escalate", "text": "simulate budget 20%", "channel": "support", "user": "lea",
	})
	if err != nil || ask["ok"] != true {
		t.Fatalf("ask: %v, %v", ask, err)
	}
	slack := b.open(url + "slack/?as=lea&channel=support")
	slack.shows(".message.ephemeral", "Running over 335 past tickets")
	slack.waitWithin(2*time.Minute, "the report to be there", "!!"+found(".message.ephemeral", "Its report is in my direct messages to you"))
	slack.click(`[aria-label="Direct messages"] .side-item`, "warmline")
	slack.shows(".message", "For at most 20 % wrong")
	slack.shows(".file-name", "How much could be answered")
	slack.wait("the curve to be drawn", `document.querySelector(".file-image")?.naturalWidth === 1200`)
	slack.picture("simulation")
	slack.click(".message button", "Apply")
	slack.shows(".message.ephemeral", "Done, policy 2: promise off → 20 %")
	b.wasQuiet()
}
