# Begins a line that never ends.
read -r line; echo '{"type":"hello"}'
yes | tr -d '\n'
