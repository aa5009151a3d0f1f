# Ends a tap twice: with an Outcome, which is its end already, and with `done`.
read -r line; echo '{"type":"hello"}'
while read -r line; do
  case "$line" in *'"type":"start"'*) printf '{"type":"outcome","result":"declined"}\n{"type":"done"}\n';; esac
done
