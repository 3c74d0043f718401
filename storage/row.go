package storage

import (
	"database/sql/driver"
	"fmt"
	"reflect"
)

// scanner is a row to read from.
type scanner interface{ Scan(...any) error }

// row is a row of a query's result, as the driver hands it out: int64, string, []byte
// and nil.
type row struct{ values []driver.Value }

// Scan copies the columns to what the pointers point to: numbers, words, truths and
// bytes of any named type. NULL fits only bytes, and anything fits an any.
func (r *row) Scan(into ...any) error {
	if len(into) != len(r.values) {
		return fmt.Errorf("a row has %d columns, and %d are wanted", len(r.values), len(into))
	}
	for i, v := range r.values {
		if !assign(into[i], v) {
			return fmt.Errorf("column %d holds a %T, which is no %T", i, v, into[i])
		}
	}
	return nil
}

func assign(into any, v driver.Value) (fits bool) {
	switch into := into.(type) {
	case *int64:
		*into, fits = v.(int64)
		return fits
	case *string:
		*into, fits = v.(string)
		return fits
	case *any:
		*into = v
		return true
	case *[]byte:
		*into, fits = v.([]byte)
		return fits || v == nil
	}
	to := reflect.ValueOf(into).Elem()
	switch v := v.(type) {
	case int64:
		switch {
		case to.Kind() == reflect.Bool:
			to.SetBool(v != 0)
		case to.CanInt() && !to.OverflowInt(v):
			to.SetInt(v)
		default:
			return false
		}
		return true
	case string:
		if to.Kind() == reflect.String {
			to.SetString(v)
			return true
		}
	}
	return false
}
