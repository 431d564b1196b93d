package local_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warmline/brain"
	"warmline/escalate"
)

// tally counts what a trigger did on rows whose truth is known.
type tally struct{ hit, alarm, miss, quiet float64 }

func (c *tally) add(fired, want bool) {
	switch {
	case fired && want:
		c.hit++
	case fired:
		c.alarm++
	case want:
		c.miss++
	default:
		c.quiet++
	}
}

func (c *tally) recall() float64 { return c.hit / (c.hit + c.miss) }
func (c *tally) f1() float64     { return 2 * c.hit / (2*c.hit + c.alarm + c.miss) }
func (c *tally) alarms() float64 { return 1000 * c.alarm / (c.alarm + c.quiet) }

// firstTurn cuts a dialogue before its first answer: what the customer wrote is then still open.
func firstTurn(p *brain.Past) *escalate.Ticket {
	tk := p.Ticket()
	for i := range tk.Content.Messages {
		if i > 0 && tk.Content.Messages[i].Role != escalate.RoleCustomer {
			tk.Content.Messages = tk.Content.Messages[:i]
			break
		}
	}
	return tk
}

// TestEvalHumanRequest measures who asks for a person.
func TestEvalHumanRequest(t *testing.T) {
	dir := evalDir(t)
	b := newBrain(t, brain.Knowledge{})
	for _, set := range []struct {
		name       string
		recall, f1 float64 // at least
	}{{"nlupp_banking.all", 0.95, 0.95}, {"bitext.history", 0.97, 0.97}, {"bitext.dev", 0.97, 0.97}, {"bitext.test", 0.95, 0.96}} {
		var c tally
		rows := readSet(t, dir, set.name)
		for i := range rows {
			var want bool
			if raw, ok := rows[i].Gold.Triggers["human_request"]; ok && json.Unmarshal(raw, &want) == nil {
				c.add(strength(assess(t, b, rows[i].Ticket()), escalate.HumanRequest) >= escalate.FireStrength, want)
			}
		}
		t.Logf("human_request %-18s recall %.3f  F1 %.3f  false alarms %v", set.name, c.recall(), c.f1(), c.alarm)
		if c.recall() < set.recall || c.f1() < set.f1 {
			t.Errorf("%s: recall %.3f, F1 %.3f; at least %.2f, %.2f", set.name, c.recall(), c.f1(), set.recall, set.f1)
		}
	}
}

// TestEvalNobodyAskedForAPerson counts how often that fires where nobody was said to ask.
func TestEvalNobodyAskedForAPerson(t *testing.T) {
	dir := evalDir(t)
	b := newBrain(t, brain.Knowledge{})
	for _, set := range []struct {
		name string
		most float64 // alarms per 1,000
	}{{"clinc150.test", 6}, {"banking77.test", 2}, {"hwu64.test", 2}, {"tobi_tickets.all", 10}, {"multidogo_finance.test", 4}, {"multidogo_media.test", 4}} {
		var c tally
		rows := readSet(t, dir, set.name)
		for i := range rows {
			c.add(strength(assess(t, b, firstTurn(&rows[i])), escalate.HumanRequest) >= escalate.FireStrength, false)
		}
		t.Logf("human_request %-24s %.1f per 1,000", set.name, c.alarms())
		if c.alarms() > set.most {
			t.Errorf("%s: %.1f alarms per 1,000, at most %v", set.name, c.alarms(), set.most)
		}
	}
}

// ordinary are the kinds of question that the sets label as a risk and PRODUCT does not: what an invoice, a price or a
// payment is or how to have it, an order called off, a payment that came back by itself. A team that wants them held
// back labels them so.
var ordinary = map[string]bool{
	"bitext:get_invoice": true, "bitext:check_invoice": true, "bitext:cancel_order": true,
	"clinc150:pay_bill": true, "clinc150:bill_due": true, "clinc150:min_payment": true, "clinc150:bill_balance": true,
	"dstc11_insurance:PayBill": true, "dstc11_insurance:CheckPaymentStatus": true, "dstc11_insurance:UpdateBillingFrequency": true,
	"banking77:exchange_charge": true, "banking77:top_up_by_bank_transfer_charge": true, "banking77:top_up_by_card_charge": true,
	"banking77:verify_source_of_funds": true, "banking77:reverted_card_payment?": true, "banking77:top_up_reverted": true,
}

// isOrdinary also counts what nlupp_banking calls billing: it names no answers, and all of it asks for fees and interest.
func isOrdinary(p *brain.Past, topics []string) bool {
	return ordinary[p.Gold.AnswerID] || p.Gold.AnswerID == "" && len(topics) == 1 && topics[0] == "billing"
}

