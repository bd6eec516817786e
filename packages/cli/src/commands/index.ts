import { addAnalyze } from './analyze.js'
import { addCheckConfig } from './check-config.js'
import type { AddCommand } from './command.js'
import { addCut } from './cut.js'
import { addDevices } from './devices.js'
import { addExport } from './export.js'
import { addRecord } from './record/record.js'
import { addRepair } from './repair.js'
import { addServe } from './serve.js'
import { addVerify } from './verify.js'

/** Every command, in the order of the help: a new one is one file and one line here. */
export const commands: readonly AddCommand[] = [
  addRecord,
  addServe,
  addDevices,
  addCheckConfig,
  addAnalyze,
  addCut,
  addExport,
  addVerify,
  addRepair,
]
