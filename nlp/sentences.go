package nlp

// sentences notes where sentences and clauses begin and which are questions.
func (p *phrase) sentences(g *grammar) {
	n := len(p.words)
	p.question = make([]bool, n)
	p.starts = make([]bool, n)
	p.clauses = make([]bool, n)
	p.persons = make([]int, n)
	p.amountAt = make([]int, n)
	p.whenAt = make([]int, n)
	asks := false
	for i := n - 1; i >= 0; i-- {
		if i == n-1 || p.words[i+1].pause == sentence {
			asks = p.words[i].after == '?'
		}
		p.question[i] = asks
	}
}

// courtesies marks the starts, and carries them over greetings and small words: in
// "Hi all, so does anyone …" the sentence starts at "does", too.
func (p *phrase) courtesies(g *grammar) {
	for i := range p.words {
		w := &p.words[i]
		switch {
		case i == 0 || w.pause == sentence:
			p.starts[i], p.clauses[i] = true, true
		case p.starts[i-1] && (g.fillers[p.words[i-1].folded] || p.words[i-1].kind == mention):
			p.starts[i], p.clauses[i] = true, true
		case w.pause == comma:
			p.clauses[i] = true
		case g.joiners[p.words[i-1].folded], p.clauses[i-1] && g.fillers[p.words[i-1].folded]:
			p.clauses[i] = true
		}
	}
}

// sentenceEnd is the index after the last word of the sentence i stands in.
func (p *phrase) sentenceEnd(i int) int {
	for i++; i < len(p.words) && p.words[i].pause != sentence; i++ {
	}
	return min(i, len(p.words))
}

// sentenceStart is the index of the first word of the sentence i stands in.
func (p *phrase) sentenceStart(i int) int {
	for ; i > 0 && p.words[i].pause != sentence; i-- {
	}
	return i
}

// cut returns the text of the words from i to before j.
func (p *phrase) cut(i, j int) string {
	if i >= j || i < 0 || j > len(p.words) {
		return ""
	}
	return p.text[p.words[i].start:p.words[j-1].end]
}
