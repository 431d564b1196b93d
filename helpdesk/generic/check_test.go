package generic_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/generic"
	"warmline/helpdesk/generic/generictest"
)

func TestMappingsThatAreRightPass(t *testing.T) {
	for name, source := range map[string]string{"rich": generictest.Rich, "poor": generictest.Poor} {
		if m, faults := generic.CheckMapping([]byte(source)); len(faults) > 0 || m == nil {
			t.Errorf("%s: %v", name, faults)
		}
	}
	example(t)
}

// TestANoteThatCouldBePublicIsRefused is about the one mistake that cannot be taken back: what is meant for colleagues goes to the
// customer.
func TestANoteThatCouldBePublicIsRefused(t *testing.T) {
	for name, change := range map[string][]string{
		"the note says what the reply says":    {"kind: internal, html", "kind: message, html"},
		"the note says it in another case":     {"kind: internal, html", "kind: MESSAGE, html"},
		"the note does not say it":             {"{kind: internal, html", "{html"},
		"the reply does not say it":            {"{kind: message, html", "{html"},
		"nobody names where it is said":        {"  visibility: kind\n", ""},
		"it is said in two places":             {"{kind: internal, html: \"{html}\", external_ref: \"{key}\"}\n  visibility: kind", "{side: internal, html: \"{html}\", external_ref: \"{key}\"}\n  visibility: side"},
		"a placeholder says it":                {"kind: internal, html", "kind: \"{key}\", html"},
		"part of it is a placeholder":          {"kind: internal, html", "kind: \"internal{ticket}\", html"},
		"it is null":                           {"kind: internal, html", "kind: null, html"},
		"it is a list":                         {"kind: internal, html", "kind: [internal], html"},
		"it is empty":                          {"kind: internal, html", "kind: \"\", html"},
		"the address says it, and is the same": {"visibility: kind", "visibility: url"},
		"the address differs in its query alone": {
			"visibility: kind", "visibility: url", "note:\n  url: /cases/{ticket}/entries", "note:\n  url: /cases/{ticket}/entries?a=b",
		},
	} {
		m, faults := generic.CheckMapping([]byte(changed(t, generictest.Rich, change...)))
		if m != nil || len(faults) == 0 {
			t.Errorf("%s, and the mapping passes", name)
		}
		for _, f := range faults {
			if f.Line == 0 || !strings.Contains(f.Path, "visibility") {
				t.Errorf("%s: %v", name, f)
			}
		}
	}
	mapping(t, generictest.Rich, "visibility: kind", "visibility: url", "note:\n  url: /cases/{ticket}/entries", "note:\n  url: /cases/{ticket}/notes")
}

