package nlp

// small are the numbers people write as words.
func small(w string) (float64, bool) {
	switch w {
	case "one":
		return 1, true
	case "two":
		return 2, true
	case "three":
		return 3, true
	case "four":
		return 4, true
	case "five":
		return 5, true
	case "six":
		return 6, true
	case "seven":
		return 7, true
	case "eight":
		return 8, true
	case "nine":
		return 9, true
	case "ten":
		return 10, true
	case "eleven":
		return 11, true
	case "twelve":
		return 12, true
	case "thirteen":
		return 13, true
	case "fourteen":
		return 14, true
	case "fifteen":
		return 15, true
	case "sixteen":
		return 16, true
	case "seventeen":
		return 17, true
	case "eighteen":
		return 18, true
	case "nineteen":
		return 19, true
	}
	return 0, false
}

func tens(w string) (float64, bool) {
	switch w {
	case "twenty":
		return 20, true
	case "thirty":
		return 30, true
	case "forty", "fourty":
		return 40, true
	case "fifty":
		return 50, true
	case "sixty":
		return 60, true
	case "seventy":
		return 70, true
	case "eighty":
		return 80, true
	case "ninety":
		return 90, true
	}
	return 0, false
}

// reader reads numbers, clocks and amounts off a row of words.
type reader struct{ words []word }

// is reports whether word i is one of some words.
func (r reader) is(i int, any ...string) bool {
	if i < 0 || i >= len(r.words) || r.words[i].kind != letters {
		return false
	}
	for _, w := range any {
		if r.words[i].folded == w {
			return true
		}
	}
	return false
}

// joined reports whether word i follows without a full stop.
func (r reader) joined(i int) bool {
	return i < len(r.words) && r.words[i].pause != sentence
}

// number reads a number at word i: 12, ninety five, 1 1/2, two and a half.
func (r reader) number(i int) (value float64, end int, ok bool) {
	value, end, ok = r.whole(i)
	if !ok {
		return 0, i, false
	}
	if more, e, ok := r.fraction(end); ok {
		return value + more, e, true
	}
	return value, end, true
}

// whole reads a number without the fraction that may follow it.
func (r reader) whole(i int) (float64, int, bool) {
	if i < 0 || i >= len(r.words) {
		return 0, i, false
	}
	w := r.words[i]
	if w.kind == number {
		return r.figure(i)
	}
	if w.kind != letters {
		return 0, i, false
	}
	if v, ok := small(w.folded); ok {
		if r.is(i+1, "point") {
			if d, ok := small(r.at(i + 2)); ok && d < 10 {
				return v + d/10, i + 3, true
			}
		}
		if r.is(i+1, "hundred") {
			return r.hundreds(v*100, i+2)
		}
		return v, i + 1, true
	}
	if v, ok := tens(w.folded); ok {
		if u, ok := small(r.at(i + 1)); ok && u < 10 && r.joined(i+1) {
			return v + u, i + 2, true
		}
		return v, i + 1, true
	}
	if w.folded == "a" && r.is(i+1, "hundred") {
		return r.hundreds(100, i+2)
	}
	return 0, i, false
}

func (r reader) hundreds(v float64, i int) (float64, int, bool) {
	j := i
	if r.is(j, "and") {
		j++
	}
	if t, e, ok := r.whole(j); ok && t < 100 && r.words[j].kind == letters {
		return v + t, e, true
	}
	return v, i, true
}

func (r reader) at(i int) string {
	if i < 0 || i >= len(r.words) {
		return ""
	}
	return r.words[i].folded
}

// figure reads digits that are no price, ordinal, house or version number.
func (r reader) figure(i int) (float64, int, bool) {
	w := r.words[i]
	if w.glued && w.mark == 0 && i > 0 && !r.is(i-1, "x", "h", "hr", "hrs", "hours", "hour") && r.words[i-1].kind == letters {
		return 0, i, false // A4
	}
	switch w.mark {
	case '€', '£', '$', '#':
		return 0, i, false
	}
	switch w.after {
	case '€', '£', '%', '$':
		return 0, i, false
	}
	if i+1 < len(r.words) && r.words[i+1].glued && r.is(i+1, "st", "nd", "rd", "th", "k", "km", "kg", "g", "cm", "mm", "ml", "l", "ft") && w.after == 0 {
		return 0, i, false
	}
	if w.after == '/' && i+1 < len(r.words) && r.words[i+1].kind == number { // 1/2, 3/4
		if f, ok := simple(w.value, r.words[i+1].value); ok {
			return f, i + 2, true
		}
	}
	return w.value, i + 1, true
}

func simple(top, bottom float64) (float64, bool) {
	if bottom == 2 && top == 1 || bottom == 4 && (top == 1 || top == 3) {
		return top / bottom, true
	}
	return 0, false
}

// fraction reads what follows a whole number: ½, 1/2, "and a half", "and three quarters".
func (r reader) fraction(i int) (float64, int, bool) {
	if i >= len(r.words) || r.words[i].pause == sentence {
		return 0, i, false
	}
	if w := r.words[i]; w.kind == number && (w.folded == "½" || w.after == '/') {
		if v, e, ok := r.figure(i); ok && v < 1 {
			return v, e, true
		}
	}
	if !r.is(i, "and", "n", "an") {
		if r.is(i, "three") && r.is(i+1, "quarter") && r.is(i+2, "hour", "hours") {
			return .75, i + 2, true
		}
		return 0, i, false
	}
	i++
	if r.is(i, "a") {
		i++
	}
	switch {
	case r.is(i, "half", "1/2", "half's"):
		return .5, i + 1, true
	case r.is(i, "quarter"):
		return .25, i + 1, true
	case r.is(i, "bit") && r.is(i-1, "a"):
		return 0, i + 1, true // "two and a bit hours"
	case r.is(i, "three") && r.is(i+1, "quarters", "quarter"):
		return .75, i + 2, true
	}
	if i < len(r.words) && r.words[i].kind == number {
		if v, e, ok := r.figure(i); ok && v < 1 {
			return v, e, true
		}
	}
	return 0, i, false
}
