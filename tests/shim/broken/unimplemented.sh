# Says by its exit status that it does not do this.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
exit 89
