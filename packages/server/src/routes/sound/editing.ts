import { extname, join } from 'node:path'
import { CutQuery, ExportQuery, SpanQuery } from '../../api/editing.js'
import { wallClockName } from '../../costly/piece-name.js'
import { sendMadeFile } from '../../costly/send-made-file.js'
import { endpoint } from '../../http/endpoint.js'
import { HttpError } from '../../http/http-error.js'
import { disposition } from '../../streaming/disposition.js'
import { knownRecording } from '../../listing/known-recording.js'

const FILE = { 200: { description: 'The file', contentType: 'audio/*' } }

/** `GET /api/cut` */
export const cut = endpoint({
  method: 'get',
  path: '/api/cut',
  summary: 'A stretch of a recording as a file of its own, nothing encoded again',
  query: CutQuery,
  answers: FILE,
  async handle({ query, request, response, signal }, context) {
    const { start, end, container } = query
    const entry = knownRecording(context, query.file)
    const extension = container ? `.${container}` : extname(entry.name)
    const name = wallClockName(entry.source, entry.startedAt + start * 1000, entry.utcOffsetMinutes, extension)
    const options = {
      input: join(context.directory, entry.name),
      within: context.directory,
      startSeconds: start,
      endSeconds: end,
      source: entry.source,
      startedAt: entry.startedAt,
    }
    await context.costly.run(request.ip ?? '', () =>
      sendMadeFile(request, response, name, async (output) => {
        await context.editor.run('cut', { ...options, output }, { signal })
      }),
    )
  },
})

/** `GET /api/clip` */
export const clip = endpoint({
  method: 'get',
  path: '/api/clip',
  summary: 'A stretch of a recording, decoded into a small WAV file of exact length, at most 600 s',
  query: SpanQuery,
  answers: { 200: { description: 'WAV of 16 bits', contentType: 'audio/wav' } },
  async handle({ query, request, response, signal }, context) {
    const entry = knownRecording(context, query.file)
    const { start: startSeconds, end: endSeconds } = query
    const input = join(context.directory, entry.name)
    const { wav } = await context.costly.run(request.ip ?? '', () =>
      context.editor.run('clip', { input, within: context.directory, startSeconds, endSeconds }, { signal }),
    )
    const name = wallClockName(entry.source, entry.startedAt + startSeconds * 1000, entry.utcOffsetMinutes, '.wav')
    response.setHeader('Content-Type', 'audio/wav')
    response.setHeader('Content-Disposition', disposition('inline', name))
    response.setHeader('Cache-Control', entry.active ? 'no-store' : 'private, max-age=3600')
    response.send(Buffer.from(wav.buffer, wav.byteOffset, wav.length))
  },
})

/** `GET /api/export` */
export const exported = endpoint({
  method: 'get',
  path: '/api/export',
  summary: 'What one source recorded in a span of time as one file; the header `ISR-Gaps` says how many gaps are in it',
  query: ExportQuery,
  answers: FILE,
  async handle({ query, request, response, signal }, context) {
    const { source, from, to, as, fill } = query
    const first = context.library.find({ sources: [source], from: from.getTime(), to: to.getTime() }).entries.at(-1)
    if (!first) throw new HttpError(404, 'HTTP_NOT_FOUND', 'that source has recorded nothing in that time')
    const extension = as ? `.${as}` : extname(first.name)
    const options = {
      directory: context.directory,
      source,
      from: from.getTime(),
      to: to.getTime(),
      ...(as && { as }),
      ...(fill && { fillGaps: fill }),
    }
    const name = wallClockName(source, Math.max(from.getTime(), first.startedAt), first.utcOffsetMinutes, extension)
    await context.costly.run(request.ip ?? '', () =>
      sendMadeFile(request, response, name, async (output) => {
        const { gaps } = await context.editor.run('export', { ...options, output }, { signal })
        response.setHeader('ISR-Gaps', String(gaps.length))
      }),
    )
  },
})
