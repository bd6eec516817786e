import type { EditProgress } from '../../editing/cut.js'
import { serveJobs } from '../../workers/serve-jobs.js'
import { edit, type EditResult, type EditTask } from './edit-task.js'

// the entry of the threads of an Editor
serveJobs<EditTask, EditProgress, EditResult>(edit, (result) => {
  if ('wav' in result) return [result.wav.buffer as ArrayBuffer]
  return 'levels' in result ? [result.levels.buffer as ArrayBuffer] : []
})
