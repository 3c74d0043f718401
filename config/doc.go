// Package config reads the program's one TOML file: where Signal is, which community
// the bot serves, and what an operator decides about backups, the portal and a language
// model.
//
// Every key has a default but the groups of a community. Whatever is wrong is reported at
// once, each with its file and line and what to write instead; an unknown key is wrong,
// too, since it is nearly always a misspelt one. A relative path counts from the place of
// the file.
//
// The policy in the file is where a community starts. From then on its database has the
// policy in force, which its council and its votes change.
package config
