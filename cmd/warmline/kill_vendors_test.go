package main

import (
	"flag"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"warmline/cmd/warmline/demo"
	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/freshdesk/freshdesktest"
	"warmline/helpdesk/front/fronttest"
	"warmline/helpdesk/generic/generictest"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout/helpscouttest"
	"warmline/helpdesk/hubspot/hubspottest"
	"warmline/helpdesk/jira/jiratest"
	"warmline/helpdesk/requesttracker/requesttrackertest"
	"warmline/helpdesk/zendesk/zendesktest"
)

var (
	vendorKills  = flag.Int("vendors.kills", 5, "how often TestKillSendsOnceToEveryVendor kills the bot")
	vendorSends  = flag.Int("vendors.sends", 20, "how many answers it has sent to each vendor")
	vendorWithin = flag.Duration("vendors.within", 0, "for how long it opens tickets at the most, however many are left; 0 is for ever")
	vendorReads  = flag.Float64("vendors.reads", vendorFaults/2, "the share of readings that go wrong; each may hold all calls to the vendor for a second")
)

// The share of replies that go wrong, and how long after its answer was lost a call may still be applied. Settle is longer.
const (
	vendorFaults = 0.22
	vendorLate   = 500 * time.Millisecond
	vendorSettle = time.Second
)

// vendorPolicy answers everything that it is sure of by itself.
const vendorPolicy = `
stage: auto
thresholds: {auto: 0.8, draft: 0.5}
routes: {default: support, high_risk: payments, safety: escalations}
roles: {agents: ["@support-agents"], leads: ["@support-leads"]}
keep_warm: {off: true, after: 4h, cap: 1}
pace: {undo: 300ms, chat_burst: 100ms, email_burst: 100ms, burst_max: 1s}
`

// vendorFake is a vendor's fake as a program that outlives every kill.
type vendorFake interface {
	http.Handler
	Account(name, url string) helpdesk.Account
	Fixture(c helpdesk.Connector) helpdesktest.Fixture
}

// stormy is one vendor with a storm before it.
type stormy struct {
	name    string
	vendor  helpdesk.Vendor
	fake    vendorFake
	book    *helpdesktest.Book
	storm   *helpdesktest.Storm
	fixture helpdesktest.Fixture
	account helpdesk.Account
	sure    bool // a stamp or a hidden marker: nobody ever has to ask a person
	tickets []string

	unanswered []string // when it was last looked
}

// TestKillSendsOnceToEveryVendor kills the real binary while it answers tickets of every vendor at once, and a fifth of all replies goes
// wrong. Each customer must get the answer exactly once.
func TestKillSendsOnceToEveryVendor(t *testing.T) {
	kills, sends := *vendorKills, *vendorSends
	if testing.Short() {
		kills, sends = min(kills, 3), min(sends, 10)
	}
	w := &killWorld{
		t: t, dir: t.TempDir(), bin: buildBot(t), hookAt: freeAddress(t), client: &http.Client{Timeout: 15 * time.Second},
	}
	w.slackJournal, w.dsn = w.path("slack.jsonl"), "sqlite:"+w.path("warmline.db")
	w.write("slack.yaml", killWorkspace())
	w.write("policy.yaml", []byte(vendorPolicy))
	w.slackURL = w.startSide("workspace", "--config", w.path("slack.yaml"), "--db", w.slackJournal)
	all := openVendors(t)
	w.write("helpdesks.yaml", vendorsFile(w, all))
	w.helpdesks = []string{"--helpdesks", w.path("helpdesks.yaml")}
	w.liveWithAll(all)

	question := surelyAnswered(t)
	dice := rand.New(rand.NewPCG(*killSeed, 11))
	k, step := killer{world: w, dice: dice}, (sends+kills-1)/kills*len(all)
	began := time.Now()
	for i := range kills {
		if *vendorWithin > 0 && time.Since(began) > *vendorWithin {
			t.Logf("%d kills, and no time for more", i)
			break
		}
		for _, v := range all {
			for range sends*(i+1)/kills - sends*i/kills {
				id := v.fixture.Create(t, question)
				v.tickets, v.unanswered = append(v.tickets, id), append(v.unanswered, id)
			}
		}
		k.once(i)
		if w.unanswered(all) > 4*step { // a bot that lives for a second gets through less than comes
			bot := w.startBot()
			w.awaitReady(bot)
			w.awaitAnswers(all, 2*step, 10*time.Minute)
			bot.kill()
		}
	}
	bot := w.startBot()
	w.awaitReady(bot)
	w.awaitAnswers(all, 0, 3*time.Minute)
	for _, v := range all {
		v.storm.Calm()
	}
	w.awaitQuiet(quietWithin)
	bot.stop()
	for _, v := range all {
		v.demand(w)
	}
	if t.Failed() {
		w.keep()
	}
}

