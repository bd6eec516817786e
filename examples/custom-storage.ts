/**
 * A storage of your own: every recording on two disks at once; `read`, `list` and `remove` are for repair and for whoever serves them.
 *   node --import ./examples/ts-node.mjs examples/custom-storage.ts http://radio.example.org:8000/live.mp3 /disk1/radio /disk2/radio
 */
import { FileStorage, Recorder, type RecordingWriter, type Storage } from '@isr/core'

class TwoDisks implements Storage {
  readonly location = 'two disks'
  constructor(readonly disks: readonly FileStorage[]) {}
  async create(name: string): Promise<RecordingWriter> {
    const writers = await Promise.all(this.disks.map((disk) => disk.create(name)))
    return {
      name: writers[0].name,
      append: (bytes) => writers.forEach((writer) => writer.append(bytes)),
      get unsyncedBytes() {
        return Math.max(...writers.map((writer) => writer.unsyncedBytes))
      },
      failed: Promise.race(writers.map((writer) => writer.failed)),
      commit: async (patches) => void (await Promise.all(writers.map((writer) => writer.commit(patches)))),
    }
  }

  read: Storage['read'] = (name, range) => this.disks[0].read(name, range)
  list = () => this.disks[0].list()
  remove = async (name: string) => void (await Promise.all(this.disks.map((disk) => disk.remove(name))))
}

const [source, ...folders] = process.argv.slice(2)
const disks = folders.map((directory) => new FileStorage({ directory }))
if (!source || disks.length < 2) {
  console.error('give the address of a stream, and two folders')
  process.exit(2)
}
const recorder = new Recorder({ source, storage: new TwoDisks(disks) })
recorder.on('recording:close', ({ name, sizeBytes }) => console.log(`${name}: ${sizeBytes} bytes, twice`))
recorder.start()
process.once('SIGINT', () => void recorder.stop())
await recorder.finished
