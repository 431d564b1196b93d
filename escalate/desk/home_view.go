package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

const (
	homePage   = 12        // rows of a page of the team's queue
	homeMine   = 8         // rows of one's own
	homeTopics = 12        // topics of the policy
	dueSoon    = time.Hour // how long before its due time a hand-off counts as due soon
)

// Home is a person's App Home. Who is no agent has nothing in it but At and Said.
type Home struct {
	Person escalate.PersonID
	Role   Role
	At     time.Time
	Said   string // what the last click came to, where that does not show by itself

	Counts Counts
	Paused map[string]string // who paused what, by scope
	All    QueueTally        // of the whole queue
	Mine   []QueueRow        // the most urgent ones that are the person's
	Loose  []Line            // what nobody looks after

	View     HomeView   // what Queue is of; a page that is there
	Pages    int        // at least 1
	Within   QueueTally // of the chosen channel and topic
	Queue    []QueueRow
	Channels []HomeChoice
	Topics   []HomeChoice

	Policy []Line // for leads
}

// HomeChoice is a channel or a topic of the queue, and how many hand-offs it has.
type HomeChoice struct {
	Name string
	All  int
}

// digest is a hash of what a home shows, without the instant; "" for who sees nothing that changes.
func (h *Home) digest() (string, error) {
	if !h.Role.atLeast(RoleAgent) {
		return "", nil
	}
	still := *h
	still.At = time.Time{}
	var late []bool
	for _, rows := range [][]QueueRow{h.Mine, h.Queue} {
		for i := range rows {
			late = append(late, rows[i].Overdue(h.At))
		}
	}
	b, err := json.Marshal(struct {
		Home Home
		Late []bool
	}{still, late})
	if err != nil {
		return "", fmt.Errorf("hash home of %s: %w", h.Person, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Overdue reports whether something was due and is not done.
func (q *QueueRow) Overdue(now time.Time) bool {
	return !q.Handoff.DueAt.IsZero() && !now.Before(q.Handoff.DueAt)
}

// loadHome is what a person may see now: nothing of tickets for people who are no agents.
func (s *Service) loadHome(ctx context.Context, id escalate.PersonID) (h *Home, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		a := &act{s: s, tx: tx, press: Press{Actor: id}}
		h, err = a.home(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load home of %s: %w", id, err)
	}
	return h, nil
}

func (a *act) home(ctx context.Context) (*Home, error) {
	var err error
	if a.policy, err = a.tx.Policy(ctx); err != nil {
		return nil, err
	}
	if a.who, err = identify(ctx, a.tx, a.policy, a.press.Actor); err != nil {
		return nil, err
	}
	row, err := a.tx.HomeRow(ctx, a.who.ID)
	if err != nil {
		return nil, err
	}
	h := &Home{Person: a.who.ID, Role: a.who.role, At: a.tx.Now(), Said: row.Said}
	if !a.who.role.atLeast(RoleAgent) || a.foreign() {
		h.Role = RoleNone
		return h, nil
	}
	h.View = row.View
	var errs [5]error
	h.Counts, errs[0] = a.tx.Counts(ctx, h.At.Add(-24*time.Hour))
	h.Paused, errs[1] = a.tx.Pauses(ctx)
	h.Mine, errs[2] = a.tx.Queue(ctx, QueueFilter{Owner: h.Person, Limit: homeMine})
	errs[3] = h.turn(ctx, a.tx)
	h.Loose, errs[4] = a.looseNow(ctx)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	if a.who.role.atLeast(RoleLead) {
		h.Policy, err = a.policyLines(ctx)
	}
	return h, err
}

// turn fills in the page of the queue that is looked at.
func (h *Home) turn(ctx context.Context, tx Tx) error {
	soon := h.At.Add(dueSoon)
	tally, err := tx.QueueTally(ctx, h.Person, soon)
	if err != nil {
		return err
	}
	h.count(tally)
	v := &h.View
	v.Page, h.Pages = pageOf(h.Within.Of(v.Show), v.Page)
	f := QueueFilter{Channel: v.Channel, Topic: v.Topic, Limit: homePage, Offset: v.Page * homePage}
	switch v.Show {
	case ShowUnclaimed:
		f.Unclaimed = true
	case ShowDrafts:
		f.Draft = true
	case ShowDue:
		f.DueBy = soon
	case ShowMine:
		f.Owner = h.Person
	default:
		v.Show = ShowAll
	}
	h.Queue, err = tx.Queue(ctx, f)
	return err
}

// pageOf is the page that is shown of so many hand-offs, and how many pages there are. A page that is not there is the last one
// that is.
func pageOf(found, asked int) (page, pages int) {
	pages = max(1, (found+homePage-1)/homePage)
	return min(max(asked, 0), pages-1), pages
}

// count sums a tally up: over everything, over what is chosen, and by channel and topic, the largest first.
func (h *Home) count(tally []QueueTally) {
	channels, topics := map[string]int{h.View.Channel: 0}, map[string]int{h.View.Topic: 0}
	for i := range tally {
		t := &tally[i]
		h.All.add(t)
		channels[t.Channel] += t.All
		topics[t.Topic] += t.All
		if (h.View.Channel == "" || h.View.Channel == t.Channel) && (h.View.Topic == "" || h.View.Topic == t.Topic) {
			h.Within.add(t)
		}
	}
	h.Channels, h.Topics = choices(channels), choices(topics)
}

func (t *QueueTally) add(more *QueueTally) {
	t.All += more.All
	t.Unclaimed += more.Unclaimed
	t.Drafts += more.Drafts
	t.Due += more.Due
	t.Mine += more.Mine
}

func choices(counts map[string]int) []HomeChoice {
	delete(counts, "") // what has no name cannot be chosen by it
	var list []HomeChoice
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, HomeChoice{Name: name, All: counts[name]})
	}
	slices.SortStableFunc(list, func(a, b HomeChoice) int { return cmp.Compare(b.All, a.All) })
	return list
}

// policyLines is what a lead steers by, each with the command that changes it.
func (a *act) policyLines(ctx context.Context) ([]Line, error) {
	lines := []Line{
		{Head: "Promise", Text: budgetWords(a.policy.Budget)},
		{Text: "/escalate promise 2%", Code: true},
		{Head: "All topics", Text: a.line(a.policy.Thresholds, a.policy.Stage)},
		{Text: "/escalate threshold auto 0.97", Code: true},
	}
	topics, err := a.topics(ctx)
	if err != nil {
		return nil, err
	}
	lines = append(lines, Line{Head: "Single topics", Text: strconv.Itoa(len(topics))}, Line{Text: "/escalate ladder TOPIC up", Code: true})
	for _, topic := range topics[:min(len(topics), homeTopics)] {
		st, err := a.standing(ctx, a.policy, topic)
		if err != nil {
			return nil, err
		}
		lines = append(lines, Line{Head: topic, Text: st.rung()})
	}
	if more := len(topics) - homeTopics; more > 0 {
		lines = append(lines, Line{Text: "and " + escalate.Counted(more, "more topic", "more topics")}, Line{Text: "/escalate topics", Code: true})
	}
	lines = append(lines, Line{Head: "Kept from the AI", Text: exclusionWords(a.policy.Exclusions)},
		Line{Text: "/escalate exclude add tag press", Code: true},
		Line{Head: "Version", Text: strconv.FormatInt(a.policy.Version, 10)}, Line{Text: "/escalate history", Code: true})
	return lines, nil
}

// exclusionWords lists exclusions, as many as a look takes in.
func exclusionWords(all []escalate.Exclusion) string {
	if len(all) == 0 {
		return "nothing by a rule of yours"
	}
	var words []string
	for i := range all {
		if i == homeTopics {
			words = append(words, fmt.Sprintf("and %d more", len(all)-i))
			break
		}
		words = append(words, all[i].Describe()+" ("+all[i].ID+")")
	}
	return strings.Join(words, "; ")
}
