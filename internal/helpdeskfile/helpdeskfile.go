package helpdeskfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Account is one account as the file names it, with its secrets read.
type Account struct {
	Name     string
	Vendor   string            // as it is typed: "zendesk"
	Settings map[string]string // secrets among them
	HookURL  string            // the public address of its webhooks; "" when there is none
	// HookSecrets are what may have signed a webhook, the new one first; none when no webhooks are taken.
	HookSecrets []string
	BotName     string
	Poll        time.Duration // how often to look for changes that no webhook told of; 0 is the default
	Settle      time.Duration // how long after a lost answer a call may still be applied; 0 is the vendor's own
	Line        int           // where it begins in the file
}

// String keeps the secrets out of logs and errors.
func (a Account) String() string { return a.Name + " (" + a.Vendor + ")" }

// GoString keeps the secrets out of %#v.
func (a Account) GoString() string { return a.String() }

// entry is an account as it is written.
type entry struct {
	Name     string            `yaml:"name"`
	Vendor   string            `yaml:"vendor"`
	Settings map[string]string `yaml:"settings"`
	Secrets  map[string]source `yaml:"secrets"`
	Webhook  struct {
		URL     string   `yaml:"url"`
		Secrets []source `yaml:"secrets"`
	} `yaml:"webhook"`
	BotName string `yaml:"bot_name"`
	Poll    string `yaml:"poll"`
	Settle  string `yaml:"settle"`
}

// source is where a secret is.
type source struct {
	Env  string `yaml:"env"`
	File string `yaml:"file"`
}

// name is what an account may be called: it stands in addresses.
var name = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

// Read decodes the file and reads the secrets that it names. Unknown keys are faults; file is its name, for messages. All faults
// are joined, each with its line; none tells a secret.
func Read(file string, data []byte, env func(string) (string, bool), read func(string) ([]byte, error)) ([]Account, error) {
	var root struct {
		Helpdesks []yaml.Node `yaml:"helpdesks"`
	}
	if err := decode(data, &root); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(root.Helpdesks) == 0 {
		return nil, fmt.Errorf("%s: it names no helpdesk; begin with\nhelpdesks:\n  - name: shop\n    vendor: zendesk", file)
	}
	var all []Account
	var faults []error
	for i := range root.Helpdesks {
		node := &root.Helpdesks[i]
		a, err := accountOf(node, env, read)
		for _, b := range all {
			if a.Name != "" && b.Name == a.Name {
				err = errors.Join(err, fmt.Errorf("another helpdesk is called %s", a.Name))
			}
		}
		if err != nil {
			faults = append(faults, at(file, node.Line, err))
		}
		all = append(all, a)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return all, nil
}

// decode reads YAML and refuses keys that it does not know.
func decode(data []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	return dec.Decode(into)
}

func accountOf(node *yaml.Node, env func(string) (string, bool), read func(string) ([]byte, error)) (Account, error) {
	raw, err := yaml.Marshal(node)
	if err != nil {
		return Account{}, err
	}
	var e entry
	if err := decode(raw, &e); err != nil {
		return Account{}, err
	}
	a := Account{
		Name: e.Name, Vendor: e.Vendor, Settings: map[string]string{}, HookURL: e.Webhook.URL, BotName: e.BotName, Line: node.Line,
	}
	var faults []error
	if !name.MatchString(e.Name) {
		faults = append(faults, fmt.Errorf("name %q: want small letters, digits and dashes, for it stands in addresses", e.Name))
	}
	if e.Vendor == "" {
		faults = append(faults, errors.New("vendor is missing; warmline connect lists them"))
	}
	for _, span := range []struct {
		key, text string
		into      *time.Duration
	}{{"poll", e.Poll, &a.Poll}, {"settle", e.Settle, &a.Settle}} {
		if span.text == "" {
			continue
		}
		if *span.into, err = time.ParseDuration(span.text); err != nil || *span.into < time.Second {
			faults = append(faults, fmt.Errorf("%s %q: want a time such as 1m", span.key, span.text))
		}
	}
	maps.Copy(a.Settings, e.Settings)
	for key, s := range e.Secrets {
		value, err := s.value(env, read)
		if err != nil {
			faults = append(faults, fmt.Errorf("secret %s: %w", key, err))
		}
		a.Settings[key] = value
	}
	for i, s := range e.Webhook.Secrets {
		value, err := s.value(env, read)
		if err != nil {
			faults = append(faults, fmt.Errorf("webhook secret %d: %w", i+1, err))
		}
		a.HookSecrets = append(a.HookSecrets, value)
	}
	return a, errors.Join(faults...)
}

// value reads a secret from where it is. An empty one is a fault: it would let anybody in, or nobody.
func (s source) value(env func(string) (string, bool), read func(string) ([]byte, error)) (string, error) {
	var value, where string
	switch {
	case s.Env != "" && s.File != "" || s.Env == "" && s.File == "":
		return "", errors.New("want either env: NAME or file: PATH; a secret itself never stands here")
	case s.Env != "":
		value, _ = env(s.Env)
		where = "the environment variable " + s.Env
	default:
		b, err := read(s.File)
		if err != nil {
			return "", err
		}
		value, where = string(b), s.File
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", fmt.Errorf("%s is empty or not set", where)
	}
	return value, nil
}

// at puts file and line before each of the joined faults.
func at(file string, line int, err error) error {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return fmt.Errorf("%s:%d: %w", file, line, err)
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, at(file, line, e))
	}
	slices.SortFunc(out, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) }) // the same fault, the same words
	return errors.Join(out...)
}
