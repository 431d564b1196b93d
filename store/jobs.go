package store

import (
	"context"
	"time"

	"warmline/escalate/desk"
	"warmline/store/queue"
)

// Enqueue implements desk.Jobs.
func (t *tx) Enqueue(ctx context.Context, j desk.Job) error {
	due, err := queue.Enqueue(ctx, t, j)
	if err == nil {
		t.commit.Wake(due)
	}
	return err
}

// Reschedule implements desk.Jobs.
func (t *tx) Reschedule(ctx context.Context, kind, key string, at time.Time) (bool, error) {
	moved, err := queue.Reschedule(ctx, t, kind, key, at)
	if moved {
		t.commit.Wake(at)
	}
	return moved, err
}

// CancelJobs implements desk.Jobs. A group may go on with its next job.
func (t *tx) CancelJobs(ctx context.Context, kind, key string) error {
	t.commit.Wake(t.now)
	return queue.Cancel(ctx, t, kind, key)
}

// Finish implements desk.Jobs.
func (t *tx) Finish(ctx context.Context, j desk.Leased) error {
	err := queue.Finish(ctx, t, j)
	if err == nil {
		t.commit.Finished = append(t.commit.Finished, j.ID)
	}
	return err
}
