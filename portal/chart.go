package portal

import (
	"fmt"
	"time"
)

// The size of a chart, in the units of its own picture.
const (
	chartWidth  = 640
	chartHeight = 120
	chartGap    = 3
	chartWeeks  = 26
)

// chart is a row of bars, drawn as SVG and told as a table.
type chart struct {
	Title   string
	Summary string
	First   string // the first week
	Most    string
	Bars    []bar
	Width   int
	Height  int
}

// bar is one value.
type bar struct {
	Label   string
	Value   int64
	X, Y    int
	W, H    int
	Printed string // the value in words; the number itself where it is ""
}

// newChart lays the bars out. The largest fills the height.
func newChart(title string, bars []bar) chart {
	c := chart{Title: title, Bars: bars, Width: chartWidth, Height: chartHeight}
	most, printed := int64(0), "0"
	for i := range bars {
		if bars[i].Printed == "" {
			bars[i].Printed = fmt.Sprint(bars[i].Value)
		}
		if bars[i].Value > most {
			most, printed = bars[i].Value, bars[i].Printed
		}
	}
	step := chartWidth / max(1, len(bars))
	for i := range bars {
		b := &bars[i]
		b.H = int(b.Value * (chartHeight - 4) / max(1, most))
		if b.Value > 0 {
			b.H = max(b.H, 2)
		}
		b.X, b.Y, b.W = i*step, chartHeight-b.H, step-chartGap
	}
	if n := len(bars); n > 0 {
		c.First, c.Most = bars[0].Label, printed
		c.Summary = fmt.Sprintf("%s. The latest: %s. The most: %s.", title, bars[n-1].Printed, printed)
	}
	return c
}

// weeks counts what came in each of the last weeks. Rows are numbered in the order in which
// they came, so that the last one before each Monday is all that has to be found.
func (v *visit) weeks(title string, before func(time.Time) (int64, error)) (chart, error) {
	now := v.now.In(v.read.Zone())
	y, m, d := now.Date()
	monday := time.Date(y, m, d-(int(now.Weekday())+6)%7, 0, 0, 0, 0, v.read.Zone())
	var bars []bar
	done, err := before(monday.AddDate(0, 0, -7*(chartWeeks-1)))
	for i := chartWeeks - 1; i >= 0 && err == nil; i-- {
		var until int64
		until, err = before(monday.AddDate(0, 0, -7*(i-1)))
		bars = append(bars, bar{Label: "week of " + monday.AddDate(0, 0, -7*i).Format("2 January"), Value: until - done})
		done = until
	}
	return newChart(title, bars), err
}
