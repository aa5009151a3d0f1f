# Dies in the middle of a tap.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo '{"type":"command","hex":"00A404000E325041592E5359532E444446303100"}'
read -r line
echo 'Segmentation fault, more or less' >&2
exit 3
