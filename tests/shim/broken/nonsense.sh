# Speaks no JSON.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo 'panic: unwrap on None'
sleep 1000