func TestFaultsAreFoundWithTheirLine(t *testing.T) {
	for name, test := range map[string]struct {
		change []string
		path   string // of the fault; "" where YAML itself finds it
	}{
		"a key that does not exist":         {[]string{"  subject: data", "  subjekt: data"}, ""},
		"a key twice":                       {[]string{"  subject: data.subject", "  subject: data.subject\n  subject: data.title"}, ""},
		"a list where a text is meant":      {[]string{"status: data.state", "status: [data.state]"}, ""},
		"a filter in a path":                {[]string{"subject: data.subject", "subject: \"data[?(@.a)]\""}, "ticket.subject"},
		"a path of many for one":            {[]string{"subject: data.subject", "subject: \"data[*].subject\""}, "ticket.subject"},
		"a status that is none of ours":     {[]string{"waiting: pending", "waiting: slept"}, "ticket.statuses.waiting"},
		"a word that reads as another":      {[]string{"solved: done", "solved: waiting"}, "status.words.solved"},
		"a word that is not read":           {[]string{"solved: done", "solved: finished"}, "status.words.solved"},
		"no word for open":                  {[]string{"{open: new, ", "{"}, "status.words"},
		"an address of another host":        {[]string{"url: /me", "url: https://other.example/me"}, "check.url"},
		"an address that begins with //":    {[]string{"url: /me", "url: //other.example/me"}, "check.url"},
		"an address that climbs":            {[]string{"url: /me", "url: /a/../me"}, "check.url"},
		"a ticket's address without it":     {[]string{"  url: /cases/{ticket}\n  subject", "  url: /cases\n  subject"}, "ticket.url"},
		"a placeholder that is none":        {[]string{"owner: \"{agent.number}\"", "owner: \"{agnet}\""}, "assign.body"},
		"the secret in a body":              {[]string{"owner: \"{agent.number}\"", "owner: \"{agent.number}\", key: \"{secret}\""}, "assign.body"},
		"a text in an address":              {[]string{"reply:\n  url: /cases/{ticket}/entries", "reply:\n  url: /cases/{ticket}/entries?text={text}"}, "reply.url"},
		"the secret in the mapping":         {[]string{"value: \"{secret}\"", "value: abc123"}, "auth.value"},
		"a header of the call itself":       {[]string{"header: X-Api-Key", "header: Host"}, "auth.header"},
		"a second credential":               {[]string{"If-Match: \"{stamp}\"", "x-api-key: other"}, "reply.headers.x-api-key"},
		"a reply without text":              {[]string{"{kind: message, html: \"{html}\", ", "{kind: message, "}, "reply.body"},
		"a hidden marker that is not sent":  {[]string{"kind: internal, html: \"{html}\", external_ref: \"{key}\"", "kind: internal, html: \"{html}\""}, "note.body"},
		"nobody's messages are ours":        {[]string{"  marker: external_ref\n  ours: {path: from.email, is: [warmline@shop.example]}\n", ""}, "messages.ours"},
		"a stamp that is not read":          {[]string{"  stamp: data.version\n", ""}, "reply"},
		"a role in two words":               {[]string{"bot: [api]", "bot: [staff]"}, "messages.role"},
		"a visibility in two words":         {[]string{"no: [internal]", "no: [message]"}, "messages.public"},
		"no word for internal":              {[]string{", no: [internal]", ""}, "messages.public"},
		"pages without an end":              {[]string{"  pages: {size: 100}\n", ""}, "changes.pages"},
		"pages of a list without":           {[]string{"pages: {next: links.next}", "pages: {size: 50}"}, "messages.pages"},
		"changes from the beginning":        {[]string{"changed_since={since}&", ""}, "changes.url"},
		"an order that is none":             {[]string{"order: oldest", "order: ascending"}, "changes.order"},
		"a cursor that is not read":         {[]string{"order: oldest", "order: cursor"}, "changes"},
		"a style that is none":              {[]string{"style: standard", "style: md5"}, "webhook.style"},
		"a signature without its header":    {[]string{"style: standard", "style: sha256\n  id: body"}, "webhook.header"},
		"deliveries without an id":          {[]string{"style: standard", "style: sha256\n  header: X-S"}, "webhook.id"},
		"webhooks about nothing":            {[]string{"  tickets: [\"cases[*].id\", case.id]\n", ""}, "webhook.tickets"},
		"a rule without words":              {[]string{"skip: {path: kind, is: [event]}", "skip: {path: kind}"}, "messages.skip"},
		"a method that reads":               {[]string{"assign: {method: PATCH", "assign: {method: GET"}, "assign.method"},
		"tags that are not read":            {[]string{"  tags: \"data.labels[*].name\"\n", ""}, "tags"},
		"an assignee who is not sent":       {[]string{"{owner: \"{agent.number}\"}", "{owner: 1}"}, "assign"},
		"a page that is no address":         {[]string{"page: https://desk.example.com/agent/{ticket}", "page: javascript:alert({ticket})"}, "ticket.page"},
		"a lag of a day":                    {[]string{"order: oldest", "order: oldest\n  lag: 86400"}, "changes.lag"},
		"words where they mean nothing":     {[]string{"tags: {url", "tags: {words: {a: b}, url"}, "tags.words"},
		"a format that is none":             {[]string{"format: html", "format: rtf"}, "messages.format"},
		"a body with a key that is no text": {[]string{"{add: \"{tags}\"}", "{add: \"{tags}\", 7: x}"}, "tags.body"},
	} {
		source := changed(t, generictest.Rich, test.change...)
		m, faults := generic.CheckMapping([]byte(source))
		if m != nil || len(faults) == 0 {
			t.Errorf("%s passes", name)
			continue
		}
		if f := faults[0]; f.Path != test.path || f.Line < 1 || f.Line > strings.Count(source, "\n")+1 || f.Says == "" {
			t.Errorf("%s: %v", name, faults)
		}
	}
	poor := changed(t, generictest.Poor, "webhook:", "#", "  style: sha256", "#", "  header: X-Desk-Signature", "#", "  prefix:", "#", "  id: header", "#", "  tickets: ticket", "#")
	if _, faults := generic.CheckMapping([]byte(poor)); len(faults) != 1 || faults[0].Path != "changes" {
		t.Errorf("a mapping by which no ticket is ever heard of: %v", faults)
	}
	for _, source := range []string{"", "[]", "7", "ticket: {", "a: b", "--- \nticket: {}\n---\nticket: {}\n", strings.Repeat("#", 70<<10), "\xff\xfe", "ticket: &a {url: *a}"} {
		if m, faults := generic.CheckMapping([]byte(source)); m != nil || len(faults) == 0 {
			t.Errorf("%.20q passes", source)
		}
	}
}

