// Package store keeps everything that must survive, on SQLite or PostgreSQL. It implements desk.Store.
//
//	db, err := store.Open(ctx, "sqlite:warmline.db", store.Options{})
//	if err != nil {
//		return err
//	}
//	defer db.Close()
//	err = db.Update(ctx, func(tx desk.Tx) error {
//		t, err := tx.TicketByRef(ctx, escalate.Ref{Desk: "main", ID: "12"})
//		…
//		return tx.SaveTicket(ctx, t, events)
//	})
//
// On SQLite one goroutine runs every Update, in groups that share one commit; readers have connections of their own. On
// PostgreSQL several replicas share the database and are coordinated by its rows alone. The statements are the same.
package store
