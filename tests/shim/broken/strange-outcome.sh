# Comes to an Outcome that there is not.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo '{"type":"outcome","result":"maybe"}'
sleep 1000
