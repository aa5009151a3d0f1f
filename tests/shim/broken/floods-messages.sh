# Says the same without end.
read -r line; echo '{"type":"hello"}'
yes '{"type":"ui","message":"15"}'
