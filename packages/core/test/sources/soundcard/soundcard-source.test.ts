import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SourceError } from '../../../src/errors.js'
import { SoundcardSource, type SoundcardSourceOptions } from '../../../src/sources/soundcard/soundcard-source.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { systemClock, type Clock } from '../../../src/time/clock.js'
import { drain, until } from '../http/support.js'
import { fakePrograms, setup, SETUP } from './support/fake-arecord.js'

const never = new AbortController().signal
const NO_LIST = { pactl: 'end(1)', 'pw-dump': 'end(1)' }

/** Opens a soundcard whose programs are scripts. */
function open(
  programs: Readonly<Record<string, string>>,
  options: SoundcardSourceOptions = {},
  signal = never,
  clock: Clock = systemClock,
) {
  const { PATH, folder } = fakePrograms({ ...NO_LIST, ...programs })
  const warnings: string[] = []
  const source = new SoundcardSource({ name: 'mic', sampleRateHz: 48_000, env: { PATH }, ...options })
  const onWarning = (code: string, message: string) => void warnings.push(`${code}: ${message}`)
  return { source, warnings, folder, connection: source.connect({ signal, clock, onWarning }) }
}

const failure = (programs: Readonly<Record<string, string>>, options?: SoundcardSourceOptions) =>
  open(programs, options).connection.then(
    () => Promise.reject(new Error('it opened')),
    (error: unknown) => error as SourceError,
  )

/** An arecord that lists cards, and for the rest does `body`. */
const withCards = (body: string) => `
  if (args[0] === '-l') return say(''), writeSync(1, ${JSON.stringify(CARDS)})
  if (args[0] === '-L') return writeSync(1, 'null\\n    Discard all samples\\ndefault\\n    The default\\n')
  ${body}`
const CARDS = `**** List of CAPTURE Hardware Devices ****
card 0: PCH [HDA Intel PCH], device 0: ALC257 Analog [ALC257 Analog]
  Subdevices: 1/1
card 1: Device [USB Audio Device], device 0: USB Audio [USB Audio]
  Subdevices: 0/1
card 2: Device_1 [USB Audio Device], device 0: USB Audio [USB Audio]
`

const isAlive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const ramp = (bytes: Uint8Array) => new Uint16Array(bytes.slice().buffer)

