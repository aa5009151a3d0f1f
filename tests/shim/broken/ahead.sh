# Says the next Outcome, too, before anybody has asked.
read -r line; echo '{"type":"hello"}'
while read -r line; do
  case "$line" in *'"type":"start"'*)
    printf '{"type":"outcome","result":"declined"}\n{"type":"outcome","result":"approved"}\n';;
  esac
done
