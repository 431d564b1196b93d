package localslack

import (
	"errors"
	"strings"
	"testing"
)

// TestRecordsAreHeldToSlacksSchema holds the second opinion that Options.Schema asks for, on what the tables never saw.
func TestRecordsAreHeldToSlacksSchema(t *testing.T) {
	good, bad := `[{"type":"divider","block_id":"a"}]`, `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b","colour":"red"}]`
	for name, of := range map[string]func(blocks string) Record{
		"message":    func(b string) Record { return Record{Message: &Message{Blocks: []byte(b)}} },
		"attachment": func(b string) Record { return Record{Message: &Message{Attachments: []byte(`[{"blocks":` + b + `}]`)}} },
		"view": func(b string) Record {
			return Record{View: &View{Content: []byte(`{"type":"home","blocks":` + b + `}`)}}
		},
	} {
		if err := holdToSchema(of(good)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		err, ok := errors.AsType[*apiError](holdToSchema(of(bad)))
		if !ok || err.code != "invalid_blocks" || !strings.Contains(err.messages[0], "block b") {
			t.Errorf("%s with an unknown key: %+v, want invalid_blocks that names block b", name, err)
		}
	}
	if err := holdToSchema(Record{Kind: ChannelJoined}); err != nil {
		t.Error(err)
	}
}
