package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/localslack"
	"warmline/internal/localslack/slackstory"
)

// App Home: what an agent, a lead and a guest see there, and what they can do.

// rush has so many people ask for a person, and waits for the last one's card.
func (s *story) rush(n int) (tickets []*ticket) {
	s.t.Helper()
	for i := range n {
		tickets = append(tickets, s.customer(fmt.Sprint("Ina", i)).asksForAPerson())
	}
	s.later(2 * time.Minute) // a channel takes one message a second
	s.card("support", tickets[n-1])
	return tickets
}

func TestAnAgentPagesThroughSixtyTicketsAndClaimsAtHome(t *testing.T) {
	tell(t, func(s *story) {
		tickets := s.rush(60)
		home := s.User("ana").OpenHome().ExpectText("Page 1 of 5, most urgent first: everything that waits for a person.").
			ExpectText("unclaimed 60, claimed 0").ExpectButton("Unclaimed: 60").ExpectNoButton("Previous page")
		seen := map[string]bool{}
		for page := 1; ; page++ {
			home.ExpectText(fmt.Sprintf("Page %d of 5", page))
			for line := range strings.Lines(home.Shows()) {
				if number, ok := strings.CutPrefix(strings.TrimSpace(line), "Claim "); ok {
					seen[number] = true
				}
			}
			if page == 5 {
				break
			}
			home.Click("Next page")
		}
		if len(seen) != 60 {
			t.Errorf("the pages offer %d of 60 tickets", len(seen))
		}
		last := tickets[59]
		home.ExpectNoButton("Next page").Click("Claim " + last.Number())
		home.ExpectText("My tickets: 1").ExpectText("claimed 1").ExpectNoButton("Claim " + last.Number())
		s.card("support", last).ExpectText("Claimed by")
		last.Assignee("ana")
		home.Click("Unclaimed: 59").ExpectText("Page 1 of 5, most urgent first: what nobody has claimed.")
		home.Click("Mine: 1").ExpectText("Page 1 of 1, most urgent first: what is yours.").ExpectText("Open card " + last.Number())
	})
}

func TestTheQueueIsNarrowedByStateChannelAndTopic(t *testing.T) {
	tell(t, func(s *story) {
		asked, drafted, refund := s.customer("Ina").asksForAPerson(), s.customer("Per").asksAboutDelivery(), s.customer("Ola").asksForARefund()
		s.card("support", drafted).ExpectButton("Approve & send")
		s.card("support", asked)
		s.card("payments", refund)
		s.later(time.Minute)
		home := s.User("ana").OpenHome().ExpectText("drafts to approve 2")
		home.Click("Drafts: 2").ExpectText(drafted.Number()).ExpectText("Draft to approve").ExpectText("Asks for a person, with a draft to approve").
			ExpectNoText(refund.Number())
		home.Click("All: 3").Click("#payments: 1").ExpectText("in #payments.").ExpectText(refund.Number()).ExpectNoText(asked.Number())
		topic := s.ticket(refund).Decision.Topic
		home.Click(topic + ": 1").ExpectText("in #payments, on " + topic).ExpectText(refund.Number())
		home.Click("All channels").Click("All topics").ExpectText(asked.Number()).ExpectText(refund.Number())
		home.Click("Overdue or due soon: 0").ExpectText("Nothing is waiting here.")
		s.later(3*time.Hour + 30*time.Minute) // of the four that there are to answer
		s.User("ana").OpenHome().ExpectText("everything that waits for a person").Click("Overdue or due soon: 3").ExpectText(asked.Number()).ExpectNoText("overdue since")
		s.later(25 * time.Minute)
		home = s.User("ana").OpenHome().ExpectText(asked.Number()).ExpectNoText("overdue since")
		s.later(10 * time.Minute)
		home.ExpectText("overdue since") // nobody did anything: time alone did
	})
}

func TestARestartLeavesTheViewAsItIs(t *testing.T) {
	tell(t, func(s *story) {
		s.rush(14)
		home := s.User("ana").OpenHome().Click("Unclaimed: 14").ExpectText("what nobody has claimed").Click("Next page").ExpectText("Page 2 of 2")
		s.shut()
		s.open()
		home.Click("Refresh").ExpectText("Page 2 of 2, most urgent first: what nobody has claimed")
	})
}

