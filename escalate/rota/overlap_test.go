package rota_test

import (
	"fmt"
	"testing"

	"warmline/escalate/rota"
)

func TestOverlapsAreExplained(t *testing.T) {
	for _, tc := range []struct{ earlier, made, want string }{
		{"cover dan ana 9-13", "cover dan ana 12-14", "same 12-13: UDAN covers UANA then: that is so already; one of the two is enough"},
		{"cover dan ana 9-13", "cover eva ana 8-20", "again 9-13: UDAN covers UANA then: this one counts for the span of both, because it was made later"},
		{"off dan 9-13", "cover dan ana 8-20", "back 9-13: UDAN is off then: they come on all the same, because this was made later"},
		{"cover dan ana 9-13", "cover eva dan 8-20", "follows 9-13: UDAN covers UANA then: this one takes their place there, too"},
		{"take_over dan 9-13", "cover eva dan 8-20", "follows 9-13: UDAN takes over then: this one takes their place there, too"},
		{"cover dan ana 9-13", "off dan 8-20", "leaves 9-13: UDAN covers UANA then: their place stays empty unless somebody covers it"},
		{"add dan 9-13", "take_over eva 8-20", "hides 9-13: UDAN is added then: this one takes their place, because it was made later"},
		{"cover dan ana 9-13", "cover dan ben 8-20", "twice 9-13: UDAN covers UANA then: they are on for both at once"},
		{"take_over dan 9-13", "cover eva ana 8-20", "unseen 9-13: UDAN takes over then: this one shows only where they are off"},
		{"cover ana ben 9-13", "cover ben ana 8-20", "swapped 9-13: UANA covers UBEN then: both places go to the one who covers later"},
		{"cover dan ana 9-13", "cover eva ben 8-20", ""},
		{"cover dan ana 9-13", "off ana 8-20", ""},
		{"off ana 9-13", "off ben 8-20", ""},
		{"off ana 9-13", "cover dan ana 8-20", ""},
		{"cover dan ana 9-13", "cover eva ana 13-20", ""},
		{"cover dan ana 9-13", "cover eva ana 8-9", ""},
	} {
		list := overrides(t, tc.earlier, tc.made)
		var got string
		if met := rota.Overlaps(&list[1], list); len(met) == 1 {
			got = fmt.Sprintf("%s %d-%d: %s", met[0].Kind, met[0].From.Hour(), met[0].To.Hour(), &met[0])
		} else if len(met) > 1 {
			t.Errorf("%q: %d overlaps", tc.made, len(met))
		}
		if got != tc.want {
			t.Errorf("%q, then %q: got %q; want %q", tc.earlier, tc.made, got, tc.want)
		}
		list[0].Rota = "another"
		if met := rota.Overlaps(&list[1], list); len(met) > 0 {
			t.Errorf("%q overlaps one of another rota", tc.made)
		}
	}
}
