package localslack_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/slack-go/slack"

	"warmline/internal/localslack"
)

// An app reaches the workspace with nothing but another API address.
func Example() {
	w, err := localslack.New(localslack.Options{Config: localslack.Config{
		Users:    []localslack.User{{Name: "ana"}},
		Channels: []localslack.Channel{{ID: "C1", Name: "support", Members: []string{"ana", "warmline"}}},
		Apps:     []localslack.App{{Name: "Warmline", BotToken: "xoxb-1", AppToken: "xapp-1", Scopes: []string{"chat:write"}}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	defer func() { _ = w.Close() }()

	api := slack.New("xoxb-1", slack.OptionAPIURL(srv.URL+"/api/"))
	channel, _, err := api.PostMessage("#support", slack.MsgOptionText("Ticket 1042 needs a person", false))
	fmt.Println(channel, err)
	_, _, err = api.PostMessage("#nowhere", slack.MsgOptionText("lost", false))
	fmt.Println(err)
	// Output:
	// C1 <nil>
	// channel_not_found
}
