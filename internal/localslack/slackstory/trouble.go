package slackstory

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Fail plans a fault: the body of the control API's "fault". clear: true ends
// all of them.
func (s *Story) Fail(fault map[string]any) {
	s.tb.Helper()
	s.must("fault", fault)
}

// Disconnect ends the sockets of all apps, for one of Slack's reasons or
// "abrupt".
func (s *Story) Disconnect(reason string) {
	s.tb.Helper()
	s.must("disconnect", map[string]any{"reason": reason})
}

// Entry is one thing that went between the workspace and an app.
type Entry struct {
	Kind string          `json:"kind"` // call, reply, envelope, ack, ignored
	Name string          `json:"name"`
	Body json.RawMessage `json:"body"`
}

// Traffic returns what went between the workspace and its apps, oldest first;
// the workspace keeps the last 500.
func (s *Story) Traffic() []Entry {
	s.tb.Helper()
	var out struct {
		Traffic []Entry `json:"traffic"`
	}
	s.get("traffic", url.Values{"after": {"0"}}, &out)
	return out.Traffic
}

// ExpectConnections waits until the app of that name has so many open sockets.
func (s *Story) ExpectConnections(app string, n int) {
	s.tb.Helper()
	var now struct {
		Apps []struct {
			Name        string `json:"name"`
			Connections int    `json:"connections"`
		} `json:"apps"`
	}
	s.until(fmt.Sprintf("%d sockets of %s", n, app), func() bool {
		s.get("state", nil, &now)
		for _, a := range now.Apps {
			if a.Name == app {
				return a.Connections == n
			}
		}
		return false
	}, func() string {
		var b strings.Builder
		for _, a := range now.Apps {
			fmt.Fprintf(&b, "  %s: %d\n", a.Name, a.Connections)
		}
		return b.String()
	})
}