// openVendors starts every vendor's fake with a storm before it.
func openVendors(t *testing.T) []*stormy {
	t.Helper()
	var all []*stormy
	for i := range vendorFakes {
		v := newStormy(t, i, helpdesktest.Agent{ID: "77", Name: "Ana Ruiz", Email: "ana@shop.example"})
		v.storm = helpdesktest.NewStorm(*killSeed+uint64(i), vendorFaults, vendorLate)
		v.storm.Reads = *vendorReads
		server := httptest.NewServer(v.storm.Wrap(v.fake))
		t.Cleanup(server.Close)
		v.reach(t, server.URL, nil)
		all = append(all, v)
	}
	return all
}

// newStormy makes an account of one of vendorFakes.
func newStormy(tb testing.TB, i int, agents ...helpdesktest.Agent) *stormy {
	tb.Helper()
	o := vendorFakes[i]
	v := &stormy{name: o.name, book: &helpdesktest.Book{Agents: agents}, sure: o.sure}
	v.fake = o.open(v.book)
	var err error
	if v.vendor, err = vendorOf(o.name); err != nil {
		tb.Fatal(err)
	}
	return v
}

// reach connects the account where its fake is served.
func (v *stormy) reach(tb testing.TB, url string, client *http.Client) {
	tb.Helper()
	v.account = v.fake.Account(v.name, url)
	if client != nil {
		v.account.Client, v.account.Now = client, nil
	}
	connector, err := v.vendor.Connect(v.account)
	if err != nil {
		tb.Fatal(err)
	}
	v.fixture = v.fake.Fixture(connector)
}

