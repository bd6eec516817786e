import { release } from 'node:os'
import type { Socket } from 'node:net'
import { getSystemErrorName } from 'node:util'

/** @source asm-generic/socket.h: the same on all of these; other processors number it differently */
const SOL_SOCKET = 1
const SO_ERROR = 4
const SO_RCVLOWAT = 18
const PROCESSORS = ['x64', 'arm64', 'arm', 'ia32', 'riscv64', 'loong64']

/** Since then a mark that is lowered below what has arrived wakes up at once. @source linux commit 796f82eafcd9 */
const LEAST_KERNEL = [4, 18] as const

/** Set to `off`, sockets are paused between ticks instead. */
const SWITCH = 'ISR_LOW_WATER'

/** Says to the kernel how much of a socket must have arrived before the process is woken up for it. */
export interface LowWater {
  /** An end, a reset and a full buffer wake up whatever the mark is. @returns whether the kernel took it */
  set(socket: Socket, bytes: number): boolean
  /** The fault behind what libuv tells as an end: it does so for a reset that is found together with bytes. */
  fault(socket: Socket): NodeJS.ErrnoException | undefined
}

/** A socket as Node holds it. */
interface WithHandle {
  readonly _handle?: { readonly fd?: number } | null
}

let loading: Promise<LowWater | undefined> | undefined

/** The kernel's low-water mark; `undefined` where it cannot be set: another system, an old kernel, no `koffi`. */
export async function loadLowWater(): Promise<LowWater | undefined> {
  if (process.env[SWITCH] === 'off') return undefined
  return (loading ??= load())
}

async function load(): Promise<LowWater | undefined> {
  if (process.platform !== 'linux' || !PROCESSORS.includes(process.arch) || !isNewEnough(release())) return undefined
  try {
    const { default: koffi } = await import('koffi')
    const libc = koffi.load(null)
    const setsockopt = libc.func('int setsockopt(int fd, int level, int name, const int *value, unsigned int size)')
    const getsockopt = libc.func('int getsockopt(int fd, int level, int name, int *value, unsigned int *size)')
    const value = new Int32Array(1)
    const size = new Uint32Array([value.byteLength])
    return {
      set(socket, bytes) {
        value[0] = bytes
        return setsockopt(fdOf(socket), SOL_SOCKET, SO_RCVLOWAT, value, value.byteLength) === 0
      },
      fault(socket) {
        const isTold = getsockopt(fdOf(socket), SOL_SOCKET, SO_ERROR, value, size) === 0
        if (!isTold || value[0] === 0) return undefined
        const code = getSystemErrorName(-value[0])
        return Object.assign(new Error(`recv ${code}`), { code })
      },
    }
  } catch {
    // an optional package
    return undefined
  }
}

/** Asked for each time: what a closed socket had as its number may be another's by now. */
function fdOf(socket: Socket): number {
  return (socket as WithHandle)._handle?.fd ?? -1
}

/** Whether a kernel called `6.1.0-rpi7` knows marks that wake up. */
export function isNewEnough(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split(/\D+/).map(Number)
  return major > LEAST_KERNEL[0] || (major === LEAST_KERNEL[0] && minor >= LEAST_KERNEL[1])
}
