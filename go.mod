module communityconnect

go 1.26
