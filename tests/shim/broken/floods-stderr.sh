# Talks without end on stderr, and hangs.
read -r line; echo '{"type":"hello"}'
yes 'this is not for you' >&2
