package desk

import (
	"encoding/json"
	"maps"
	"slices"

	"warmline/escalate"
)

// Account is what a person has in one helpdesk.
type Account struct {
	Agent escalate.AgentID // who they are there, "" when not linked
	Link  Link             // how they came to it
}

// FirstDesk is the helpdesk that is meant where a row names none: rows of before there could be several belong to it.
const FirstDesk = "main"

// agentIn is who a person is in a helpdesk; "" when they have no account there.
func (p *Person) agentIn(desk string) escalate.AgentID { return p.Accounts[desk].Agent }

// setAccount gives a person an account in a helpdesk in place of what they have there. Copies of a person share one map, so it is
// never written to.
func (p *Person) setAccount(desk string, acc Account) {
	all := maps.Clone(p.Accounts)
	if all == nil {
		all = make(map[string]Account)
	}
	all[desk] = acc
	if acc == (Account{}) {
		delete(all, desk)
	}
	p.Accounts = all
}

// UnmarshalJSON reads a row, one of before there could be several helpdesks too.
func (p *Person) UnmarshalJSON(body []byte) error {
	type row Person
	var r struct {
		row
		Account
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return err
	}
	*p = Person(r.row)
	if p.Accounts == nil && r.Account != (Account{}) {
		p.setAccount(FirstDesk, r.Account)
	}
	return nil
}

// desks names the connected helpdesks.
func (s *Service) desks() []string { return slices.Sorted(maps.Keys(s.Helpdesks)) }

// in says in which helpdesk; "" where no other could be meant.
func (s *Service) in(desk string) string {
	if s.Helpdesks[desk] != nil && len(s.Helpdesks) == 1 {
		return ""
	}
	return " in " + desk
}

// deskNames lists the helpdesks in which either of two people has an account, or has taken one off.
func deskNames(a, b *Person) []string {
	all := maps.Clone(a.Accounts)
	if all == nil {
		all = make(map[string]Account)
	}
	maps.Copy(all, b.Accounts)
	return slices.Sorted(maps.Keys(all))
}
