package nlp

import "time"

// weekday knows the days by their names, the usual short forms and the plurals.
func weekday(w string) (time.Weekday, bool) {
	switch w {
	case "monday", "mondays", "mon", "monday's":
		return time.Monday, true
	case "tuesday", "tuesdays", "tues", "tue", "tuesday's":
		return time.Tuesday, true
	case "wednesday", "wednesdays", "weds", "wed", "wednesday's", "wensday", "wednsday":
		return time.Wednesday, true
	case "thursday", "thursdays", "thurs", "thur", "thu", "thursday's":
		return time.Thursday, true
	case "friday", "fridays", "fri", "friday's":
		return time.Friday, true
	case "saturday", "saturdays", "sat", "saturday's", "satday":
		return time.Saturday, true
	case "sunday", "sundays", "sun", "sunday's":
		return time.Sunday, true
	}
	return 0, false
}

// shortDay are short forms that are words of their own as well.
func shortDay(w string) bool {
	switch w {
	case "sun", "sat", "wed", "mon", "fri":
		return true
	}
	return false
}

// month knows the months by name and short form.
func month(w string) (time.Month, bool) {
	switch w {
	case "january", "jan":
		return time.January, true
	case "february", "feb":
		return time.February, true
	case "march":
		return time.March, true
	case "april", "apr":
		return time.April, true
	case "may":
		return time.May, true
	case "june", "jun":
		return time.June, true
	case "july", "jul":
		return time.July, true
	case "august", "aug":
		return time.August, true
	case "september", "sept", "sep":
		return time.September, true
	case "october", "oct":
		return time.October, true
	case "november", "nov":
		return time.November, true
	case "december", "dec":
		return time.December, true
	}
	return 0, false
}
