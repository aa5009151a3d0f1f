# Sends a command that is no hex.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo '{"type":"command","hex":"select the card"}'
sleep 1000
