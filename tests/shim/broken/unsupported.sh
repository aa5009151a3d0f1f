# Says that it does not do this, in capital letters and with fields that nobody knows.
read -r line; echo '{"type":"hello","colour":"red"}'
while read -r line; do
    case $line in
    *'"type":"start"'*) echo '{"type":"unsupported","what":"contactless","mood":"bad"}' ;;
    esac
done
