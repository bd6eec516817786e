"""terminal.py ACTIONS PROGRAM ARGUMENTS...: runs a program on a terminal of its own and does ACTIONS to it.
ACTIONS is a JSON list of [when, what]: when is seconds since the program showed that it is recording, or a file that appears;
what is {"keys": text}, "stop reading", "read on" or "hang up".
Prints {"status": exit code or -signal, "text": what the terminal got}."""
import fcntl, json, os, pty, select, struct, sys, termios, time

actions, program = json.loads(sys.argv[1]), sys.argv[2:]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 120, 0, 0))
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in range(3):
        os.dup2(slave, descriptor)
    os.execvp(program[0], program)
os.close(slave)
begin, reading, text, status = None, True, b'', None

def is_due(when):
    return os.path.exists(when) if isinstance(when, str) else begin is not None and when <= time.monotonic() - begin

while status is None or (reading and select.select([master], [], [], 0.1)[0]):
    if begin is None and b'recording' in text:
        begin = time.monotonic()
    while actions and is_due(actions[0][0]):
        what = actions.pop(0)[1]
        if what == 'hang up':
            os.close(master)
            reading = False
        elif isinstance(what, dict):
            os.write(master, what['keys'].encode())
        else:
            reading = what == 'read on'
    if reading and select.select([master], [], [], 0.05)[0]:
        try:
            text += os.read(master, 65536)
        except OSError:
            reading = False
    elif not reading:
        time.sleep(0.05)
    if status is None:
        done, raw = os.waitpid(child, os.WNOHANG)
        status = os.waitstatus_to_exitcode(raw) if done else None
json.dump({'status': status, 'text': text.decode('utf8', 'replace')}, sys.stdout)