describe('SoundcardSource', () => {
  it('is heard as arecord writes it: arguments, layout, whole frames, no error at SIGTERM', async () => {
    const body = `appendFileSync(__dirname + '/args', JSON.stringify(args)); ${SETUP} await live(200); audio(7.1); await sleep(1e6)`
    const stop = new AbortController()
    const { connection, folder, warnings } = open({ arecord: body }, { device: 'hw:1,0' }, stop.signal)
    const held = await connection
    expect(held.pcm).toEqual({ sampleRateHz: 48_000, channels: 2, sampleFormat: 's16' })
    expect(held.facts).toMatchObject({ program: 'arecord', device: 'hw:1,0', rate: '48000' })
    const pid = Number(held.facts!.pid)
    const { bytes, error } = await drain(held, (length) => void (length >= 38_400 && stop.abort()))
    expect(error).toBeUndefined()
    expect(ramp(bytes).every((value, index) => value === (index & 0xffff))).toBe(true)
    expect(bytes.length).toBe(38_400 + 4 * 341)
    expect(isAlive(pid)).toBe(false)
    expect(warnings).toEqual([])
    expect(JSON.parse(readFileSync(join(folder, 'args'), 'utf8'))).toEqual([
      ...['-v', '-D', 'hw:1,0', '-t', 'raw', '-f', 'S16_LE', '-r', '48000', '-c', '2'],
      ...['--period-time=50000', '--buffer-time=4000000'],
    ])
  })

  it('names the fault with the words of arecord, and a code', async () => {
    const saying = (words: string) => `say(${JSON.stringify(words)}); end(1)`
    const faults = {
      'ALSA lib pcm_hw.c:1829:(_snd_pcm_hw_open) x\narecord: main:831: audio open error: Device or resource busy\n': [
        'ISR_SOURCE_BUSY',
        /^arecord, hw:9: audio open error: Device or resource busy; another program/,
      ],
      'arecord: main:831: audio open error: Permission denied\n': ['ISR_SOURCE_DENIED', /group audio/],
      'ALSA lib pulse.c:242:(pulse_connect) PulseAudio: Unable to connect: Connection refused\n\narecord: main:831: audio open error: Connection refused\n':
        ['ISR_SOURCE_UNREACHABLE', /PulseAudio: Unable to connect: Connection refused/],
      'arecord: set_params:1358: Channels count non available\n': ['ISR_SOURCE_UNSUPPORTED', /Channels count.*plughw:/],
      'arecord: something new\nat http://user:secret@host/?key=secret\n': ['ISR_SOURCE_FAILED', /something new/],
      'arecord: main:831: audio open error: No such file or directory\n': [
        'ISR_SOURCE_NOT_FOUND',
        /No such file or directory; there are default \(The default\), hw:CARD=PCH,DEV=0 \(HDA Intel PCH, ALC257 Analog\)/,
      ],
    } as const
    for (const [words, [code, text]] of Object.entries(faults)) {
      const error = await failure({ arecord: withCards(saying(words)) }, { device: 'hw:9' })
      expect(error).toMatchObject({ name: 'SourceError', code, source: 'mic', retryable: true })
      expect(error.message).toMatch(text)
      expect(error.message).not.toMatch(/secret|\n/)
      expect(error.message.length).toBeLessThan(1200)
    }
  })

  it('finds a device by a part of its name, when ALSA knows no such PCM', async () => {
    const body = withCards(`
      const device = args[args.indexOf('-D') + 1]
      if (!device.startsWith('plughw:')) return say('ALSA lib pcm.c:2666:(snd_pcm_open_noupdate) Unknown PCM ' + device + '\\narecord: main:831: audio open error: No such file or directory\\n'), end(1)
      ${SETUP} await live(100); end(0)`)
    await using held = await open({ arecord: body }, { device: 'hda intel' }).connection
    expect(held.facts!.device).toBe('HDA Intel PCH, ALC257 Analog (plughw:CARD=PCH,DEV=0)')
    const several = await failure({ arecord: body }, { device: 'usb' })
    expect(several.code).toBe('ISR_SOURCE_AMBIGUOUS')
    expect(several.message).toContain('hw:CARD=Device,DEV=0 (USB Audio Device), hw:CARD=Device_1,DEV=0')
    const none = await failure({ arecord: body }, { device: 'focusrite' })
    expect(none.code).toBe('ISR_SOURCE_NOT_FOUND')
    expect(none.message).toContain('no device is called "focusrite"; there are default (The default), hw:CARD=PCH')
  })

  it('records at the rate that the device has, and says so', async () => {
    const warning = `say('Warning: rate is not accurate (requested = 48000Hz, got = 44100Hz)\\n         please, try the plug plugin \\n')`
    const { connection, warnings } = open({ arecord: `${setup(44_100)} ${warning}; await live(100); end(0)` })
    await using held = await connection
    expect(held.pcm).toEqual({ sampleRateHz: 44_100, channels: 2, sampleFormat: 's16' })
    expect(warnings).toEqual([
      expect.stringMatching(/^soundcard-rate: .*requested = 48000Hz, got = 44100Hz.*sample_rate = 44100/),
    ])
  })

  it('takes 24 bits in four bytes where a device has them only so', async () => {
    const body = `
      if (args.includes('S24_3LE')) return say('arecord: set_params:1352: Sample format non available\\nAvailable formats:\\n- S24_LE\\n'), end(1)
      ${SETUP} writeSync(1, Buffer.from([1, 2, 3, 0, 4, 5, 6, 0xff, 7, 8, 9, 0, 10, 11, 12, 0, 13])); await sleep(50); end(0)`
    const { bytes } = await drain(await open({ arecord: body }, { sampleFormat: 's24' }).connection)
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    const refused = await failure({
      arecord: `say('arecord: set_params:1352: Sample format non available\\nAvailable formats:\\n- S32_LE\\n'); end(1)`,
    })
    expect(refused.code).toBe('ISR_SOURCE_UNSUPPORTED')
    expect(refused.message).toContain('Sample format non available | Available formats: | - S32_LE; set sample_rate')
  })

  // the reader's own clock is the judge here: a test whose process sleeps amid it is made again
  it('tells of an overrun where it happened, by the length that arecord says', { retry: 2 }, async () => {
    const body = `${SETUP} await live(300); say('overrun!!! (at least 31.400 ms long)\\n'); await live(300); end(0)`
    const { chunks, bytes, error } = await drain(await open({ arecord: body }).connection)
    expect(error).toBeUndefined()
    const at = chunks.findIndex(({ lossBefore }) => lossBefore)
    expect(chunks[at].lossBefore).toMatchObject({ seconds: 0.0314, cause: { code: 'ISR_SOURCE_OVERRUN' } })
    expect(chunks[at].lossBefore!.cause.message).toBe('arecord, default: overrun!!! (at least 31.400 ms long)')
    expect(chunks.filter(({ lossBefore }) => lossBefore)).toHaveLength(1)
    expect(chunks.slice(0, at).reduce((sum, chunk) => sum + chunk.bytes.length, 0)).toBe(300 * 192)
    expect(ramp(bytes)).toHaveLength(600 * 96)
  })

  it('believes the clock when more is missing than arecord says, or nobody says anything', { retry: 2 }, async () => {
    const body = `${SETUP} await live(300); say('overrun!!! (at least 0.012 ms long)\\n'); await due(400); await live(700); await due(300); await live(700); end(0)`
    const { chunks } = await drain(await open({ arecord: body }).connection)
    const losses = chunks.flatMap(({ lossBefore }) => (lossBefore ? [lossBefore] : []))
    expect(losses.map(({ cause }) => cause.code)).toEqual(['ISR_SOURCE_OVERRUN', 'ISR_SOURCE_STALLED'])
    expect(Math.abs(losses[0].seconds - 0.4)).toBeLessThan(0.05)
    expect(Math.abs(losses[1].seconds - 0.3)).toBeLessThan(0.05)
  })

  it('ends a device that hangs within two seconds, and what it heard before is read', async () => {
    const began = performance.now()
    const held = await open({ arecord: `${SETUP} await live(200); process.on('SIGTERM', () => {}); await sleep(1e6)` })
      .connection
    const { bytes, error } = await drain(held)
    expect(error).toMatchObject({ code: 'ISR_SOURCE_STALLED', source: 'mic' })
    expect(error!.message).toBe('arecord, default: no audio came for 2.0 s')
    expect(bytes.length).toBe(200 * 192)
    expect(performance.now() - began).toBeLessThan(20_000) // a program that is waited for would take for ever
    expect(isAlive(Number(held.facts!.pid))).toBe(false)
  })

  it('takes what waited for it when this process slept, and leaves only a device that is silent after it', async () => {
    for (const speaks of [true, false]) {
      const clock = new FakeClock()
      const goOn = `process.once('SIGUSR1', async () => { ${speaks ? 'audio(50); ' : ''}await sleep(50); ${speaks ? 'end(0)' : ''} })`
      const held = await open({ arecord: `${SETUP} ${goOn}; await live(100); await sleep(1e6)` }, {}, never, clock)
        .connection
      let heard = 0
      const reading = drain(held, (length) => (heard = length))
      await until(() => heard === 100 * 192, 'what came before')
      clock.sleep(5000)
      await clock.advance(0)
      process.kill(Number(held.facts!.pid), 'SIGUSR1')
      if (!speaks) await clock.advance(1000)
      const { bytes, error } = await reading
      expect(error?.code).toBe(speaks ? undefined : 'ISR_SOURCE_STALLED')
      expect(bytes.length).toBe((speaks ? 150 : 100) * 192)
    }
  })

  it('says why a device vanished, and that it ended when somebody else stopped arecord', async () => {
    const unplugged = `${SETUP} await live(100); say('arecord: pcm_read:2221: read error: No such device\\n'); end(1)`
    const gone = await drain(await open({ arecord: unplugged }, { device: 'hw:1' }).connection)
    expect(gone.error).toMatchObject({ code: 'ISR_SOURCE_RESET', message: 'arecord, hw:1: read error: No such device' })
    expect(gone.bytes.length).toBe(100 * 192)
    const held = await open({ arecord: `${SETUP} await live(100); await sleep(1e6)` }).connection
    const reading = drain(held)
    await until(() => isAlive(Number(held.facts!.pid)), 'the program')
    process.kill(Number(held.facts!.pid), 'SIGTERM')
    expect((await reading).error).toBeUndefined()
  })

  it('begins anew when the machine slept', async () => {
    const body = `${SETUP} await live(100); say('Suspended. Trying resume. '); await live(500); end(0)`
    const { error } = await drain(await open({ arecord: body }).connection)
    expect(error).toMatchObject({ code: 'ISR_SOURCE_RESET', message: 'arecord, default: Suspended. Trying resume.' })
  })

  it('goes to parec and pw-record when arecord is not installed', async () => {
    const parec = `appendFileSync(__dirname + '/args', args.join(' ')); await live(100); end(0)`
    const pulse = open({ parec })
    expect((await drain(await pulse.connection)).bytes.length).toBe(100 * 192)
    expect(readFileSync(join(pulse.folder, 'args'), 'utf8')).toBe(
      '--format=s16le --rate=48000 --channels=2 --latency-msec=50 --client-name=isr',
    )
    const dump = JSON.stringify([
      { info: { props: { 'media.class': 'Audio/Source', 'node.name': 'alsa_in', 'node.description': 'Blue Yeti' } } },
    ])
    const au = Buffer.alloc(32)
    au.writeUInt32LE(0x2e736e64, 0)
    au.writeUInt32LE(32, 4)
    const pipewire = open(
      {
        'pw-dump': `writeSync(1, ${JSON.stringify(dump)})`,
        'pw-record': `appendFileSync(__dirname + '/args', args.join(' ')); writeSync(1, Buffer.from('${au.toString('hex')}', 'hex')); await live(100); end(0)`,
      },
      { device: 'yeti', sampleFormat: 's32' },
    )
    expect((await drain(await pipewire.connection)).bytes.length).toBe(100 * 192)
    expect(readFileSync(join(pipewire.folder, 'args'), 'utf8')).toBe(
      '--format s32 --rate 48000 --channels 2 --latency 50ms --target alsa_in -P { node.dont-reconnect = true } -',
    )
  })

  it('says what to install when there is no program at all', async () => {
    const text = 'none of arecord, parec, pw-record is installed; apt install alsa-utils brings arecord'
    expect(await failure({})).toMatchObject({ code: 'ISR_SOURCE_NOT_FOUND', message: text })
    expect(await failure({}, { device: 'hw:1' })).toMatchObject({ code: 'ISR_SOURCE_NOT_FOUND', message: text })
  })

  it('stops while it waits to be heard, and leaves nothing running', async () => {
    const stop = new AbortController()
    const { connection, folder } = open(
      { arecord: `appendFileSync(__dirname + '/pid', String(process.pid)); await sleep(1e6)` },
      {},
      stop.signal,
    )
    const pid = () => Number(readFileSync(join(folder, 'pid'), 'utf8'))
    await until(() => {
      try {
        return pid() > 0
      } catch {
        return false
      }
    }, 'the program')
    stop.abort()
    await expect(connection).rejects.toMatchObject({ code: 'ISR_STOPPED' })
    expect(isAlive(pid())).toBe(false)
    await expect(new SoundcardSource().connect({ signal: stop.signal, clock: systemClock })).rejects.toMatchObject({
      code: 'ISR_STOPPED',
    })
  })

  it('refuses settings that no device has', () => {
    for (const wrong of [
      { channels: 0 },
      { channels: 9 },
      { sampleRateHz: 10 },
      { sampleRateHz: 44_100.5 },
      { device: 'a\0b' },
    ])
      expect(() => new SoundcardSource(wrong)).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }))
    expect(new SoundcardSource().lookEveryMs).toBe(1000)
  })
})
