// Package queue runs durable jobs that lie in the same database as what they are about, so that a change and the work it
// asks for are one commit.
//
//	runner, err := queue.New(queue.Options{
//		Store: db,
//		Kinds: map[string]queue.Kind{
//			"draw-card": {Workers: 4, Timeout: time.Minute, Handle: func(ctx context.Context, j desk.Leased) error {
//				place, err := room.PostCard(ctx, card)
//				if err != nil {
//					return err // runs again later
//				}
//				return db.Update(ctx, func(tx desk.Tx) error {
//					…
//					return tx.Finish(ctx, j) // what it did and its end are one commit
//				})
//			}},
//		},
//	})
//	…
//	err = runner.Run(ctx) // until ctx ends; then it drains
//
// A job runs at least once. Whoever runs it holds a lease, which it renews; the lease of a process that died runs out and
// another takes over. Finish is fenced by lease and attempt: of two that believe they hold a job only one can commit its end.
package queue