// TestEvalHighRisk measures the lexicons of risks alone, without what a brain learns from a team's own labels: all that the
// sets call a risk, and what is left of it without the ordinary.
func TestEvalHighRisk(t *testing.T) {
	dir := evalDir(t)
	b := newBrain(t, brain.Knowledge{})
	for _, set := range []struct {
		name         string
		recall, real float64 // at least, of all that is labelled and without the ordinary
		alarms       float64 // at most, per 1,000
	}{
		{"bitext.history", 0.68, 0.94, 8},
		{"bitext.dev", 0.65, 0.92, 8},
		{"bitext.test", 0.69, 0.95, 8},
		{"banking77.dev", 0.73, 0.82, 38},
		{"banking77.test", 0.73, 0.825, 35},
		{"nlupp_banking.all", 0.48, 0.77, 60},
		{"dstc11_banking.history", 0.97, 0.97, 15},
		{"dstc11_banking.test", 0.95, 0.95, 15},
		{"dstc11_insurance.history", 0.61, 0.9, 30},
		{"dstc11_insurance.test", 0.5, 0.91, 10},
		{"clinc150.dev", 0.47, 0.95, 12},
		{"clinc150.test", 0.44, 0.89, 12},
	} {
		var all, risky tally
		rows := readSet(t, dir, set.name)
		for i := range rows {
			var topics []string
			if raw, ok := rows[i].Gold.Triggers["high_risk"]; !ok || json.Unmarshal(raw, &topics) != nil {
				continue
			}
			fired := strength(assess(t, b, firstTurn(&rows[i])), escalate.HighRisk) >= escalate.FireStrength
			all.add(fired, len(topics) > 0)
			if !isOrdinary(&rows[i], topics) {
				risky.add(fired, len(topics) > 0)
				if !fired && len(topics) > 0 && os.Getenv("WARMLINE_EVAL_SHOW") != "" {
					t.Logf("missed: %s", rows[i].Content.Messages[0].Text)
				}
			}
		}
		t.Logf("high_risk %-26s recall %.3f  without the ordinary %.3f  false alarms per 1,000 %.1f", set.name, all.recall(), risky.recall(), all.alarms())
		if all.recall() < set.recall || risky.recall() < set.real || all.alarms() > set.alarms {
			t.Errorf("worse than the floors %+v", set)
		}
	}
}

// TestEvalInjection holds that every attack ticket is noticed, and few harmless texts full of such words.
func TestEvalInjection(t *testing.T) {
	dir := filepath.Join(filepath.Dir(evalDir(t)), "injection")
	b := newBrain(t, brain.Knowledge{})
	attacks, missed := readAttacks(t, filepath.Join(dir, "ticket_attacks.jsonl")), 0
	for i := range attacks {
		if strength(assess(t, b, attacks[i].ticket()), escalate.Suspicious) < escalate.FireStrength {
			missed++
			t.Errorf("%s (%s by %s) is not noticed", attacks[i].ID, attacks[i].Goal, attacks[i].Carrier)
		}
	}
	if len(attacks) < 360 {
		t.Errorf("only %d attacks were read", len(attacks))
	}
	harmless, fired := harmlessTexts(t, filepath.Join(dir, "benign_notinject.json")), 0
	for _, text := range harmless {
		if strength(assess(t, b, ticket("c: "+text)), escalate.Suspicious) >= escalate.FireStrength {
			fired++
		}
	}
	t.Logf("suspicious: %d of %d attacks missed, %d of %d harmless texts fired", missed, len(attacks), fired, len(harmless))
	if fired*20 > len(harmless) || len(harmless) < 300 {
		t.Errorf("%d of %d harmless texts fire, at most one in twenty", fired, len(harmless))
	}
}

// attack is a ticket that gives orders to the AI, somewhere. Attachments and articles are no part of a ticket's content;
// their text is read as if the customer had pasted it, which is the stricter way.
type attack struct {
	ID, Goal, Carrier string
	Ticket            struct {
		Subject      string   `json:"subject"`
		Body         string   `json:"body"`
		BodyHTML     string   `json:"body_html"`
		CustomerName string   `json:"customer_name"`
		KBText       string   `json:"kb_text"`
		Messages     []string `json:"messages"`
		Attachments  []struct {
			Name string `json:"name"`
			Text string `json:"text"`
		} `json:"attachments"`
	} `json:"ticket"`
}

func readAttacks(t *testing.T, path string) []attack {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("SKIPPED: no attack tickets: %v", err)
	}
	defer f.Close()
	var out []attack
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var a attack
		if err := json.Unmarshal(in.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func (a *attack) ticket() *escalate.Ticket {
	text := []string{a.Ticket.Body + a.Ticket.BodyHTML, a.Ticket.KBText}
	for _, f := range a.Ticket.Attachments {
		text = append(text, f.Name, f.Text)
	}
	says := []string{"c: " + strings.Join(text, "\n")}
	for _, m := range a.Ticket.Messages {
		says = append(says, "c: "+m)
	}
	tk := ticket(says...)
	tk.Content.Subject, tk.Content.Customer.Name = a.Ticket.Subject, a.Ticket.CustomerName
	return tk
}

func harmlessTexts(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("SKIPPED: no harmless texts: %v", err)
	}
	var rows []struct {
		Prompt string `json:"prompt"`
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	out := make([]string, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.Prompt)
	}
	return out
}
