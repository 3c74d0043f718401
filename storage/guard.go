package storage

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"maps"

	"communityconnect/ledger"
)

// object is a table, index or trigger of the schema, with a digest of what made it.
type object struct {
	kind, name string
	script     [sha256.Size]byte
}

const schemaQuery = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"

func readObject(s scanner) (o object, err error) {
	var script string
	err = s.Scan(&o.kind, &o.name, &script)
	o.script = sha256.Sum256([]byte(script))
	return o, err
}

// guardFaults holds the schema against what the migrations make of an empty file, which ours
// has. The triggers are what keeps others' tools from breaking the books, so the audit looks
// after them too. Tables and indexes that somebody added do no harm; triggers might.
func (tx *Tx) guardFaults(ours map[string]object) ([]ledger.Fault, error) {
	want := maps.Clone(ours)
	have, err := list(tx, readObject, schemaQuery)
	if err != nil {
		return nil, err
	}
	var faults []ledger.Fault
	for _, o := range have {
		switch w, known := want[o.name]; {
		case known && w != o:
			faults = append(faults, ledger.Fault{What: "the file's own " + o.kind + " " + o.name + " was changed"})
		case !known && o.kind == "trigger":
			faults = append(faults, ledger.Fault{What: "the file has a trigger that is not its own: " + o.name})
		}
		delete(want, o.name)
	}
	for _, o := range want {
		faults = append(faults, ledger.Fault{What: "the file's own " + o.kind + " " + o.name + " is missing"})
	}
	return faults, nil
}

// pristine returns the objects of a file that was just made.
func pristine() (objects map[string]object, err error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // each connection would have a memory of its own
	steps, err := versions()
	if err != nil {
		return nil, err
	}
	if err := advance(db, steps, 0, len(steps)); err != nil {
		return nil, err
	}
	rows, err := db.Query(schemaQuery)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	objects = map[string]object{}
	for rows.Next() {
		o, err := readObject(rows)
		if err != nil {
			return nil, err
		}
		objects[o.name] = o
	}
	return objects, rows.Err()
}
