# Says `done` after an Outcome that has ended the tap, but so late that the next one has begun.
read -r line; echo '{"type":"hello"}'
owed=
while read -r line; do
  case "$line" in *'"type":"start"'*)
    test -z "$owed" || echo '{"type":"done"}'
    echo '{"type":"outcome","result":"declined"}'
    owed=yes;;
  esac
done
