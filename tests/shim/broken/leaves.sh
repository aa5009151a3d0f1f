# Says goodbye before it is done, and again when it is started again.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
exit 0
