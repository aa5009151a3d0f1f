# Goes online and ends the tap, with the final word that the environment has.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo '{"type":"outcome","result":"online-request","more":true}'
echo '{"type":"online"}'
read -r line
echo '{"type":"done"'"$DONE"'}'
