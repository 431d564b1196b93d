package bot

import (
	"errors"
	"testing"
	"time"

	"warmline/escalate/desk"
)

func TestANoticeIsPostedFoundAgainAndRedrawn(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		begun := time.Now()
		asks := desk.Answer{Text: "Was this answer right?", Actions: []desk.Action{desk.ActRight, desk.ActWrong}, Token: "01TOKEN"}
		if _, err := r.bot.FindNotice(t.Context(), "support", "review-1", begun); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("found before it was posted: %v", err)
		}
		at, err := r.bot.PostNotice(t.Context(), "support", "review-1", asks)
		if err != nil {
			t.Fatal(err)
		}
		shown := r.Channel("support").ExpectCard("Was this answer right?").ExpectButton("Right").ExpectButton("Wrong")
		if found, err := r.bot.FindNotice(t.Context(), "support", "review-1", begun); err != nil || found != at {
			t.Errorf("found at %v, %v; posted at %v", found, err, at)
		}
		if _, err := r.bot.FindNotice(t.Context(), "support", "review-2", begun); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("another key is found: %v", err)
		}
		if err := r.bot.UpdateNotice(t.Context(), at, "review-1", desk.Answer{Text: "Right, says Ana."}); err != nil {
			t.Fatal(err)
		}
		shown.ExpectText("Right, says Ana.").ExpectNoButton("Wrong")
		gone := desk.Place{Channel: at.Channel, TS: "1.000001"}
		if err := r.bot.UpdateNotice(t.Context(), gone, "review-1", asks); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a notice that is not there: %v", err)
		}
		var refused *desk.Refused
		if _, err := r.bot.PostNotice(t.Context(), "nowhere", "review-1", asks); !errors.As(err, &refused) || !refused.NoChannel {
			t.Errorf("a channel that is not there: %v", err)
		}
	})
}
