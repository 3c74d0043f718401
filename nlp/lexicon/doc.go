// Package lexicon knows the words neighbours use for the help they give each other.
//
// The words are kept in plain files under data/, one concept after another, so that
// somebody who doesn't program can add "strimmer" or "hot press" where it belongs.
// data/README.md describes the format. A mistake in a file is an error that names
// the file and the line, and nothing is loaded.
//
// A concept ("dog-walking") stands for one kind of help or thing. It belongs to one
// or more of the nineteen [Categories], is recognised by words and phrases, and may be
// near other concepts: who says "collie" may well mean dog walking. From a text the
// package finds
//
//   - the concepts in it ([Lexicon.Concepts]),
//   - the category of the help it is about ([Lexicon.Category]),
//   - a weighted list of concepts, those nearby included ([Lexicon.Meaning]), by which
//     two texts can be compared that share no word.
//
// Words are compared by their stems, so that "mowed" and "mowing" are one, without
// regard to case, accents and hyphens. A [Lexicon] doesn't change after [Load] and may
// be used from many goroutines.
package lexicon
