package builtin_test

import (
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk/builtin"
)

// A note whose answer was lost, repeated before it was applied late, is there once.
func TestANoteAppliedLateIsThereOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, builtin.Options{})
		defer w.stop()
		id := create(t, w.desk, builtin.NewTicket{Subject: "Lamp"}).ID
		w.fault(`{"op":"message","kind":"late_apply","times":1}`)
		note := desk.Write{Kind: desk.WriteNote, Key: "note-1", Text: "Handed over."}
		if _, err := w.connector.Write(t.Context(), id, note); err == nil {
			t.Fatal("the first answer was to be lost")
		}
		if _, err := w.connector.Write(t.Context(), id, note); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := w.sent(id, "note-1"); got != 1 {
			t.Errorf("the note is there %d times", got)
		}
	})
}
