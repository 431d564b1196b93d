package desk

import (
	"slices"

	"warmline/escalate"
)

// Role is what a person may do.
type Role string

// The roles. Each may do what the ones before it may.
const (
	RoleNone  Role = "none"
	RoleAgent Role = "agent" // claim, approve, pause
	RoleLead  Role = "lead"  // policy, resume
	RoleAdmin Role = "admin" // connections, erasure
)

// roleOf is the highest role that a person has by their groups or by name.
func roleOf(r *escalate.Roles, id escalate.PersonID, handles []string) Role {
	in := func(list []string) bool {
		return slices.ContainsFunc(list, func(x string) bool { return x == string(id) || slices.Contains(handles, x) })
	}
	switch {
	case in(r.Admins):
		return RoleAdmin
	case in(r.Leads):
		return RoleLead
	case in(r.Agents):
		return RoleAgent
	}
	return RoleNone
}

// atLeast reports whether a role may do what another may.
func (r Role) atLeast(need Role) bool {
	order := []Role{RoleNone, RoleAgent, RoleLead, RoleAdmin}
	return slices.Index(order, r) >= slices.Index(order, need)
}