// vendorsFile names all accounts as people do, with each secret in a file of its own.
func vendorsFile(w *killWorld, all []*stormy) []byte {
	w.t.Helper()
	var list []map[string]any
	for _, v := range all {
		settings, secrets := map[string]string{}, map[string]map[string]string{}
		for _, s := range v.vendor.Settings {
			value := v.account.Settings[s.Name]
			switch {
			case value == "":
			case s.Secret:
				w.write(v.name+"-"+s.Name, []byte(value))
				secrets[s.Name] = map[string]string{"file": w.path(v.name + "-" + s.Name)}
			default:
				settings[s.Name] = value
			}
		}
		list = append(list, map[string]any{
			"name": v.name, "vendor": v.name, "settings": settings, "secrets": secrets, "settle": vendorSettle.String(), "poll": "1s",
		})
	}
	out, err := yaml.Marshal(map[string]any{"helpdesks": list})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// liveWithAll lets the bot begin: only what changes from then on is its business.
func (w *killWorld) liveWithAll(all []*stormy) {
	w.t.Helper()
	bot := w.startBot()
	w.awaitReady(bot)
	for deadline := time.Now().Add(time.Minute); w.count(`SELECT COUNT(*) FROM setting WHERE key LIKE 'cursor:%'`) < len(all); {
		if time.Now().After(deadline) || !elapse(w.t.Context(), 20*time.Millisecond) {
			w.t.Fatal("the bot did not go live with every vendor in time")
		}
	}
	bot.kill()
}

// surelyAnswered is a question that the demo's past answers again and again.
func surelyAnswered(t *testing.T) helpdesktest.Opening {
	t.Helper()
	company, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range company.Live {
		if a.Expect == string(escalate.WayAuto) {
			return helpdesktest.Opening{Name: a.Customer.Name, Email: a.Customer.Email, Subject: a.Subject, Text: a.Text}
		}
	}
	t.Fatal("no live ticket of the demo is answered by itself")
	return helpdesktest.Opening{}
}

// answers are the public messages of a ticket that no customer wrote.
func (v *stormy) answers(ticket string) (bodies []string) {
	found, _ := v.book.Ticket(ticket)
	for _, m := range found.Messages {
		if m.Public && m.Role != escalate.RoleCustomer && m.Role != escalate.RoleParticipant {
			bodies = append(bodies, m.Body)
		}
	}
	return bodies
}

// awaitAnswers waits until all tickets but some have an answer, or a person was asked about them.
func (w *killWorld) awaitAnswers(all []*stormy, but int, atMost time.Duration) {
	w.t.Helper()
	for deadline := time.Now().Add(atMost); time.Now().Before(deadline); elapse(w.t.Context(), 500*time.Millisecond) {
		if w.unanswered(all) <= but+w.count(`SELECT COUNT(*) FROM ticket WHERE active`) {
			return
		}
	}
}

// unanswered is how many tickets no answer has reached yet.
func (w *killWorld) unanswered(all []*stormy) (n int) {
	for _, v := range all {
		v.unanswered = slices.DeleteFunc(v.unanswered, func(id string) bool { return len(v.answers(id)) > 0 })
		n += len(v.unanswered)
	}
	return n
}

// demand holds a vendor to one answer for each customer.
func (v *stormy) demand(w *killWorld) {
	t := w.t
	t.Helper()
	twice, lost, escalated := 0, 0, 0
	for _, id := range v.tickets {
		handed := w.count(`SELECT COUNT(*) FROM ticket WHERE active AND desk = '` + v.name + `' AND ref = '` + id + `'`)
		switch bodies := v.answers(id); {
		case len(bodies) > 1:
			twice++
			t.Errorf("%s: the customer of ticket %s got %d answers: %s", v.name, id, len(bodies), strings.Join(bodies, "\n---\n"))
		case len(bodies) == 0 && handed == 0:
			lost++
			t.Errorf("%s: ticket %s was lost: neither an answer nor a card", v.name, id)
		case len(bodies) == 0:
			escalated++
		}
	}
	asked := w.count(`SELECT COUNT(DISTINCT h.ticket_id) FROM history h JOIN ticket t ON t.id = h.ticket_id WHERE h.kind = 'asked' AND t.desk = '` + v.name + `'`)
	again := w.count(`SELECT COUNT(*) FROM history h JOIN ticket t ON t.id = h.ticket_id WHERE h.kind = 'lost' AND t.desk = '` + v.name + `'`)
	t.Logf("%s: %d tickets, %d calls went wrong, %d answers lost and settled, %d asked, %d with a card instead, %d twice, %d lost",
		v.name, len(v.tickets), v.storm.Struck(), again, asked, escalated, twice, lost)
	if most := len(v.tickets) / 1000; asked > most && !v.sure || asked > 0 && v.sure {
		t.Errorf("%s: of %d tickets a person was asked about %d", v.name, len(v.tickets), asked)
	}
	if v.storm.Struck() < len(v.tickets)/8 || escalated > len(v.tickets)/10 {
		t.Errorf("%s: too little happened to prove anything", v.name)
	}
}

// vendorFakes are the vendors of the storm. Those with a stamp or a hidden marker never need to ask a person.
var vendorFakes = []struct {
	name string
	sure bool
	open func(*helpdesktest.Book) vendorFake
}{
	{"zendesk", true, func(b *helpdesktest.Book) vendorFake {
		f := zendesktest.New(b)
		f.Withhold, f.ExportsPerMinute, f.PerTicket = time.Second, -1, -1 // a storm is storm enough
		return f
	}},
	{"freshdesk", false, func(b *helpdesktest.Book) vendorFake { return freshdesktest.New(b) }},
	{"gorgias", true, func(b *helpdesktest.Book) vendorFake { return gorgiastest.New(b) }},
	{"helpscout", false, func(b *helpdesktest.Book) vendorFake { return helpscouttest.New(b) }},
	{"front", false, func(b *helpdesktest.Book) vendorFake { return fronttest.New(b) }},
	{"hubspot", false, func(b *helpdesktest.Book) vendorFake { return hubspottest.New(b) }},
	{"jira", true, func(b *helpdesktest.Book) vendorFake { return jiratest.New(b) }},
	{"generic", true, func(b *helpdesktest.Book) vendorFake { return generictest.New(b) }}, // its mapping names a version and a marker
	{"rt", true, func(b *helpdesktest.Book) vendorFake { return requesttrackertest.New(b) }},
}