func TestTwoPeopleSeeEachOthersClaims(t *testing.T) {
	tell(t, func(s *story) {
		tickets := s.rush(2)
		ana, ben := s.User("ana").OpenHome(), s.User("ben").OpenHome()
		stale := s.homeButton("ben", "Claim "+tickets[0].Number())
		ana.Click("Claim " + tickets[0].Number()).ExpectText("My tickets: 1")
		ben.ExpectText("claimed by").ExpectText("unclaimed 1, claimed 1").ExpectNoButton("Claim " + tickets[0].Number())
		s.control("click", stale) // of a screen that was late
		ben.ExpectText("Your last click: " + tickets[0].Number() + " is taken: Ana Ferreira claimed it at").ExpectText("My tickets: 0")
		if told := s.told("ben"); len(told) > 0 {
			t.Errorf("ben was told beside App Home, too: %q", told)
		}
		ben.Click("Claim " + tickets[1].Number()).ExpectText("My tickets: 1").ExpectNoText("Your last click")
		tickets[0].Assignee("ana")
		tickets[1].Assignee("ben")
	})
}

// homeButton is a press on a button that a person's App Home shows now, to be made when it may be gone.
func (s *story) homeButton(user, label string) map[string]any {
	s.t.Helper()
	view, action, value := s.User(user).OpenHome().ExpectButton(label).Button(label)
	return map[string]any{"view_id": view, "action_id": action, "value": value, "user": user, "force": true}
}

func TestALeadPausesAndResumesAtHomeAndAnAgentCannot(t *testing.T) {
	tell(t, func(s *story) {
		lea, ana := s.User("lea").OpenHome().ExpectText("/escalate promise 2%"), s.User("ana").OpenHome()
		ana.ExpectText("Team queue").ExpectNoText("Promise").ExpectNoButton("Pause everything")
		lea.Click("Pause everything").ExpectText("Your last click: Paused: everything").ExpectText("Paused: everything, by Lea").ExpectNoButton("Pause everything")
		ana.ExpectText("Paused: everything, by Lea")
		resume := s.homeButton("lea", "Resume everything")
		resume["view_id"], resume["user"] = s.homeID("ana"), "ana"
		s.control("click", resume)
		ana.ExpectText("Your last click: Only leads can do that: people in @support-leads. Nothing was changed.")
		paused := s.customer("Ina").asksHowToPair()
		s.card("support", paused).ExpectButton("Approve & send")
		lea.Click("Resume everything").ExpectText("Your last click: Resumed: everything.").ExpectNoText("Paused: everything").ExpectButton("Pause everything")
		ana.ExpectNoText("Paused: everything")
		s.customer("Per").asksHowToPair().Expects("written by our AI assistant")
	})
}

func (s *story) homeID(user string) string {
	s.t.Helper()
	view, _, _ := s.User(user).OpenHome().Button("Refresh")
	return view
}

func TestWhoMayNotSeesNothingAtHome(t *testing.T) {
	guest := func(at *setting) {
		at.slack = func(c *localslack.Config) {
			for i := range c.Users {
				if c.Users[i].Name == "ben" { // a guest, although he is in the group
					c.Users[i].IsRestricted = true
				}
			}
		}
	}
	tell(t, func(s *story) {
		ticket := s.rush(1)[0]
		claim := s.homeButton("ana", "Claim "+ticket.Number())
		for who, why := range map[string]string{"olga": "Only agents can do that", "ben": "Guests, bots and deactivated accounts can do nothing here"} {
			home := s.User(who).OpenHome().ExpectText("Nothing for you here yet").ExpectNoText("Hub offline").ExpectNoText("Team queue")
			s.customer("Per").asksForAPerson()
			s.later(time.Minute)
			home.ExpectNoText("Team queue")
			for action, value := range map[string]string{"claim.1": claim["value"].(string), "home_show.All": "*", "home_next": "1", "pause.1": "*"} {
				s.control("click", map[string]any{
					"view_id": home.ID(), "action_id": action, "value": value, "user": who, "force": true,
				})
				home.ExpectText("Your last click: " + why).ExpectNoText("Team queue")
				s.later(5 * time.Second) // nobody's home is drawn faster than once a second
			}
		}
		s.card("support", ticket).ExpectText("Nobody has claimed it yet")
		if len(s.paused()) > 0 {
			t.Errorf("paused: %v", s.paused())
		}
	}, guest)
}

