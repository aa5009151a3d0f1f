# Says hello and nothing more.
read -r line; echo '{"type":"hello","name":"hangs"}'
sleep 1000
