# Dies in the middle of a tap; what it says about that comes after its end.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo '{"type":"command","hex":"00A404000E325041592E5359532E444446303100"}'
read -r line
(sleep 0.05; echo 'Segmentation fault, more or less' >&2) >/dev/null &
exit 3
