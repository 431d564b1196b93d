package localslack

import (
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v4"
)

// manifest is what the workspace reads of an app's manifest.
// https://docs.slack.dev/reference/app-manifest
type manifest struct {
	Display struct {
		Name string `yaml:"name"`
	} `yaml:"display_information"`
	Features struct {
		Home      Tabs       `yaml:"app_home"`
		Commands  []Command  `yaml:"slash_commands"`
		Shortcuts []Shortcut `yaml:"shortcuts"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
	} `yaml:"settings"`
}

// Install makes an app what its manifest, YAML or JSON, says. Tokens and ids
// are no part of a manifest and stay.
func (a *App) Install(text []byte) error {
	var m manifest
	if err := yaml.Load(text, &m); err != nil {
		return fmt.Errorf("read app manifest: %w", err)
	}
	a.Name, a.Scopes, a.Events = m.Display.Name, m.OAuth.Scopes.Bot, orEmpty(m.Settings.Events.Bot)
	a.Commands, a.Shortcuts = m.Features.Commands, m.Features.Shortcuts
	a.Home = &m.Features.Home
	return nil
}

// install reads the app's manifest, when it names one, from a folder.
func (a *App) install(dir string) error {
	if a.Manifest == "" {
		return nil
	}
	path := a.Manifest
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return a.Install(text)
}
