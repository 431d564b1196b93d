package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a server need not have the zones installed

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
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
	off, err := workingHours{}.Holidays(h.Holidays)
	if err != nil {
		return nil, err
	}
	return calendar.New(*h, zone, off...)
}

// worked are the public holidays worked out so far, by code: a century of them, asked for with every offer and every look at a rota.
var worked sync.Map

// Holidays implements desk.Hours. The list is shared: nobody may change it.
func (workingHours) Holidays(code string) ([]calendar.Holiday, error) {
	if code == "" {
		return nil, nil
	}
	if known, ok := worked.Load(code); ok {
		return known.([]calendar.Holiday), nil
	}
	all, err := holidays.Of(code, holidays.FirstYear, holidays.LastYear)
	if err == nil {
		worked.Store(code, all)
	}
	return all, err
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
	fault := func(path, format string, args ...any) {
		faults = append(faults, &escalate.Fault{Path: path, What: fmt.Sprintf(format, args...)})
	}
	check := func(path, zone, code string) {
		if _, err := zoneNamed(zone); err != nil {
			fault(path+".zone", "%q is not a time zone; name one such as Europe/Berlin", zone)
		}
		if _, err := holidays.Of(code, holidays.FirstYear, holidays.FirstYear); code != "" && err != nil {
			fault(path+".holidays", "%q is neither a country nor a region; write a code such as de or de-by", code)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Calendars)) {
		check("calendars."+name, p.Calendars[name].Zone, p.Calendars[name].Holidays)
	}
	for _, id := range slices.Sorted(maps.Keys(p.Offers.People)) {
		check(fmt.Sprintf("offers.people.%s", id), "", p.Offers.People[id].Holidays)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Rotas)) {
		r := p.Rotas[name]
		check("rotas."+name, r.Zone, "")
		for i := range r.Layers {
			check(fmt.Sprintf("rotas.%s.layers[%d].hours", name, i), r.Layers[i].Hours.Zone, r.Layers[i].Hours.Holidays)
		}
	}
	return errors.Join(faults...)
}
