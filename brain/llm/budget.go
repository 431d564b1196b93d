package llm

import (
	"sync"
	"time"

	"warmline/escalate"
)

// maxTickets bounds how many tickets' use is remembered; the oldest are forgotten first.
const maxTickets = 10_000

// budget counts tokens per ticket and money per day. What a call may cost at most is taken before it is made and settled
// after it, so that calls at the same time cannot exceed it together.
type budget struct {
	perTicket int // tokens; below zero there is no bound
	perDay    float64
	prices    Prices

	mu      sync.Mutex
	day     string
	spent   float64
	tickets map[escalate.TicketID]int
	order   []escalate.TicketID
}

// cost is what calls use.
type cost struct{ in, out int }

func (c cost) tokens() int { return c.in + c.out }

func (b *budget) money(c cost) float64 {
	return (float64(c.in)*b.prices.In + float64(c.out)*b.prices.Out) / 1e6
}

// take reserves as many calls as both budgets hold, at most want, and says which budget was too small. The day is for settle.
func (b *budget) take(now time.Time, t escalate.TicketID, each cost, want int) (n int, day, short string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if today := now.UTC().Format(time.DateOnly); today > b.day {
		b.day, b.spent = today, 0
	}
	for n = want; n > 0; n-- {
		all := cost{each.in * n, each.out * n}
		switch {
		case b.perTicket >= 0 && b.tickets[t]+all.tokens() > b.perTicket:
			short = shortTicket
		case b.perDay > 0 && b.spent+b.money(all) > b.perDay:
			short = shortDay
		default:
			b.count(t, all.tokens())
			b.spent += b.money(all)
			return n, b.day, ""
		}
	}
	return 0, b.day, short
}

// settle replaces what was reserved for one call by what it used. What yesterday's call did not use is not given to today.
func (b *budget) settle(day string, t escalate.TicketID, reserved, used cost) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count(t, used.tokens()-reserved.tokens())
	if day == b.day {
		b.spent = max(0, b.spent+b.money(used)-b.money(reserved))
	}
}

func (b *budget) count(t escalate.TicketID, tokens int) {
	if b.tickets == nil {
		b.tickets = map[escalate.TicketID]int{}
	}
	if _, ok := b.tickets[t]; !ok {
		b.order = append(b.order, t)
		if len(b.order) > maxTickets {
			delete(b.tickets, b.order[0])
			b.order = b.order[1:]
		}
	}
	b.tickets[t] = max(0, b.tickets[t]+tokens)
}
