# Sends what $1 says, which is no command, and is right about the rest.
read -r line; echo '{"type":"hello"}'
while read -r line; do
  case "$line" in
    *'"type":"start"'*) echo "{\"type\":\"command\",\"hex\":\"$1\"}";;
    *'"type":"response"'*) printf '{"type":"outcome","result":"declined"}\n{"type":"done"}\n';;
  esac
done
