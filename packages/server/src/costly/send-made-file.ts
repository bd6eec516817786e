import { open, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Request, Response } from 'express'
import { answerFile } from '../streaming/answer-file.js'
import { contentTypeOf } from '../streaming/content-types.js'
import { disposition } from '../streaming/disposition.js'
import { createMadeFolder } from './made-folder.js'

/**
 * Sends a file that is made for one request, and removes it.
 * @param name - under which it is saved; its extension says what is made
 * @param make - makes it at this path
 */
export async function sendMadeFile(
  request: Request,
  response: Response,
  name: string,
  make: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await createMadeFolder()
  try {
    const path = join(folder, `made${extname(name)}`)
    await make(path)
    const handle = await open(path, 'r')
    try {
      const { size: sizeBytes } = await handle.stat()
      const body = { sizeBytes, head: new Uint8Array(0), file: { fd: handle.fd, release: () => {} } }
      await answerFile(request, response, body, {
        contentType: contentTypeOf(name),
        disposition: disposition('attachment', name),
      })
    } finally {
      await handle.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
