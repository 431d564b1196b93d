package localslack

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// blockSchema is generated from @slack/types 3.2.0 (MIT, see
// LICENSE.slack-types) with the limits of its comments added.
//
//go:embed block-kit.schema.json
var blockSchema []byte

// newerBlocks are the definitions in the schema of the blocks that the tables
// do not cover.
var newerBlocks = map[string]string{
	"alert": "AlertBlock", "card": "CardBlock", "carousel": "CarouselBlock", "container": "ContainerBlock",
	"context_actions": "ContextActionsBlock", "data_table": "DataTableBlock", "file": "FileBlock",
	"markdown": "MarkdownBlock", "table": "TableBlock", "task_card": "TaskCardBlock", "plan": "PlanBlock",
	"video": "VideoBlock",
}

// compiler is shared: compiling all of it takes far longer than a post may.
var schemas = struct {
	sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}{compiled: map[string]*jsonschema.Schema{}}

// schemaOf returns the schema of one definition, compiled once.
func schemaOf(definition string) (*jsonschema.Schema, error) {
	schemas.Lock()
	defer schemas.Unlock()
	if s := schemas.compiled[definition]; s != nil {
		return s, nil
	}
	if schemas.compiler == nil {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(blockSchema))
		if err != nil {
			return nil, err
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource("block-kit.json", doc); err != nil {
			return nil, err
		}
		schemas.compiler = c
	}
	s, err := schemas.compiler.Compile("block-kit.json#/definitions/" + definition)
	if err == nil {
		schemas.compiled[definition] = s
	}
	return s, err
}

// checkNewerBlock checks a block that the tables do not cover.
func checkNewerBlock(kind, at string, value any) []BlockError {
	definition, known := newerBlocks[kind]
	if !known {
		return []BlockError{{at + "/type", "unsupported type: " + kind, "enum", append(sortedKeys(classicBlocks), sortedKeys(newerBlocks)...)}}
	}
	s, err := schemaOf(definition)
	if err != nil {
		return []BlockError{{at, "schema: " + err.Error(), "schema", nil}}
	}
	if err := s.Validate(value); err != nil {
		return []BlockError{{at, firstLine(err.Error()), "schema", definition}}
	}
	return nil
}

// holdToSchema refuses a record whose blocks Slack's schema does not allow,
// though the tables did.
func holdToSchema(r Record) error {
	var blocks []obj
	switch {
	case r.Message != nil:
		blocks = append(blocksIn(r.Message.Blocks), attachedBlocks(r.Message)...)
	case r.View != nil:
		blocks = viewBlocks(r.View)
	}
	s, err := schemaOf("KnownBlock")
	if err != nil {
		return err
	}
	for _, b := range blocks {
		if err := s.Validate(b); err != nil {
			return refuse("invalid_blocks", fmt.Sprintf("[ERROR] Slack's schema on block %v: %s", b["block_id"], firstLine(err.Error())))
		}
	}
	return nil
}

// firstLine keeps what is of use to people of the schema's long report.
func firstLine(report string) string {
	lines := strings.Split(report, "\n")
	return strings.TrimLeft(lines[len(lines)-1], " -")
}
