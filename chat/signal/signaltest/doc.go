// Package signaltest is a signal-cli daemon that has no Signal behind it: people and
// groups that a test makes up, who write, react, edit, join, leave and get new phones, and
// a JSON-RPC interface in signal-cli's own shapes.
//
// It listens on a real unix or TCP socket, or hands out one end of a net.Pipe, over which
// testing/synctest can move the clock.
//
// As with the real one in its manual mode, what people write waits at Signal until
// somebody subscribes, is then handed over once, one message after the other, and what the
// socket did not take is gone. Everything that goes wrong with the real one can be ordered:
// see [Fault] and the methods of [Daemon] that take one.
package signaltest
