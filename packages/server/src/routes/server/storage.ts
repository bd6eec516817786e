import { statfs } from 'node:fs/promises'
import { StorageAnswer } from '../../api/storage.js'
import { endpoint } from '../../http/endpoint.js'

/** `GET /api/storage` */
export const storage = endpoint({
  method: 'get',
  path: '/api/storage',
  summary: 'Space on the volume of the recordings',
  answers: { 200: { description: 'Free and total space', schema: StorageAnswer } },
  async handle({ response }, { directory }) {
    const { bavail, blocks, bsize } = await statfs(directory)
    const answer: StorageAnswer = { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
    response.json(answer)
  },
})
