package peers_test

import "testing"

// TestBolt goes once through everything that a support desk does in Slack.
func TestBolt(t *testing.T) {
	s := open(t, "bolt.mjs")
	support := s.Channel("support")

	s.Command("/escalate", "queue").In("support").As("ana").ExpectPrivate("2 waiting in queue")
	support.As("ben").ExpectNone("2 waiting")
	s.Command("/escalate", "later").In("support").As("ana").ExpectPrivate("One moment")
	support.ExpectCard("Here for all")

	s.Command("/escalate", "post").In("support").As("ana")
	card := support.ExpectCard("Ticket 7")
	card.ExpectText("Nobody has it").Click("Claim").As("ben")
	card.ExpectText("Claimed by").Thread().Expect("metadata kept: 7")
	card.Click("Whisper").As("ana")
	support.As("ana").ExpectPrivate("Only you see this")

	card.Click("Edit").As("ana")
	modal := s.User("ana").ExpectModal("Edit the reply")
	modal.Fill("text", "no").SubmitExpectingError("Too curt.")
	modal.Fill("text", "more").Submit()
	modal = s.User("ana").ExpectModal("Once more")
	modal.Press("Preview")
	s.User("ana").ExpectModal("Preview").Close()
	s.User("ana").ExpectModal("Once more").Fill("text", "Both are refunded.").Submit()
	card.Thread().Expect("Sent: Both are refunded.")
	s.User("ana").ExpectNoModal()
	card.Click("Edit").As("ben")
	s.User("ben").ExpectModal("Edit the reply").Close()
	s.User("ben").Direct("helper").ExpectCard("You closed the editor")

	s.User("ana").OpenHome().ExpectText("My tickets")
	support.Say("ana", "@helper why?").Thread().Expect("You asked")
	support.Say("ana", "photo please").Thread().Expect("The photo")
	support.ExpectCard("Downloaded: a thousand words")
	card.Click("Dismiss").As("ana")
	card.ExpectGone()
}

// TestBoltMenus goes through what is chosen from menus: shortcuts, options that the app supplies, reactions.
func TestBoltMenus(t *testing.T) {
	s := open(t, "bolt.mjs")
	plea := s.Channel("support").Say("ben", "who can help Kim?")
	plea.Shortcut("ana", "hand_off").Thread().Expect("Handed off: who can help Kim?")
	s.Channel("support").As("ana").ExpectPrivate("Thank you")
	plea.React("ana", "eyes").Thread().Expect("eyes from")
	s.User("ana").Shortcut("search")
	modal := s.User("ana").ExpectModal("Search tickets")
	modal.ExpectOptions("topic", "re", "Refund", "Return").ExpectOptions("topic", "x")
	modal.Fill("topic", "refund").Submit()
	s.User("ana").Direct("helper").ExpectCard("Searched: refund")
}

// TestBoltReconnects holds that Slack's client comes back after each way of losing its socket, and hears again.
func TestBoltReconnects(t *testing.T) {
	s := open(t, "bolt.mjs")
	for _, reason := range []string{"warning", "refresh_requested"} {
		s.Disconnect(reason)
		s.ExpectConnections("helper", 0)
		s.ExpectConnections("helper", 1)
		s.Command("/escalate", reason).In("support").As("ana").ExpectPrivate("2 waiting in " + reason)
	}
}

// TestPlainClients holds what Slack's own clients make of refusals, pages and limits.
func TestPlainClients(t *testing.T) {
	s := open(t, "plain.mjs")
	ask := func(word, want string) {
		t.Helper()
		s.Command("/escalate", word).In("support").As("ana").ExpectPrivate(want)
	}
	ask("whoami", "helper of Northlight, with 11 scopes")
	ask("people", "ana ben helper")
	ask("scopes", "needs team:read")
	ask("blocks", "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]")
	ask("nonsense", "unknown_method")
	s.Fail(map[string]any{"method": "chat.postMessage", "status": 429, "retry_after": 1, "times": 1})
	ask("patience", "Posted in the end")
}

// TestRetriesReachTheClient holds that an event comes again, as the same event and with the reason, until it is
// acknowledged.
func TestRetriesReachTheClient(t *testing.T) {
	s := open(t, "plain.mjs")
	support := s.Channel("support")
	support.Say("ana", "hello")
	support.ExpectCard("Heard hello: 1 times, retry 0 for nothing")
	support.Say("ana", "stay silent")
	support.ExpectCard("Heard stay silent: 2 times, retry 1 for timeout")
}
