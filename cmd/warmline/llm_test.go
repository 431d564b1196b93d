package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"warmline/brain"
	"warmline/escalate"
)

func TestAKeyIsReadFromItsFileAndNeverPrinted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(" sk-from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := llmFlags{BaseURL: "http://127.0.0.1:1/v1", Model: "m", KeyFile: path, Samples: 3, Timeout: time.Second}
	c, err := f.config()
	if err != nil || string(c.Key) != "sk-from-file" {
		t.Errorf("key of %d letters, %v", len(c.Key), err)
	}
	if shown := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(shown, "sk-from") {
		t.Errorf("printed %s", shown)
	}
}

func TestWithoutAnAddressNoModelIsAskedWhateverElseIsSet(t *testing.T) {
	f := llmFlags{Model: "m", Key: "k", KeyFile: "nowhere", Samples: -1, DayBudget: 5}
	if c, err := f.config(); err != nil || c != (llmConfig{}) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestAnAssessmentsSourcesAreFoundWholeAndInTheirLanguage(t *testing.T) {
	search := wholeTexts(&brain.Knowledge{
		Macros: []brain.Macro{
			{ID: "m", Title: "Delivery", Body: "It takes two days.", Lang: "en"}, {ID: "m", Title: "Lieferung", Body: "Es dauert zwei Tage.", Lang: "de"},
		},
		Articles: []brain.Article{{ID: "a", Title: "Returns", Body: "Send it back."}},
	})
	got, err := search(t.Context(), nil, &escalate.Assessment{Sources: []escalate.Source{
		{ID: "m", Kind: "macro", Title: "Lieferung", Passage: "zwei", Version: "1"},
		{ID: "a", Kind: "article", Title: "Returns", Passage: "back"},
		{ID: "a", Kind: "ticket", Title: "Returns", Passage: "of a customer"},
	}})
	if err != nil || len(got) != 2 || got[0].Passage != "Es dauert zwei Tage." || got[0].Version != "1" || got[1].Passage != "Send it back." {
		t.Errorf("%+v, %v", got, err)
	}
}
