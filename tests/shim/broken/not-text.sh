# Speaks no UTF-8.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
printf '\377\376\n'
sleep 1000
