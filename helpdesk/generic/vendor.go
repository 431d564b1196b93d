package generic

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"warmline/helpdesk"
)

var (
	_ helpdesk.Connector = (*Connector)(nil)
	_ helpdesk.Connector = Archive{}
	_ helpdesk.Archive   = Archive{}
)

// Vendor is any other helpdesk, as a mapping describes it.
var Vendor = helpdesk.Vendor{
	Name: "generic", Title: "Other helpdesk",
	Settings: []helpdesk.Setting{
		{Name: "url", Help: "where its API begins", Example: "https://desk.example.com/api/v1"},
		{Name: "mapping", Help: "the file that says how it is read and written, or its whole text; see docs/connecting/generic.md", Example: "desk-mapping.yaml"},
		{Name: "secret", Help: "what the helpdesk gave you for its API; it takes the place of {secret} in the mapping's auth", Secret: true},
		{Name: "per_minute", Help: "how many calls in a minute it takes", Example: "120", Optional: true},
	},
	Connect: func(a helpdesk.Account) (helpdesk.Connector, error) {
		o, err := optionsOf(a)
		if err != nil {
			return nil, fmt.Errorf("connect %s: %w", cmp.Or(a.Name, "generic"), err)
		}
		c, err := Connect(o)
		switch {
		case err != nil:
			return nil, err
		case o.Mapping.archives():
			return Archive{c}, nil
		}
		return c, nil
	},
	Intake: func(a helpdesk.Account) (helpdesk.Intake, error) {
		m, err := ReadMapping(a.Settings["mapping"])
		if err != nil {
			return helpdesk.Intake{}, err
		}
		return m.Intake(a.HookSecrets, a.Now)
	},
	Paste: func(url string) string {
		return `In the helpdesk, make a webhook for everything that can happen to a ticket: new, changed, a message or a note added.

  Address   ` + url + `
  Method    POST, JSON
  Secret    the webhook secret of this account, as the mapping's webhook.style says:
              standard  Standard Webhooks; the secret begins with whsec_
              sha256    it signs the body with HMAC-SHA256, in the header webhook.header
              token     it sends the secret itself in the header webhook.header
`
	},
}

func optionsOf(a helpdesk.Account) (Options, error) {
	o := Options{
		Name: a.Name, URL: a.Settings["url"], Secret: a.Settings["secret"], BotName: a.BotName, Settle: a.Settle, Client: a.Client, Now: a.Now,
	}
	var err error
	if o.Mapping, err = ReadMapping(a.Settings["mapping"]); err != nil {
		return o, err
	}
	if text := a.Settings["per_minute"]; text != "" {
		if o.PerMinute, err = strconv.Atoi(text); err != nil || o.PerMinute < 1 {
			return o, fmt.Errorf("per_minute is %q: want a number of calls", helpdesk.Clipped(text))
		}
	}
	return o, nil
}

// ReadMapping reads a mapping from a file, or from its own text where it has several lines. All faults are joined.
func ReadMapping(setting string) (*Mapping, error) {
	name, source := "mapping", []byte(setting)
	if !strings.Contains(setting, "\n") {
		var err error
		if name, source, err = readFile(strings.TrimSpace(setting)); err != nil {
			return nil, err
		}
	}
	m, faults := CheckMapping(source)
	var errs []error
	for _, f := range faults {
		errs = append(errs, fmt.Errorf("%s: %w", name, f))
	}
	return m, errors.Join(errs...)
}

func readFile(name string) (string, []byte, error) {
	if name == "" {
		return "", nil, errors.New("the mapping is missing: the file that says how the helpdesk is read and written")
	}
	f, err := os.Open(name)
	if err != nil {
		return "", nil, fmt.Errorf("read mapping: %w", err)
	}
	defer func() { _ = f.Close() }() // only read: closing can lose nothing
	source, err := io.ReadAll(io.LimitReader(f, maxMapping+1))
	if err != nil {
		return "", nil, fmt.Errorf("read mapping: %w", err)
	}
	return name, source, nil
}
