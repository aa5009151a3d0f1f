# Is started for every tap, and ends after it: a shim in its simplest form.
read -r line; echo '{"type":"hello"}'
read -r line; read -r line
echo '{"type":"outcome","result":"DECLINED"}'
