# Is killed in the middle of a tap.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
kill -9 $$
