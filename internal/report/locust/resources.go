package locust

import (
	"io"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// WriteResources writes every reading as a line, in the base of its unit. A value
// that is not there is empty, never 0.
func WriteResources(w io.Writer, v content.View) error {
	out := newLocustCSV(w)
	out.row([]string{"At (s)", "Resource", "Value", "Unit", "Took (ms)", "Grew", "Of", "Problem"})
	for _, r := range v.Run.Resources {
		for _, reading := range r.Readings {
			value, grew, of := "", "", ""
			if reading.Measured() {
				value = plainFloat(*reading.Value)
			}
			if reading.Measured() && r.Kind != metric.Level {
				grew, of = plainFloat(reading.Grew), plainFloat(reading.Of)
			}
			out.row([]string{
				sixPlaces(reading.At.Seconds()), typeset.Cell(r.Name),
				value, r.Unit.Base(), sixPlaces(typeset.InMilliseconds(reading.Took)),
				grew, of, typeset.Cell(reading.Problem),
			})
		}
	}
	return out.close()
}
