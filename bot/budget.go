package bot

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// budget keeps calls of a method below what Slack answers in a minute: some at once, and then one after each so long.
type budget struct {
	apart time.Duration
	spent chan struct{} // holds a token for each call that has to be made up for

	mu   sync.Mutex
	owed int // so many
}

func newBudget(burst int, apart time.Duration) *budget {
	return &budget{apart: apart, spent: make(chan struct{}, burst)}
}

// spend waits until there may be another call. No budget is no limit.
func (b *budget) spend(ctx context.Context) error {
	if b == nil {
		return nil
	}
	select {
	case b.spent <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait for Slack's pace: %w", ctx.Err())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.owed++; b.owed == 1 {
		time.AfterFunc(b.apart, b.makeUp)
	}
	return nil
}

func (b *budget) makeUp() {
	<-b.spent
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.owed--; b.owed > 0 {
		time.AfterFunc(b.apart, b.makeUp)
	}
}