func (s *story) paused() (all map[string]string) {
	s.t.Helper()
	s.view(func(tx desk.Tx) (err error) {
		all, err = tx.Pauses(s.t.Context())
		return err
	})
	return all
}

func TestWhoLosesTheRoleSeesTheQueueNoMore(t *testing.T) {
	tell(t, func(s *story) {
		s.rush(1)
		home := s.User("ana").OpenHome().ExpectText("Hub offline again")
		s.control("group", map[string]any{"handle": "support-agents", "remove": []string{"ana"}})
		home.ExpectText("Nothing for you here yet").ExpectNoText("Hub offline again")
	})
}

// What was made up in a view can narrow what is shown, and nothing else.
func TestForgedChoicesShowNothingMore(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.rush(1)[0]
		home := s.User("ana").OpenHome().ExpectText(ticket.Number())
		for i, forged := range []struct {
			action desk.Action
			value  string
		}{
			{desk.ActHomeShow, "=everything"},
			{desk.ActHomeShow, "=' OR 1=1 --"},
			{desk.ActHomeShow, ""},
			{desk.ActHomeChannel, "no choice"},
			{desk.ActHomeNext, "-7"},
			{desk.ActHomeNext, "99999999999999999999"},
			{desk.ActHomeNext, "9223372036854775807"},
			{desk.ActHomePrevious, "1e9"},
		} {
			s.pressAtHome("ana", fmt.Sprint("forged", i), forged.action, forged.value)
			s.later(5 * time.Second)
			home.ExpectText("Page 1 of 1").ExpectText(ticket.Number())
		}
		s.pressAtHome("ana", "topic", desk.ActHomeTopic, "=no such topic")
		home.ExpectText("on no such topic").ExpectText("Nothing is waiting here.")
	})
}

// pressAtHome is a press in App Home that no view of ours offers.
func (s *story) pressAtHome(user, id string, action desk.Action, value string) {
	s.t.Helper()
	_, err := s.app.service.Press(s.t.Context(), desk.Press{
		ID: id, At: time.Now(), Actor: s.person(user), Action: action, Token: value, Home: true,
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// A token that was copied from App Home into a message is worth nothing there.
func TestACopyOfAHomeButtonInAMessageDoesNothing(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.rush(1)[0]
		token, _ := s.homeButton("ana", "Claim "+ticket.Number())["value"].(string)
		elsewhere := s.rush(1)[0]
		card := s.card("support", elsewhere)
		s.control("click", forged(card, "support", desk.ActClaim, "ben", token))
		s.privately("support", "ben", "That button belongs to no card of mine")
		ticket.Assignee("")
		elsewhere.Assignee("")
	})
}

// Slack takes a hundred publishes a minute. With twelve people looking and something new every second, nobody is refused.
func TestAppHomeKeepsWithinSlacksLimit(t *testing.T) {
	var team []string
	crowd := func(at *setting) {
		at.limits = true
		at.slack = func(c *localslack.Config) {
			for i := range 12 {
				name := fmt.Sprint("agent", i)
				team = append(team, name)
				c.Users = append(c.Users, localslack.User{Name: name, RealName: name, Email: name + "@lumen.example"})
			}
			for i := range c.Groups {
				if c.Groups[i].Handle == "support-agents" {
					c.Groups[i].Users = append(c.Groups[i].Users, team...)
				}
			}
		}
	}
	tell(t, func(s *story) {
		var homes []*slackstory.Home
		for _, name := range team {
			homes = append(homes, s.User(name).OpenHome().ExpectText("Team queue"))
		}
		var last *ticket
		for i := range 90 {
			if last = s.customer(fmt.Sprint("Ina", i)).asksForAPerson(); i%30 == 0 {
				homes[i/30].Click("Refresh")
			}
			s.later(time.Second)
		}
		s.card("support", last)
		s.later(time.Minute)
		for _, home := range homes {
			home.ExpectText("unclaimed 90, claimed 0")
		}
		if n := s.refused("views.publish"); n > 0 {
			t.Errorf("Slack refused %v publishes", n)
		}
	}, crowd)
}

// refused is how many calls of a method Slack found too many, by the app's own metrics.
func (s *story) refused(method string) (n float64) {
	s.t.Helper()
	families, err := s.app.registry.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["method"] == method && labels["outcome"] == "rate_limited" {
				n += m.GetCounter().GetValue()
			}
		}
	}
	return n
}
