#!/usr/bin/env python3
"""Runs a pcscd of one's own: private_pcscd.py DIR PORT

Listens on DIR/pcscd.comm (clients: PCSCLITE_CSOCK_NAME=DIR/pcscd.comm), with one virtual reader whose slots listen
on PORT and PORT + 1. pcscd takes its socket from us the way it takes one from systemd, so it needs neither /run/pcscd nor
anybody else's absence.
"""
import os
import socket
import subprocess
import sys

directory, port = sys.argv[1], int(sys.argv[2])
driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
config = os.path.join(directory, "reader.conf.d")
os.makedirs(config, exist_ok=True)
with open(os.path.join(config, "vpcd"), "w") as file:
    file.write(
        'FRIENDLYNAME "Virtual PCD"\n'
        f"DEVICENAME /dev/null:0x{port:X}\n"
        f"LIBPATH {driver}\n"
        f"CHANNELID 0x{port:X}\n"
    )
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
path = os.path.join(directory, "pcscd.comm")
if os.path.exists(path):
    os.unlink(path)
listener.bind(path)
listener.listen(16)
if listener.fileno() != 3:
    os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
# Newer ones ask polkit, which runs in few containers.
known = subprocess.run(["/usr/sbin/pcscd", "--help"], capture_output=True, text=True, check=False).stdout
without_polkit = ["--disable-polkit"] if "--disable-polkit" in known else []
os.environ["LISTEN_FDS"] = "1"
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv("/usr/sbin/pcscd", ["pcscd", "--foreground", "--config", config, *without_polkit, *sys.argv[3:]])
