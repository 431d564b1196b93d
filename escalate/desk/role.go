package desk

// Role is what a person may do.
type Role string

// The roles. Each may do what the ones before it may.
const (
	RoleNone  Role = "none"
	RoleAgent Role = "agent" // claim, approve, pause
	RoleLead  Role = "lead"  // policy, resume
	RoleAdmin Role = "admin" // connections, erasure
)
