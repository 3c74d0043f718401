package bot

import (
	"time"

	"communityconnect/nlp"
)

// What was said in the group and may have been meant for the bot, but not surely enough
// to act on it: its author is asked in a direct message, and the group sees nothing. A
// question too many is worse than one too few.

// heardADay is how many such questions a person gets within a day. As long as one of them
// is open there is no other.
const heardADay = 2

// askHeard asks the author of a sentence in the group whether it was meant as it was
// read. A yes carries the command out there. Somebody who has never talked with the bot,
// or was asked about the same words before, is left alone.
func (c *Call) askHeard(r nlp.Reading, text string) error {
	if !c.from.Met || c.late {
		return nil
	}
	line, err := c.lineOf(r, text)
	if err != nil && codeOf(err) == "" {
		return err
	}
	if err != nil || line == "" {
		return nil
	}
	due, err := c.mayAsk(line)
	if err != nil || !due {
		return err
	}
	c.forUs = true
	return c.askBack(askHeard, line)
}

// mayAsk reports whether a person may be asked about one more sentence.
func (c *Call) mayAsk(line string) (bool, error) {
	asked, err := c.tx.QuestionsAbout(askHeard, int64(c.from.ID))
	if err != nil {
		return false, err
	}
	lately := 0
	for _, q := range asked {
		if q.Line == line {
			return false, nil
		}
		if c.now.Sub(q.At) < 24*time.Hour {
			lately++
		}
	}
	open, err := c.tx.OpenQuestionsAbout(askHeard, int64(c.from.ID))
	return lately < heardADay && len(open) == 0, err
}

// askBack asks the author, in a direct message, whether a sentence was understood rightly.
// A yes runs the command where the sentence was said.
func (c *Call) askBack(kind, line string) error {
	phrase := didYouMean
	if c.place != InDM {
		phrase = youMeantThere
	}
	topic := int64(0)
	if kind == askHeard {
		topic = int64(c.from.ID) // so that they are found by whom they went to
	}
	if err := c.askAuthor(kind, line, topic, c.text(phrase, "line", "/"+c.plainWords(line))); err != nil {
		return err
	}
	c.replies[len(c.replies)-1].to = direct(c.from)
	return nil
}
