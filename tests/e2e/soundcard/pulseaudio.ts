import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Background } from '../rig/background.js'
import { startBackground } from '../rig/background.js'
import { runTool } from '../rig/run-tool.js'
import { tempDir } from '../rig/temp-dir.js'
import { waitUntil } from '../rig/wait-until.js'

/** What these tests need. */
export const SOUNDCARD_TOOLS = ['arecord', 'pulseaudio', 'pactl', 'pacat', 'ffmpeg'] as const

const LAYOUT = ['--raw', '--rate=48000', '--channels=2', '--format=s16le']
const SINK = ['module-null-sink', 'sink_name=isr', 'rate=48000', 'channels=2', 'format=s16le']

/** A sound server of one's own whose only device is a sink that nobody hears, and the monitor of it: a soundcard without hardware. */
export interface SoundServer {
  /** What programs need in their environment to reach it. */
  readonly env: NodeJS.ProcessEnv
  /** Plays a file of raw audio: 16 bit stereo at 48 kHz. */
  play(path: string): Promise<Background>
  /** Takes the device away. */
  unplug(): Promise<void>
  /** Brings it back, awake. */
  plug(): Promise<void>
  /** Makes the device hang, or go on. */
  hang(yes: boolean): Promise<void>
  stop(): Promise<void>
}

/** Starts PulseAudio with a socket of its own. */
export async function startSoundServer(): Promise<SoundServer> {
  const folder = tempDir('isr-pulse-')
  const socket = join(folder, 'native')
  writeFileSync(join(folder, 'rig.pa'), `load-module module-native-protocol-unix auth-anonymous=1 socket=${socket}\n`)
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_SERVER: `unix:${socket}` }
  const flags = ['--daemonize=no', '--exit-idle-time=-1', '--disable-shm=yes', '--use-pid-file=no', '--log-level=error']
  const server = await startBackground('pulseaudio', ['-n', '-F', join(folder, 'rig.pa'), ...flags], { env })
  const pactl = async (...args: string[]) => {
    const { exitCode, output } = await runTool('pactl', ['-s', env.PULSE_SERVER, ...args])
    if (exitCode !== 0) throw new Error(`pactl ${args.join(' ')}: ${output}\n${server.output()}`)
    return output.trim()
  }
  await waitUntil('PulseAudio answers', () =>
    pactl('info')
      .then(() => true)
      .catch(() => false),
  )
  const player = (path: string, latencyMs: number) =>
    startBackground('pacat', [...LAYOUT, `--latency-msec=${latencyMs}`, path], { env })
  let module = ''
  let silence: Background | undefined
  const plug = async () => {
    module = await pactl('load-module', ...SINK)
    await pactl('set-default-sink', 'isr')
    await pactl('set-default-source', 'isr.monitor')
    // a sink that plays nothing delivers its first byte after two seconds
    silence = await player('/dev/zero', 50)
  }
  await plug()
  return {
    env,
    // far ahead: on a busy machine the player must not run dry
    play: (path) => player(path, 2000),
    plug,
    unplug: async () => {
      await pactl('unload-module', module)
      await silence?.stop('SIGKILL')
    },
    hang: async (yes) => void (await pactl('suspend-sink', 'isr', yes ? '1' : '0')),
    stop: async () => {
      await silence?.stop('SIGKILL')
      await server.stop()
    },
  }
}
