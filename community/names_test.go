package community

import (
	"errors"
	"strings"
	"testing"
)

// Names that look the same are the same: nobody can be taken for somebody else.
func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"Ann", "ann", " ANN ", "Аnn", "Ánn", "A\u200bnn", "ann."},
		{"Mary Rose", "mary  rose", "MARY ROSE"},
		{"O'Brien", "OBrien", "O’Brien"},
		{"Paul", "Pau1"},
	} {
		for _, name := range same {
			if got, want := Fold(name), Fold(same[0]); got != want {
				t.Errorf("%q folds to %q, %q to %q", name, got, same[0], want)
			}
		}
	}
	for _, pair := range [][2]string{{"Ann", "Anne"}, {"Ben K", "Ben M"}, {"Jo", "Joe"}} {
		if Fold(pair[0]) == Fold(pair[1]) {
			t.Errorf("%q and %q are taken for one name", pair[0], pair[1])
		}
	}
}

func TestCleanName(t *testing.T) {
	for typed, want := range map[string]string{"  Ann \n Kelly ": "Ann Kelly", "@Ben": "Ben", "\u202eneB": "neB", "Zoë": "Zoë", "Ann\ue0002\ue001": "Ann 2", "The Commoners": "The Commoners"} {
		if got, err := CleanName(typed); got != want || err != nil {
			t.Errorf("CleanName(%q) = %q, %v", typed, got, err)
		}
	}
	for typed, want := range map[string]error{"": ErrNameEmpty, " @ \u200b": ErrNameEmpty, strings.Repeat("x", 41): ErrNameLong,
		"The Сommons!": ErrNameWord, " a  former member": ErrNameWord, "You": ErrNameWord} {
		if _, err := CleanName(typed); !errors.Is(err, want) {
			t.Errorf("CleanName(%q): %v, want %v", typed, err, want)
		}
	}
}

// A name that fits several finds all of them; whoever has left or is not in yet is found
// by nobody.
func TestFind(t *testing.T) {
	names := NewNames([]Member{
		{ID: 1, Name: "Ann", Status: Full}, {ID: 2, Name: "Ben Kelly", Status: Full}, {ID: 3, Name: "Ben Moore", Status: Newcomer},
		{ID: 4, Name: "Cat", Status: Former}, {ID: 5, Name: "Dan", Status: Applicant}, {ID: 6, Name: "Eve", Status: Suspended},
		{ID: 7, Name: "Sam", Status: Full}, {ID: 8, Name: "Sam Nolan", Status: Full},
	})
	for words, want := range map[string][]MemberID{
		"ann": {1}, "ben": {2, 3}, "Ben Moore": {3}, "ben  kelly": {2}, "cat": nil, "dan": nil, "eve": {6}, "nobody": nil, "": nil,
		"sam": {7, 8}, "sam nolan": {8},
	} {
		var got []MemberID
		for _, m := range names.Find(words) {
			got = append(got, m.ID)
		}
		if len(got) != len(want) {
			t.Errorf("Find(%q) = %v, want %v", words, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("Find(%q) = %v, want %v", words, got, want)
			}
		}
	}
	if got := names.Short(Member{Name: "Ben Kelly"}); got != "Ben Kelly" {
		t.Errorf("one of two Bens is called %q", got)
	}
	if got := names.Short(Member{Name: "Eve"}); got != "Eve" {
		t.Errorf("Eve is called %q", got)
	}
}
