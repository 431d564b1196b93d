// Package slackstory tells a test what people do in a local workspace and what
// they see, through the workspace's control API:
//
//	s := slackstory.New(t, client, "http://slack.test")
//	card := s.Channel("support").ExpectCard("refund")
//	card.Click("Claim").As("ana")
//	card.ExpectText("claimed by")
//	s.Command("/escalate", "queue").In("support").As("ana").ExpectPrivate("2 waiting")
//	modal := s.User("ana").ExpectModal("Edit")
//	modal.Fill("reply", "Hello").Submit()
//	card.Thread().Expect("Hello")
//
// Every Expect waits until it holds or ten seconds have passed; then the test
// fails with what the channel shows. Inside a testing/synctest bubble that wait
// is fake time and costs nothing; outside it polls.
package slackstory
