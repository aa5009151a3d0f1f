# Does not even say hello.
sleep 1000
