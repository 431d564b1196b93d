package local_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

func TestAttemptsAreWhatWeProposedAndHowItWent(t *testing.T) {
	b := newBrain(t, knowledge(t))
	type try struct {
		text, reaction string
		failed         bool
	}
	for name, c := range map[string]struct {
		thread []string
		want   []try
	}{
		"it did not help": {
			[]string{"c: My hub is offline.", "b: Please unplug the hub for thirty seconds.", "c: Hm. That did not help at all."},
			[]try{{"Please unplug the hub for thirty seconds.", "That did not help at all.", true}},
		},
		"it helped": {
			[]string{"c: My hub is offline.", "b: Please unplug the hub for thirty seconds.", "c: Great! It works now, thanks."},
			[]try{{"Please unplug the hub for thirty seconds.", "It works now, thanks.", false}},
		},
		"nobody answered": {
			[]string{"c: My hub is offline.", "b: Please unplug the hub for thirty seconds."},
			[]try{{"Please unplug the hub for thirty seconds.", "", false}},
		},
		"a question that was answered is none": {
			[]string{"c: Where is my parcel?", "b: What is your order number?", "c: It is 48211.", "b: It left our warehouse on Monday."},
			[]try{{"It left our warehouse on Monday.", "", false}},
		},
		"a question that proposes is one": {
			[]string{"c: My hub is offline.", "a: Have you tried restarting the hub?", "c: Yes, twice."},
			[]try{{"Have you tried restarting the hub?", "Yes, twice.", false}},
		},
		"a question that annoys is one": {
			[]string{"c: My hub is offline.", "b: Which device is it?", "c: I already told you that."},
			[]try{{"Which device is it?", "I already told you that.", true}},
		},
		"a greeting is none": {
			[]string{"b: Hello! How can I help you today?", "c: My hub is offline.", "b: Hold the button for five seconds.", "c: Thanks, it works again", "b: You're welcome! Have a nice day."},
			[]try{{"Hold the button for five seconds.", "It works again", false}},
		},
		"what is said again has failed": {
			[]string{
				"c: My parcel is not here.", "b: Your parcel leaves our warehouse within two working days.", "c: I ordered it in June.",
				"b: Your parcel leaves the warehouse within two working days.", "c: Hm",
			},
			[]try{
				{"Your parcel leaves our warehouse within two working days.", "I ordered it in June.", true},
				{"Your parcel leaves the warehouse within two working days.", "Hm", false},
			},
		},
		"messages in a row are one": {
			[]string{"c: My hub is offline.", "b: I can help with that.", "b: Unplug the hub for thirty seconds and plug it in again.", "c: Still the same problem."},
			[]try{{"Unplug the hub for thirty seconds and plug it in again.", "Still the same problem.", true}},
		},
		"in German": {
			[]string{"c: Mein Hub ist offline.", "b: Bitte ziehen Sie für dreißig Sekunden den Stecker.", "c: Das hat leider nicht geholfen."},
			[]try{{"Bitte ziehen Sie für dreißig Sekunden den Stecker.", "Das hat leider nicht geholfen.", true}},
		},
	} {
		var got []try
		for _, a := range assess(t, b, ticket(c.thread...)).Attempts {
			got = append(got, try{a.Text, a.Reaction, a.Failed})
		}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(try{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTheNewestAttemptsAreListed(t *testing.T) {
	var thread []string
	for _, step := range []string{"first", "second", "third", "fourth", "fifth", "sixth"} {
		thread = append(thread, "c: It is off, what about the "+step+" way?", "b: Please press the "+step+" button for a while.")
	}
	got := assess(t, newBrain(t, knowledge(t)), ticket(thread...)).Attempts
	if len(got) != 5 || got[0].Text != "Please press the second button for a while." || got[4].By != escalate.RoleBot {
		t.Errorf("%d attempts: %+v", len(got), got)
	}
}
