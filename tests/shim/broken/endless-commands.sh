# Never has enough of the card.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
while true; do echo '{"type":"command","hex":"00B2010C00"}'; done
