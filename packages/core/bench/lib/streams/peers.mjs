/** A thread for each stream with requests: `python3 -c REQUESTS URL COUNT FOLDER [CERTIFICATE]`. */
export const REQUESTS = `
import sys, threading, requests
url, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
verify = sys.argv[4] if len(sys.argv) > 4 else True
def record(index):
    with requests.get(url, stream=True, verify=verify) as answer, open('%s/p%d.mp3' % (folder, index), 'wb') as out:
        for chunk in answer.iter_content(chunk_size=8192):
            out.write(chunk)
threading.stack_size(256 * 1024)
threads = [threading.Thread(target=record, args=(index,), daemon=True) for index in range(count)]
for thread in threads: thread.start()
print('ready', flush=True)
sys.stdin.read()
`

/** The floor: all sockets read and written once a second, nothing else. `floor PORT COUNT FOLDER` */
export const FLOOR = `
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static char buffer[262144];
int main(int argc, char **argv) {
  int count = atoi(argv[2]);
  int *sockets = calloc(count, sizeof(int)), *files = calloc(count, sizeof(int));
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  inet_pton(AF_INET, "127.0.0.1", &where.sin_addr);
  for (int i = 0; i < count; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/c%d.mp3", argv[3], i);
    files[i] = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sockets[i], (struct sockaddr *)&where, sizeof where) < 0) return 1;
    const char *request = "GET / HTTP/1.0\\r\\n\\r\\n";
    if (write(sockets[i], request, strlen(request)) < 0) return 1;
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    sleep(1);
    for (int i = 0; i < count; i++) {
      ssize_t got = recv(sockets[i], buffer, sizeof buffer, MSG_DONTWAIT);
      if (got > 0 && write(files[i], buffer, got) != got) return 1;
    }
  }
}
`
