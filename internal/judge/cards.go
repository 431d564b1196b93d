package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"warmline/internal/localslack"
)

// posted is what stands in Slack, as the workspace's journal adds up.
type posted struct {
	cards   map[string][]*shown // by hand-off, without deleted ones
	notices map[string]*shown   // by key; what stands for many hand-offs is one
	private []localslack.Message
}

// shown is a card as people see it now.
type shown struct {
	message localslack.Message
	version int64
}

type cardKey struct {
	Type    string `json:"event_type"`
	Payload struct {
		Handoff string `json:"handoff"`
		Version int64  `json:"version"`
		Key     string `json:"key"`
	} `json:"event_payload"`
}

func replay(records []localslack.Record) (*posted, error) {
	type place struct{ channel, ts string }
	at := map[place]localslack.Message{}
	var order []place
	p := &posted{cards: map[string][]*shown{}, notices: map[string]*shown{}}
	for _, r := range records {
		switch r.Kind {
		case localslack.MessagePosted:
			order = append(order, place{r.Message.Channel, r.Message.TS})
			fallthrough
		case localslack.MessageUpdated:
			at[place{r.Message.Channel, r.Message.TS}] = *r.Message
		case localslack.MessageDeleted:
			delete(at, place{r.Channel, r.TS})
		case localslack.EphemeralPosted:
			p.private = append(p.private, *r.Message)
		default:
		}
	}
	for _, where := range order {
		m, there := at[where]
		if !there || len(m.Metadata) == 0 {
			continue
		}
		var key cardKey
		if err := json.Unmarshal(m.Metadata, &key); err != nil {
			return nil, fmt.Errorf("metadata of message %s: %w", m.TS, err)
		}
		switch key.Type {
		case "warmline_card":
			h := key.Payload.Handoff
			p.cards[h] = append(p.cards[h], &shown{message: m, version: key.Payload.Version})
		case "warmline_notice":
			p.notices[key.Payload.Key] = &shown{message: m}
		}
	}
	return p, nil
}

// judgeCards holds every hand-off to one card, and every card to the truth.
func (t *trial) judgeCards() {
	rows := map[string]card{}
	for _, c := range t.cards {
		rows[c.handoff] = c
	}
	ours := map[string]bool{}
	for _, known := range t.tickets {
		for i := range known.state.Past {
			ours[known.state.Past[i].ID] = true
			t.judgeCard(known, &known.state.Past[i], rows)
		}
		if h := known.state.Handoff; h != nil {
			ours[h.ID] = true
			t.judgeCard(known, h, rows)
		}
	}
	for h, cards := range t.posted.cards {
		if !ours[h] {
			t.find(CardUntrue, "-", "card %s is about hand-off %s, which is not there", cards[0].message.TS, h)
		}
	}
}

func (t *trial) judgeCard(known *ticket, h *handoff, rows map[string]card) {
	cards := t.posted.cards[h.ID]
	if len(cards) > 1 {
		t.find(CardTwice, known.ref, "hand-off %s has %d cards, the first two in %s at %s and in %s at %s", h.ID, len(cards),
			cards[0].message.Channel, cards[0].message.TS, cards[1].message.Channel, cards[1].message.TS)
	}
	if row := rows[h.ID]; row.fold != "" {
		now := known.state.Handoff
		again := now != nil && now.ID != h.ID && rows[now.ID].fold == row.fold
		t.judgeFolded(known, h, row, len(cards), again)
		return
	}
	if len(cards) == 0 {
		if h.active() {
			t.find(CardMissing, known.ref, "hand-off %s is %s", h.ID, h.State)
		}
		return
	}
	row, seen := rows[h.ID], cards[len(cards)-1]
	if row.channel != seen.message.Channel || row.ts != seen.message.TS {
		t.find(CardUntrue, known.ref, "hand-off %s: its card is at %s %s, the database says %q %q",
			h.ID, seen.message.Channel, seen.message.TS, row.channel, row.ts)
	}
	if why := untrue(h, seen); why != "" {
		t.find(CardUntrue, known.ref, "hand-off %s: %s", h.ID, why)
	}
	// An ended hand-off's card says that it ended and no more, so that it may stay behind the ticket.
	if h.active() && (seen.version != known.version || row.drawn != known.version) {
		t.find(CardUntrue, known.ref, "hand-off %s: the ticket has version %d, the card shows %d, its row says %d",
			h.ID, known.version, seen.version, row.drawn)
	}
}

// judgeFolded holds a hand-off that shares a message to being named there, with a box to check while it is open. When the ticket
// came again, and to the same message, its box is the newer one's.
func (t *trial) judgeFolded(known *ticket, h *handoff, row card, cards int, again bool) {
	if cards > 0 {
		t.find(CardTwice, known.ref, "hand-off %s shares a message and has a card as well", h.ID)
	}
	sum := sha256.Sum256([]byte(row.fold))
	message := t.posted.notices[hex.EncodeToString(sum[:])[:32]]
	switch {
	case message == nil:
		t.find(CardMissing, known.ref, "hand-off %s is %s, the message that it shares is not there", h.ID, h.State)
	case !regexp.MustCompile(`"#` + regexp.QuoteMeta(known.ref) + `[ "]`).Match(message.message.Blocks):
		t.find(CardUntrue, known.ref, "hand-off %s is not in the message that it shares", h.ID)
	case !again && (h.State == "open") != strings.Contains(string(message.message.Blocks), `"text":"#`+known.ref+` `):
		t.find(CardUntrue, known.ref, "hand-off %s is %s, its shared message says otherwise", h.ID, h.State)
	}
}

// words are what a card says in each state.
var words = map[string]string{
	"open": "nobody has claimed it yet", "claimed": "Claimed", "taken": "Taken over in the helpdesk", "resolved": "Resolved",
	"withdrawn": "Moved to #",
}

// untrue says what a card says wrongly about its hand-off.
func untrue(h *handoff, seen *shown) string {
	text, word := seen.message.Text, words[h.State]
	if h.State == "withdrawn" && h.MovedTo == "" {
		word = "Given back to the AI"
	}
	if !strings.Contains(text, word) || h.State != "open" && strings.Contains(text, words["open"]) {
		return fmt.Sprintf("it is %s, its card says %q", h.State, text)
	}
	blocks := string(seen.message.Blocks)
	if h.State == "claimed" && !strings.Contains(blocks, `"user_id":"`+h.Owner+`"`) {
		return "its card does not name its owner " + h.Owner
	}
	return ""
}

// takenBy is how someone who came second is told who was first.
var takenBy = regexp.MustCompile(`#(\S+) is taken: (.+?) claimed it at`)

// judgeTold holds what people were told of winners to the history.
func (t *trial) judgeTold() {
	for _, m := range t.posted.private {
		said := takenBy.FindStringSubmatch(m.Text)
		if said == nil {
			continue
		}
		known, won := t.byRef[said[1]], false
		if known != nil {
			for _, e := range known.history {
				won = won || e.kind == "claimed" && t.people[e.body.By] == said[2] ||
					e.kind == "reassigned" && t.people[e.body.To] == said[2]
			}
		}
		if !won {
			t.find(OwnerUntrue, said[1], "%s was told that %s claimed it", m.To, said[2])
		}
	}
}