func TestAllFaultsAreFoundAtOnce(t *testing.T) {
	source := changed(t, generictest.Rich, "subject: data.subject", "subject: \"data[\"", "order: oldest", "order: up", "style: standard", "style: none", "url: /me", "url: me")
	_, faults := generic.CheckMapping([]byte(source))
	line := 0
	found := make(map[string]bool)
	for _, f := range faults {
		if f.Line < line {
			t.Errorf("%v stands behind a later line", f)
		}
		line = f.Line
		found[f.Path] = true
		if at := strings.Split(source, "\n")[f.Line-1]; !strings.Contains(at, f.Path[strings.LastIndex(f.Path, ".")+1:]) {
			t.Errorf("%v: line %d is %q", f, f.Line, at)
		}
	}
	for _, path := range []string{"check.url", "ticket.subject", "changes.order", "webhook.style"} {
		if !found[path] {
			t.Errorf("%s is not among %v", path, faults)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "desk.yaml")
	if err := os.WriteFile(file, []byte(generictest.Poor), 0o600); err != nil {
		t.Fatal(err)
	}
	good := func() map[string]string {
		return map[string]string{"url": "https://desk.example.com/api", "mapping": file, "secret": "s", "per_minute": "60"}
	}
	if _, err := generic.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: good()}); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]string{
		"url":        {"", "desk.example.com", "http://desk.example.com", "https://me:pw@desk.example.com", "https://desk.example.com/?a=b", "file:///etc"},
		"mapping":    {"", filepath.Join(t.TempDir(), "none.yaml"), "ticket: {}\nreply: {}\n"},
		"secret":     {"", "  "},
		"per_minute": {"0", "many"},
	} {
		for _, value := range bad {
			settings := good()
			settings[name] = value
			if _, err := generic.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: settings}); err == nil {
				t.Errorf("%s %q passes", name, value)
			}
		}
	}
	for _, s := range generic.Vendor.Settings {
		if s.Help == "" || s.Secret != (s.Name == "secret") {
			t.Errorf("setting %+v", s)
		}
	}
	if _, err := generic.Connect(generic.Options{URL: "https://desk.example.com", Secret: "s", Mapping: &generic.Mapping{}}); err == nil {
		t.Error("a mapping that nobody checked connects")
	}
	if text := generic.Vendor.Paste("https://hooks.shop.example/hooks/shop"); !strings.Contains(text, "https://hooks.shop.example/hooks/shop") {
		t.Error("what is to be pasted lacks the address")
	}
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte(generictest.Rich))
	f.Add([]byte(generictest.Poor))
	f.Add([]byte("ticket: {url: /a/{ticket}}"))
	f.Fuzz(func(t *testing.T, source []byte) {
		m, faults := generic.CheckMapping(source)
		if (m == nil) != (len(faults) > 0) {
			t.Errorf("mapping %v with faults %v", m, faults)
		}
	})
}
