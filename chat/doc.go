// Package chat holds the words that every line speaks: people, conversations,
// messages that came in and messages that go out. A line is a way to reach people:
// Signal, the embedded console, the fake of the tests.
//
// Phone numbers do not occur here. A person is the opaque identifier that the line
// gives them for good; on Signal that is the account identifier (ACI).
package chat
