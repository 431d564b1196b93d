// Package policyfile reads and writes the policy as YAML, and says at which line a fault stands.
//
//	policy, err := policyfile.Read("policy.yaml", data)
//	// policy.yaml:7: thresholds.draft: 0.9 is above auto 0.8; lower draft or raise auto
package policyfile
