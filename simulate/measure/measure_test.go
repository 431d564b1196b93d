package measure_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"warmline/simulate/measure"
)

// Five tickets, worked by hand: the surest is right, two of equal P are right and wrong, one is out of scope, one has no answer.
var five = []measure.Item{
	{P: 0.9, InScope: true, Right: true},
	{P: 0.6, InScope: true, Right: true},
	{P: 0.6, InScope: true},
	{P: 0.3},
	{P: measure.Unanswered, InScope: true},
}

var close9 = cmpopts.EquateApprox(0, 1e-9)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestTicketsOfEqualConfidenceAreOnePointOfTheCurve(t *testing.T) {
	want := []measure.Point{
		{Threshold: 0.9, Coverage: 0.2, Risk: 0, Right: 1},
		{Threshold: 0.6, Coverage: 0.6, Risk: 1.0 / 3, Right: 2},
		{Threshold: 0.3, Coverage: 0.8, Risk: 0.5, Right: 2},
		{Threshold: -1, Coverage: 1, Risk: 0.6, Right: 2},
	}
	if diff := cmp.Diff(want, measure.Curve(five), close9); diff != "" {
		t.Error(diff)
	}
}

func TestTheAreaAveragesTies(t *testing.T) {
	// Risks by rank: 0; of the tie the expected 1-1.5/2 and 1-2/3; then 1-2/4 and 1-2/5.
	near(t, "AURC", measure.AURC(five), (0+0.25+1.0/3+0.5+0.6)/5)
	near(t, "oracle", measure.OracleAURC(5, 2), (0+0+1.0/3+0.5+0.6)/5)
	reversed := []measure.Item{five[0], five[2], five[1], five[3], five[4]}
	near(t, "AURC in another order", measure.AURC(reversed), measure.AURC(five))
}

func TestCoverageAtRiskIsTheLargestThatKeepsIt(t *testing.T) {
	want := measure.Selected{Found: true, Threshold: 0.6, Coverage: 0.6, CorrectAuto: 0.4, Wrong: 1.0 / 3}
	if diff := cmp.Diff(want, measure.AtRisk(five, 1.0/3), close9); diff != "" {
		t.Error(diff)
	}
	want = measure.Selected{Found: true, Threshold: 0.3, Coverage: 0.8, CorrectAuto: 0.4, Wrong: 0.5, OutOfScope: 1}
	if diff := cmp.Diff(want, measure.AtRisk(five, 0.5), close9); diff != "" {
		t.Error(diff)
	}
	wrongFirst := []measure.Item{{P: 0.9, InScope: true}, {P: 0.8, InScope: true, Right: true}}
	if got := measure.AtRisk(wrongFirst, 0.1); got.Found || got.Coverage != 0 {
		t.Errorf("no threshold keeps the risk, got %+v", got)
	}
}

func TestAccuracyLooksAtInScopeTicketsOnly(t *testing.T) {
	near(t, "accuracy", measure.Accuracy(five), 0.5)
}

func TestCalibrationCountsNoAnswerAsZero(t *testing.T) {
	// Bars of 1/15: .9 alone (off by .1), .6 and .6 (one of two right: off by .1), .3 wrong, the unanswered at 0.
	near(t, "ECE", measure.ECE(five), (0.1+2*0.1+0.3+0)/5)
	near(t, "Brier", measure.Brier(five), (0.01+0.16+0.36+0.09+0)/5)
	bars := measure.Reliability(five, 2)
	want := []measure.Bin{{N: 2, P: 0.15, High: 0.5}, {N: 3, P: 0.7, Right: 2.0 / 3, Low: 0.5, High: 1}}
	if diff := cmp.Diff(want, bars, close9); diff != "" {
		t.Error(diff)
	}
}

func TestTriggerFiguresFollowTheirDefinitions(t *testing.T) {
	signals := []measure.Signal{{0.9, true}, {0.8, false}, {0.7, true}, {0.5, false}, {0.2, true}, {0, false}}
	c := measure.Count(signals, 0.5)
	if diff := cmp.Diff(measure.Counts{Hits: 2, FalseAlarms: 2, Misses: 1, Quiet: 1}, c); diff != "" {
		t.Error(diff)
	}
	near(t, "precision", c.Precision(), 0.5)
	near(t, "recall", c.Recall(), 2.0/3)
	near(t, "F1", c.F1(), 4.0/7)
	near(t, "false alarms", c.FalseAlarmRate(), 2.0/3)
	near(t, "AP", measure.AveragePrecision(signals), (1+2.0/3+3.0/5)/3)
	tied := []measure.Signal{{0.9, false}, {0.9, true}}
	near(t, "AP of a tie", measure.AveragePrecision(tied), 0.5)
}

func TestOfNothingEveryFigureIsZero(t *testing.T) {
	for name, got := range map[string]float64{
		"AURC": measure.AURC(nil), "oracle": measure.OracleAURC(0, 0), "ECE": measure.ECE(nil), "Brier": measure.Brier(nil),
		"accuracy": measure.Accuracy(nil), "AP": measure.AveragePrecision(nil), "F1": measure.Counts{}.F1(),
		"coverage": measure.AtRisk(nil, 0.1).Coverage,
	} {
		near(t, name, got, 0)
	}
}
