//go:build long

package llm_test

import (
	"math"
	"testing"
)

// Every message with everything that any of the others wants said.
func TestEveryObedientModel(t *testing.T) { obey(t, math.MaxInt) }
