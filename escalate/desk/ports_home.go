package desk

import (
	"context"
	"time"

	"warmline/escalate"
)

// Homes keeps who has App Home open, and what they look at there. A restart changes nothing of it.
type Homes interface {
	// HomeRow returns a person's row, or one with nothing but the person.
	HomeRow(ctx context.Context, id escalate.PersonID) (HomeRow, error)
	// SaveHome keeps when a person looked last and at what. Drawn and DrawnAt stay as they are.
	SaveHome(ctx context.Context, r HomeRow) error
	// DrawnHome keeps what Slack shows a person now, and that this was published at the transaction's instant.
	// Who never opened App Home has nothing to keep it in.
	DrawnHome(ctx context.Context, id escalate.PersonID, drawn string) error
	// OpenHomes returns those who looked since an instant and whose Drawn is not empty, the longest published first.
	OpenHomes(ctx context.Context, since time.Time) ([]HomeRow, error)
}

// HomeRow is one person's App Home.
type HomeRow struct {
	Person   escalate.PersonID
	LookedAt time.Time // when the person opened it or pressed something there last
	View     HomeView
	Said     string // what the last press came to, where that does not show by itself
	Drawn    string // a hash of what was published last; "" for who sees nothing that changes
	DrawnAt  time.Time
}

// HomeView is the part of the team's queue that a person looks at. Its zero value is the first page of all of it. It narrows and
// authorises nothing.
type HomeView struct {
	Show    HomeShow `json:"show,omitempty"`
	Channel string   `json:"channel,omitempty"` // "": all
	Topic   string   `json:"topic,omitempty"`   // "": all
	Page    int      `json:"page,omitempty"`    // from 0
}

// HomeShow is which hand-offs of the queue are shown.
type HomeShow string

// The choices.
const (
	ShowAll       HomeShow = ""
	ShowUnclaimed HomeShow = "unclaimed"
	ShowDrafts    HomeShow = "drafts" // an answer waits for approval
	ShowDue       HomeShow = "due"    // overdue, or due soon
	ShowMine      HomeShow = "mine"
)

// QueueTally is how many active hand-offs a channel has on a topic.
type QueueTally struct {
	Channel, Topic                    string
	All, Unclaimed, Drafts, Due, Mine int
}

// Of is the number that a choice would show.
func (t *QueueTally) Of(show HomeShow) int {
	switch show {
	case ShowUnclaimed:
		return t.Unclaimed
	case ShowDrafts:
		return t.Drafts
	case ShowDue:
		return t.Due
	case ShowMine:
		return t.Mine
	default:
		return t.All
	}
}
