// Package linear answers questions about a text by what it learnt from labelled ones:
// logistic regression over features that a text has or has not, such as two words in a row.
//
// [Train] learns a [Table], which is written as lines that can be read and compared;
// [Read] makes of such lines a [Model], which is small and quick to ask. What a feature
// is, is the caller's to say: both sides see only its name.
package linear
