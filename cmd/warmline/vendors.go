package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"warmline/helpdesk"
	"warmline/helpdesk/builtin"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/front"
	"warmline/helpdesk/generic"
	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/hubspot"
	"warmline/helpdesk/jira"
	"warmline/helpdesk/requesttracker"
	"warmline/helpdesk/zendesk"
)

// vendors are all helpdesks that can be connected, in the order in which they are shown.
var vendors = []helpdesk.Vendor{
	zendesk.Vendor, freshdesk.Vendor, gorgias.Vendor, front.Vendor, helpscout.Vendor, hubspot.Vendor, jira.Vendor,
	requesttracker.Vendor, generic.Vendor, builtin.Vendor,
}

// vendorOf finds a vendor by what was typed.
func vendorOf(typed string) (helpdesk.Vendor, error) {
	var names []string
	for _, v := range vendors {
		if strings.EqualFold(v.Name, typed) {
			return v, nil
		}
		names = append(names, v.Name)
	}
	return helpdesk.Vendor{}, fmt.Errorf("%q is no helpdesk that can be connected; there are: %s", typed, strings.Join(names, ", "))
}

// checkSettings says which settings of a vendor are missing, and which it does not know.
func checkSettings(v helpdesk.Vendor, given map[string]string) error {
	var faults []string
	known := make(map[string]bool)
	for _, s := range v.Settings {
		known[s.Name] = true
		if !s.Optional && strings.TrimSpace(given[s.Name]) == "" {
			faults = append(faults, fmt.Sprintf("%s is missing: %s", s.Name, s.Help))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !known[name] {
			faults = append(faults, fmt.Sprintf("%s has no setting %q; it has: %s", v.Title, name, strings.Join(settingNames(v), ", ")))
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s", strings.Join(faults, "; "))
	}
	return nil
}

func settingNames(v helpdesk.Vendor) []string {
	var out []string
	for _, s := range v.Settings {
		out = append(out, s.Name)
	}
	return out
}
