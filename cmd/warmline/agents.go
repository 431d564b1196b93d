package main

import (
	"strings"

	"warmline/helpdesk/builtin"
)

// parseAgents reads "Ana Ferreira:ana@acme.example,Ben:ben@acme.example". An agent's id is the part before the @.
func parseAgents(list string) ([]builtin.Agent, error) {
	var agents []builtin.Agent
	for item := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(item) == "" {
			continue
		}
		name, email, ok := strings.Cut(strings.TrimSpace(item), ":")
		id, _, at := strings.Cut(email, "@")
		if !ok || !at || name == "" || id == "" {
			return nil, usagef("agent %q: write name:email, with a comma between agents", item)
		}
		agents = append(agents, builtin.Agent{ID: id, Name: name, Email: email})
	}
	return agents, nil
}
