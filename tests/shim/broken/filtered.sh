# The built-in terminal, with what it says changed on its way: $1 is a program for sed.
"$EMVTAP" test shim | sed -u "$1"
