package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a server need not have the zones installed

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
	"warmline/internal/holidays"
)

// workingHours knows the time zones and the public holidays of the calendars in a policy.
type workingHours struct{}

var _ desk.Hours = workingHours{}

// Calendar implements desk.Hours. An empty zone is UTC.
func (workingHours) Calendar(h *escalate.Hours) (*calendar.Calendar, error) {
	zone, err := zoneNamed(h.Zone)
	if err != nil {
		return nil, err
	}
	var off []calendar.Holiday
	if h.Holidays != "" {
		if off, err = holidays.Of(h.Holidays, holidays.FirstYear, holidays.LastYear); err != nil {
			return nil, err
		}
	}
	return calendar.New(h.Hours, zone, off...)
}

// zoneNamed finds a time zone. The machine's own is none: a policy means the same wherever it is read.
func zoneNamed(name string) (*time.Location, error) {
	if strings.EqualFold(name, "local") {
		return nil, fmt.Errorf("%q is not a time zone; name one such as Europe/Berlin", name)
	}
	return time.LoadLocation(name)
}

// checkHours names the calendars and rotas of a policy whose zone or holidays there are none of: each error joined is an *escalate.Fault.
func checkHours(p *escalate.Policy) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(p.Calendars)) {
		h, path := p.Calendars[name], "calendars."+name
		if _, err := zoneNamed(h.Zone); err != nil {
			faults = append(faults, &escalate.Fault{
				Path: path + ".zone", What: fmt.Sprintf("%q is not a time zone; name one such as Europe/Berlin", h.Zone),
			})
		}
		if _, err := holidays.Of(h.Holidays, holidays.FirstYear, holidays.FirstYear); h.Holidays != "" && err != nil {
			faults = append(faults, &escalate.Fault{
				Path: path + ".holidays", What: fmt.Sprintf("%q is neither a country nor a region; write a code such as de or de-by", h.Holidays),
			})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(p.Offers.People)) {
		code := p.Offers.People[id].Holidays
		if _, err := holidays.Of(code, holidays.FirstYear, holidays.FirstYear); code != "" && err != nil {
			faults = append(faults, &escalate.Fault{
				Path: fmt.Sprintf("offers.people.%s.holidays", id),
				What: fmt.Sprintf("%q is neither a country nor a region; write a code such as de or de-by", code),
			})
		}
	}
	return errors.Join(append(faults, checkZones(p.Rotas)...)...)
}

// checkZones names the time zones of rotas that there are none of.
func checkZones(rotas rota.Rotas) (faults []error) {
	check := func(path, zone string) {
		if _, err := zoneNamed(zone); err != nil {
			faults = append(faults, &escalate.Fault{Path: path, What: fmt.Sprintf("%q is not a time zone; name one such as Europe/Berlin", zone)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rotas)) {
		path := "rotas." + name
		check(path+".zone", rotas[name].Zone)
		for i := range rotas[name].Layers {
			check(fmt.Sprintf("%s.layers[%d].hours.zone", path, i), rotas[name].Layers[i].Hours.Zone)
		}
	}
	return faults
}
