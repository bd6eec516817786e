import type { EditProgress } from '../../editing/cut.js'
import { serveJobs } from '../../workers/serve-jobs.js'
import type { FileTask, MeasureResult } from './measure-facts.js'
import { measureFileTask } from './measure-task.js'

// the entry of the threads of an Analyzer
serveJobs<FileTask, EditProgress, MeasureResult>(measureFileTask, ({ rms }) => [rms.buffer as ArrayBuffer])
