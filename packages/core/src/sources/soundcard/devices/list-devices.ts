import type { Environment } from '../../process/environment.js'
import { parseCards, parsePcms } from './alsa.js'
import type { CaptureDevice } from './capture-device.js'
import { runTool } from './run-tool.js'
import { parsePactl, parsePwDump } from './servers.js'

/**
 * Everything that can be recorded from: soundcards, sources of a sound server, names of the ALSA configuration. What is not
 * installed or does not answer lists nothing.
 */
export async function listDevices(env: Environment): Promise<readonly CaptureDevice[]> {
  const [cards, pcms, pulse] = await Promise.all([
    runTool(['arecord', '-l'], env).then(parseCards),
    runTool(['arecord', '-L'], env).then(parsePcms),
    runTool(['pactl', 'list', 'sources'], env).then(parsePactl),
  ])
  const sources = pulse.length > 0 ? pulse : parsePwDump(await runTool(['pw-dump'], env))
  const [defaults, others] = [pcms.filter(isDefault), pcms.filter((device) => !isDefault(device))]
  return [...defaults, ...cards, ...sources, ...others]
}

function isDefault({ id }: CaptureDevice): boolean {
  return id === 'default'
}
