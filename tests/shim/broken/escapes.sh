# Colours its name, and clears the screen when it goes.
read -r line; printf '{"type":"hello","name":"red\\u001b[31m"}\n'
read -r line; read -r line
printf 'gone\033[2J\n' >&2
exit 3
