#!/usr/bin/env python3
"""Writes down what emvtap and a shim say to each other: tee.py FILE COMMAND..."""

import subprocess
import sys
import threading

with open(sys.argv[1], "a", encoding="utf-8") as log:
    shim = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    lock = threading.Lock()

    def carry(source, target, arrow):
        for line in source:
            with lock:
                log.write(arrow + line)
            target.write(line)
            target.flush()
        target.close()

    back = threading.Thread(target=carry, args=(shim.stdout, sys.stdout, "<"))
    back.start()
    carry(sys.stdin, shim.stdin, ">")
    back.join()
    sys.exit(shim.wait())
