package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/cmd/warmline/demo"
	"warmline/internal/localslack"
)

// TestDemoRunsTheAppOfTheManifest holds that what works in the demo works in Slack: the app there has the scopes, the
// subscriptions, the commands and the shortcuts of manifest.yml, and no others.
func TestDemoRunsTheAppOfTheManifest(t *testing.T) {
	company, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../manifest.yml")
	if err != nil {
		t.Fatal(err)
	}
	app := demoWorkspace(company).Apps[0]
	installed := app
	if err := installed.Install(text); err != nil {
		t.Fatal(err)
	}
	for _, one := range []*localslack.App{&app, &installed} {
		one.Name = "" // the demo's is lower-case, because its handle is made of it
		for i := range one.Commands {
			one.Commands[i].Description, one.Commands[i].UsageHint = "", "" // words for people may differ
		}
	}
	if diff := cmp.Diff(installed, app); diff != "" {
		t.Errorf("the demo's app (-manifest +demo):\n%s", diff)
	}
}
