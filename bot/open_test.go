package bot

import (
	"context"
	"testing"
	"time"

	"warmline/escalate/desk"
)

// Slack may deliver a press twice. The second one finds the window open and must not say that it could not be.
func TestAWindowThatIsOpenAlreadyIsNoTrouble(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		r.desk.answer(func(_ context.Context, p desk.Press) (desk.Ack, error) {
			return desk.Ack{Open: &desk.Modal{Action: desk.ActSubmitEdit, Text: "Hi Ina.", Token: p.Token, Card: sample()}}, nil
		})
		out := r.click(r.post(sample()), desk.ActEdit)
		if again := r.control("redeliver", map[string]any{"envelope_id": out["envelope_id"]}); again["ok"] != true {
			t.Fatal(again)
		}
		time.Sleep(time.Second)
		r.Channel("support").As("ana").ExpectNone("could not be opened")
	})
}
