package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"warmline/cmd/warmline/demo"
	"warmline/escalate/desk"
	"warmline/internal/localslack/slackstory"
	"warmline/internal/pgtest"
)

// crowd is how many people claim one card at once.
const crowd = 100

func crowded(at *setting) { hire(at.company, crowd) }

// hire adds so many agents to a company, all in the channel that tickets go to by default.
func hire(company *demo.Company, n int) {
	for i := range n {
		name := agentName(i)
		company.People = append(company.People, demo.Person{
			Name: name, RealName: "Agent " + name[len("agent"):], Email: name + "@mossbrook.example", Role: "agent",
		})
		company.Groups[0].Members = append(company.Groups[0].Members, name)
		company.Channels[0].Members = append(company.Channels[0].Members, name)
	}
}

func TestOfAHundredWhoClaimAtOnceOneOwnsTheTicketAndAllOthersAreToldWho(t *testing.T) {
	tell(t, claimedBy(crowd), crowded)
}

// In real time, and with the race detector on a busy machine, a hundred would find out how fast that is: BenchmarkClaims measures it.
func TestOfThirtyWhoClaimAtOnceOneOwnsTheTicketOnPostgreSQLToo(t *testing.T) {
	dsn := pgtest.Database(t)
	live(t, claimedBy(30), crowded, func(at *setting) { at.dsn = dsn })
}

func agentName(i int) string { return fmt.Sprintf("agent%02d", i) }

// claimedBy has the first n of the crowd press Claim at once.
func claimedBy(n int) func(*story) {
	return func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket).ExpectButton("Claim")
		s.eventually("everyone to be known", s.knowsAll, func() string { return "" })
		s.clickAll(card, n)
		card.ExpectText("Claimed by")

		var owner string
		s.eventually("an owner", func() bool { owner = ticket.now().Assignee; return owner != "" }, ticket.dump)
		wanted := fmt.Sprintf("%s is taken: Agent %s claimed it at ", ticket.Number(), strings.TrimPrefix(owner, "agent"))
		for i := range n {
			name := agentName(i)
			want := 0
			if name != owner {
				s.privately("support", name, wanted)
				want = 1
			}
			if told := s.told(name); len(told) != want {
				s.t.Errorf("%s was told %q", name, told)
			}
		}
		s.oneCard("support", ticket)
	}
}

// knowsAll reports whether the app has read everyone of the crowd.
func (s *story) knowsAll() (all bool) {
	s.view(func(tx desk.Tx) error {
		for i := range crowd {
			if _, err := tx.PersonRow(s.t.Context(), s.person(agentName(i))); errors.Is(err, desk.ErrNotFound) {
				return nil
			} else if err != nil {
				return err
			}
		}
		all = true
		return nil
	})
	return all
}

// clickAll has the first n of the crowd press Claim on what they see, at once.
func (s *story) clickAll(card *slackstory.Card, n int) {
	s.t.Helper()
	var clicks sync.WaitGroup
	token, failed := s.token(card), make([]error, n)
	for i := range n {
		clicks.Go(func() {
			out, err := post(s.slack, slackBase+"/_control/click", forged(card, "support", desk.ActClaim, agentName(i), token))
			if err == nil && out["acked"] != true {
				err = fmt.Errorf("click of %s: %v", agentName(i), out)
			}
			failed[i] = err
		})
	}
	clicks.Wait()
	if err := errors.Join(failed...); err != nil {
		s.t.Fatal(err)
	}
}
