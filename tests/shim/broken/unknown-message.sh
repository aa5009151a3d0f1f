# Invents a message.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo '{"type":"dance"}'
sleep 1000
