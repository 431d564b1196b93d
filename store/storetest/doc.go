// Package storetest holds the promises of desk.Store and its queue as one suite, which every engine must keep:
//
//	func TestSQLite(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) desk.Store {
//			db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
//			…
//			return db
//		})
//	}
//
// A store that is also a queue.Store is held to the promises of durable jobs as well.
package storetest
